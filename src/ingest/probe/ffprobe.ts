import { execa } from 'execa';
import { MiroliveError } from '../../contract/errors.ts';
import { type Aside, asideOf, type Called, named } from '../ffmpeg/aside.ts';
import type { InputPart } from '../sources/input.ts';

/**
 * 1 MiB, in characters: ten times what heads are of, or 40,000 packets, of which the first are taken. It is read in one piece, in the
 * loop that sends, and the source decides how much it is.
 */
const maxOutput = 1024 * 1024;
/** Of one complaint, in characters. */
const maxComplaint = 500;
const maxComplaints = 50;
/** What is looked at of one, so that no secret is cut before it is found. */
const maxLine = 4 * maxComplaint;

/** What one run of ffprobe said. */
export interface FfprobeAnswer {
  readonly stdout: string;
  /** Its complaints, without those parts that differ from run to run. */
  readonly complaints: readonly string[];
  /** False where it ended with an error, or was ended at the signal; `stdout` then holds what came until then. */
  readonly ok: boolean;
}

/** What ffprobe looks at, and how it is run. */
export interface FfprobeRun {
  /** Path or name of ffprobe. */
  readonly ffprobe: string;
  readonly part: InputPart;
  /** Added to its environment. */
  readonly env: Readonly<Record<string, string>>;
  /** What it finds at its file descriptor 3; default nothing. */
  readonly aside?: Aside | undefined;
  /** What its words call it; default by `part`. */
  readonly called?: Called | undefined;
  /** What to show, and how. */
  readonly options: readonly string[];
  readonly signal: AbortSignal;
}

/**
 * Runs ffprobe. It has no state, so it is killed at once when `signal` aborts, and waited for.
 *
 * @throws MiroliveError FFMPEG_NOT_FOUND
 */
export async function runFfprobe(run: FfprobeRun): Promise<FfprobeAnswer> {
  const { ffprobe, part, env, aside, options, signal } = run;
  const args = ['-hide_banner', '-v', 'error', ...part.options, ...options, '-i', part.location];
  const result = await execa(ffprobe, args, {
    env,
    stdio: ['ignore', 'pipe', 'pipe', asideOf(aside)],
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
  const complaints = result.isMaxBuffer ? [tooMuch] : complaintsIn(result.stderr, run);
  return { stdout: result.stdout, complaints, ok: !result.failed };
}

const tooMuch = `ffprobe says more of it than ${maxOutput / 1024 / 1024} MiB`;

function complaintsIn(stderr: string, { part, aside, called }: FfprobeRun): string[] {
  return stderr
    .replaceAll(`${part.location}: `, '')
    .split('\n', maxComplaints)
    .map((line) =>
      line
        .slice(0, maxLine)
        .replace(/^\[(\S+) @ 0x[0-9a-f]+\] Format not on whitelist .*/, 'format $1 is not taken'),
    )
    .map((line) =>
      named(line.replace(/^\[[^\]]*@ 0x[0-9a-f]+\] /, '').trim(), aside, called).slice(0, maxComplaint),
    )
    .filter((line) => line !== '');
}
