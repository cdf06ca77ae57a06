import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';

/** Whether a process runs, has ended but was not waited for (`zombie`), or is gone. */
export async function stateOf(pid: number): Promise<'runs' | 'stopped' | 'zombie' | 'gone'> {
  const status = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  // The name stands in brackets and may hold anything.
  const state = status.slice(status.lastIndexOf(')') + 2)[0];
  if (state === undefined) return 'gone';
  return state === 'Z' ? 'zombie' : state === 'T' ? 'stopped' : 'runs';
}

/** Resolves when a process runs no more, whether or not somebody has waited for it. */
export async function over(pid: number): Promise<void> {
  while (['runs', 'stopped'].includes(await stateOf(pid))) await pause(10);
}

/** Resolves when a process is gone; the kernel tells nobody but its parent, so it is looked for. */
export async function gone(pid: number): Promise<void> {
  while ((await stateOf(pid)) !== 'gone') await pause(10);
}

/** The processes that this one has started whose command line holds these words. */
export async function childrenOf(parent: number, words: string): Promise<number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    pids.map(async (pid) => {
      const read = (file: string) => readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '');
      const [status, commandLine] = await Promise.all([read('status'), read('cmdline')]);
      return status.includes(`\nPPid:\t${parent}\n`) && commandLine.includes(words) ? [Number(pid)] : [];
    }),
  );
  return found.flat();
}
