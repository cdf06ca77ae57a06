import { MiroliveError } from '../../contract/errors.ts';
import { imageTypeOf } from '../../contract/image-type.ts';
import { maxPosterBytes } from '../../contract/poster.ts';
import { openSourceFile } from '../../ingest/probe/source-file.ts';
import type { Poster } from './poster.ts';

/**
 * Reads the image that an operator has named.
 *
 * @throws MiroliveError POSTER_NOT_USABLE
 */
export async function readPosterFile(path: string, signal?: AbortSignal): Promise<Poster> {
  try {
    // The configuration names it, which may name any file.
    const { handle } = await openSourceFile(path, { roots: [] }, signal);
    await using _ = handle;
    const buffer = Buffer.alloc(maxPosterBytes + 1);
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, 0);
    if (bytesRead > maxPosterBytes)
      throw new Error(`expected at most ${maxPosterBytes / 1024} KiB, but ${path} is larger`);
    const body = Buffer.from(buffer.subarray(0, bytesRead));
    const type = imageTypeOf(body);
    if (type === null) throw new Error(`expected a JPEG, PNG or WebP image, but ${path} is none`);
    return { type, body };
  } catch (error) {
    if (signal?.aborted) throw error;
    const message = error instanceof Error ? error.message : String(error);
    throw new MiroliveError('POSTER_NOT_USABLE', message, { cause: error, details: { path } });
  }
}
