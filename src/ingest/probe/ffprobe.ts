import { execa } from 'execa';
import { MiroliveError } from '../../contract/errors.ts';
import { fileInput, fileInputOptions } from '../ffmpeg/file-input.ts';

/** No answer about a real file comes near it: 8 MiB, in characters. */
const maxOutput = 8 * 1024 * 1024;

/** What one run of ffprobe said. */
export interface FfprobeAnswer {
  readonly stdout: string;
  /** Its complaints, without those parts that differ from run to run. */
  readonly complaints: readonly string[];
  /** False where it ended with an error, or was ended at the signal; `stdout` then holds what came until then. */
  readonly ok: boolean;
}

/**
 * Runs ffprobe on a local file. It has no state, so it is killed at once when `signal` aborts, and waited for.
 *
 * @param options what to show, and how
 * @throws MiroliveError FFMPEG_NOT_FOUND
 */
export async function runFfprobe(
  ffprobe: string,
  path: string,
  options: readonly string[],
  signal: AbortSignal,
): Promise<FfprobeAnswer> {
  const args = ['-hide_banner', '-v', 'error', ...fileInputOptions, ...options, '-i', fileInput(path)];
  const result = await execa(ffprobe, args, {
    stdin: 'ignore',
    reject: false,
    cancelSignal: signal,
    killSignal: 'SIGKILL',
    maxBuffer: maxOutput,
    stripFinalNewline: false,
  });
  if (result.code === 'ENOENT' || result.code === 'EACCES') {
    throw new MiroliveError('FFMPEG_NOT_FOUND', `expected ffprobe at ${ffprobe}, but it cannot be run`, {
      cause: result,
    });
  }
  return { stdout: result.stdout, complaints: complaintsIn(result.stderr, path), ok: !result.failed };
}

function complaintsIn(stderr: string, path: string): string[] {
  return stderr
    .replaceAll(`${fileInput(path)}: `, '')
    .split('\n')
    .map((line) =>
      line.replace(/^\[(\S+) @ 0x[0-9a-f]+\] Format not on whitelist .*/, 'format $1 is not taken'),
    )
    .map((line) => line.replace(/^\[[^\]]*@ 0x[0-9a-f]+\] /, '').trim())
    .filter((line) => line !== '');
}
