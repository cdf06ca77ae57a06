import { asMiroliveError } from '../../contract/errors.ts';
import { fileInput } from '../sources/file-input.ts';
import { runFfprobe } from './ffprobe.ts';
import { checkSourceFile } from './source-file.ts';

export interface LinesOptions {
  readonly ffprobe: string;
  readonly timeoutMs: number;
  /** Absolute folders that the file may lie in; empty: anywhere. */
  readonly roots: readonly string[];
}

/**
 * The shorter side of a file's picture, in pixels, as its container says; 0 where there is none, or the file cannot be read. Much
 * cheaper than to look at it as a whole.
 *
 * @throws MiroliveError FFMPEG_NOT_FOUND
 */
export async function probeLines(path: string, { ffprobe, timeoutMs, roots }: LinesOptions): Promise<number> {
  try {
    await checkSourceFile(path, roots);
    const { parts, env } = fileInput(path);
    // V is a picture that moves; v would be the cover of an album too.
    const options = ['-select_streams', 'V', '-show_entries', 'stream=width,height', '-of', 'csv=p=0'];
    const signal = AbortSignal.timeout(timeoutMs);
    const [part] = parts;
    if (!part) return 0;
    const { stdout } = await runFfprobe({ ffprobe, part, env, options, signal });
    const [width = 0, height = 0] = (stdout.split('\n', 1)[0] ?? '').split(',').map(Number);
    return Math.min(width, height) || 0;
  } catch (error) {
    if (asMiroliveError(error).code === 'FFMPEG_NOT_FOUND') throw error;
    return 0;
  }
}
