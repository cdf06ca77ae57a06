import type { MediaFrame } from '../../media/media-frame.ts';
import type { Feed } from '../splicer/feed.ts';
import type { Placed } from '../splicer/timeline.ts';

/**
 * The rendition that is kept, the lowest is 0: of a ladder the second lowest, which is large enough to be looked at, and little to
 * decode; the best one may have key frames far apart.
 */
const keptLayer = 1;
/** Where it has given none for so long, in ms, as on a line that carries the lowest only, that one does. */
const staleMs = 5000;

/** A key frame that has left, and what it is of. */
export interface SentPicture {
  readonly data: Buffer;
  readonly feed: Feed;
}

/** The last key frame that viewers were sent, of what they were sent last. Pure: it is told the time. */
export class LastPicture {
  #frame: Pick<MediaFrame, 'layer' | 'data'> | undefined;
  #atMs = 0;
  #feed: Feed | undefined;

  /** The picture, of what was sent last; null: nothing of that can be decoded yet. */
  get sent(): SentPicture | null {
    return this.#frame && this.#feed ? { data: this.#frame.data, feed: this.#feed } : null;
  }

  /** A frame leaves. */
  note({ frame, feed }: Placed, nowMs: number): void {
    if (frame.kind !== 'video') return;
    // Nothing of what was there before is ever shown again.
    if (feed !== this.#feed) this.#frame = undefined;
    this.#feed = feed;
    if (!frame.key || frame.layer > keptLayer) return;
    if (this.#frame && frame.layer < this.#frame.layer && nowMs - this.#atMs < staleMs) return;
    // What is read of ffmpeg comes in large pieces: a view would keep all of one.
    this.#frame = { layer: frame.layer, data: Buffer.from(new Uint8Array(frame.data).buffer) };
    this.#atMs = nowMs;
  }

  /** Nothing is sent any more, until something else is. */
  forget(): void {
    this.#frame = undefined;
    this.#feed = undefined;
  }
}
