import type { MediaFrame } from '../../media/media-frame.ts';

/**
 * Measures how far apart the key frames of a live picture are, which nobody can know beforehand. Gives the distance, in ms,
 * as soon as it is more than allowed; the next key frame need not have come for that.
 */
export class KeyFrameWatch {
  readonly #maxIntervalUs: number;
  #keyUs: number | undefined;

  constructor(maxIntervalMs: number) {
    this.#maxIntervalUs = maxIntervalMs * 1000;
  }

  /** The distance that is too long, in ms; undefined while all is well. */
  see({ kind, key, ptsUs }: MediaFrame): number | undefined {
    if (kind !== 'video') return undefined;
    if (key || this.#keyUs === undefined || ptsUs < this.#keyUs) {
      this.#keyUs = ptsUs;
      return undefined;
    }
    const intervalUs = ptsUs - this.#keyUs;
    return intervalUs > this.#maxIntervalUs ? Math.round(intervalUs / 1000) : undefined;
  }
}
