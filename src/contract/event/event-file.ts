import { dirname, resolve } from 'node:path';
import * as z from 'zod';
import { withoutEmptySections } from '../config-file.ts';
import type { NewEntrySource } from '../models.ts';
import { declaredName, newKeyName, roomName } from '../names.ts';
import {
  endlessItems,
  namedSource,
  namedSourceShape,
  playlistSchema,
  withShortItems,
} from '../playlist/playlist-schema.ts';
import { renditionsText } from '../renditions.ts';
import { roomSection } from '../room-config.ts';
import { scheduleName } from '../schedule.ts';
import { type FileProblem, parseYaml } from '../yaml-file.ts';
import { declaredKey, declaredVersion, type NewDeclared } from './declared.ts';
import type { FileBroadcast, PlaylistFile } from './file-broadcast.ts';
import { type FileSchedule, scheduleSection } from './schedule-section.ts';

/** A stream key, as the file says it: its secret is in a file of its own, or only its hash is known. */
export interface FileKey {
  readonly room: string;
  readonly name: string;
  readonly expires: string | null;
  readonly secretFile?: string | undefined;
  readonly hash?: string | undefined;
}

/** An event file that is valid, before what it names was read. Its paths are absolute. */
export interface EventFile extends Pick<NewDeclared, 'name' | 'playlists'> {
  /** In the words of the file. */
  readonly rooms: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly keys: readonly FileKey[];
  readonly broadcasts: Readonly<Record<string, FileBroadcast>>;
  readonly schedules: Readonly<Record<string, FileSchedule>>;
}

/** Checks the text of an event file. Relative paths begin at its folder. The error names `file:line:column` of each problem, one per line. */
export function parseEventFile(text: string, file: string): EventFile {
  const folder = dirname(resolve(file));
  const schema = eventSchema(folder);
  let rooms: EventFile['rooms'] = {};
  const prepare = (value: unknown) => {
    const whole = withShortForms(withoutEmptySections(value, schema), folder);
    rooms = (whole as { rooms?: EventFile['rooms'] } | null)?.rooms ?? {};
    return whole;
  };
  const { version: _, ...event } = parseYaml(text, file, {
    ...{ schema, code: 'INVALID_EVENT', prepare, besides: (value) => [...endless(value), ...twice(value)] },
  });
  return { ...event, rooms };
}

function eventSchema(folder: string) {
  return z.strictObject({
    version: z.literal(
      declaredVersion,
      `expected ${declaredVersion}, the version of event files that this mirolive reads`,
    ),
    /** Whose is what it declares. */
    name: declaredName,
    rooms: z.record(roomName, roomSection).default({}),
    keys: z.array(keySchema(folder)).default([]),
    playlists: z.record(declaredName, playlistSchema(folder)).default({}),
    broadcasts: z.record(roomName, broadcastSchema(folder)).default({}),
    schedules: z
      .record(scheduleName, scheduleSection(broadcastSchema(folder), playlistSchema(folder).shape.items))
      .default({}),
  });
}

function keySchema(folder: string) {
  return z
    .strictObject({
      room: roomName,
      name: newKeyName,
      expires: declaredKey.shape.expiresAt,
      /** A file with the secret in it. */
      secretFile: z
        .string()
        .min(1)
        .transform((path) => resolve(folder, path))
        .optional(),
      hash: declaredKey.shape.hash.optional(),
    })
    .superRefine(({ secretFile, hash }, context) => {
      if ((secretFile === undefined) !== (hash === undefined)) return;
      const message = 'expected either secretFile, a file with the secret in it, or hash';
      context.addIssue({ code: 'custom', path: [hash === undefined ? 'secretFile' : 'hash'], message });
    });
}

const kinds = ['source', 'file', 'url', 'publisher', 'card', 'folder', 'items', 'playlist', 'saved'];

function broadcastSchema(folder: string) {
  const { shape: list } = playlistSchema(folder);
  return z
    .strictObject({
      ...namedSourceShape,
      /** Items of a playlist, as in a playlist file. */
      items: list.items.optional(),
      filler: list.filler,
      /** A playlist file. */
      playlist: z.string().min(1).optional(),
      /** The name of one of `playlists`, or of one that is kept already. */
      saved: declaredName.optional(),
      /** Begin again at the end; a folder does anyway. */
      loop: z.boolean().optional(),
      /** Of a playlist or a folder: another order each time round. */
      shuffle: z.boolean().optional(),
      /** What viewers are told is on air. */
      name: z.string().min(1).max(200).optional(),
      renditions: renditionsText.optional(),
    })
    .transform(
      (
        { items, filler, playlist, saved, loop, shuffle, name, renditions, ...named },
        context,
      ): FileBroadcast => {
        const fail = (key: string, message: string) =>
          context.issues.push({ code: 'custom', message, path: [key], input: named });
        const given = kinds.filter(
          (kind) => ({ ...named, items, playlist, saved })[kind as 'file'] !== undefined,
        );
        const besides = { ...(name !== undefined && { name }), ...(renditions && { renditions }) };
        if (given.length !== 1) {
          fail(given[1] ?? 'source', `expected one of ${kinds.join(', ')}`);
          return z.NEVER;
        }
        if (shuffle !== undefined && !['items', 'playlist', 'folder'].includes(given[0] ?? ''))
          fail('shuffle', 'expected a playlist, or a folder, to shuffle; one that is saved says so itself');
        if (filler !== undefined && items === undefined)
          fail('filler', 'expected items that it stands in for');
        if (saved !== undefined) {
          if (loop !== undefined) fail('loop', 'expected it where the playlist is: it says so itself');
          return { source: { kind: 'saved', playlist: saved }, ...besides };
        }
        const manner = { loop: loop ?? false, shuffle: shuffle ?? false };
        if (items !== undefined)
          return { source: { kind: 'playlist', items, ...manner, ...(filler && { filler }) }, ...besides };
        if (playlist !== undefined)
          return { source: { kind: 'playlistFile', path: resolve(folder, playlist), ...manner }, ...besides };
        const source = namedSource(named, folder, fail);
        if (source === null) return z.NEVER;
        if (loop !== undefined && !['file', 'url', 'folder'].includes(source.kind))
          fail('loop', 'expected a file, an address or a playlist to begin again');
        return { source: played(source, manner), ...besides };
      },
    );
}

/** A folder is played over and over, as `mirolive stream --folder` does. */
function played(
  source: NewEntrySource,
  { loop, shuffle }: Pick<PlaylistFile, 'loop' | 'shuffle'>,
): FileBroadcast['source'] {
  if (source.kind === 'folder') return { kind: 'playlist', items: [{ source }], loop: true, shuffle };
  return source.kind === 'file' || source.kind === 'url' ? { ...source, loop } : source;
}

type Maps = Readonly<Record<string, unknown>>;

function isMap(value: unknown): value is Maps {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Each value of a map; what is none stays, and is told as wrong. */
function each(value: unknown, change: (inner: unknown) => unknown): unknown {
  if (!isMap(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, change(inner)]));
}

/** A word stands for what has it as its source; paths in settings of rooms are those that the configuration wants. */
function withShortForms(value: unknown, folder: string): unknown {
  if (!isMap(value)) return value;
  const { rooms, playlists, broadcasts, schedules } = value;
  const short = (one: unknown) => (typeof one === 'string' ? { source: one } : withShortItems(one));
  return {
    ...value,
    ...(value.keys === null && { keys: [] }),
    ...(rooms !== undefined && { rooms: each(rooms, (room) => withAbsolutePaths(room, folder)) }),
    ...(playlists !== undefined && { playlists: each(playlists, withShortItems) }),
    ...(broadcasts !== undefined && { broadcasts: each(broadcasts, short) }),
    ...(schedules !== undefined && {
      schedules: each(schedules, (one) => {
        if (!isMap(one)) return one;
        const { stream, take, playlist } = one;
        return {
          ...one,
          ...(stream !== undefined && { stream: short(stream) }),
          ...(take !== undefined && take !== 'programme' && { take: short(take) }),
          ...(isMap(playlist) && { playlist: { ...playlist, add: shortItems(playlist.add) } }),
        };
      }),
    }),
  };
}

function shortItems(items: unknown): unknown {
  return (withShortItems({ items }) as Maps).items;
}

function withAbsolutePaths(room: unknown, folder: string): unknown {
  if (!isMap(room)) return room;
  const absolute = (path: unknown) =>
    typeof path === 'string' && path !== '' ? resolve(folder, path) : path;
  const at = (map: unknown, keys: readonly string[]) =>
    isMap(map)
      ? Object.fromEntries(
          Object.entries(map).map(([key, inner]) => [key, keys.includes(key) ? absolute(inner) : inner]),
        )
      : map;
  const { slate, fallback, poster, dayparts } = room;
  const parts = isMap(dayparts) ? dayparts.parts : undefined;
  return {
    ...room,
    ...(slate !== undefined && { slate: at(slate, ['path']) }),
    ...(poster !== undefined && poster !== 'auto' && poster !== 'off' && { poster: absolute(poster) }),
    ...(Array.isArray(fallback) && { fallback: fallback.map((one) => at(one, ['file', 'playlist'])) }),
    ...(isMap(dayparts) &&
      Array.isArray(parts) && {
        dayparts: { ...dayparts, parts: parts.map((one) => at(one, ['file', 'playlist', 'folder'])) },
      }),
  };
}

/** Items of its playlists that keep others from being played. */
function endless(value: unknown): FileProblem[] {
  const { playlists, broadcasts, schedules } = isMap(value) ? value : {};
  const listed = (lists: unknown, path: readonly string[]) =>
    Object.entries(isMap(lists) ? lists : {}).flatMap(([name, list]) =>
      endlessItems(list).map((problem) => ({ ...problem, path: [...path, name, ...problem.path] })),
    );
  return [
    ...listed(playlists, ['playlists']),
    ...listed(broadcasts, ['broadcasts']),
    ...Object.entries(isMap(schedules) ? schedules : {}).flatMap(([name, one]) =>
      isMap(one) ? listed({ stream: one.stream, take: one.take }, ['schedules', name]) : [],
    ),
  ];
}

/** Keys that have what another one has. */
function twice(value: unknown): FileProblem[] {
  const { keys } = isMap(value) ? value : {};
  if (!Array.isArray(keys)) return [];
  const seen = new Map<string, Set<string>>();
  return keys.flatMap((key: unknown, index) => {
    if (!isMap(key)) return [];
    const { room, name, hash, secretFile } = key;
    const marks = [
      [
        'name',
        room === undefined || name === undefined ? null : `${room}/${name}`,
        `expected another name: a key of room ${room} has it already`,
      ],
      ['hash', hash ?? null, 'expected another hash: a key has it already'],
      ['secretFile', secretFile ?? null, 'expected another file: a key has it already'],
    ] as const;
    return marks.flatMap(([what, mark, message]) => {
      if (mark === null) return [];
      const known = seen.get(what) ?? new Set();
      seen.set(what, known);
      if (known.has(String(mark))) return [{ path: ['keys', index, what], message }];
      known.add(String(mark));
      return [];
    });
  });
}
