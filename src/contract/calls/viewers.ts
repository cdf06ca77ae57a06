import * as z from 'zod';
import { ban } from '../bans.ts';
import { hand, viewer } from '../models.ts';
import { banId, linkId, roomName, viewerId } from '../names.ts';
import { routes } from '../routes.ts';
import { shownText } from '../shown-text.ts';
import type { Call } from './call.ts';

/** Up to ten years. */
const banMs = z.int().min(1000).max(315_360_000_000);
/** Up to a day. */
const shownMs = z.int().min(1000).max(86_400_000);
const reason = shownText(200).nullable().default(null);

/** Calls about viewers. */
export const viewersCalls = {
  listViewers: {
    ...routes.listViewers,
    needs: 'look',
    summary: 'Viewers, of one room or of all',
    params: z.strictObject({ room: roomName.optional() }),
    result: z.array(viewer),
    errors: [],
  },
  kickViewers: {
    ...routes.kickViewers,
    needs: 'operate',
    summary: 'Put viewers out; a page comes back only where its viewer wants to',
    params: z.strictObject({
      ids: z.array(viewerId).min(1).max(500),
      /** What their pages tell them. */
      reason,
    }),
    result: z.strictObject({
      /** Whom it has put out. */
      kicked: z.array(viewerId),
      /** Those that had left. */
      missing: z.array(viewerId),
      /** How many others watch from the same addresses, or the /64s of them, and stay. */
      sharing: z.int(),
    }),
    errors: ['VIEWER_NOT_FOUND'],
  },
  messageViewer: {
    ...routes.messageViewer,
    needs: 'operate',
    summary: 'Show one viewer a line',
    params: z.strictObject({
      id: viewerId,
      text: shownText(500),
      /** For so long, in ms; null: until the viewer has read it. */
      forMs: shownMs.nullable().default(null),
    }),
    /** Whether its page could be told: a player by WHEP, and a page of before an upgrade, cannot. */
    result: z.strictObject({ reached: z.boolean() }),
    errors: ['VIEWER_NOT_FOUND'],
  },
  listHands: {
    ...routes.listHands,
    needs: 'look',
    summary: 'Hands that are up, the first first, of one room or of all',
    params: z.strictObject({ room: roomName.optional() }),
    result: z.array(hand),
    errors: [],
  },
  lowerHands: {
    ...routes.lowerHands,
    needs: 'operate',
    summary: 'Lower hands: some, or all of a room, or of all rooms',
    params: z.strictObject({
      /** Whose; null: all. */
      ids: z.array(viewerId).min(1).max(500).nullable().default(null),
      /** Only of this room. */
      room: roomName.optional(),
    }),
    result: z.strictObject({
      lowered: z.array(viewerId),
      /** Those of `ids` whose hand was not up. */
      missing: z.array(viewerId),
    }),
    errors: ['VIEWER_NOT_FOUND'],
  },
  announce: {
    ...routes.announce,
    needs: 'operate',
    summary: 'Show all viewers of a room, or of all rooms, a line; those too who come while it is shown',
    params: z.strictObject({
      text: shownText(500),
      room: roomName.optional(),
      /** For so long, in ms. */
      forMs: shownMs.default(30_000),
    }),
    result: z.strictObject({
      /** How many were told. */
      reached: z.int(),
      /** Those that could not be: players by WHEP, and pages of before an upgrade. */
      unreached: z.array(viewerId),
    }),
    errors: [],
  },
  ban: {
    ...routes.ban,
    needs: 'operate',
    summary: 'Let somebody in no more, and put out who is there',
    params: z.strictObject({
      /** A viewer: its pass and its browser; the id of a guest, or of a browser; an address, of IPv6 its /64; or a network. */
      who: z.string().min(1).max(64),
      /** Instead the address of that viewer, whoever has it. Default: false. */
      address: z.boolean().optional(),
      /** Default: all rooms. */
      room: roomName.optional(),
      /** For so long, in ms; null: until it is lifted. */
      forMs: banMs.nullable().default(null),
      /** What their pages tell them. */
      reason,
    }),
    result: z.strictObject({
      ban,
      /** Whom it has put out. */
      kicked: z.array(viewerId),
      /** How many others watch from the same address, or its /64, and stay: of a ban of a guest, or of a browser. */
      sharing: z.int(),
      /** The link by which that guest may still come, as another guest in another browser; null: none. A daemon that was started before an upgrade does not tell. */
      openLink: linkId.nullable().optional(),
    }),
    errors: ['VIEWER_NOT_FOUND', 'ONLY_BY_ADDRESS', 'STATE_UNAVAILABLE', 'LIMIT_REACHED'],
  },
  listBans: {
    ...routes.listBans,
    needs: 'operate',
    summary: 'Bans that hold, of all rooms or in one',
    params: z.strictObject({ room: roomName.optional() }),
    result: z.array(ban),
    errors: [],
  },
  unban: {
    ...routes.unban,
    needs: 'operate',
    summary: 'Lift a ban',
    params: z.strictObject({ id: banId }),
    result: ban,
    errors: ['BAN_NOT_FOUND', 'STATE_UNAVAILABLE'],
  },
} as const satisfies Record<string, Call>;
