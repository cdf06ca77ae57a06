import type { MediaFrame } from '../../media/media-frame.ts';

/** Time from one repetition to the next, at least, in ms: that of key frames of the lowest rendition, so that a crowd at most doubles its rate. */
const apartMs = 250;
/** A key frame that is expected within this, in ms, is not worth a repetition. */
const soonMs = 40;
/** Pictures at once: decoders in hardware take so many in Chromium, and more would be seen as a leap back. */
const maxPictures = 8;
/** Bytes at once: no more than a large key frame, which every line has to take anyway. */
const maxBytes = 64 * 1024;

/**
 * What has to be sent again so that a decoder which joins now shows the picture of this moment: the last key frame of a
 * stream and all that came since. Who decodes it for the second time ends with the picture that it had. Pure: it is told
 * the time.
 */
export class GopCache {
  #pictures: MediaFrame[] = [];
  #bytes = 0;
  #keyMs = Number.NEGATIVE_INFINITY;
  #intervalMs = Number.POSITIVE_INFINITY;
  #repeatedMs = Number.NEGATIVE_INFINITY;

  /** A picture has left. */
  note(picture: MediaFrame, nowMs: number): void {
    if (picture.key) {
      this.#pictures = [];
      this.#bytes = 0;
      this.#intervalMs = nowMs - this.#keyMs;
      this.#keyMs = nowMs;
    }
    this.#bytes += picture.data.length;
    // One more than may be repeated tells that they are too many.
    if (this.#pictures.length <= maxPictures) this.#pictures.push(picture);
  }

  /** Somebody needs a key frame now: the pictures to send again, in order; none where the next key frame is as good. */
  take(nowMs: number): readonly MediaFrame[] {
    const tooMuch = this.#pictures.length > maxPictures || this.#bytes > maxBytes;
    // One that is overdue may not come for long.
    const soon = Math.abs(this.#keyMs + this.#intervalMs - nowMs) < soonMs;
    if (tooMuch || soon || !this.#pictures[0]?.key || nowMs - this.#repeatedMs < apartMs) return [];
    this.#repeatedMs = nowMs;
    return [...this.#pictures];
  }
}
