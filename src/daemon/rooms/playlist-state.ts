import type { PlaylistItem } from '../../contract/models.ts';
import { isFolder } from '../../contract/playlist/folder-items.ts';
import { pictureMs } from '../../contract/playlist/item-part.ts';
import type { Playlist } from '../../contract/playlist/playlist.ts';
import type { PlaylistState, PlaylistStateItem } from '../../contract/programme-state.ts';
import type { ItemFact } from '../../contract/snapshot.ts';
import { itemWords } from '../../contract/source-words.ts';
import { isPictureName } from '../folders/media-names.ts';

/** What is known beside the list itself. */
export interface PlaylistTimes {
  /** In ms since 1970. */
  readonly nowMs: number;
  /** What is left of the current item, in ms; null: not known. */
  readonly remainingMs: number | null;
  /** Why the current item gives nothing, where it is its turn; null: it plays, or nothing does. */
  readonly waitedFor: string | null;
  /** What was found out of items, by their ids. */
  readonly found: ReadonlyMap<string, ItemFact>;
}

/** How long an item plays, in ms; null: not known, or for as long as it comes. */
export function itemDurationMs(item: PlaylistItem, sourceMs: number | null): number | null {
  const { source, fromMs, toMs, forMs } = item;
  const endless = 'loop' in source && source.loop;
  const ends = [endless ? null : sourceMs, toMs].filter((end) => end !== null);
  const lengths = [ends.length > 0 ? Math.max(0, Math.min(...ends) - fromMs) : null, forMs];
  const known = lengths.filter((length) => length !== null);
  return known.length > 0 ? Math.min(...known) : null;
}

/** A list of no more items is told as a whole. */
const wholeAnyway = 50;
/** Of a longer one, so many before what plays, and so many from there on. */
const [before, behind] = [10, 40];

/** The part of a list around a place, where it begins and ends. */
function around(here: number, count: number): [first: number, end: number] {
  const first = Math.max(0, Math.min(here - before, count - before - behind));
  return [first, Math.min(count, first + before + behind)];
}

/**
 * A playlist as operators see it: where it is, what is next, and when each item starts, as far as that is known.
 *
 * @param all its items, however many; else those around what plays
 */
export function playlistState(playlist: Playlist, times: PlaylistTimes, all = true): PlaylistState {
  const { current, items, index, round, loop, shuffle } = playlist;
  const next = playlist.peek(times.nowMs);
  const waits = times.waitedFor !== null || (current !== null && playlist.skipReason(current.id) !== null);
  const here = index ?? (next ? items.indexOf(next) - 1 : items.length - 1);
  const startsAt = schedule(playlist, next, times);
  const hasBegun = ({ id }: PlaylistItem) => (times.found.get(id)?.beganMs ?? null) !== null;
  // A daemon that was started anew knows of none: then those before count as played.
  const knowsBefore = items.some((item, place) => place <= here && item !== current && hasBegun(item));
  const stateOf = (item: PlaylistItem, place: number): PlaylistStateItem['state'] => {
    if (isFolder(item)) return 'folder';
    if (item === current && times.waitedFor !== null) return 'waiting';
    if (item === current && !waits) return 'playing';
    if (item === next) return 'next';
    if (playlist.skipReason(item.id) !== null) return 'skipped';
    return place <= here && (hasBegun(item) || !knowsBefore) ? 'played' : 'waiting';
  };
  const reasonOf = (item: PlaylistItem) => {
    if (item === current && times.waitedFor !== null) return times.waitedFor;
    return item === current && playlist.leaving
      ? 'removed: it plays to its end'
      : playlist.skipReason(item.id);
  };
  const [first, end] = all || items.length <= wholeAnyway ? [0, items.length] : around(here, items.length);
  return {
    ...{ index: waits ? null : index, round, loop, shuffle, count: items.length, first },
    items: items.slice(first, end).map((item, place) => ({
      item: item.id,
      words: itemWords(item),
      durationMs: durationIn(times, item, playlist),
      startsAt: asTime(startsAt.get(item.id) ?? times.found.get(item.id)?.beganMs ?? null),
      state: stateOf(item, first + place),
      reason: reasonOf(item),
    })),
  };
}

/** When items will begin: each where the one before ends, until one of unknown length. */
function schedule(playlist: Playlist, next: PlaylistItem | null, times: PlaylistTimes): Map<string, number> {
  const { current, items } = playlist;
  const starts = new Map<string, number>();
  if (!next) return starts;
  let atMs = current ? sum(times.nowMs, times.remainingMs) : times.nowMs;
  const place = items.indexOf(next);
  const inThisRound = place > (playlist.index ?? -1);
  const after = inThisRound ? items.slice(place + 1) : [];
  const plays = (item: PlaylistItem) => !isFolder(item) && playlist.skipReason(item.id) === null;
  for (const item of [next, ...after.filter(plays)]) {
    if (atMs === null) break;
    // A single one that loops: when it began tells more.
    if (item !== current) starts.set(item.id, atMs);
    atMs = sum(atMs, durationIn(times, item, playlist));
  }
  return starts;
}

function durationIn({ found }: PlaylistTimes, item: PlaylistItem, { items }: Playlist): number | null {
  const knownMs = itemDurationMs(item, found.get(item.id)?.durationMs ?? null);
  return knownMs ?? (isStill(item) && items.length > 1 ? pictureMs : null);
}

/** Whether it has no length of its own, and is shown for a moment among others. */
function isStill({ source }: PlaylistItem): boolean {
  return source.kind === 'card' || (source.kind === 'file' && !source.loop && isPictureName(source.path));
}

function sum(a: number, b: number | null): number | null {
  return b === null ? null : a + b;
}

function asTime(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}
