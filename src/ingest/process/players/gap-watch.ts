import type { MediaFrame } from '../../media/media-frame.ts';
import { jumps, jumpUs } from '../../media/time-jump.ts';

/** All tracks pause for less, in µs, where nothing is missing: segments of HLS are rarely shorter. */
const leastGapUs = 1_000_000;

/** A stretch of a source that was not given, in µs. */
export interface Gap {
  readonly fromUs: number;
  readonly toUs: number;
}

/** Whether so much may be missing, or only that a copy began elsewhere than it was told. */
export function isGap({ fromUs, toUs }: Gap): boolean {
  return toUs - fromUs >= leastGapUs;
}

/** Sees where all tracks of a source with sound leave something out: pictures alone may be far apart. Pure. */
export class GapWatch {
  #reachedUs: number | undefined;
  readonly #mostUs: number;

  /** @param fromUs where it goes on; undefined: wherever its first frame is @param mostUs what is longer is a jump; default as feeds take it */
  constructor(fromUs: number | undefined, mostUs = jumpUs) {
    this.#reachedUs = fromUs;
    this.#mostUs = mostUs;
  }

  /** Frames as they come, up to the first one behind a gap; that, and what follows it, is to be shown again. */
  see(frames: readonly MediaFrame[]): { readonly gap: Gap; readonly at: number } | null {
    for (const [at, { ptsUs }] of frames.entries()) {
      const fromUs = this.#reachedUs ?? ptsUs;
      const gap = { fromUs, toUs: ptsUs };
      this.#reachedUs = jumps(fromUs, ptsUs) ? ptsUs : Math.max(fromUs, ptsUs);
      if (isGap(gap) && ptsUs - fromUs <= this.#mostUs) return { gap, at };
    }
    return null;
  }
}
