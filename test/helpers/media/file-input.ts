import { only } from '../../../src/ingest/sources/containers.ts';
import { type Input, plainInput } from '../../../src/ingest/sources/input.ts';

/** A file of a test's own, by its name. */
export function fileInput(path: string): Input {
  return plainInput([{ options: only(['file']), location: `file:${path}` }], { live: false });
}
