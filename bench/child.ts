import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Context } from './context.ts';

/** Longer than a daemon takes to end, in ms. */
const endLimitMs = 8000;

/** Starts a process that ends with the scope at the latest. */
export function start(
  { scope }: Context,
  command: string,
  args: readonly string[],
  options: SpawnOptions,
): ChildProcess {
  const child = spawn(command, args, options);
  // Whoever waits for its end hears of it.
  child.on('error', () => {});
  scope.defer(() => stop(child));
  return child;
}

/** Ends a process: SIGTERM, a bounded wait, SIGKILL. */
export async function stop(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || hasEnded(child)) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), endLimitMs);
  await ended;
  clearTimeout(timer);
}

/** Resolves when the process has ended with status 0; rejects otherwise. */
export async function succeeded(child: ChildProcess): Promise<void> {
  if (child.pid === undefined) throw new Error(`${child.spawnfile} could not be started`);
  if (!hasEnded(child)) await once(child, 'exit');
  if (child.exitCode === 0) return;
  throw new Error(`${child.spawnargs.join(' ')} ended with ${child.exitCode ?? child.signalCode}`);
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}
