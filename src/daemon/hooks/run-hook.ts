import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import type { Clock } from '../../contract/clock.ts';
import { endFamily, familyVariable } from '../../ingest/child/descendants.ts';
import { giveWay } from '../../ingest/ffmpeg/give-way.ts';

/** One that is told to end may take so long, in ms, before it is killed. */
const graceMs = 1000;
/** What it has said is read for so long after its end, in ms; what it has started may hold its outputs open. */
const lastWordsMs = 200;
/** One that waits for a dead disk does not even end when it is killed: nobody waits for it longer than this, in ms. */
const killedMs = 1000;
/** It gives way to all that makes pictures. */
const niceness = 10;
/** What it says beyond this, in bytes, is not read: whoever goes on gets SIGPIPE. */
const maxReadBytes = 65_536;
/** Of that so much is kept, in characters. */
const maxKept = 2000;

export interface HookRun {
  /** Program and arguments. */
  readonly command: readonly string[];
  /** What it reads from its standard input. */
  readonly input: string;
  /** All of its environment but what marks it. */
  readonly env: Readonly<Record<string, string>>;
  /** By it all is found that it has started. */
  readonly family: string;
  readonly timeoutMs: number;
  readonly clock: Clock;
  /** Ends it before its time. */
  readonly signal: AbortSignal;
}

/** How it went. */
export interface HookEnd {
  /** `late`: it was ended. */
  readonly how: 'done' | 'failed' | 'late' | 'unstarted';
  /** One clause, such as `ended with status 1`. */
  readonly words: string;
  /** What it has said, cut. */
  readonly output: string;
}

/** Runs a program to its end, or to the end of its time; all that it has started ends with it. Nothing is thrown. */
export async function runHook({ command, input, env, ...run }: HookRun): Promise<HookEnd> {
  const { family, timeoutMs, clock, signal } = run;
  const [program = '', ...args] = command;
  let child: ChildProcess;
  try {
    child = spawn(program, args, {
      ...{ cwd: '/', detached: true, stdio: ['pipe', 'pipe', 'pipe'] },
      env: { ...env, [familyVariable]: family },
    });
  } catch (error) {
    return { how: 'unstarted', words: `cannot be started: ${(error as Error).message}`, output: '' };
  }
  const outputs = [child.stdout, child.stderr].flatMap((one) => (one ? [keep(one)] : []));
  child.stdin?.on('error', () => {}).end(input);
  const exited = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
  const ended = exited.then(
    ([status, name]): HookEnd => ({
      how: status === 0 ? 'done' : 'failed',
      words: name === null ? `ended with status ${status}` : `was ended by ${name}`,
      output: '',
    }),
    (error: Error): HookEnd => ({
      how: 'unstarted',
      words: `cannot be started: ${error.message}`,
      output: '',
    }),
  );
  const { pid } = child;
  if (pid !== undefined) giveWay(pid, niceness);
  let end = await within(clock, timeoutMs, ended, signal);
  if (end === null) {
    kill(pid, 'SIGTERM');
    const gone = await within(clock, graceMs, ended);
    kill(pid, 'SIGKILL');
    if (gone === null) await within(clock, killedMs, ended);
    const why = signal.aborted ? 'since the daemon ends' : `after ${timeoutMs / 1000} s`;
    end = { how: 'late', words: `was ended ${why}`, output: '' };
  }
  if (pid !== undefined) {
    kill(pid, 'SIGKILL');
    await endFamily(family);
  }
  await within(clock, lastWordsMs, Promise.all(outputs.map(({ over }) => over)));
  const output = outputs.map(({ close }) => close()).join('');
  child.stdin?.destroy();
  return { ...end, output: output.slice(0, maxKept) };
}

/** null: it takes longer, or nobody waits any more. */
async function within<T>(
  clock: Clock,
  ms: number,
  work: Promise<T>,
  signal?: AbortSignal,
): Promise<T | null> {
  const given = Promise.withResolvers<null>();
  const giveUp = () => given.resolve(null);
  const timer = clock.after(ms, giveUp);
  signal?.addEventListener('abort', giveUp);
  if (signal?.aborted) giveUp();
  try {
    return await Promise.race([work, given.promise]);
  } finally {
    timer.cancel();
    signal?.removeEventListener('abort', giveUp);
  }
}

/** All of its process group, which bears its number. */
function kill(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // Nobody of it is there any more.
  }
}

function keep(output: Readable) {
  let text = '';
  let bytes = 0;
  const over = Promise.withResolvers<void>();
  output.setEncoding('utf8');
  output.on('data', (piece: string) => {
    bytes += piece.length;
    if (text.length < maxKept) text += piece.slice(0, maxKept - text.length);
    if (bytes > maxReadBytes) output.destroy();
  });
  output.on('error', () => {});
  output.on('close', over.resolve);
  return {
    over: over.promise,
    /** Gives what was said. */
    close: () => {
      output.destroy();
      return text;
    },
  };
}
