import { read } from 'node:fs';
import { promisify } from 'node:util';
import { imageTypeOf } from '../../contract/image-type.ts';
import { askOfMount } from '../probe/source-file.ts';
import type { FileInput } from './file-input.ts';
import type { InputPart } from './input.ts';

/** Larger pictures are refused before they are unpacked, in pixels. */
const maxPixels = 100_000_000;
const headBytes = 12;
const readAt = promisify(read);
const demuxers = { 'image/png': 'png_pipe', 'image/jpeg': 'jpeg_pipe', 'image/webp': 'webp_pipe' } as const;

/**
 * ffmpeg's demuxer for a picture, by the first bytes of its file, as a name may say anything; null: it is none. One of `gif` may move.
 *
 * @throws MiroliveError SOURCE_TIMEOUT (its mount does not answer)
 */
export async function pictureDemuxer(
  { aside: { fd, path } }: FileInput,
  signal?: AbortSignal,
): Promise<string | null> {
  const ask = () => readAt(fd, Buffer.alloc(headBytes), 0, headBytes, 0);
  const { buffer, bytesRead } = await askOfMount(path, ask, signal);
  const head = buffer.subarray(0, bytesRead);
  const type = imageTypeOf(head);
  if (type) return demuxers[type];
  return head.toString('latin1').startsWith('GIF8') ? 'gif' : null;
}

/** An opened picture as ffmpeg's input: its demuxer is told, as ffmpeg would take patterns and other files by a name. */
export function pictureInput({ location }: InputPart, demuxer: string): InputPart {
  return bounded({ options: ['-protocol_whitelist', 'file', '-f', demuxer], location });
}

/** Too large pictures are refused before they are unpacked. */
export function bounded({ options, location }: InputPart): InputPart {
  return { options: [...options, '-max_pixels', `${maxPixels}`], location };
}
