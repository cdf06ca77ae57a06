import type { Plan } from '../../../contract/plan.ts';
import type { MediaFrame } from '../../media/media-frame.ts';
import type { Feed } from '../splicer/feed.ts';

/** Whether its loudness can be changed now: what is passed on undecoded, or in silence, cannot be made louder or softer. */
export type VolumeControl =
  | { readonly kind: 'applied' }
  | { readonly kind: 'notApplicable'; readonly reason: string };

/** What a run tells whoever plays it. */
export interface PlayerListener {
  /** Frames came, or the feed is complete. */
  onFeed(feed: Feed): void;
  /** What waits of it has become less: it may be time to make ready what follows. */
  onRoom(): void;
  /** ffmpeg has been started. */
  onPipeline(pid: number, plan: Plan): void;
  /** How it is played has been decided, or has changed. */
  onPlan(plan: Plan): void;
  /** ffmpeg failed, or the connection; it is tried again. */
  onFailure(message: string): void;
  /** Nothing comes any more, for now: it is tried again. */
  onAway(message: string): void;
  /** Nothing more will come of this run: the source's end, or, with a message, why it cannot go on. */
  onOver(message: string | null): void;
}

/** Adds what a source lacks: silence, or a picture. */
export type Fill = (frame: MediaFrame) => readonly MediaFrame[];

/** One playing of one source, from a place on. */
export interface Player extends AsyncDisposable {
  readonly plan: Plan;
  /** What it gives; of a live source another one after each loss. */
  readonly feed: Feed | undefined;
  readonly volume: VolumeControl;
  /** Changes its loudness, in percent; picture and times stay as they are. Where that is not applicable, for what is begun later. */
  setVolume(percent: number): void;
  /** Asks the source for a key frame, where it takes such requests. */
  requestKeyFrame?(layer: number): void;
  close(): Promise<void>;
}

/** The volume of a source that plays by this plan, where what it gives is decoded or can be. */
export function volumeOf({ audio }: Plan): VolumeControl {
  return audio ? { kind: 'applied' } : soundless;
}

export const soundless: VolumeControl = { kind: 'notApplicable', reason: 'it has no sound' };

/** How many renditions of the picture a plan makes; a picture that is filled in is one. */
export function layersOf({ video }: Plan): number {
  return (video?.lower.length ?? 0) + 1;
}
