import type { MediaFrame } from '../../media/media-frame.ts';
import { jumps } from '../../media/time-jump.ts';

/** All tracks pause for less, in µs, where nothing is missing: segments of HLS are rarely shorter. */
const leastGapUs = 1_000_000;

/** A stretch of a source that was not given, in µs. */
export interface Gap {
  readonly fromUs: number;
  readonly toUs: number;
}

/** Sees where all tracks of a source with sound leave something out: pictures alone may be far apart. Pure. */
export class GapWatch {
  #reachedUs: number | undefined;

  /** @param fromUs where it goes on; undefined: wherever its first frame is */
  constructor(fromUs: number | undefined) {
    this.#reachedUs = fromUs;
  }

  /** Frames as they come; gives the first gap among them. */
  see(frames: readonly MediaFrame[]): Gap | null {
    let gap: Gap | null = null;
    for (const { ptsUs } of frames) {
      const fromUs = this.#reachedUs ?? ptsUs;
      if (ptsUs - fromUs >= leastGapUs && !jumps(fromUs, ptsUs)) gap ??= { fromUs, toUs: ptsUs };
      this.#reachedUs = jumps(fromUs, ptsUs) ? ptsUs : Math.max(fromUs, ptsUs);
    }
    return gap;
  }
}
