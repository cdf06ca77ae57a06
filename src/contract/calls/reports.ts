import * as z from 'zod';
import { broadcastId, roomName } from '../names.ts';
import { report } from '../report.ts';
import { routes } from '../routes.ts';
import type { Call } from './call.ts';

const ago = z.coerce.number().int().min(0);

/** Calls about how what is over was watched. */
export const reportsCalls = {
  getReport: {
    ...routes.getReport,
    needs: 'look',
    summary: 'How many watched a broadcast, or in a room, and how well',
    params: z.strictObject({
      /** One of both: a broadcast, or a room. */
      room: roomName.optional(),
      broadcast: broadcastId.optional(),
      /** Since so many ms ago. Default: since the broadcast began; of a room a day. */
      sinceMs: ago.optional(),
      /** Until so many ms ago. Default: until now, or the broadcast was over. */
      untilMs: ago.optional(),
      /** How long each interval is, in ms: whole minutes. Default: so long that there are a hundred at most. */
      stepMs: z.coerce.number().int().min(60_000).multipleOf(60_000).optional(),
    }),
    result: report,
    errors: ['BROADCAST_NOT_FOUND', 'STATE_UNAVAILABLE'],
  },
  deleteHistory: {
    ...routes.deleteHistory,
    needs: 'administer',
    summary: 'Remove what is kept of the past of a room: what has happened there, and how it was watched',
    params: z.strictObject({
      room: roomName,
      /** What is older than so many ms. Default: all. */
      beforeMs: ago.default(0),
    }),
    result: z.strictObject({
      room: roomName,
      /** Events that are gone. */
      events: z.int(),
      /** Minutes whose figures are gone. */
      minutes: z.int(),
    }),
    errors: ['STATE_UNAVAILABLE'],
  },
} as const satisfies Record<string, Call>;
