import * as z from 'zod';
import { time } from './models.ts';
import { linkId, linkName, roomName } from './names.ts';

/** A watch link, without its secret: the address with which somebody may come into a room. */
export const link = z.strictObject({
  id: linkId,
  room: roomName,
  /** Whom it is for, as an operator calls them; null: nobody said. */
  name: linkName.nullable(),
  /** `spent`: as many have come by it as may. Whoever came by a link stays when it is spent or expired, and is put out when it is revoked. */
  state: z.enum(['valid', 'spent', 'expired', 'revoked']),
  /** How many browsers may come by it; null: as many as like. */
  maxUses: z.int().nullable(),
  /** How many have. */
  uses: z.int(),
  createdAt: time,
  /** null: never. */
  expiresAt: time.nullable(),
  /** When somebody last came by it; null: nobody has. */
  lastUsedAt: time.nullable(),
});
export type Link = z.infer<typeof link>;

/** A link with its address: the one time that it is told. */
export const newLink = z.strictObject({
  link,
  /** What a browser opens. The secret stands behind the `#`, which no browser sends and no proxy logs. */
  url: z.string(),
  /** The secret by itself: a WHEP player's bearer token. */
  secret: z.string(),
});
export type NewLink = z.infer<typeof newLink>;
