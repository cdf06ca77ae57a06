import type { Probe } from '../../contract/plan.ts';
import { openFile } from '../sources/file-input.ts';
import { type ProbeOptions, probeInput } from './probe-input.ts';
import type { SourceFileOptions } from './source-file.ts';

/** How a file is probed. */
export type ProbeFileOptions = ProbeOptions & SourceFileOptions;

/**
 * Says what is inside a media file.
 *
 * @param path absolute
 * @throws MiroliveError any of SOURCE_*, INVALID_REQUEST, FFMPEG_NOT_FOUND
 */
export async function probeFile(path: string, options: ProbeFileOptions): Promise<Probe> {
  await using input = await openFile(path, options);
  return await probeInput(input, { path, sizeBytes: input.sizeBytes }, options);
}
