import { z } from 'zod';
import { broadcast, broadcastStats, endReason, plan, viewer } from './models.ts';
import { broadcastId, roomName, viewerId } from './names.ts';

const base = { at: z.iso.datetime() };
const onAir = { ...base, broadcast: broadcastId, room: roomName };

/** Every fact that the daemon announces, as one union told apart by `type`. */
export const event = z.discriminatedUnion('type', [
  /** First line of every stream: the stream is open, what follows is complete. */
  z.strictObject({ ...base, type: z.literal('events.open') }),
  z.strictObject({ ...base, type: z.literal('broadcast.started'), ...onAir, value: broadcast }),
  z.strictObject({
    ...onAir,
    type: z.literal('broadcast.ended'),
    reason: endReason,
    /** With `failed`: what went wrong. */
    message: z.string().nullable(),
    stats: broadcastStats,
  }),
  /** Once a second per broadcast; only where `stats=true` was asked for. */
  z.strictObject({ ...onAir, type: z.literal('broadcast.stats'), stats: broadcastStats, viewers: z.int() }),
  z.strictObject({ ...onAir, type: z.literal('pipeline.started'), pid: z.int(), plan }),
  z.strictObject({ ...onAir, type: z.literal('pipeline.failed'), message: z.string(), restarts: z.int() }),
  z.strictObject({ ...base, type: z.literal('viewer.joined'), room: roomName, viewer }),
  z.strictObject({ ...base, type: z.literal('viewer.left'), room: roomName, id: viewerId }),
  z.strictObject({ ...base, type: z.literal('worker.died'), pid: z.int() }),
  z.strictObject({ ...base, type: z.literal('daemon.stopping') }),
]);
export type Event = z.infer<typeof event>;
export type EventType = Event['type'];
