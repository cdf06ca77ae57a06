import * as z from 'zod';
import { absolutePath, port, section } from './config-section.ts';

/** The section `control.tls`. */
export const controlTls = section({
  /** null: the control API is on its socket alone. */
  port: port.nullable().default(null),
  /** Address to listen on. */
  host: z.string().min(1).default('0.0.0.0'),
  /** Path of the certificate with its chain, PEM; null: the daemon makes one for itself, and keeps it beside its state. */
  cert: absolutePath.nullable().default(null),
  /** Path of its private key, PEM. */
  key: absolutePath.nullable().default(null),
}).superRefine((tls, context) => {
  const given = tls.cert === null ? tls.key : tls.cert;
  if (given === null) return;
  if (tls.port === null) {
    const message = 'expected a port, such as 9443, for the control API with this certificate';
    context.addIssue({ code: 'custom', path: ['port'], message });
  }
  for (const name of ['cert', 'key'] as const) {
    if (tls[name] !== null) continue;
    context.addIssue({
      code: 'custom',
      path: [name],
      message: 'expected an absolute path, as the other of the two has one',
    });
  }
});
