import { MiroliveError } from '../../contract/errors.ts';
import type { EndReason, Source } from '../../contract/models.ts';
import { nearest } from '../../contract/nearest.ts';
import { takeHint } from '../../contract/take-hint.ts';
import { saysUnstartable } from '../../ingest/ffmpeg/pipeline.ts';
import { onAirOf, type SeenBroadcast } from './broadcast.ts';

/** Why a broadcast is over. */
export interface End {
  readonly reason: EndReason;
  readonly message: string | null;
  /** A person has taken it away, though it is told as `ended`: nothing that was wanted of it is kept. */
  readonly taken?: boolean;
  /** What was missing, where it was not its source that failed. */
  readonly missing?: MiroliveError;
}

/**
 * Nothing is on air in the room, or not yet again.
 *
 * @param live rooms where something is, which only operators may be told
 * @param published keys of the room that somebody publishes with, which only operators may be told
 */
export function roomIdle(
  room: string,
  live: readonly string[] = [],
  published: readonly string[] = [],
): MiroliveError {
  const meant = nearest(room, live);
  const [key] = published;
  const hint = key === undefined ? meant && `Did you mean --room ${meant}?` : takeHint(room, key);
  const others = live.length === 0 ? '' : `; on air: ${live.join(', ')}`;
  return new MiroliveError(
    'ROOM_IDLE',
    `expected something on air in room ${room}, there is nothing${others}`,
    {
      details: { room },
      ...(hint !== undefined && { hint }),
    },
  );
}

/** Nothing is on air in the room, and it is not known whether there should be. */
export function notKnown(room: string, problem: string): MiroliveError {
  return new MiroliveError(
    'STATE_UNAVAILABLE',
    `nothing is on air in room ${room}, and what was kept there is not known: ${problem}`,
    { details: { room } },
  );
}

/** Nobody has put anything on air in the room, and what it shows meanwhile would be there again at once. */
export function alwaysOn(room: string, broadcast: SeenBroadcast): MiroliveError {
  const { entry, words } = onAirOf(broadcast);
  const shows = entry === 'slate' || entry === 'nothing' ? 'its slate' : words;
  return new MiroliveError(
    'ROOM_IDLE',
    `expected something to stop, room ${room} is always on, on ${shows}`,
    {
      details: { room },
    },
  );
}

/** Nobody publishes with this key. @param published keys of the room that somebody publishes with */
export function nobodyPublishes(room: string, key: string, published: readonly string[]): MiroliveError {
  const meant = nearest(key, [...published, 'programme']);
  const others = published.length === 0 ? '' : `; there publish: ${published.join(', ')}`;
  return new MiroliveError('PUBLISHER_NOT_FOUND', `nobody publishes with ${key} in room ${room}${others}`, {
    hint:
      meant === undefined
        ? `See who does: mirolive publishers; a file of this name is meant by ./${key}, a folder by folder:${key}`
        : `Did you mean: mirolive take ${meant} --room ${room}`,
  });
}

/** Something is on air there: it may have put itself there, where it is a publisher. */
export function roomBusy(
  room: string,
  { id, name, source }: { readonly id: string; readonly name: string; readonly source: Source | null },
): MiroliveError {
  return new MiroliveError('ROOM_BUSY', `room ${room} already has broadcast ${id} (${name})`, {
    details: { room },
    ...(source?.kind === 'publisher' && {
      hint: `Stop it first: mirolive stop --room ${room}; publishers wait to be taken with rooms.${room}.onPublish: standby`,
    }),
  });
}

/** The room lets nobody in; why is the operator's to know. */
export function roomClosed(room: string): MiroliveError {
  return new MiroliveError('ROOM_CLOSED', `room ${room} is closed for now`, { details: { room } });
}

/** The same where the state is lost, for the operator. */
export function roomLost(room: string): MiroliveError {
  return new MiroliveError(
    'STATE_LOST',
    `room ${room} lets nobody in, since the state is lost, or cannot be read, and the configuration does not give rooms.${room}.access`,
    { details: { room } },
  );
}

/** It was made before, or is declared. */
export function roomExists(room: string): MiroliveError {
  return new MiroliveError('ROOM_EXISTS', `there is a room ${room} already`, { details: { room } });
}

/** The configuration has it: who deleted it would have it again with the next start. @param isSet something is set over that */
export function roomInFile(room: string, isSet: boolean): MiroliveError {
  return new MiroliveError('ROOM_IN_FILE', `room ${room} stands in the configuration, below rooms.${room}`, {
    ...(isSet && {
      hint: `Take it out there, then: mirolive reload; what is set over it: mirolive rooms unset ${room} --all`,
    }),
  });
}

/** Nobody has made it, nor is anything set of it. */
export function noSuchRoom(room: string): MiroliveError {
  return new MiroliveError('ROOM_NOT_FOUND', `nobody has made a room ${room}, and nothing is set of it`);
}

export function superseded(room: string, what = wishIn(room)): MiroliveError {
  return new MiroliveError('SUPERSEDED', `${what}, and something else was wanted since`, {
    details: { room },
  });
}

/** It stays wanted, and goes on air when it can. */
export function notOnAirYet(room: string, words: string, limitMs: number): MiroliveError {
  return new MiroliveError(
    'NOT_ON_AIR_YET',
    `${words} is wanted in room ${room}, and is not on air after ${limitMs / 1000} s; it is waited for`,
    { details: { room } },
  );
}

/** What was on air plays on where it was. */
export function notThere(reason: string): MiroliveError {
  return new MiroliveError('NOT_SEEKABLE', `it plays on where it was: ${reason}`, {
    hint: 'Name a place nearer to its beginning, or see where it is: mirolive programme --room ROOM',
  });
}

/** What comes through a pipe ends with the command that reads it. */
export function notKeepable(): MiroliveError {
  return new MiroliveError(
    'INVALID_REQUEST',
    'expected a source that can be opened again, got a pipe: what comes through it is gone after a restart',
    { hint: 'Put it on air without --keep, or let a file, an address or a stream key be the source' },
  );
}

export function shuttingDown(): MiroliveError {
  return new MiroliveError('SHUTTING_DOWN', 'the daemon is ending');
}

/** The worker died that something was, or was to be, on. */
export function workerGone(cause?: unknown): MiroliveError {
  return new MiroliveError('NO_WORKER', 'its media worker is gone', { cause });
}

/** What whoever wanted something of a broadcast hears, where that is over before it could be seen. @param what it was */
export function overBefore(room: string, { reason }: End, what = wishIn(room)): MiroliveError {
  if (reason === 'shutdown') return shuttingDown();
  if (reason === 'stopped' || reason === 'replaced') return superseded(room, what);
  return new MiroliveError('ROOM_IDLE', `${what}, and the broadcast there ended before that`, {
    details: { room },
  });
}

/** What whoever waits for the first frames of a broadcast hears, where it is over without any. */
export function startFailure(room: string, words: string, end: End): MiroliveError {
  const { reason, message, missing } = end;
  if (reason !== 'failed' && reason !== 'ended')
    return overBefore(room, end, `${words} was to be put on air in room ${room}`);
  if (missing && missing.code !== 'INTERNAL') return missing;
  const why = message ?? 'it gave no frame';
  const code = saysUnstartable(why) ? 'FFMPEG_NOT_FOUND' : 'PIPELINE_FAILED';
  return new MiroliveError(code, `expected ffmpeg to play ${words}: ${why}`, { details: { path: words } });
}

function wishIn(room: string): string {
  return `something was to be put on air in room ${room}`;
}
