import { stringify } from 'yaml';
import type { PlaylistEntrySource, PlaylistItem, Source } from '../models.ts';
import { bareList, isSameList } from '../playlist/bare-list.ts';
import type { ScheduledCall } from '../schedule.ts';
import {
  type Declared,
  type DeclaredBroadcast,
  type DeclaredKey,
  type DeclaredSchedule,
  declaredVersion,
  type SavedPlaylist,
} from './declared.ts';

/** An event file of what is declared: read, it declares the same. Pure. */
export function eventText(declared: Declared): string {
  const { name, rooms, keys, playlists, broadcasts, schedules } = declared;
  const played: PlayedWords = (source) => playedWords(source, playlists);
  const sections = {
    ...{ version: declaredVersion, name, rooms },
    keys: keys.map(keyWords),
    playlists: mapped(playlists, listWords),
    broadcasts: mapped(broadcasts, (one) => broadcastWords(one, played)),
    schedules: mapped(schedules, (one) => scheduleWords(one, played)),
  };
  const filled = Object.entries(sections).filter(
    ([, section]) => typeof section !== 'object' || Object.keys(section).length > 0,
  );
  return stringify(Object.fromEntries(filled), { lineWidth: 0, aliasDuplicateObjects: false });
}

function mapped<T>(
  section: Readonly<Record<string, T>>,
  words: (one: T) => unknown,
): Record<string, unknown> {
  return Object.fromEntries(Object.entries(section).map(([name, one]) => [name, words(one)]));
}

function keyWords({ room, name, hash, expiresAt }: DeclaredKey) {
  return { room, name, ...(expiresAt !== null && { expires: expiresAt }), hash };
}

/** What is on air, as the file says it. */
type PlayedWords = (source: Source) => Record<string, unknown>;

/** A broadcast in the words of an event file. Pure. */
export function broadcastWords({ source, name, renditions }: DeclaredBroadcast, played: PlayedWords) {
  return {
    ...(source.kind === 'saved' ? { saved: source.playlist } : played(source)),
    ...(name !== undefined && { name }),
    ...(renditions && { renditions: renditions === 'auto' ? renditions : renditions.join(',') }),
  };
}

/** A schedule in the words of an event file. Pure. */
export function scheduleWords({ room, when, end, what, ...manner }: DeclaredSchedule, played: PlayedWords) {
  const { priority, onMissed, preflightMs, paused } = manner;
  return {
    room,
    ...('everyMs' in when ? { every: seconds(when.everyMs), from: when.fromAt } : when),
    ...(end && 'forMs' in end ? { for: seconds(end.forMs) } : (end ?? {})),
    ...scheduledWords(what, played),
    ...{ priority, onMissed, preflight: seconds(preflightMs) },
    ...(paused !== undefined && { paused }),
  };
}

function scheduledWords({ call, params }: ScheduledCall, played: PlayedWords) {
  if (call === 'startBroadcast') return { stream: broadcastWords(params, played) };
  const { command } = params;
  switch (command.type) {
    case 'take':
      return { take: played(command.source) };
    case 'release':
      return { take: 'programme' };
    case 'slate':
      return { slate: command.on ? 'on' : 'off' };
    case 'add':
      return {
        playlist: {
          add: bareList(command).items.map(itemWords),
          ...(command.at !== null && { at: command.at + 1 }),
        },
      };
    default:
      return { playlist: command.type };
  }
}

function playedWords(source: Source, playlists: Declared['playlists']): Record<string, unknown> {
  if (source.kind !== 'playlist') return entryWords(source, true);
  const [saved] = Object.entries(playlists).find(([, list]) => isSameList(list, source)) ?? [];
  if (saved !== undefined) return { saved };
  const [only, another] = bareList(source).items;
  const isFolder = only?.source.kind === 'folder' && another === undefined && source.loop && !source.filler;
  if (!isFolder) return listWords(source);
  return { folder: (only.source as { path: string }).path, ...(source.shuffle && { shuffle: true }) };
}

function listWords(list: SavedPlaylist): Record<string, unknown> {
  const { loop, shuffle, filler } = list;
  return {
    ...(loop && { loop }),
    ...(shuffle && { shuffle }),
    ...(filler && { filler }),
    items: bareList(list).items.map(itemWords),
  };
}

function itemWords({
  source,
  title,
  fromMs,
  toMs,
  forMs,
}: Omit<PlaylistItem, 'id'>): Record<string, unknown> {
  return {
    ...entryWords(source, false),
    ...(title !== null && { title }),
    ...(fromMs > 0 && { from: seconds(fromMs) }),
    ...(toMs !== null && { to: seconds(toMs) }),
    ...(forMs !== null && { for: seconds(forMs) }),
  };
}

function seconds(ms: number): string {
  return `${ms / 1000}s`;
}

/** A source in the words of an event file: what has words of its own stands there by them. Pure. @param loops whether it may be said that it begins again */
export function entryWords(source: PlaylistEntrySource, loops: boolean): Record<string, unknown> {
  switch (source.kind) {
    case 'file':
    case 'url': {
      const { kind, loop, audioTrack, audioMap } = source;
      const isLive = kind === 'url' && source.live !== null;
      if (isLive || (loop && !loops)) return { source };
      return {
        ...(kind === 'file' ? { file: source.path } : { url: source.url }),
        ...(loop && { loop }),
        ...(audioTrack !== null && { audioTrack }),
        ...(audioMap !== undefined && { audioMap }),
        ...(kind === 'url' && source.variant !== undefined && { variant: source.variant }),
        ...(kind === 'url' && source.headers && { headers: source.headers }),
      };
    }
    case 'publisher':
      return { publisher: source.key };
    case 'folder':
      return { folder: source.path };
    case 'card':
      return { card: { title: source.title, ...(source.text !== '' && { text: source.text }) } };
    case 'slate':
      return { source: 'slate' };
    default:
      return { source };
  }
}
