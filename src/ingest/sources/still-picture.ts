import { read } from 'node:fs';
import { promisify } from 'node:util';
import { MiroliveError } from '../../contract/errors.ts';
import { imageTypeOf } from '../../contract/image-type.ts';
import { quoted } from '../../contract/quoted.ts';
import { askOfMount } from '../probe/source-file.ts';
import type { FileInput } from './file-input.ts';
import type { InputPart } from './input.ts';

/** Larger pictures are refused before they are unpacked, in pixels. */
const maxPixels = 100_000_000;
const headBytes = 21;
const readAt = promisify(read);
const demuxers = { 'image/png': 'png_pipe', 'image/jpeg': 'jpeg_pipe', 'image/webp': 'webp_pipe' } as const;

/**
 * ffmpeg's demuxer for a picture, by the first bytes of its file, as a name may say anything; null: it is none. One of `gif` may move.
 *
 * @throws MiroliveError SOURCE_TIMEOUT (its mount does not answer), SOURCE_NOT_MEDIA (a WebP that moves, which ffmpeg does not read)
 */
export async function pictureDemuxer(
  { aside: { fd, path } }: FileInput,
  signal?: AbortSignal,
): Promise<string | null> {
  const ask = () => readAt(fd, Buffer.alloc(headBytes), 0, headBytes, 0);
  const { buffer, bytesRead } = await askOfMount(path, ask, signal);
  const head = buffer.subarray(0, bytesRead);
  const type = imageTypeOf(head);
  if (type === 'image/webp' && isAnimatedWebp(head)) throw animatedWebp(path);
  if (type) return demuxers[type];
  return head.toString('latin1').startsWith('GIF8') ? 'gif' : null;
}

/** By the flags of its extended header (RFC 9649, section 2.7.1). */
function isAnimatedWebp(head: Buffer): boolean {
  return head.toString('latin1', 12, 16) === 'VP8X' && ((head[20] ?? 0) & 0b10) !== 0;
}

function animatedWebp(path: string): MiroliveError {
  return new MiroliveError(
    'SOURCE_NOT_MEDIA',
    `expected a picture or a film that ffmpeg reads, got a WebP that moves: ${path}`,
    {
      hint: `Take a picture of it (apt-get install webp): webpmux -get frame 1 ${quoted(path)} -o still.webp; or save it as GIF or MP4`,
    },
  );
}

/** An opened picture as ffmpeg's input: its demuxer is told, as ffmpeg would take patterns and other files by a name. */
export function pictureInput({ location }: InputPart, demuxer: string): InputPart {
  return bounded({ options: ['-protocol_whitelist', 'file', '-f', demuxer], location });
}

/** Too large pictures are refused before they are unpacked. */
export function bounded({ options, location }: InputPart): InputPart {
  return { options: [...options, '-max_pixels', `${maxPixels}`], location };
}
