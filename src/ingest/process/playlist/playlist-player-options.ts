import type { Plan, PlaylistItem } from '../../../contract/models.ts';
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

/** What a sequence tells. */
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

export interface PlaylistPlayerOptions {
  readonly playlist: Playlist;
  readonly maker: PlayerMaker;
  readonly deck: Deck;
  readonly listener: PlaylistPlayerListener;
  /** How long a live item may be away before the next one plays, in ms. */
  readonly graceMs: number;
  /** Place in the first item to begin at, in µs; default where the item itself begins. */
  readonly startUs?: number;
  /** What is known of the first item; default: it is looked at. */
  readonly prepared?: Promise<Prepared>;
}
