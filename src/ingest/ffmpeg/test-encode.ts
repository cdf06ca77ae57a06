import { execa } from 'execa';
import type { VideoEncoder } from '../../contract/plan.ts';
import { hasParameterSets } from '../media/h264/packetize-h264.ts';
import type { MediaFrame } from '../media/media-frame.ts';
import { NutReader } from '../media/nut/nut-reader.ts';
import { complaintIn } from './complaint.ts';
import { hardwareOptions, pictureFor } from './h264-encoder.ts';
import { encoderOptions } from './video-encoder.ts';

/** What is encoded: a second of 720p30, moving and with some noise, as pictures from cameras have. */
const size = { width: 1280, height: 720 };
const pictures = 30;
const testPicture = `testsrc2=size=${size.width}x${size.height}:rate=${pictures}:duration=1,noise=alls=8:allf=t`;
/** Two key frames are asked for, and no more would come by themselves. */
const layer = { ...size, layer: 0, fps: pictures, bitrateBps: 2_400_000, keyFrames: 0.5 };
/** On a machine that takes longer, in ms, nothing can be promised. */
const usualTimeoutMs = 20_000;

/** What came of a test encode: seconds of one core for a million pixels, or why this encoder cannot be used. */
export type TestEncode =
  | { readonly secondsPerMegapixel: number }
  /** `late`: it was not done in time, which may be due to what else the machine had to do. */
  | { readonly reason: string; readonly late?: true };

/**
 * Encodes a second of picture for real, as a broadcast would, at the lowest priority. Measured is processor time, so that it
 * counts nothing that others do meanwhile.
 */
export async function testEncode(
  ffmpeg: string,
  encoder: VideoEncoder,
  signal: AbortSignal,
  timeoutMs = usualTimeoutMs,
): Promise<TestEncode> {
  const { format, upload } = pictureFor(encoder);
  const args = [
    ...['-hide_banner', '-nostdin', '-nostats', '-loglevel', 'level+info', '-benchmark'],
    ...[...hardwareOptions(encoder), '-f', 'lavfi', '-i', testPicture],
    ...['-vf', upload === null ? `format=${format}` : `format=${format},${upload}`],
    ...[...encoderOptions('h264', layer, encoder), '-f', 'nut', 'pipe:1'],
  ];
  const { failed, timedOut, stdout, stderr } = await execa('nice', ['-n', '19', ffmpeg, ...args], {
    ...{ reject: false, timeout: timeoutMs, cancelSignal: signal, stdin: 'ignore' },
    encoding: 'buffer',
  });
  const words = Buffer.from(stderr).toString();
  if (timedOut)
    return { reason: `it takes more than ${timeoutMs / 1000} s for a second of picture`, late: true };
  if (failed) return { reason: complaintIn(words) ?? words.trim().split('\n').at(-1) ?? '' };
  const fault = faultOf(new NutReader().push(Buffer.from(stdout)));
  const utime = /utime=([\d.]+)s/.exec(words)?.[1];
  if (fault !== null || utime === undefined) return { reason: fault ?? 'ffmpeg does not tell what it took' };
  return { secondsPerMegapixel: Number(utime) / ((size.width * size.height * pictures) / 1e6) };
}

/** What viewers could not live with. */
function faultOf(frames: readonly MediaFrame[]): string | null {
  const [first] = frames;
  if (!first?.key || !hasParameterSets(first.data)) return 'its first picture has no parameter sets';
  if (frames.filter(({ key }) => key).length < 2) return 'it gives no key frame where one is asked for';
  const late = frames.some(({ ptsUs }, index) => ptsUs < (frames[index - 1]?.ptsUs ?? ptsUs));
  return late ? 'it gives pictures in another order than they are shown in' : null;
}
