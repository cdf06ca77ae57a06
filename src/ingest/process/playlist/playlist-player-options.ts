import type { Clock } from '../../../contract/clock.ts';
import type { PlaylistItem } from '../../../contract/models.ts';
import type { Playlist } from '../../../contract/playlist/playlist.ts';
import type { RunNews } from '../players/player.ts';
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
export type PlaylistNews =
  | Exclude<RunNews, { type: 'pipeline.started' }>
  /** ffmpeg has been started; `round`: for the next round of the same, by the same plan. */
  | (Extract<RunNews, { type: 'pipeline.started' }> & { readonly round: boolean })
  /** It could go on air now. */
  | { readonly type: 'ready' }
  /** Its last item was read to its end: it will be over in a moment. */
  | { readonly type: 'ending' }
  /** It is over; `message` where it failed. */
  | { readonly type: 'ended'; readonly message: string | null }
  /** Another item plays. */
  | { readonly type: 'item'; readonly item: PlaylistItem }
  | { readonly type: 'skipped'; readonly item: PlaylistItem; readonly reason: string };

/** How sources are looked at and played. */
export type Maker = Pick<PlayerMaker, 'prepare' | 'durationMs' | 'measureAhead' | 'start' | 'still'>;

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
  readonly tell: (news: PlaylistNews) => void;
  /** How long a live item may be away before the next one plays, in ms. */
  readonly graceMs: number;
  /** Where the playlist's current item goes on, or that of a single source; null: it begins. */
  readonly goesOn: GoesOn | null;
  /** What is known of the item that is played first; null: it is looked at. */
  readonly prepared: Promise<Prepared> | null;
}
