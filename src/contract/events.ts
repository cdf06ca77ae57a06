import * as z from 'zod';
import { type ErrorCode, errorTable } from './errors.ts';
import { announcedBroadcast, broadcastStats, endReason, mediaMs, suffering, viewer } from './models.ts';
import {
  broadcastId,
  keyName,
  personName,
  playlistItemId,
  publisherId,
  roomName,
  viewerId,
} from './names.ts';
import { announced } from './programme-event.ts';
import { leaveReason, publisher, publishProtocol } from './publishing.ts';
import { scheduleName } from './schedule.ts';

const base = { at: z.iso.datetime() };
const onAir = { ...base, broadcast: broadcastId, room: roomName };

/** The id of its item, and where it is. */
const folder = { item: playlistItemId, path: z.string() };
const ofSchedule = { ...base, room: roomName, schedule: scheduleName };
/** `run`: when it was to begin. */
const ofRun = { ...ofSchedule, run: z.iso.datetime() };
const publishing = { ...base, room: roomName };
const leaving = { id: publisherId, key: keyName };
const errorCode = z.enum(Object.keys(errorTable) as [ErrorCode, ...ErrorCode[]]);

/** Every fact that the daemon announces, as one union told apart by `type`. */
export const event = z.discriminatedUnion('type', [
  /** First line of every stream: what follows is complete from the moment `from` on, which is later than was asked for where the daemon remembers no more; of what went wrong it may remember more. */
  z.strictObject({ ...base, type: z.literal('events.open'), from: z.iso.datetime() }),
  z.strictObject({ ...base, type: z.literal('broadcast.started'), ...onAir, value: announcedBroadcast }),
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
  /** Its pictures leave again, after a process that they came through has died. */
  z.strictObject({ ...onAir, type: z.literal('broadcast.back') }),
  /** Once a second per broadcast; only where `stats=true` was asked for. */
  z.strictObject({ ...onAir, type: z.literal('broadcast.stats'), stats: broadcastStats, viewers: z.int() }),
  announced.pipelineStarted.extend(onAir),
  announced.pipelineFailed.extend(onAir),
  announced.pipelineOverloaded.extend(onAir),
  announced.switched.extend(onAir),
  announced.changed.extend(onAir),
  /** An operator wants another place of what is on air: this one, of its item where it is a playlist. */
  z.strictObject({
    ...onAir,
    type: z.literal('programme.sought'),
    entry: z.string(),
    words: z.string(),
    positionMs: mediaMs,
  }),
  announced.sourceAway.extend(onAir),
  announced.sourceGap.extend(onAir),
  announced.sourceLacks.extend(onAir),
  announced.sourceBack.extend(onAir),
  announced.contentBlack.extend(onAir),
  announced.contentFrozen.extend(onAir),
  announced.contentSilent.extend(onAir),
  announced.contentClipping.extend(onAir),
  announced.contentBack.extend(onAir),
  announced.planChanged.extend(onAir),
  announced.playlistItem.extend(onAir),
  announced.playlistSkipped.extend(onAir),
  /** Files of a folder that is played have come, gone, or are others. */
  z.strictObject({
    ...onAir,
    type: z.literal('folder.changed'),
    ...folder,
    added: z.int(),
    removed: z.int(),
    replaced: z.int(),
    /** One of them. */
    name: z.string(),
    /** How many there are. */
    files: z.int(),
    /** How many of what came were not taken, since there are too many. */
    leftOut: z.int(),
  }),
  /** There is nothing to play in a folder: files that come are taken. */
  z.strictObject({ ...onAir, type: z.literal('folder.empty'), ...folder }),
  /** A folder cannot be seen, such as one that is mounted no longer; the list keeps its files. */
  z.strictObject({ ...onAir, type: z.literal('folder.away'), ...folder, reason: z.string() }),
  z.strictObject({ ...onAir, type: z.literal('folder.back'), ...folder }),
  z.strictObject({ ...base, type: z.literal('viewer.joined'), room: roomName, viewer }),
  z.strictObject({ ...base, type: z.literal('viewer.left'), room: roomName, id: viewerId }),
  /** Somebody wants to be heard. */
  z.strictObject({
    ...base,
    type: z.literal('hand.raised'),
    room: roomName,
    id: viewerId,
    /** What he calls himself. */
    name: personName,
  }),
  /** `why`: he lowered it himself, an operator did, he has left, or hands are raised in the room no more. */
  z.strictObject({
    ...base,
    type: z.literal('hand.lowered'),
    room: roomName,
    id: viewerId,
    name: personName,
    why: z.enum(['self', 'operator', 'left', 'off']),
  }),
  /** Many viewers of a room have it bad. `by`: those of one `network`, of one `rendition`, or `all` alike; `cause`: where to look first. */
  z.strictObject({
    ...base,
    type: z.literal('viewer.suffers'),
    room: roomName,
    viewers: z.int(),
    suffering: z.int(),
    /** What most of them suffer. */
    most: suffering,
    by: z.enum(['network', 'rendition', 'all']),
    /** That network, such as `192.0.2.0/24`. */
    address: z.string().nullable(),
    rendition: z.string().nullable(),
    cause: z.enum(['line', 'server', 'source']),
    reason: z.string(),
    hint: z.string(),
  }),
  /** Few of them do any more. `reason`: why that is no recovery, such as that they have gone; null: those who had it bad fare well. */
  z.strictObject({
    ...base,
    type: z.literal('viewer.recovered'),
    room: roomName,
    viewers: z.int(),
    suffering: z.int(),
    reason: z.string().nullable(),
  }),
  z.strictObject({ ...publishing, type: z.literal('publisher.joined'), publisher }),
  z.strictObject({ ...publishing, type: z.literal('publisher.left'), ...leaving, reason: leaveReason }),
  /** Somebody may not publish: `code` and `message` say why, which the publisher itself is not told. `room` is null where it named none. */
  z.strictObject({
    ...base,
    room: roomName.nullable(),
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
  /** A process that plays sources died; its rooms go on in others, each with `broadcast.back`. */
  z.strictObject({
    ...base,
    type: z.literal('ingest.died'),
    pid: z.int(),
    rooms: z.array(roomName),
    message: z.string(),
  }),
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
  z.strictObject({
    ...ofSchedule,
    type: z.literal('schedule.changed'),
    what: z.enum(['added', 'changed', 'removed', 'paused', 'resumed']),
  }),
  /** What a schedule does is wanted. */
  z.strictObject({
    ...ofRun,
    type: z.literal('schedule.started'),
    words: z.string(),
    /** null: when its source is over, or at once. */
    endsAt: z.iso.datetime().nullable(),
    /** It went above what was on air, and gives that back. */
    above: z.boolean(),
  }),
  /** A run is over: what it has put there is gone. */
  z.strictObject({
    ...ofRun,
    type: z.literal('schedule.ended'),
    reason: z.enum(['ended', 'stopped']),
  }),
  /** A run is to be on air, and what persons have wished there is respected: it begins once that is over. */
  z.strictObject({ ...ofRun, type: z.literal('schedule.waiting'), reason: z.string() }),
  /** A run cannot be on air. `again`: it is tried again, until its end. */
  z.strictObject({
    ...ofRun,
    type: z.literal('schedule.failed'),
    reason: z.string(),
    hint: z.string(),
    again: z.boolean(),
  }),
  /** A run is near, and would not be on air if its hour were now. */
  z.strictObject({
    ...ofRun,
    type: z.literal('schedule.trouble'),
    reason: z.string(),
    hint: z.string(),
    /** Until it is to begin. */
    leftMs: z.int(),
  }),
  /** What was told as trouble of a run that is near is wrong no more. */
  z.strictObject({ ...ofRun, type: z.literal('schedule.well') }),
  /** So many runs should have begun, and did not; `run`: the last one of them. */
  z.strictObject({
    ...ofRun,
    type: z.literal('schedule.missed'),
    /** At least. */
    count: z.int(),
    reason: z.string(),
  }),
  /** Somebody has made a room. */
  z.strictObject({ ...base, type: z.literal('room.created'), room: roomName }),
  /** Somebody has deleted it. */
  z.strictObject({ ...base, type: z.literal('room.deleted'), room: roomName }),
  z.strictObject({ ...base, type: z.literal('worker.died'), pid: z.int(), message: z.string() }),
  /** A part of the daemon cannot be had back for now; it is tried again. */
  z.strictObject({ ...base, type: z.literal('daemon.degraded'), part: z.string(), reason: z.string() }),
  z.strictObject({ ...base, type: z.literal('daemon.recovered'), part: z.string() }),
  z.strictObject({ ...base, type: z.literal('daemon.stopping') }),
  /** A webhook's receiver wants no more (410): it is sent nothing any more. `url`: without its path. */
  z.strictObject({
    ...base,
    type: z.literal('webhook.ended'),
    webhook: z.string(),
    url: z.string(),
    reason: z.string(),
  }),
  /** A webhook is not told some of what happened: `full`: too much waited; `late`: it was not taken for a day. */
  z.strictObject({
    ...base,
    type: z.literal('webhook.lost'),
    webhook: z.string(),
    url: z.string(),
    count: z.int(),
    why: z.enum(['full', 'late']),
  }),
]);
export type Event = z.infer<typeof event>;
export type EventType = Event['type'];
