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
  #endUs = Number.NaN;
  #pictureUs = Number.NaN;
  #isOver = false;

  /** Whether it is what the encoder of sound that is over still held. */
  isLate({ kind, ptsUs }: MediaFrame): boolean {
    return kind === 'audio' && this.#isOver && this.#pictureUs - ptsUs > stoppedUs;
  }

  /** What comes next is not where the last ended: nothing is put between. */
  leaveOut(): void {
    this.#endUs = Number.NaN;
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
    if (this.isLate(frame)) return [];
    this.#isOver = false;
    this.#endUs = frame.ptsUs + silencePacketUs;
    return [frame];
  }
}
