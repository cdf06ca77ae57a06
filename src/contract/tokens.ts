import * as z from 'zod';
import { time } from './models.ts';
import { tokenPrincipal } from './principal.ts';

/** A token, without its secret: with which somebody may use the control API from elsewhere. */
export const token = tokenPrincipal.omit({ kind: true }).extend({
  state: z.enum(['valid', 'expired', 'revoked']),
  createdAt: time,
  /** null: never. */
  expiresAt: time.nullable(),
  /** When somebody last called with it, to the minute; null: nobody has. */
  lastUsedAt: time.nullable(),
});
export type Token = z.infer<typeof token>;

/** A token with its secret: the one time that it is told. */
export const newToken = z.strictObject({ token, secret: z.string() });
export type NewToken = z.infer<typeof newToken>;
