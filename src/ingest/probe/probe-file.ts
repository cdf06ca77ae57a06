import type { Probe } from '../../contract/models.ts';
import { fileInput } from '../sources/file-input.ts';
import { type ProbeOptions, probeInput } from './probe-input.ts';
import { checkSourceFile } from './source-file.ts';

/** How a file is probed. */
export interface ProbeFileOptions extends ProbeOptions {
  /** Absolute folders that files may lie in; empty: anywhere. */
  readonly roots: readonly string[];
}

/**
 * Says what is inside a media file.
 *
 * @param path absolute
 * @throws MiroliveError any of SOURCE_*, INVALID_REQUEST, FFMPEG_NOT_FOUND
 */
export async function probeFile(path: string, options: ProbeFileOptions): Promise<Probe> {
  const sizeBytes = await checkSourceFile(path, options.roots);
  return probeInput(fileInput(path), { path, sizeBytes }, options);
}
