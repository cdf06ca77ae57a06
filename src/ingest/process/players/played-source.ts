import type { Loudness, Plan } from '../../../contract/plan.ts';
import type { SeenPicture } from '../../plan/plan.ts';
import type { Kind } from '../splicer/track-queue.ts';
import type { Fill, PlayerNews } from './player.ts';
import type { StandingGain } from './slow-gain.ts';
import type { ReadSource } from './source-run.ts';

/** How a source that was looked at is played. */
export interface Planned {
  readonly plan: Plan;
  /** The plan by the rules of now, by what was seen of its picture, and measured of its sound. */
  readonly replan: (seen?: SeenPicture, measured?: Loudness) => Plan;
  /** It comes in pieces of some seconds, as HLS does: between two of them nothing does. Default false. */
  readonly inPieces?: boolean;
  /** How long it took to look at it, in ms; null: not known. */
  readonly lookMs: number | null;
}

/** What has turned out of a source while it was played, for whoever plays it next. */
export interface Seen {
  /** Where it ended before its end, and again when it was begun there, in µs; null: it did not. */
  endedUs: number | null;
  /** How often what could not be had was asked for again, by its place in µs. */
  readonly tries: Map<number, number>;
  /** Where its gain stood last, where that follows what is heard. */
  standing?: StandingGain;
  /** Why its picture cannot be copied, although what was looked at of it can. */
  picture?: SeenPicture;
}

/** What players that read a source by ffmpeg are told. */
export interface PlayedSource extends ReadSource {
  /** Tracks of its feed: those of the source, and those that are filled. */
  readonly kinds: readonly Kind[];
  readonly fillFor: (plan: Plan) => Fill;
  readonly volumePercent: number;
  /** Whether an encoder is the cause of a failure, `again` at the same place: then it is planned anew, without it. */
  readonly encoderFailed: (plan: Plan, message: string, again: boolean) => boolean;
  readonly tell: (news: PlayerNews) => void;
}
