import * as z from 'zod';
import { roomName } from '../names.ts';

/** What an event file may declare. */
export const declaredThing = z.enum(['room', 'key', 'playlist', 'broadcast', 'schedule']);
export type DeclaredThing = z.infer<typeof declaredThing>;

/** One value that becomes another, in words without secrets; null: there is none. */
export const changedField = z.strictObject({
  /** Such as `slate.text`; empty: the thing as a whole. */
  path: z.string(),
  before: z.string().nullable(),
  after: z.string().nullable(),
});
export type ChangedField = z.infer<typeof changedField>;

/** What applying an event file does to one thing. */
export const change = z.strictObject({
  what: declaredThing,
  /** The room's, the playlist's, the schedule's; of a key `room/name`; of a broadcast its room. */
  name: z.string(),
  /** Of broadcasts: `edit` changes the playlist while it plays, `keep` makes it outlive the daemon. */
  act: z.enum(['create', 'change', 'remove', 'start', 'restart', 'edit', 'keep', 'stop']),
  fields: z.array(changedField),
  /** What viewers or publishers notice; null: nothing. */
  effect: z.string().nullable(),
  /** It is refused unless it is confirmed: somebody is taken off air by it, cut off, or let in where somebody had closed a room. */
  offAir: z.boolean(),
  /** The event file whose it was; null: it was none's, or is this one's. */
  takenFrom: z.string().nullable(),
});
export type Change = z.infer<typeof change>;

/** What an event file declares and cannot be. */
export const declaredProblem = z.strictObject({
  /** Where in the file, such as `keys`, 0, `hash`. */
  path: z.array(z.union([z.string(), z.int()])),
  message: z.string(),
});
export type DeclaredProblem = z.infer<typeof declaredProblem>;

/** What applying an event file would do now. */
export const applyPlan = z.strictObject({
  changes: z.array(change),
  /** While there are any, nothing of it is done. */
  problems: z.array(declaredProblem),
  /** What this file applied before and does not have any more, such as `room lobby`: `prune` removes it. */
  left: z.array(z.string()),
  /** Schedules of the file that are paused, of which it does not say whether they are: they stay so. */
  paused: z.array(z.string()),
});
export type ApplyPlan = z.infer<typeof applyPlan>;

/** How a broadcast fares that was to be changed. */
export const appliedBroadcast = z.strictObject({
  room: roomName,
  /** `live`: its first frames have left; `begun`: nobody waited for them. */
  state: z.enum(['live', 'begun', 'edited', 'kept', 'stopped', 'failed']),
  /** Why it failed; else null. */
  reason: z.string().nullable(),
});
export type AppliedBroadcast = z.infer<typeof appliedBroadcast>;

/** What applying an event file has done. */
export const applied = applyPlan.extend({ broadcasts: z.array(appliedBroadcast) });
export type Applied = z.infer<typeof applied>;
