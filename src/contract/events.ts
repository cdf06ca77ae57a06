import { z } from 'zod';
import { type ErrorCode, errorTable } from './errors.ts';
import { broadcast, broadcastStats, endReason, viewer } from './models.ts';
import { broadcastId, keyName, playlistItemId, publisherId, roomName, viewerId } from './names.ts';
import { plan } from './plan.ts';
import { leaveReason, publisher, publishProtocol } from './publishing.ts';
import { renditionName } from './renditions.ts';

const base = { at: z.iso.datetime() };
const onAir = { ...base, broadcast: broadcastId, room: roomName };

const publishing = { ...base, room: roomName };
const leaving = { id: publisherId, key: keyName };
const errorCode = z.enum(Object.keys(errorTable) as [ErrorCode, ...ErrorCode[]]);

/** An entry of a programme (`take`, `main`, `fallback-1` …, `slate`) and what it is called. */
const entry = { entry: z.string(), words: z.string() };
const item = { item: playlistItemId, words: z.string() };

/**
 * Why something else is on air. `away`: what was on air gives nothing any more; `ended`: it was played to its end; `failed`: it was
 * given up; `back`: one that is preferred is there; `command`: an operator wanted it.
 */
export const switchReason = z.enum(['away', 'ended', 'failed', 'back', 'command']);
export type SwitchReason = z.infer<typeof switchReason>;

/** Every fact that the daemon announces, as one union told apart by `type`. */
export const event = z.discriminatedUnion('type', [
  /** First line of every stream: what follows is complete from the moment `from` on, which is later than was asked for where the daemon remembers no more. */
  z.strictObject({ ...base, type: z.literal('events.open'), from: z.iso.datetime() }),
  z.strictObject({ ...base, type: z.literal('broadcast.started'), ...onAir, value: broadcast }),
  z.strictObject({
    ...onAir,
    type: z.literal('broadcast.ended'),
    reason: endReason,
    /** When it began. */
    startedAt: z.iso.datetime(),
    /** With `failed`: what went wrong. */
    message: z.string().nullable(),
    stats: broadcastStats,
  }),
  /** Once a second per broadcast; only where `stats=true` was asked for. */
  z.strictObject({ ...onAir, type: z.literal('broadcast.stats'), stats: broadcastStats, viewers: z.int() }),
  z.strictObject({ ...onAir, type: z.literal('pipeline.started'), pid: z.int(), plan }),
  z.strictObject({ ...onAir, type: z.literal('pipeline.failed'), message: z.string(), restarts: z.int() }),
  /** ffmpeg is slower than real time; `speed` is a part of it, `hint` what helps. */
  z.strictObject({
    ...onAir,
    type: z.literal('pipeline.overloaded'),
    speed: z.number(),
    /** What is made from now on, the best first, where `auto` stepped down; null: as before. */
    renditions: z.array(renditionName).readonly().nullable(),
    hint: z.string(),
  }),
  /** Something else is on air: the slate too, to and from. */
  z.strictObject({
    ...onAir,
    type: z.literal('programme.switched'),
    from: z.strictObject(entry),
    to: z.strictObject(entry),
    /** What the slate stood in for, where it is the slate that is left; null: nothing, or not known. */
    insteadOf: z.strictObject(entry).nullable(),
    reason: switchReason,
  }),
  /** An operator has changed how it is played. */
  z.strictObject({
    ...onAir,
    type: z.literal('programme.changed'),
    paused: z.boolean(),
    volumePercent: z.int(),
    muted: z.boolean(),
  }),
  /** A source gives nothing any more, and is looked for. */
  z.strictObject({ ...onAir, type: z.literal('source.away'), ...entry, reason: z.string() }),
  z.strictObject({ ...onAir, type: z.literal('source.back'), ...entry }),
  /** It has been decided how a source is played, or what comes from it has changed. */
  z.strictObject({
    ...onAir,
    type: z.literal('plan.changed'),
    ...entry,
    plan,
    /** What somebody who publishes should set so that it costs less; null: nothing. */
    advice: z.string().nullable(),
  }),
  /** The item at this place of the playlist begins. */
  z.strictObject({ ...onAir, type: z.literal('playlist.item'), index: z.int(), ...item }),
  /** An item cannot be played, and the next one is. */
  z.strictObject({ ...onAir, type: z.literal('playlist.skipped'), ...item, reason: z.string() }),
  z.strictObject({ ...base, type: z.literal('viewer.joined'), room: roomName, viewer }),
  z.strictObject({ ...base, type: z.literal('viewer.left'), room: roomName, id: viewerId }),
  z.strictObject({ ...publishing, type: z.literal('publisher.joined'), publisher }),
  z.strictObject({ ...publishing, type: z.literal('publisher.left'), ...leaving, reason: leaveReason }),
  /** Somebody may not publish: `code` and `message` say why, which the publisher itself is not told. */
  z.strictObject({
    ...publishing,
    type: z.literal('publisher.refused'),
    protocol: publishProtocol,
    address: z.string(),
    code: errorCode,
    message: z.string(),
  }),
  /** A publisher that is connected sends nothing. */
  z.strictObject({ ...publishing, type: z.literal('publisher.silent'), ...leaving }),
  /** It sends again. */
  z.strictObject({ ...publishing, type: z.literal('publisher.heard'), ...leaving }),
  /** The process that speaks RTMP died, and its publishers with it; another one takes its place. */
  z.strictObject({ ...base, type: z.literal('rtmp.died'), pid: z.int(), message: z.string() }),
  z.strictObject({ ...base, type: z.literal('rtmp.back'), pid: z.int() }),
  /** A process that plays sources died; its rooms go on in others. */
  z.strictObject({ ...base, type: z.literal('ingest.died'), pid: z.int(), message: z.string() }),
  /** The process that opens addresses died; another one takes its place, and all are opened again. */
  z.strictObject({ ...base, type: z.literal('guard.died'), pid: z.int(), message: z.string() }),
  /** A source ended the process that played it, and is not opened any more until somebody takes it. */
  z.strictObject({
    ...base,
    type: z.literal('source.quarantined'),
    room: roomName,
    words: z.string(),
    reason: z.string(),
    hint: z.string(),
  }),
  z.strictObject({ ...base, type: z.literal('worker.died'), pid: z.int(), message: z.string() }),
  /** A part of the daemon cannot be had back for now; it is tried again. */
  z.strictObject({ ...base, type: z.literal('daemon.degraded'), part: z.string(), reason: z.string() }),
  z.strictObject({ ...base, type: z.literal('daemon.recovered'), part: z.string() }),
  z.strictObject({ ...base, type: z.literal('daemon.stopping') }),
]);
export type Event = z.infer<typeof event>;
export type EventType = Event['type'];
