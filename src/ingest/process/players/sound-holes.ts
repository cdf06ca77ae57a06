import type { AudioPlan } from '../../../contract/plan.ts';
import { encodesSound } from '../../ffmpeg/args.ts';
import type { MediaFrame } from '../../media/media-frame.ts';
import { jumps } from '../../media/time-jump.ts';
import { silence, silencePacketUs } from '../slate/silence.ts';

/** Fills the holes of sound that ffmpeg encodes with silence, and leaves out what overlaps; a jump of its times it goes along with. */
export class SoundHoles {
  readonly #encoded: boolean;
  /** Where the sound that came ends, in µs. */
  #endUs: number | undefined;

  /** What is passed on as it comes keeps its pauses, which may be meant. */
  constructor(audio: AudioPlan | null, volumePercent: number) {
    this.#encoded = encodesSound(audio, volumePercent);
  }

  /** The same frames, with silence before those that begin later than the one before ends. */
  filled(frames: readonly MediaFrame[]): readonly MediaFrame[] {
    return this.#encoded ? frames.flatMap((frame) => this.#withSilence(frame)) : frames;
  }

  /** What comes next is not where the last ended: nothing is put between. */
  leaveOut(): void {
    this.#endUs = undefined;
  }

  #withSilence(frame: MediaFrame): MediaFrame[] {
    if (frame.kind !== 'audio') return [frame];
    const { ptsUs } = frame;
    const endUs = this.#endUs ?? ptsUs;
    const jumped = jumps(endUs, ptsUs);
    if (!jumped && ptsUs < endUs - silencePacketUs / 2) return [];
    this.#endUs = ptsUs + silencePacketUs;
    return jumped ? [frame] : [...silence(endUs, ptsUs - silencePacketUs + 1), frame];
  }
}
