import * as z from 'zod';
import { shownText } from './shown-text.ts';

/** A room's name: lower-case letters, digits and dashes, 1 to 63 characters, as in a DNS label, since it stands in addresses. */
export const roomName = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9-]{0,62}$/,
    'expected 1 to 63 of a-z, 0-9 and -, not starting with - (such as lobby)',
  );

/** A broadcast's id: `b-` and ten of a-z and 2-7 (50 random bits, unique across nodes). */
export const broadcastId = z.string().regex(/^b-[a-z2-7]{10}$/, 'expected an id such as b-k3v7qm2xay');

/** A viewer's id: `v-` and ten of a-z and 2-7. */
export const viewerId = z.string().regex(/^v-[a-z2-7]{10}$/, 'expected an id such as v-k3v7qm2xay');

/** The name of an event file, which what it declares belongs to; and of a saved playlist. */
export const declaredName = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9-]{0,62}$/,
    'expected 1 to 63 of a-z, 0-9 and -, not starting with - (such as webinar)',
  );

/** The name of a stream key, such as cam1: what publishers are called by. */
export const keyName = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9-]{0,31}$/,
    'expected 1 to 32 of a-z, 0-9 and -, not starting with - (such as cam1)',
  );

/** Words that would be names of stream keys, but mean something else to `mirolive take` and in playlists. */
const keptWords: readonly string[] = ['slate', 'test', 'screen', 'programme'];

/** The name of a key that is made: not one of the words that name something else where sources are named. */
export const newKeyName = keyName.refine((name) => !keptWords.includes(name), {
  error: `expected another name than ${keptWords.join(', ')}, which mirolive take understands otherwise`,
});

/** The id of a browser, which its page makes and keeps: `u-` and 16 of a-z and 2-7 (80 random bits). Nothing but a name: whoever likes may say another one. */
export const browserId = z.string().regex(/^u-[a-z2-7]{16}$/, 'expected an id such as u-k3v7qm2xayb5c4tz');

/** A ban's id: `x-` and ten of a-z and 2-7. */
export const banId = z.string().regex(/^x-[a-z2-7]{10}$/, 'expected an id such as x-k3v7qm2xay');

/** A watch link's id: `l-` and ten of a-z and 2-7. */
export const linkId = z.string().regex(/^l-[a-z2-7]{10}$/, 'expected an id such as l-k3v7qm2xay');

/** A guest's id, which the pass has that he got for a watch link: `g-` and ten of a-z and 2-7. */
export const guestId = z.string().regex(/^g-[a-z2-7]{10}$/, 'expected an id such as g-k3v7qm2xay');

/** What a watch link is called, as an operator types it: one line. */
export const linkName = z
  .string()
  .regex(/^[^\p{C}\p{Zl}\p{Zp}]{1,64}$/u, 'expected 1 to 64 characters without control characters');

/** What somebody in a room calls himself. */
export const personName = shownText(40);

/** A stream key's id: `k-` and ten of a-z and 2-7. */
export const streamKeyId = z.string().regex(/^k-[a-z2-7]{10}$/, 'expected an id such as k-k3v7qm2xay');

/** A token's id: `t-` and ten of a-z and 2-7. */
export const tokenId = z.string().regex(/^t-[a-z2-7]{10}$/, 'expected an id such as t-k3v7qm2xay');

/** The name of a token, such as anna: what its bearer is called by. */
export const tokenName = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9-]{0,31}$/,
    'expected 1 to 32 of a-z, 0-9 and -, not starting with - (such as anna)',
  );

/** A publisher's id: `p-` and ten of a-z and 2-7. */
export const publisherId = z.string().regex(/^p-[a-z2-7]{10}$/, 'expected an id such as p-k3v7qm2xay');

/** The id of an item of a playlist. */
export const playlistItemId = z.string().regex(/^i-[a-z2-7]{10}$/, 'expected an id such as i-k3v7qm2xay');
