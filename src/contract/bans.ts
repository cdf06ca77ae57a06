import * as z from 'zod';
import { banId, browserId, guestId, linkId, roomName } from './names.ts';

/** Who may not come in. */
export const banned = z.discriminatedUnion('kind', [
  /** The browser that keeps this id. */
  z.strictObject({ kind: z.literal('browser'), browser: browserId }),
  /** Who has this pass, and whoever comes by his browser; `link`, by which he had come, and `browser` are null where they are not known. Others of the link are not. */
  z.strictObject({
    kind: z.literal('guest'),
    guest: guestId,
    link: linkId.nullable(),
    browser: browserId.nullable(),
  }),
  /** Whoever comes from this address or network; of IPv6 from a /64, at least. */
  z.strictObject({ kind: z.literal('network'), network: z.string() }),
]);
export type Banned = z.infer<typeof banned>;

/** A ban that holds. */
export const ban = z.strictObject({
  id: banId,
  banned,
  /** null: all of them. */
  room: roomName.nullable(),
  /** What whoever is banned is told; null: nothing. */
  reason: z.string().nullable(),
  at: z.iso.datetime(),
  /** null: until somebody lifts it. */
  until: z.iso.datetime().nullable(),
});
export type Ban = z.infer<typeof ban>;

/** More bans are not kept. */
export const maxBans = 10_000;
