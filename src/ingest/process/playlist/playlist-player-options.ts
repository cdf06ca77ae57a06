import type { Clock } from '../../../contract/clock.ts';
import type { PlaylistItem } from '../../../contract/models.ts';
import type { Plan } from '../../../contract/plan.ts';
import type { Playlist } from '../../../contract/playlist/playlist.ts';
import type { PlayerMaker, Prepared } from '../players/player-maker.ts';
import type { Feed } from '../splicer/feed.ts';

/** Where feeds are put on air. */
export interface Deck {
  cue(feed: Feed): void;
  /** Takes back what was cued and has not begun. */
  uncue(feed: Feed): void;
  cut(feed: Feed): void;
  wake(): void;
}

/** What a playlist's player tells. */
export interface PlaylistPlayerListener {
  /** It could go on air now. */
  onReady(): void;
  /** It gives nothing, for now. */
  onAway(message: string): void;
  /** Its last item was read to its end: it will be over in a moment. */
  onEnding(): void;
  /** It is over; `message` where it failed. */
  onEnded(message: string | null): void;
  onPipeline(pid: number, plan: Plan): void;
  onFailure(message: string): void;
  onPlan(plan: Plan): void;
  /** Another item plays. */
  onItem(item: PlaylistItem): void;
  onSkipped(item: PlaylistItem, reason: string): void;
}

/** How sources are looked at and played. */
export type Maker = Pick<PlayerMaker, 'prepare' | 'durationMs' | 'start' | 'still'>;

/** Where it goes on. */
export interface GoesOn {
  readonly positionMs: number;
  /** The last wanted place that it has gone to. */
  readonly placed: number;
}

export interface PlaylistPlayerOptions {
  readonly playlist: Playlist;
  readonly maker: Maker;
  readonly deck: Deck;
  readonly clock: Clock;
  /** What it hears is done by this, one at a time. */
  readonly post: (message: () => void) => void;
  readonly listener: PlaylistPlayerListener;
  /** How long a live item may be away before the next one plays, in ms. */
  readonly graceMs: number;
  /** Where the playlist's current item goes on, or that of a single source; null: it begins. */
  readonly goesOn: GoesOn | null;
  /** What is known of the item that is played first; null: it is looked at. */
  readonly prepared: Promise<Prepared> | null;
}
