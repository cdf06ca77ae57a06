import * as z from 'zod';
import { section } from './config-section.ts';

/** A name, an address or a network. */
const place = z.union([
  z.ipv4(),
  z.ipv6(),
  z.cidrv4(),
  z.cidrv6(),
  z
    .string()
    .max(253)
    .regex(
      /^(?=.*[a-zA-Z])[a-zA-Z0-9_-]+(?:\.[a-zA-Z0-9_-]+)*$/,
      'expected a name, an address or a network, such as hooks.lan, 10.1.2.3 or 10.0.0.0/8',
    ),
]);

/** Where webhooks may go beside public addresses. */
export const webhooksSection = section({
  /** Names, addresses and networks of private receivers, and of this machine. */
  allow: z.array(place).default([]),
});
