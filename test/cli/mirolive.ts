import { Readable } from 'node:stream';
import { execa } from 'execa';
import { readEnvironment } from '../../src/cli/program/environment.ts';
import { run } from '../../src/cli/program/run.ts';
import { markOfTests } from '../helpers/end-with-tests.ts';

/** The command line of this checkout, as it was built. */
export const bin = new URL('../../bin/mirolive', import.meta.url).pathname;

/** Where no state of a daemon is: one may run on this machine, whose state is the user's. */
export const noState = { STATE_DIRECTORY: '/nowhere' };

/** Starts the built command line as a shell would, with an environment that says nothing of daemons. */
export function mirolive(
  args: readonly string[],
  { env = {}, cwd = process.cwd() }: { env?: Record<string, string>; cwd?: string } = {},
) {
  const { PATH = '', HOME = '' } = process.env;
  return execa(bin, args, {
    reject: false,
    extendEnv: false,
    cwd,
    env: { ...markOfTests(), PATH, HOME, ...env },
  });
}

/** Interrupts it where it first says this, once: a second time would end it before its last words. */
export async function interruptAt(words: string, process: ReturnType<typeof mirolive>) {
  let interrupted = false;
  for await (const line of process) {
    if (interrupted || !line.includes(words)) continue;
    interrupted = process.kill('SIGINT');
  }
  return await process;
}

/** Runs it on a terminal of its own, of so many columns where that is said, and gives all that the terminal got. */
export async function onTerminal(
  command: string,
  env: Record<string, string> = {},
  columns: number | null = null,
): Promise<string> {
  const { PATH = '', HOME = '' } = process.env;
  const size = columns === null ? '' : `stty columns ${columns}; `;
  const { stdout } = await execa(
    'script',
    ['--quiet', '--return', '--command', `${size}${bin} ${command}`, '/dev/null'],
    {
      reject: false,
      extendEnv: false,
      stdin: 'ignore',
      env: { ...markOfTests(), PATH, HOME, TERM: 'xterm', ...env },
    },
  );
  return stdout;
}

/** The same command line inside this process, without the cost of another: for long tables. */
export async function inProcess(args: readonly string[], input: readonly string[] = []) {
  const written = { stdout: '', stderr: '' };
  const exitCode = await run(args, {
    stdout: {
      write: (text) => {
        written.stdout += text;
      },
    },
    stderr: {
      write: (text) => {
        written.stderr += text;
      },
    },
    stdin: () => Readable.from(input),
    interrupts: () => new AbortController().signal,
    environment: { ...readEnvironment(), variables: { ...process.env, ...noState } },
  });
  return { stdout: written.stdout.trimEnd(), stderr: written.stderr.trimEnd(), exitCode };
}

/** The values of `--json` output, one per line. */
export function values(stdout: string): unknown[] {
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}
