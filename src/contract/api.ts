import * as z from 'zod';
import { auditEntry, maxAuditEntries } from './audit.ts';
import { control } from './control.ts';
import { devices, stdinPlace } from './devices.ts';
import type { ErrorCode } from './errors.ts';
import { applied, applyPlan } from './event/change.ts';
import { declared } from './event/declared.ts';
import { event } from './events.ts';
import { broadcast, room, source, status, version, viewer } from './models.ts';
import { broadcastId, declaredName, newKeyName, roomName, streamKeyId } from './names.ts';
import { plan, probe } from './plan.ts';
import type { Needs } from './principal.ts';
import { programmeState } from './programme-state.ts';
import { listedPublisher, newStreamKey, streamKey } from './publishing.ts';
import { changedKey } from './reloaded.ts';
import { renditions } from './renditions.ts';
import { roomDetails } from './room-details.ts';
import { type Route, routes } from './routes.ts';
import { scanLine } from './scan.ts';
import { addedSchedule, occurrence, schedule, scheduleName, scheduleSpec, stoppedRun } from './schedule.ts';
import { startParams } from './start-params.ts';

export { apiVersion } from './routes.ts';

/** One call of the control API: its place, what it takes, what it gives, how it can fail. */
export interface Call extends Route {
  /** One line for the OpenAPI document. */
  readonly summary: string;
  /** The parameters as the caller gives them; numbers and booleans of a query are read from their text. */
  readonly params: z.ZodObject;
  readonly result: z.ZodType;
  readonly errors: readonly ErrorCode[];
  /** What whoever calls has to be allowed. */
  readonly needs: Needs;
}

const none = z.strictObject({});
/** Whatever can be wrong with a source. */
const sourceErrors = [
  'SOURCE_NOT_FOUND',
  'SOURCE_FORBIDDEN',
  'SOURCE_NOT_A_FILE',
  'SOURCE_NOT_MEDIA',
  'SOURCE_TRACK_NOT_FOUND',
  'SOURCE_TIMEOUT',
  'SOURCE_PROTOCOL',
  'SOURCE_PRIVATE_ADDRESS',
  'SOURCE_UNREACHABLE',
  'SOURCE_BUSY',
  'PROGRAM_NOT_FOUND',
  'PUBLISHER_NOT_FOUND',
  'SOURCE_QUARANTINED',
  'INGEST_UNAVAILABLE',
  'RENDITIONS_TOO_HEAVY',
] as const satisfies readonly ErrorCode[];
/** Up to ten years. */
const keyLifetimeMs = z.int().min(1000).max(315_360_000_000);
/** Whether to answer only when it can be seen. */
const wait = z.boolean().default(true);
const flag = z.stringbool().or(z.boolean()).default(false);

/** Every call, declared once: routes, validation, the typed client and the OpenAPI document come from here. */
export const calls = {
  version: {
    ...routes.version,
    needs: 'look',
    summary: 'Who answers, and which versions',
    params: none,
    result: version,
    errors: [],
  },
  status: {
    ...routes.status,
    needs: 'look',
    summary: 'The daemon at a glance',
    params: none,
    result: status,
    errors: [],
  },
  listRooms: {
    ...routes.listRooms,
    needs: 'look',
    summary: 'Rooms that have a broadcast or viewers',
    params: none,
    result: z.array(room),
    errors: [],
  },
  getRoom: {
    ...routes.getRoom,
    needs: 'administer',
    summary: 'What holds in a room, key by key: what is set, by whom, and what the configuration says there',
    params: z.strictObject({ room: roomName }),
    result: roomDetails,
    errors: ['STATE_UNAVAILABLE'],
  },
  setRoom: {
    ...routes.setRoom,
    needs: 'administer',
    summary:
      'Set keys of a room over what the configuration says, or set them no more; answers with those that changed, and from when on they hold',
    params: z.strictObject({
      room: roomName,
      /** By their keys, such as `hold` or `slate.text`, in the words of the configuration; null: nothing is to be set any more. */
      set: z.record(z.string(), z.unknown()).nullable().default({}),
      /** Keys, or whole sections of them, for which the configuration is to hold again. */
      unset: z.array(z.string()).default([]),
    }),
    result: z.array(changedKey),
    errors: ['STATE_UNAVAILABLE', 'STATE_LOST'],
  },
  listBroadcasts: {
    ...routes.listBroadcasts,
    needs: 'look',
    summary: 'Broadcasts that are on air',
    params: z.strictObject({ room: roomName.optional() }),
    result: z.array(broadcast),
    errors: [],
  },
  getBroadcast: {
    ...routes.getBroadcast,
    needs: 'look',
    summary: 'One broadcast',
    params: z.strictObject({ id: broadcastId }),
    result: broadcast,
    errors: ['BROADCAST_NOT_FOUND'],
  },
  startBroadcast: {
    ...routes.startBroadcast,
    needs: 'operate',
    summary:
      'Put a source on air; answers when its first pictures have been sent, or without `wait` when the room is its own',
    params: startParams,
    result: broadcast,
    errors: [
      'ROOM_BUSY',
      'SUPERSEDED',
      'NO_WORKER',
      'NOT_ON_AIR_YET',
      ...sourceErrors,
      'PIPELINE_FAILED',
      'FFMPEG_NOT_FOUND',
      'LIMIT_REACHED',
      'SHUTTING_DOWN',
    ],
  },
  stopBroadcast: {
    ...routes.stopBroadcast,
    needs: 'operate',
    summary: 'Take a broadcast off air',
    params: z.strictObject({ id: broadcastId }),
    result: broadcast,
    errors: ['BROADCAST_NOT_FOUND', 'ROOM_IDLE'],
  },
  stopRoom: {
    ...routes.stopRoom,
    needs: 'operate',
    summary: 'Take off air what is on air in a room',
    params: z.strictObject({ room: roomName }),
    result: broadcast,
    errors: ['ROOM_IDLE', 'STATE_UNAVAILABLE'],
  },
  keepBroadcast: {
    ...routes.keepBroadcast,
    needs: 'operate',
    summary: 'Say whether what is on air in a room goes on after a restart of the daemon',
    params: z.strictObject({ room: roomName, on: z.boolean() }),
    result: broadcast,
    errors: ['ROOM_IDLE', 'STATE_UNAVAILABLE'],
  },
  getProgramme: {
    ...routes.getProgramme,
    needs: 'look',
    summary: 'What is on air in a room, what could be, and its playlist',
    params: z.strictObject({
      room: roomName,
      /** All items of a long playlist; else those around what plays. */
      all: flag,
    }),
    result: programmeState,
    errors: ['ROOM_IDLE', 'STATE_UNAVAILABLE'],
  },
  control: {
    ...routes.control,
    needs: 'operate',
    summary:
      'Change what is on air: playlist, pause, seek, take, slate, volume; answers when it is wanted, and with `wait` when what was taken, or the programme, is on air',
    params: z.strictObject({ room: roomName, command: control, wait }),
    result: programmeState,
    errors: [
      'ROOM_IDLE',
      'STATE_UNAVAILABLE',
      'SUPERSEDED',
      'NOT_ON_AIR_YET',
      'NOT_SEEKABLE',
      'NO_PLAYLIST',
      'PLAYLIST_ITEM_NOT_FOUND',
      'PUBLISHER_NOT_FOUND',
      ...sourceErrors,
      'PIPELINE_FAILED',
      'FFMPEG_NOT_FOUND',
      'LIMIT_REACHED',
    ],
  },
  listViewers: {
    ...routes.listViewers,
    needs: 'look',
    summary: 'Viewers, of one room or of all',
    params: z.strictObject({ room: roomName.optional() }),
    result: z.array(viewer),
    errors: [],
  },
  listPublishers: {
    ...routes.listPublishers,
    needs: 'look',
    summary: 'Who publishes, into one room or all',
    params: z.strictObject({ room: roomName.optional() }),
    result: z.array(listedPublisher),
    errors: [],
  },
  createKey: {
    ...routes.createKey,
    needs: 'administer',
    summary: 'Make a stream key for a room; its secret is told this once',
    params: z.strictObject({
      room: roomName,
      /** Default: cam1, cam2 …, the first that is free. */
      name: newKeyName.optional(),
      /** Valid for so long, in ms; null: for ever. */
      expiresMs: keyLifetimeMs.nullable().default(null),
    }),
    result: newStreamKey,
    errors: ['KEY_EXISTS', 'STATE_UNAVAILABLE'],
  },
  listKeys: {
    ...routes.listKeys,
    needs: 'administer',
    summary: 'Stream keys, of one room or all',
    params: z.strictObject({
      room: roomName.optional(),
      /** Those too that are revoked. */
      revoked: flag,
    }),
    result: z.array(streamKey),
    errors: ['STATE_UNAVAILABLE'],
  },
  revokeKey: {
    ...routes.revokeKey,
    needs: 'administer',
    summary: 'Make a stream key void; who publishes with it is cut off',
    params: z.strictObject({ id: streamKeyId }),
    result: streamKey,
    errors: ['KEY_NOT_FOUND', 'STATE_UNAVAILABLE'],
  },
  rotateKey: {
    ...routes.rotateKey,
    needs: 'administer',
    summary: 'Give a stream key another secret; who publishes with the old one is cut off',
    params: z.strictObject({
      id: streamKeyId,
      /** Valid for so long from now on, in ms; default: as before. */
      expiresMs: keyLifetimeMs.optional(),
    }),
    result: newStreamKey,
    errors: ['KEY_NOT_FOUND', 'KEY_EXPIRED', 'STATE_UNAVAILABLE'],
  },
  planApply: {
    ...routes.planApply,
    needs: 'administer',
    summary: 'What applying an event file would change, field by field; changes nothing',
    params: z.strictObject({
      declared,
      /** Removes too what this file applied before and does not have any more. */
      prune: z.boolean().default(false),
    }),
    result: applyPlan,
    errors: ['STATE_UNAVAILABLE'],
  },
  apply: {
    ...routes.apply,
    needs: 'administer',
    summary:
      'Bring rooms, stream keys, playlists, broadcasts and schedules to what an event file declares, in one transaction; broadcasts follow, and one that fails is told in the answer',
    params: z.strictObject({
      declared,
      prune: z.boolean().default(false),
      /** Though somebody is taken off air by it, or something is taken over that another file applied. */
      yes: z.boolean().default(false),
      /** Answer only when what is begun has been seen, or could not be. */
      wait: z.boolean().default(false),
    }),
    result: applied,
    errors: ['INVALID_EVENT', 'APPLY_REFUSED', 'STATE_UNAVAILABLE'],
  },
  exportDeclared: {
    ...routes.exportDeclared,
    needs: 'administer',
    summary: 'What there is, as an event file would declare it; of secrets the hashes',
    params: z.strictObject({
      /** Only what the event file of this name applied; default: all there is. */
      name: declaredName.optional(),
    }),
    result: declared,
    errors: ['STATE_UNAVAILABLE'],
  },
  reload: {
    ...routes.reload,
    needs: 'administer',
    summary:
      'Read the configuration again, as at SIGHUP: which keys were changed, and from when on they hold',
    params: none,
    result: z.array(changedKey),
    errors: ['INVALID_CONFIG'],
  },
  listAudit: {
    ...routes.listAudit,
    needs: 'administer',
    summary: 'Who did what, to what, and what came of it; the oldest first',
    params: z.strictObject({
      room: roomName.optional(),
      /** What was done in the last so many ms; default: all that is kept. */
      sinceMs: z.coerce.number().int().min(0).optional(),
      /** Entries with a larger id: of a page that is full, the largest leads to the next. */
      after: z.coerce.number().int().min(0).default(0),
      limit: z.coerce.number().int().min(1).max(maxAuditEntries).default(maxAuditEntries),
    }),
    result: z.array(auditEntry),
    errors: ['STATE_UNAVAILABLE'],
  },
  addSchedule: {
    ...routes.addSchedule,
    needs: 'operate',
    summary: 'Have something happen in a room at an hour, once or again and again',
    params: z.strictObject({ name: scheduleName, spec: scheduleSpec }),
    result: addedSchedule,
    errors: ['SCHEDULE_EXISTS', 'STATE_UNAVAILABLE'],
  },
  listSchedules: {
    ...routes.listSchedules,
    needs: 'look',
    summary: 'Schedules, of one room or all, each with its next run and its last one',
    params: z.strictObject({ room: roomName.optional() }),
    result: z.array(schedule),
    errors: ['STATE_UNAVAILABLE'],
  },
  getSchedule: {
    ...routes.getSchedule,
    needs: 'look',
    summary: 'One schedule',
    params: z.strictObject({ name: scheduleName }),
    result: schedule,
    errors: ['SCHEDULE_NOT_FOUND', 'STATE_UNAVAILABLE'],
  },
  removeSchedule: {
    ...routes.removeSchedule,
    needs: 'operate',
    summary: 'Forget a schedule; a run that goes on ends at its time',
    params: z.strictObject({ name: scheduleName }),
    result: schedule,
    errors: ['SCHEDULE_NOT_FOUND', 'STATE_UNAVAILABLE'],
  },
  pauseSchedule: {
    ...routes.pauseSchedule,
    needs: 'operate',
    summary: 'Let a schedule rest, or go on; what would begin meanwhile does not',
    params: z.strictObject({ name: scheduleName, paused: z.boolean() }),
    result: schedule,
    errors: ['SCHEDULE_NOT_FOUND', 'STATE_UNAVAILABLE'],
  },
  runSchedule: {
    ...routes.runSchedule,
    needs: 'operate',
    summary: 'Run a schedule now, once, whatever its hours are',
    params: z.strictObject({ name: scheduleName }),
    result: schedule,
    errors: ['SCHEDULE_NOT_FOUND', 'SCHEDULE_RUNNING', 'STATE_UNAVAILABLE'],
  },
  stopSchedule: {
    ...routes.stopSchedule,
    needs: 'operate',
    summary: 'End what goes on of a schedule, on air or not yet; its next run comes',
    params: z.strictObject({
      name: scheduleName,
      /** Where more than one room has a run of this name, as parts of the day have. */
      room: roomName.optional(),
    }),
    result: stoppedRun,
    errors: ['SCHEDULE_NOT_FOUND', 'SCHEDULE_NOT_RUNNING', 'STATE_UNAVAILABLE'],
  },
  nextOccurrences: {
    ...routes.nextOccurrences,
    needs: 'look',
    summary: 'What the schedules that are not paused do in the next days, and when, the first first',
    params: z.strictObject({
      room: roomName.optional(),
      /** From when on, in ms since 1970; default: now. */
      fromMs: z.coerce.number().int().min(0).optional(),
      days: z.coerce.number().int().min(1).max(366).default(7),
    }),
    /** At most 1000 of each schedule. */
    result: z.array(occurrence),
    errors: ['STATE_UNAVAILABLE'],
  },
  listDevices: {
    ...routes.listDevices,
    needs: 'look',
    summary: "Cameras, sound devices, X displays and windows of the daemon's machine",
    params: none,
    result: devices,
    errors: ['INGEST_UNAVAILABLE'],
  },
  openStdin: {
    ...routes.openStdin,
    needs: 'operate',
    summary: 'A Unix socket to write a container into, to be played in a room as a source of kind stdin',
    params: z.strictObject({ room: roomName }),
    result: stdinPlace,
    errors: ['LIMIT_REACHED', 'INGEST_UNAVAILABLE'],
  },
  probe: {
    ...routes.probe,
    needs: 'operate',
    summary: 'What is in a source, and how it would be played',
    params: z.strictObject({ source, renditions: renditions.optional() }),
    /** `live`: it comes at its own pace, and is connected to again at its end. */
    result: z.strictObject({ probe, plan, live: z.boolean(), picture: z.literal(true).optional() }),
    errors: [...sourceErrors, 'FFMPEG_NOT_FOUND'],
  },
  scan: {
    ...routes.scan,
    needs: 'operate',
    summary: 'Read all of a file, and say what viewers would complain of',
    params: z.strictObject({ path: z.string(), audioTrack: z.int().min(0).nullable().default(null) }),
    /** Each half second how far it is, then what was found; ends with its caller. */
    result: scanLine,
    errors: [...sourceErrors, 'FFMPEG_NOT_FOUND', 'LIMIT_REACHED'],
  },
  events: {
    ...routes.events,
    needs: 'look',
    summary: 'What happens, as it happens, and what has happened',
    params: z.strictObject({
      room: roomName.optional(),
      /** Send what comes all the time too: `broadcast.stats`, and `pipeline.started` of each round of what is repeated. */
      stats: flag,
      /** What happened in the last so many ms comes first, as far as the daemon remembers it; viewers, figures and refused publishers do not. */
      sinceMs: z.coerce.number().int().min(0).default(0),
      /** Stay for what happens from now on. */
      follow: flag.default(true),
    }),
    result: event,
    errors: [],
  },
  openapi: {
    ...routes.openapi,
    needs: 'look',
    summary: 'This API as an OpenAPI 3.1 document',
    params: none,
    result: z.record(z.string(), z.unknown()),
    errors: [],
  },
} as const satisfies Record<string, Call>;

export type Calls = typeof calls;
export type CallName = keyof Calls;
/** Those that are answered with a line for each value. */
export type StreamName = {
  [N in CallName]: Calls[N] extends { readonly stream: true } ? N : never;
}[CallName];
/** What the caller gives. */
export type CallParams<N extends CallName> = z.input<Calls[N]['params']>;
/** What the server has after validation. */
export type CallInput<N extends CallName> = z.output<Calls[N]['params']>;
export type CallResult<N extends CallName> = z.output<Calls[N]['result']>;
