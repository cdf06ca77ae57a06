import type { BackOffPolicy } from '../../../contract/back-off.ts';
import type { Clock } from '../../../contract/clock.ts';
import type { Playlist } from '../../../contract/playlist/playlist.ts';
import type { ProgrammeEntry } from '../../../contract/programme-state.ts';
import type { WantedCandidate } from '../../../contract/snapshot.ts';
import type { PlaylistPlayer } from '../playlist/playlist-player.ts';
import type { Feed } from '../splicer/feed.ts';
import type { CandidateIs } from './candidate-is.ts';

/** What was lost is started again at once; at most each 10 s for long, as a source may be back at any time. */
export const againPolicy: BackOffPolicy = {
  firstMs: 500,
  growth: 2,
  ceilingMs: 10_000,
  heldMs: 10_000,
  jitter: 0.2,
};
/** What cannot be played is started again no sooner, in ms. */
export const unplayableMs = 2000;
/** What is over is begun again so much later, in ms, where nothing better is there. */
export const overMs = 10_000;

/**
 * What begins, is gone back to, or whose ffmpeg was killed, is there in a moment: so long what is on air stays, or the slate is
 * shown, and nothing else that is less wanted, in ms. An ffmpeg needs one to two seconds to its first picture; longer, viewers have something better.
 */
export const awaitedMs = 3000;

/** A picture to hold at that could not be had is asked for again so much later, in ms. */
export const pictureAgainMs = 1000;

export interface CandidateOptions {
  readonly wanted: WantedCandidate;
  readonly playlist: Playlist;
  readonly player: PlaylistPlayer;
  readonly clock: Clock;
  readonly random: (() => number) | undefined;
  /** How it was when it was seen last. */
  readonly is: CandidateIs;
  readonly lost: ProgrammeEntry['lost'];
  /** It was wanted of an opening before this one, which whoever asked for it does not wait for any more. */
  readonly wasWanted: boolean;
  /** Since when it gave nothing when it was seen last, monotonic, in ms; null: it gave something. */
  readonly awaySinceMs: number | null;
  /** Whether the slate is shown while it is black and silent, not what is less preferred. */
  readonly coversBlank: boolean;
  readonly cut: (feed: Feed) => void;
  /** Asks for its picture; the answer comes to `hold`. */
  readonly askPicture: (number: number) => void;
}
