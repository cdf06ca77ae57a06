import * as z from 'zod';
import { port, section } from './config-section.ts';

/** Where Prometheus asks for numbers. */
export const metricsSection = section({
  /** Whether `/metrics` is there, on a port of its own. */
  enabled: z.boolean().default(false),
  /** Address that it listens on; there is no password: this machine, or a network of operators. */
  host: z.string().min(1).default('127.0.0.1'),
  /** 0 takes any free port. */
  port: port.default(9464),
});
