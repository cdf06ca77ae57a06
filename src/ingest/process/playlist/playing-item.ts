import { isDeepStrictEqual } from 'node:util';
import type { UpNext } from '../../../contract/card-words.ts';
import { clock } from '../../../contract/media-time.ts';
import type { PlaylistItem } from '../../../contract/models.ts';
import type { Plan } from '../../../contract/plan.ts';
import type { Player, PlayerNews } from '../players/player.ts';
import type { PlayerMaker, Prepared } from '../players/player-maker.ts';
import { Progress } from '../players/progress.ts';
import type { Feed } from '../splicer/feed.ts';

/** Where to begin an item, and how often it failed there. */
export interface Place {
  readonly item: PlaylistItem;
  readonly startUs: number;
  readonly progress?: Progress;
}

/** The beginning of an item. */
export function startOf(item: PlaylistItem): Place {
  return { item, startUs: item.fromMs * 1000 };
}

/** An item that is played, or about to be. */
export interface PlayingItem {
  readonly item: PlaylistItem;
  readonly prepared: Prepared;
  readonly run: Player;
  readonly progress: Progress;
  /** Where it was begun in its source, in µs. */
  readonly startUs: number;
  /** Where it ends in its source, in µs; null: not known. */
  readonly endUs: number | null;
  /** The feed that was put on air, or is to be. */
  feed: Feed | undefined;
  /** It has been read to its end. */
  over: boolean;
  /** How the round before was played; null: it is not the next round of what is repeated. */
  readonly roundOf: Plan | null;
  /** How ffmpeg was begun last; null: it was not yet. */
  begunBy: Plan | null;
}

/**
 * Begins to play an item.
 *
 * @param awaited somebody waits for its first frame, and wants to hear soon that none will come
 * @param upNext what follows it, were it on air now
 * @param hear hears what the run tells, by `post`
 * @param roundOf how the round before was played; null: it is not the next round of what is repeated
 */
export function openItem(
  maker: Pick<PlayerMaker, 'start'>,
  { item, startUs, progress = new Progress() }: Place,
  prepared: Prepared,
  awaited: boolean,
  upNext: (slot: PlayingItem | undefined) => UpNext,
  hear: (slot: PlayingItem, news: PlayerNews) => void,
  post: (message: () => void) => void,
  roundOf: Plan | null,
): PlayingItem {
  let opened: PlayingItem | undefined;
  const run = maker.start(prepared, {
    startUs,
    stopUs: stopOf(item, startUs),
    awaited,
    upNext: () => upNext(opened),
    progress,
    tell: (news) => post(() => hear(slot, news)),
  });
  const endMs = endOf(item, prepared.durationMs);
  const endUs = endMs === null ? null : endMs * 1000;
  const slot: PlayingItem = {
    ...{ item, prepared, run, feed: run.feed, progress, startUs, endUs, over: false },
    ...{ roundOf, begunBy: null },
  };
  opened = slot;
  return slot;
}

/** ffmpeg was begun for an item. Gives whether that is the next round of what is repeated, and nothing else. */
export function beginsRound(slot: PlayingItem, plan: Plan): boolean {
  const isRound = slot.begunBy === null && isDeepStrictEqual(slot.roundOf, plan);
  slot.begunBy = plan;
  return isRound;
}

/** That an item was begun where its source is over, which ffmpeg has other words for each time; null: it was not. */
export function behindItsEnd({
  startUs,
  prepared,
}: Pick<PlayingItem, 'startUs' | 'prepared'>): string | null {
  const { durationMs } = prepared;
  if (durationMs === null || startUs < durationMs * 1000) return null;
  return `it was to begin at ${clock(startUs / 1000)}, and ends at ${clock(durationMs)}`;
}

/** Where an item ends in a source that is so long, in ms; null: not known. */
export function endOf({ fromMs, toMs, forMs }: PlaylistItem, durationMs: number | null): number | null {
  const ends = [durationMs, toMs, forMs === null ? null : fromMs + forMs].filter((ms) => ms !== null);
  return ends.length === 0 ? null : Math.min(...ends);
}

/** Where ffmpeg has to end, in µs; null: with the source. */
function stopOf(item: PlaylistItem, startUs: number): number | null {
  const endMs = endOf(item, null);
  return endMs === null ? null : Math.max(startUs, endMs * 1000);
}
