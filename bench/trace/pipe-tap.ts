import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { start, stop } from '../child.ts';
import type { Context } from '../context.ts';
import { processTree } from '../processes.ts';
import { type PipeCall, pipeCalls } from './pipe-calls.ts';

const run = promisify(execFile);
const events = ['sys_enter_write', 'sys_exit_read'].flatMap((name) => ['-e', `syscalls:${name}`]);
/** `-F` of perf-script(1): no command's name, as that may hold anything. */
const fields = 'pid,time,event,trace';

/** Ends it, and gives what passed from ffmpeg to whoever reads from it since it began. */
export type PipeTap = () => Promise<PipeCall[]>;

/**
 * Notes when each ffmpeg below a process writes and when its parent reads, by perf and the kernel's tracepoints: less than a µs
 * for each call. Null where there is no perf, or no ffmpeg.
 */
export async function tapPipes(context: Context, root: number): Promise<PipeTap | null> {
  const tree = await processTree(root);
  const writers = tree.filter(({ name }) => name === 'ffmpeg');
  const pids = new Set(writers.flatMap(({ pid, parent }) => [pid, parent]));
  if (writers.length === 0) return null;
  const folder = await mkdtemp(join(tmpdir(), 'mirolive-bench-perf-'));
  context.scope.defer(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, 'perf.data');
  const args = ['record', '-k', 'CLOCK_MONOTONIC', '-o', file, ...events, '-p', [...pids].join()];
  const child = start(context, 'perf', args, { stdio: ['ignore', 'ignore', 'pipe'] });
  // It may not be there, or not be allowed.
  await Promise.race([once(child, 'spawn'), once(child, 'error')]).catch(() => {});
  if (child.pid === undefined || !child.stderr) return null;
  createInterface({ input: child.stderr });
  return async () => {
    await stop(child);
    const script = ['script', '-i', file, '--ns', '-F', fields];
    const { stdout } = await run('perf', script, { maxBuffer: 2 ** 28 }).catch(() => ({ stdout: '' }));
    const parents = new Map(writers.map(({ pid, parent }) => [pid, parent]));
    return pipeCalls(stdout, parents, wallClockMs());
  };
}

/** What to add to the kernel's monotonic clock to have the wall clock, in ms. */
function wallClockMs(): number {
  // `Date.now()` is cut to whole ms: the greatest difference is the true one.
  const differences = Array.from({ length: 5000 }, () => Date.now() - Number(process.hrtime.bigint()) / 1e6);
  return Math.max(...differences);
}
