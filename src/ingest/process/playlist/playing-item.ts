import type { PlaylistItem } from '../../../contract/models.ts';
import { noFailures, type Progress } from '../players/file-player.ts';
import type { Player, PlayerListener } from '../players/player.ts';
import type { PlayerMaker, Prepared } from '../players/player-maker.ts';
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

/** What a slot tells beside what its run tells of itself. */
export interface PlayingItemListener
  extends Pick<PlayerListener, 'onRoom' | 'onPipeline' | 'onFailure' | 'onPlan'> {
  onFeed(slot: PlayingItem): void;
  onAway(slot: PlayingItem, message: string): void;
  onOver(slot: PlayingItem, message: string | null): void;
}

/** An item that is played, or about to be. */
export interface PlayingItem {
  readonly item: PlaylistItem;
  readonly prepared: Prepared;
  readonly run: Player;
  readonly progress: Progress;
  /** Where it ends in its source, in µs; null: not known. */
  readonly endUs: number | null;
  /** The feed that was put on air, or is to be. */
  feed: Feed | undefined;
  /** It has been read to its end. */
  over: boolean;
}

/**
 * Begins to play an item.
 *
 * @param awaited somebody waits for its first frame, and wants to hear soon that none will come
 */
export function openItem(
  maker: PlayerMaker,
  { item, startUs, progress = noFailures() }: Place,
  prepared: Prepared,
  awaited: boolean,
  listener: PlayingItemListener,
): PlayingItem {
  let slot: PlayingItem | undefined;
  const early: ((slot: PlayingItem) => void)[] = [];
  // A run may speak before it is returned.
  const then = (act: (slot: PlayingItem) => void) => {
    if (slot) act(slot);
    else early.push(act);
  };
  const stopUs = stopOf(item, startUs);
  const run = maker.start(prepared, {
    startUs,
    stopUs,
    awaited,
    progress,
    listener: {
      onRoom: () => listener.onRoom(),
      onPipeline: (pid, plan) => listener.onPipeline(pid, plan),
      onFailure: (message) => listener.onFailure(message),
      onPlan: (plan) => listener.onPlan(plan),
      onFeed: () => then((one) => listener.onFeed(one)),
      onAway: (message) => then((one) => listener.onAway(one, message)),
      onOver: (message) => then((one) => listener.onOver(one, message)),
    },
  });
  const endMs = endOf(item, prepared.durationMs);
  const endUs = endMs === null ? null : endMs * 1000;
  slot = { item, prepared, run, feed: run.feed, progress, endUs, over: false };
  // Whoever listens has to have it first.
  if (early.length > 0) queueMicrotask(() => slot && early.forEach((act) => void act(slot as PlayingItem)));
  return slot;
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
