import { execa } from 'execa';
import { encoderOptions } from './video-encoder.ts';

/** What is encoded: a second of 720p30, moving and with some noise, as pictures from cameras have. */
const size = { width: 1280, height: 720 };
const pictures = 30;
const testPicture = `testsrc2=size=${size.width}x${size.height}:rate=${pictures}:duration=1,noise=alls=8:allf=t`;
/** On a machine that takes longer, in ms, nothing can be promised. */
const timeoutMs = 20_000;

/**
 * Encodes a second of picture for real, as a broadcast would, at the lowest priority. Gives the seconds of one core for a
 * million pixels, of processor time, so that it counts nothing that others do meanwhile; null where that could not be found out.
 */
export async function measureEncoding(ffmpeg: string, signal: AbortSignal): Promise<number | null> {
  const layer = { ...size, layer: 0, fps: null, bitrateBps: 2_400_000, keyFrames: 1 };
  const args = [
    ...['-hide_banner', '-nostdin', '-nostats', '-loglevel', 'info', '-benchmark'],
    ...['-f', 'lavfi', '-i', testPicture, '-pix_fmt', 'yuv420p'],
    ...[...encoderOptions('h264', layer), '-f', 'null', '-'],
  ];
  const options = { reject: false, timeout: timeoutMs, cancelSignal: signal } as const;
  const { failed, stderr } = await execa('nice', ['-n', '19', ffmpeg, ...args], options);
  const utime = /utime=([\d.]+)s/.exec(String(stderr))?.[1];
  if (failed || utime === undefined) return null;
  return Number(utime) / ((size.width * size.height * pictures) / 1e6);
}
