import type { Plan } from '../../../contract/plan.ts';
import type { MediaFrame } from '../../media/media-frame.ts';
import type { Feed } from '../splicer/feed.ts';
import type { Kind } from '../splicer/track-queue.ts';

/** What a player tells, of whatever it plays, and what is passed on as it is. */
export type RunNews =
  /** ffmpeg has been started. */
  | { readonly type: 'pipeline.started'; readonly pid: number; readonly plan: Plan }
  /** How it is played has been decided, or has changed. */
  | { readonly type: 'planned'; readonly plan: Plan }
  /** ffmpeg failed, or the connection; it is tried again. */
  | { readonly type: 'failed'; readonly message: string }
  /** So much of it could not be had, in ms, and it goes on behind that. */
  | { readonly type: 'gap'; readonly missingMs: number; readonly message: string }
  /** Nothing comes of these tracks while the other goes on: they are filled, and taken when they come. None: all is there. */
  | { readonly type: 'lacks'; readonly kinds: readonly Kind[] }
  /** Nothing comes any more, for now: it is tried again. */
  | { readonly type: 'away'; readonly message: string }
  /** The same of a source that is most likely still there: only the ffmpeg that played it was killed. */
  | { readonly type: 'crashed'; readonly message: string };

/** What a run tells whoever plays it. */
export type PlayerNews =
  | RunNews
  /** Frames came. */
  | { readonly type: 'fed' }
  /** What waits of it has become less: it may be time to make ready what follows. */
  | { readonly type: 'room' }
  /**
   * Nothing more will come of this run: the source's end, which may be too early, or, with a message, why it cannot go on;
   * `outOfReach`: since its place cannot be come to, however often that is tried; `changed`: it has to be looked at anew.
   */
  | {
      readonly type: 'over';
      readonly message: string | null;
      readonly short?: string | null;
      readonly outOfReach?: boolean;
      readonly changed?: boolean;
    };

/** Adds what a source lacks: silence, or a picture. */
export type Fill = (frame: MediaFrame) => readonly MediaFrame[];

/** One playing of one source, from a place on. */
export interface Player extends AsyncDisposable {
  readonly plan: Plan;
  /** What it gives; of a live source another one after each loss. */
  readonly feed: Feed | undefined;
  /** Changes its loudness, in percent; picture and times stay as they are. What is passed on undecoded cannot be made louder: that is for what is begun later. */
  setVolume(percent: number): void;
  /** Of these tracks of the source something has come: those that are not played are looked at. */
  comes?(kinds: readonly Kind[]): void;
  /** Asks the source for a key frame, where it takes such requests. */
  requestKeyFrame?(layer: number): void;
  close(): Promise<void>;
}

/** How many renditions of the picture a plan makes; a picture that is filled in is one. */
export function layersOf({ video }: Plan): number {
  return (video?.lower.length ?? 0) + 1;
}

/** Tracks of the source that a plan plays. */
export function tracksOf({ video, audio }: Plan): readonly Kind[] {
  return [...(video ? (['video'] as const) : []), ...(audio ? (['audio'] as const) : [])];
}
