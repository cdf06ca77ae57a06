import type { MediaFrame } from '../../media/media-frame.ts';
import { jumps } from '../../media/time-jump.ts';
import { silence, silencePacketUs } from './silence.ts';
import type { Slate } from './slate.ts';

/**
 * Frames for the track that a source lacks: silence, or the pictures of a slate. Pure: it is told how far the source is, and
 * makes no frame before its time; over a jump of the source's times it goes along, however far that is.
 */
export class Filler {
  /** One repetition, its times from 0 on. */
  readonly #frames: readonly MediaFrame[];
  readonly #durationUs: number;
  /** Where this repetition begins, in µs. */
  #fromUs: number;
  #index = 0;

  private constructor(frames: readonly MediaFrame[], durationUs: number, fromUs: number) {
    this.#frames = frames;
    this.#durationUs = durationUs;
    this.#fromUs = fromUs;
  }

  /** Silence for a source without sound that begins at `fromUs`. */
  static sound(fromUs: number): Filler {
    return new Filler(silence(0, silencePacketUs), silencePacketUs, fromUs);
  }

  /** Pictures for a source without any; the first is a key frame, and one comes with each repetition of the slate. */
  static picture({ frames, durationUs }: Slate, fromUs: number): Filler {
    return new Filler(
      frames.filter(({ kind }) => kind === 'video'),
      durationUs,
      fromUs,
    );
  }

  /** The frames before a time that were not given yet, in µs on the source's own timeline. */
  upTo(us: number): MediaFrame[] {
    if (jumps(this.#fromUs, us) && jumps(this.#next.ptsUs, us)) this.#goTo(us);
    const due: MediaFrame[] = [];
    for (let next = this.#next; next.ptsUs < us; next = this.#next) {
      due.push(next);
      this.#index = (this.#index + 1) % this.#frames.length;
      if (this.#index === 0) this.#fromUs += this.#durationUs;
    }
    return due;
  }

  /** In whole repetitions, as it would have come to. */
  #goTo(us: number): void {
    this.#fromUs += Math.floor((us - this.#fromUs) / this.#durationUs) * this.#durationUs;
    this.#index = 0;
  }

  get #next(): MediaFrame {
    const frame = this.#frames[this.#index] as MediaFrame;
    return { ...frame, ptsUs: frame.ptsUs + this.#fromUs };
  }
}
