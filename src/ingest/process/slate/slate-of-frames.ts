import type { MediaFrame } from '../../media/media-frame.ts';
import { silence, silencePacketUs } from './silence.ts';
import type { Slate } from './slate.ts';

/**
 * A slate of what was encoded: repetitions join without a gap, since it is cut to whole packets of sound, and silence
 * stands where there is none.
 *
 * @param frames at least one picture, the first at 0
 * @param fps how long the last picture lasts
 */
export function slateOfFrames(frames: readonly MediaFrame[], fps: number): Slate {
  const pictures = frames.filter(({ kind }) => kind === 'video');
  const endUs = (pictures.at(-1)?.ptsUs ?? 0) + 1_000_000 / fps;
  // Times of pictures are rounded, by less than 1 ms.
  const durationUs = Math.ceil((endUs - 1000) / silencePacketUs) * silencePacketUs;
  // An encoder of sound begins up to half a packet early, and so does the next repetition.
  const earlyUs = silencePacketUs / 2;
  const sound = frames.filter(
    ({ kind, ptsUs }) => kind === 'audio' && ptsUs >= -earlyUs && ptsUs < durationUs - earlyUs,
  );
  const soundFromUs = sound[0]?.ptsUs ?? 0;
  const soundToUs = sound.length === 0 ? 0 : (sound.at(-1)?.ptsUs ?? 0) + silencePacketUs;
  const before = silence(soundFromUs > 0 ? soundFromUs % silencePacketUs : soundFromUs, soundFromUs);
  const holes = sound.flatMap(({ ptsUs }, index) => {
    const endUs = (sound[index - 1]?.ptsUs ?? ptsUs) + silencePacketUs;
    return silence(endUs, ptsUs - silencePacketUs + 1);
  });
  const after = silence(soundToUs, durationUs - earlyUs);
  const all = [...pictures, ...before, ...sound, ...holes, ...after].sort((a, b) => a.ptsUs - b.ptsUs);
  return { frames: all, durationUs };
}
