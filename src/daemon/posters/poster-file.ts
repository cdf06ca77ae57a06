import { MiroliveError } from '../../contract/errors.ts';
import { imageTypeOf } from '../../contract/image-type.ts';
import { maxPosterBytes } from '../../contract/poster.ts';
import { readSourceFile } from '../../ingest/probe/source-file.ts';
import { imageFault } from './image-fault.ts';
import type { Poster } from './poster.ts';

/**
 * Reads the image that an operator has named.
 *
 * @throws MiroliveError POSTER_NOT_USABLE
 */
export async function readPosterFile(path: string, signal?: AbortSignal): Promise<Poster> {
  try {
    const body = Buffer.from(await readSourceFile(path, maxPosterBytes + 1, signal));
    if (body.length > maxPosterBytes)
      throw new Error(`expected at most ${maxPosterBytes / 1024} KiB, but ${path} is larger`);
    const type = imageTypeOf(body);
    if (type === null) throw new Error(`expected a JPEG, PNG or WebP image, but ${path} is none`);
    const fault = imageFault(type, body);
    if (fault !== null)
      throw new Error(`expected a whole image, but ${path}, of ${type}, is broken: ${fault}`);
    return { type, body };
  } catch (error) {
    if (signal?.aborted) throw error;
    const message = error instanceof Error ? error.message : String(error);
    throw new MiroliveError('POSTER_NOT_USABLE', message, { cause: error, details: { path } });
  }
}
