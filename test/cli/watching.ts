import { Readable } from 'node:stream';
import { expect, onTestFinished, vi } from 'vitest';
import { readEnvironment } from '../../src/cli/program/environment.ts';
import { run } from '../../src/cli/program/run.ts';
import { noState } from './mirolive.ts';

/** Runs a command line in this process that goes on until it is interrupted: by `end`, or with the test. */
export function watching(args: readonly string[]) {
  const written = { stdout: '', stderr: '' };
  const sink = (name: keyof typeof written) => ({
    write(text: string) {
      written[name] += text;
    },
  });
  const interruption = new AbortController();
  const done = run(args, {
    ...{ stdout: sink('stdout'), stderr: sink('stderr') },
    stdin: () => Readable.from([]),
    interrupts: () => interruption.signal,
    environment: { ...readEnvironment(), variables: { ...process.env, ...noState } },
  });
  onTestFinished(() => interruption.abort(130));
  return {
    written,
    shows: (words: string) => vi.waitFor(() => expect(written.stdout).toContain(words), { timeout: 30_000 }),
    end: () => {
      interruption.abort(130);
      return done;
    },
  };
}
