import * as z from 'zod';
import { broadcastId, roomName } from '../../contract/names.ts';
import { principal } from '../../contract/principal.ts';
import { runOutcome, scheduledCall } from '../../contract/schedule.ts';
import { candidateId } from '../../contract/snapshot.ts';

/** What a run has put into its room, by identity: that, and nothing else, is taken away at its end. */
const put = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('broadcast'), id: broadcastId }),
  /** Above a broadcast; a `take` is what an older daemon put there. */
  z.strictObject({ kind: z.enum(['run', 'take']), broadcast: broadcastId, id: candidateId }),
  /** By the command of this number. */
  z.strictObject({ kind: z.literal('slate'), broadcast: broadcastId, command: z.int() }),
]);
export type Put = z.infer<typeof put>;

/** Whether it stands above a broadcast's programme, and not over all of that. */
export function isAbove(put: Put): put is Extract<Put, { readonly kind: 'run' | 'take' }> {
  return put.kind === 'run' || put.kind === 'take';
}

/** One run of a schedule, with all that it takes to do it and to end it: the schedule may be another one by then. */
export const run = z.strictObject({
  /** The schedule's id. */
  schedule: z.string(),
  name: z.string(),
  room: roomName,
  what: scheduledCall,
  maker: principal,
  priority: z.int(),
  /** ms since 1970. */
  atMs: z.int(),
  /** null: when its source is over. */
  endsAtMs: z.int().nullable(),
  outcome: runOutcome,
  reason: z.string().nullable(),
  /** What it has put there, or is about to; null: nothing. */
  put: put.nullable(),
});
export type Run = z.infer<typeof run>;

/** It is to be on air, or is. */
export function isLive({ outcome }: Pick<Run, 'outcome'>): boolean {
  return outcome === 'waiting' || outcome === 'running';
}
