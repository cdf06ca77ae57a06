import { setPriority } from 'node:os';
import { execa } from 'execa';
import type { VideoCodec } from '../../../contract/plan.ts';
import { maxPosterBytes } from '../../../contract/poster.ts';
import { dieFirst } from '../../ffmpeg/out-of-memory.ts';
import { lonePicture } from './lone-picture.ts';

/** A picture of 4K takes less than half a second of a core; a machine that takes so long, in ms, has better to do. */
const timeoutMs = 8000;
/** Behind encoders, whose pictures somebody watches. */
const niceness = 10;
/** Wide enough for any window that is not full screen, and for previews. */
const maxWidth = 1280;
/** More than any level of H.264 has (table A-1: 139,264 macroblocks): a picture that says so is no picture. */
const maxPixels = 139_264 * 256;
/** ffmpeg's scale for JPEG, 2 the best, 31 the worst: 720p takes about 40 to 120 KB. */
const quality = 5;

/**
 * One key frame as a JPEG still, at most 1280 wide; null where it cannot be decoded, or not in time.
 *
 * @param signal nobody waits any more
 */
export async function makePoster(
  ffmpeg: string,
  codec: VideoCodec,
  data: Buffer,
  signal?: AbortSignal,
): Promise<Uint8Array | null> {
  const { demuxer, file } = lonePicture(codec, data);
  const decoding = execa(ffmpeg, posterArgs(demuxer), {
    ...{ reject: false, timeout: timeoutMs, input: file, encoding: 'buffer', stderr: 'ignore' },
    ...{ maxBuffer: maxPosterBytes, killSignal: 'SIGKILL', killDescendants: true },
    ...(signal && { cancelSignal: signal }),
  });
  if (decoding.pid !== undefined) yieldToAll(decoding.pid);
  const { failed, stdout } = await decoding;
  return failed || stdout.length === 0 ? null : stdout;
}

/**
 * Colours are those of the picture that follows: browsers take one that does not say its matrix for BT.709, and a JPEG always for BT.601
 * (JFIF 1.02).
 *
 * @param demuxer the form of what comes by standard input
 */
export function posterArgs(demuxer: string): string[] {
  return [
    ...['-hide_banner', '-nostdin', '-loglevel', 'error', '-protocol_whitelist', 'pipe'],
    ...[
      '-max_pixels',
      `${maxPixels}`,
      '-threads',
      '1',
      '-colorspace',
      'bt709',
      '-f',
      demuxer,
      '-i',
      'pipe:0',
    ],
    ...['-frames:v', '1', '-vf', `scale='min(${maxWidth},iw)':-2:out_color_matrix=bt601`],
    ...['-c:v', 'mjpeg', '-q:v', `${quality}`, '-pix_fmt', 'yuvj420p', '-threads', '1'],
    ...['-f', 'image2pipe', 'pipe:1'],
  ];
}

function yieldToAll(pid: number): void {
  dieFirst(pid);
  try {
    setPriority(pid, niceness);
  } catch {
    // It has ended already.
  }
}
