import type { MediaFrame } from '../../media/media-frame.ts';
import { silence, silencePacketUs } from './silence.ts';
import { loopedFrames, type Slate } from './slate.ts';

/** Frames for the track that a source lacks: silence, or the pictures of a slate. Pure: it is told how far the source is. */
export class Filler {
  readonly #frames: Iterator<MediaFrame, never>;
  #next: MediaFrame;

  private constructor(frames: Iterator<MediaFrame, never>) {
    this.#frames = frames;
    this.#next = frames.next().value;
  }

  /** Silence for a source without sound that begins at `fromUs`. */
  static sound(fromUs: number): Filler {
    return new Filler(endlessSilence(fromUs));
  }

  /** Pictures for a source without any; the first is a key frame, and one comes with each repetition of the slate. */
  static picture(slate: Slate, fromUs: number): Filler {
    return new Filler(loopedFrames(slate, fromUs, ['video']));
  }

  /** The frames before a time that were not given yet, in µs on the source's own timeline. */
  upTo(us: number): MediaFrame[] {
    const due: MediaFrame[] = [];
    while (this.#next.ptsUs < us) {
      due.push(this.#next);
      this.#next = this.#frames.next().value;
    }
    return due;
  }
}

function* endlessSilence(fromUs: number): Generator<MediaFrame, never> {
  for (let us = fromUs; ; us += silencePacketUs) yield* silence(us, us + silencePacketUs);
}
