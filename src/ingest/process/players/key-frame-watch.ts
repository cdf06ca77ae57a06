import type { MediaFrame } from '../../media/media-frame.ts';
import type { SeenPicture } from '../../plan/plan.ts';

/** What is watched, and what is known of it beforehand. */
export interface WatchedKeyFrames {
  /** The layer of the copied picture: those below it are encoded here. */
  readonly layer: number;
  /** How far its key frames may be apart, in ms. */
  readonly maxIntervalMs: number;
  /** Its key frames were measured: only those that are none tell anything new. */
  readonly measured: boolean;
}

/**
 * Watches the key frames of a copied picture. Tells as soon as they are further apart than allowed, for which the next one need not
 * have come. Where whatever was to be one between them was none, that is intra refresh; one of those between key frames is no harm.
 */
export class KeyFrameWatch {
  readonly #layer: number;
  readonly #maxIntervalUs: number;
  readonly #measured: boolean;
  #keyUs: number | undefined;
  #refreshed = false;
  #hasKey = false;

  constructor({ layer, maxIntervalMs, measured }: WatchedKeyFrames) {
    this.#layer = layer;
    this.#maxIntervalUs = maxIntervalMs * 1000;
    this.#measured = measured;
  }

  /** Whether any key frame has come. */
  get hasKey(): boolean {
    return this.#hasKey;
  }

  /** Why it cannot be passed on as it is; undefined while all is well. */
  see({ kind, layer, key, ptsUs, refreshes }: MediaFrame): SeenPicture | undefined {
    if (kind !== 'video' || layer !== this.#layer) return undefined;
    this.#hasKey ||= key;
    if (key || this.#keyUs === undefined || ptsUs < this.#keyUs) {
      this.#keyUs = ptsUs;
      this.#refreshed = refreshes === true;
      return undefined;
    }
    this.#refreshed ||= refreshes === true;
    const intervalUs = ptsUs - this.#keyUs;
    if (intervalUs <= this.#maxIntervalUs) return undefined;
    if (this.#refreshed) return { intraRefresh: true };
    return this.#measured ? undefined : { keyframeIntervalMs: Math.round(intervalUs / 1000) };
  }
}
