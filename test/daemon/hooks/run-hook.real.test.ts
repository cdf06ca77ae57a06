import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemClock } from '../../../src/contract/clock.ts';
import { runHook } from '../../../src/daemon/hooks/run-hook.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';
import { gone } from '../../ingest/processes.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let families = 0;
const env = { PATH: process.env.PATH ?? '', HOOKED: 'yes' };
const run = (command: readonly string[], timeoutMs = 60_000, signal = new AbortController().signal) => {
  const family = `hook-of-test-${process.pid}-${families++}`;
  return runHook({ command, input: '{"type":"x"}\n', env, family, timeoutMs, clock: systemClock, signal });
};
const sh = (script: string) => ['sh', '-c', script];
/** The number that a hook has written down. */
async function written(name: string): Promise<number> {
  let text = '';
  while (!text.endsWith('\n')) text = await readFile(join(folder.path, name), 'utf8').catch(() => '');
  return Number(text);
}

beforeAll(async () => {
  folder = await temporaryFolder();
});
afterAll(() => folder[Symbol.asyncDispose]());

test('a hook reads the event, and what it says and how it ends is known', async () => {
  expect(await run(sh('read line; echo "$line $HOOKED $PWD"; echo oh >&2; exit 3'))).toEqual({
    ...{ how: 'failed', words: 'ended with status 3' },
    output: '{"type":"x"} yes /\noh\n',
  });
  expect(await run(['true'])).toEqual({ how: 'done', words: 'ended with status 0', output: '' });
});

test('arguments are no shell’s: they arrive as they are', async () => {
  const { output } = await run(['printf', '%s|', '$(id)', '; rm -rf /tmp/none', '*']);
  expect(output).toBe('$(id)|; rm -rf /tmp/none|*|');
});

test('a program that is not there, or cannot be run, is told', async () => {
  expect(await run(['/nowhere/tally'])).toMatchObject({
    ...{ how: 'unstarted', words: expect.stringContaining('ENOENT') },
  });
  const file = join(folder.path, 'no-program');
  await writeFile(file, '');
  expect(await run([file])).toMatchObject({ how: 'unstarted', words: expect.stringContaining('EACCES') });
});

test('one that hangs, and hears no signal, is ended with all that it has started', async () => {
  const pids = ['hanging', 'child', 'away'].map((name) => join(folder.path, name));
  const script = `trap '' TERM; echo $$ >${pids[0]}
    sleep 600 & echo $! >${pids[1]}
    setsid sh -c 'echo $$ >${pids[2]}; exec sleep 600' &
    while :; do sleep 600; done`;
  const ending = new AbortController();
  const running = run(sh(script), 600_000, ending.signal);
  const started = await Promise.all(['hanging', 'child', 'away'].map(written));
  ending.abort();
  expect(await running).toMatchObject({ how: 'late', words: 'was ended since the daemon ends' });
  await Promise.all(started.map(gone));
});

test('one that takes longer than it may is ended', async () => {
  expect(await run(['sleep', '600'], 50)).toMatchObject({ how: 'late', words: 'was ended after 0.05 s' });
});

test('what one leaves behind in the background ends with it, also where it holds its outputs open', async () => {
  const file = join(folder.path, 'left');
  const script = `setsid sh -c 'echo $$ >${file}; exec sleep 600' & while [ ! -s ${file} ]; do sleep 0.01; done`;
  expect(await run(sh(script))).toMatchObject({ how: 'done' });
  await gone(await written('left'));
});

test('of one that says without end no more is read than it may say', async () => {
  const { how, output } = await run(['yes', 'a lot']);
  expect(how).toBe('failed');
  expect(output).toHaveLength(2000);
});

test('one that does not read the event is no harm', async () => {
  const family = `hook-of-test-${process.pid}-deaf`;
  const input = 'x'.repeat(4_000_000);
  const signal = new AbortController().signal;
  const end = await runHook({
    ...{ command: ['true'], input, env, family, timeoutMs: 60_000, clock: systemClock, signal },
  });
  expect(end.how).toBe('done');
});

test('all hooks end when the daemon is gone, however it goes', async () => {
  const file = join(folder.path, 'orphan');
  const watch = new URL('../../../src/ingest/child/family-watch.ts', import.meta.url).href;
  const daemon = spawn(process.execPath, [
    '--input-type=module-typescript',
    '-e',
    `const { watchFamily } = await import('${watch}');
     const { spawn } = await import('node:child_process');
     watchFamily('hooks-of-dead-${process.pid}');
     const env = { PATH: process.env.PATH, MIROLIVE_FAMILY: 'hooks-of-dead-${process.pid}-7' };
     spawn('setsid', ['sh', '-c', 'echo $$ >${file}; exec sleep 600'], { env, stdio: 'ignore' });`,
  ]);
  const exited = once(daemon, 'exit');
  const pid = await written('orphan');
  daemon.kill('SIGKILL');
  await exited;
  await gone(pid);
});
