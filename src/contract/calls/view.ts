import * as z from 'zod';
import { roomName } from '../names.ts';
import { routes } from '../routes.ts';
import { viewDetail, viewLine } from '../view/view-line.ts';
import { type Call, flag } from './call.ts';

/** The live view. */
export const viewCalls = {
  observe: {
    ...routes.observe,
    needs: 'look',
    summary: 'All that a screen shows: a snapshot, then what changes, as it changes; figures once a second',
    params: z.strictObject({
      /** Of rooms, this one alone. */
      room: roomName.optional(),
      /** Whether programmes and playlists are told; default: those of `room`. */
      detail: viewDetail.optional(),
      /** Each viewer too. */
      viewers: flag,
      /** Go on where an earlier stream with the same parameters ended: the epoch that it told … */
      epoch: z.string().max(100).optional(),
      /** … and its last `seq`. What the daemon has no more becomes a snapshot. */
      after: z.coerce.number().int().min(0).optional(),
    }),
    result: viewLine,
    errors: ['LIMIT_REACHED'],
  },
} as const satisfies Record<string, Call>;
