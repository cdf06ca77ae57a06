import type { MediaFrame } from '../../media/media-frame.ts';
import { jumps } from '../../media/time-jump.ts';
import { silence, silencePacketUs } from '../slate/silence.ts';
import { stoppedUs } from '../splicer/track-queue.ts';

/** Silence stays so much behind the picture, in µs, as ffmpeg holds neither track back for the other by more. */
const behindUs = 1_000_000;

/**
 * Sound that ends before its picture goes on as silence. What its encoder still holds comes when all of the source is read, too late to be
 * heard, and is dropped. Pure.
 */
export class EndedSound {
  /** Where the sound that came ends, in µs; NaN: none has come. */
  #endUs: number;
  #pictureUs = Number.NaN;
  #isOver = false;

  /** @param endUs where the sound ends that came before; undefined: none has */
  constructor(endUs = Number.NaN) {
    this.#endUs = endUs;
  }

  /** What goes on for a frame that came. */
  take(frame: MediaFrame): readonly MediaFrame[] {
    return frame.kind === 'video' ? this.#picture(frame) : this.#sound(frame);
  }

  #picture(frame: MediaFrame): readonly MediaFrame[] {
    this.#pictureUs = frame.ptsUs;
    const aheadUs = frame.ptsUs - this.#endUs;
    if (!(aheadUs > (this.#isOver ? 2 * behindUs : stoppedUs)) || jumps(this.#endUs, frame.ptsUs))
      return [frame];
    const packets = silence(this.#endUs, frame.ptsUs - behindUs);
    this.#isOver = true;
    this.#endUs += packets.length * silencePacketUs;
    return [frame, ...packets];
  }

  #sound(frame: MediaFrame): readonly MediaFrame[] {
    if (this.#isOver && this.#pictureUs - frame.ptsUs > stoppedUs) return [];
    this.#isOver = false;
    this.#endUs = frame.ptsUs + silencePacketUs;
    return [frame];
  }
}
