import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { MiroliveError } from '../contract/errors.ts';
import type { NewDeclared } from '../contract/event/declared.ts';
import { type EventFile, type FileKey, parseEventFile } from '../contract/event/event-file.ts';
import type { FileBroadcast } from '../contract/event/file-broadcast.ts';
import type { FileCall } from '../contract/event/schedule-section.ts';
import { quoted } from '../contract/quoted.ts';
import type { NewScheduleSpec } from '../contract/schedule.ts';
import { placesInYaml } from '../contract/yaml-file.ts';
import { loadPlaylist } from './load-playlist.ts';
import { readText } from './read-text.ts';

/** As mirolive makes them: by it they are recognised wherever somebody has left one. */
const secretForm = /^mlk_[a-z2-7]{32}$/;
/** Who may read a file beside its owner. */
const othersMode = 0o077;

/** An event file with what it names: playlists, and the hashes of secrets. */
export interface LoadedEvent {
  readonly declared: NewDeclared;
  /** What is wrong, but stops nothing. */
  readonly warnings: readonly string[];
  /** `file:line:column` of something in it. */
  place(path: readonly (string | number)[]): string;
}

/**
 * Reads and checks an event file, and what it names.
 *
 * @param input what is read instead of the file that is named
 * @throws MiroliveError INVALID_EVENT, INVALID_PLAYLIST
 */
export async function loadEvent(file: string, input?: AsyncIterable<unknown>): Promise<LoadedEvent> {
  const text = await readEvent(file, input);
  const event: EventFile = parseEventFile(text, file);
  const place: LoadedEvent['place'] = placesInYaml(text, file);
  const warnings: string[] = [];
  const keys = await Promise.all(
    event.keys.map(async ({ secretFile, expires, hash: known, ...key }: FileKey, index) => {
      const at = place(['keys', index, 'secretFile']);
      const hash = known ?? (await hashIn(secretFile ?? '', at, file, (words) => warnings.push(words)));
      return { ...key, expiresAt: expires, hash };
    }),
  );
  const broadcasts = await Promise.all(
    Object.entries(event.broadcasts).map(async ([room, one]) => [room, await withPlaylist(one)] as const),
  );
  const schedules = await Promise.all(
    Object.entries(event.schedules).map(async ([schedule, { what, ...spec }]) => {
      const played = async (one: FileBroadcast) =>
        withSaved(await withPlaylist(one), event, place(['schedules', schedule]));
      return [schedule, { ...spec, what: await callOf(what, played) }] as const;
    }),
  );
  const { name, rooms, playlists } = event;
  return {
    declared: {
      name,
      rooms,
      keys,
      playlists,
      broadcasts: Object.fromEntries(broadcasts),
      schedules: Object.fromEntries(schedules),
    },
    warnings,
    place,
  };
}

async function readEvent(file: string, input?: AsyncIterable<unknown>): Promise<string> {
  try {
    return await readText(file, 'INVALID_EVENT', input);
  } catch (cause) {
    if (cause instanceof MiroliveError) throw cause;
    throw new MiroliveError('INVALID_EVENT', `cannot read the event file: ${(cause as Error).message}`, {
      ...{ cause, hint: `Check that the file is there and may be read: ls -l ${quoted(file)}` },
    });
  }
}

async function hashIn(
  path: string,
  at: string,
  file: string,
  warn: (words: string) => void,
): Promise<string> {
  const fail = (message: string, hint?: string) =>
    new MiroliveError('INVALID_EVENT', `${at}: ${message}`, { details: { file }, ...(hint && { hint }) });
  try {
    await using secretFile = await open(path);
    const { mode } = await secretFile.stat();
    if ((mode & othersMode) !== 0)
      warn(`others may read the secret in ${path}; to keep it: chmod 600 ${quoted(path)}`);
    const secret = (await secretFile.readFile('utf8')).trim();
    if (secretForm.test(secret)) return createHash('sha256').update(secret).digest('hex');
  } catch (error) {
    throw fail(`cannot read the secret: ${(error as Error).message}`);
  }
  throw fail(
    `expected mlk_ and 32 of a-z and 2-7 in ${path}, got something else`,
    `Make a secret: (umask 077; echo mlk_$(tr -dc a-z2-7 </dev/urandom | head -c 32) >${quoted(path)})`,
  );
}

async function withPlaylist({ source, ...rest }: FileBroadcast) {
  if (source.kind !== 'playlistFile') return { ...rest, source };
  const list = await loadPlaylist(source.path);
  return {
    ...rest,
    source: { ...list, loop: list.loop || source.loop, shuffle: list.shuffle || source.shuffle },
  };
}

type Played = Awaited<ReturnType<typeof withPlaylist>>;

/** What is scheduled is what the file says: what else is saved may be another by its hour. @throws MiroliveError INVALID_EVENT */
function withSaved({ source, ...rest }: Played, { playlists = {} }: EventFile, at: string) {
  if (source.kind !== 'saved') return { ...rest, source };
  const { playlist } = source;
  const list = Object.hasOwn(playlists, playlist) ? playlists[playlist] : undefined;
  if (list) return { ...rest, source: { kind: 'playlist' as const, ...list } };
  throw new MiroliveError('INVALID_EVENT', `${at}: expected a playlist of the file, got ${playlist}`);
}

async function callOf(
  what: FileCall,
  played: (one: FileBroadcast) => Promise<ReturnType<typeof withSaved>>,
): Promise<NewScheduleSpec['what']> {
  switch (what.call) {
    case 'startBroadcast':
      return { call: 'startBroadcast', params: await played(what.params) };
    case 'take': {
      const { source } = await played({ source: what.source });
      return { call: 'control', params: { command: { type: 'take', source } } };
    }
    case 'control':
      return what;
  }
}
