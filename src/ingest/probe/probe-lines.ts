import { asMiroliveError } from '../../contract/errors.ts';
import { openFile } from '../sources/file-input.ts';
import { runFfprobe } from './ffprobe.ts';
import type { SourceFileOptions } from './source-file.ts';

export interface LinesOptions extends SourceFileOptions {
  readonly ffprobe: string;
  readonly timeoutMs: number;
}

/**
 * The shorter side of a file's picture, in pixels, as its container says; 0 where there is none, or the file cannot be read. Much
 * cheaper than to look at it as a whole.
 *
 * @throws MiroliveError FFMPEG_NOT_FOUND
 */
export async function probeLines(path: string, options: LinesOptions): Promise<number> {
  try {
    const { ffprobe, timeoutMs } = options;
    await using input = await openFile(path, options);
    const { parts, env, aside } = input;
    // V is a picture that moves; v would be the cover of an album too.
    const show = ['-select_streams', 'V', '-show_entries', 'stream=width,height', '-of', 'csv=p=0'];
    const signal = AbortSignal.timeout(timeoutMs);
    const { stdout } = await runFfprobe({ ffprobe, part: parts[0], env, aside, options: show, signal });
    const [width = 0, height = 0] = (stdout.split('\n', 1)[0] ?? '').split(',').map(Number);
    return Math.min(width, height) || 0;
  } catch (error) {
    if (asMiroliveError(error).code === 'FFMPEG_NOT_FOUND') throw error;
    return 0;
  }
}
