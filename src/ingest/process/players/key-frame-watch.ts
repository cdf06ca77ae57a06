import type { MediaFrame } from '../../media/media-frame.ts';
import type { SeenPicture } from '../../plan/plan.ts';

/**
 * Watches the key frames of a live picture, of which nobody can know beforehand. Tells as soon as they are further apart than
 * allowed, for which the next one need not have come, or are none.
 */
export class KeyFrameWatch {
  readonly #maxIntervalUs: number;
  #keyUs: number | undefined;

  constructor(maxIntervalMs: number) {
    this.#maxIntervalUs = maxIntervalMs * 1000;
  }

  /** Why it cannot be passed on as it is; undefined while all is well. */
  see({ kind, key, ptsUs, refreshes }: MediaFrame): SeenPicture | undefined {
    if (kind !== 'video') return undefined;
    if (refreshes) return { intraRefresh: true };
    if (key || this.#keyUs === undefined || ptsUs < this.#keyUs) {
      this.#keyUs = ptsUs;
      return undefined;
    }
    const intervalUs = ptsUs - this.#keyUs;
    return intervalUs > this.#maxIntervalUs
      ? { keyframeIntervalMs: Math.round(intervalUs / 1000) }
      : undefined;
  }
}
