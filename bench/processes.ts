import { readdir, readFile } from 'node:fs/promises';
import { type Context, pause } from './context.ts';

/** Linux counts processor time in hundredths of a second on every platform that Node runs on (proc(5), `USER_HZ`). */
const tickMs = 10;

/** What the kernel says of a process. */
export interface ProcessFacts {
  readonly pid: number;
  readonly parent: number;
  /** At most 15 characters. */
  readonly name: string;
  /** Processor time that it has used, in ms. */
  readonly cpuMs: number;
  /** The same of its children that have ended and were waited for. */
  readonly endedChildrenCpuMs: number;
}

/** A process and all that descend from it. */
export async function processTree(root: number): Promise<ProcessFacts[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const all = (await Promise.all(pids.map(readProcess))).filter((entry) => entry !== undefined);
  const below = (pid: number): ProcessFacts[] =>
    all.filter(({ parent }) => parent === pid).flatMap((child) => [child, ...below(child.pid)]);
  return [...all.filter(({ pid }) => pid === root), ...below(root)];
}

/** The only worker below a daemon. */
export async function workerOf(root: number): Promise<number> {
  const workers = (await processTree(root)).filter(({ name }) => 'mediasoup-worker'.startsWith(name));
  const [worker] = workers;
  if (!worker || workers.length > 1) throw new Error(`expected one worker, got ${workers.length}`);
  return worker.pid;
}

/** Processor time of one process, in ms. */
export async function processCpuMs(pid: number): Promise<number> {
  const found = await readProcess(pid);
  if (!found) throw new Error(`process ${pid} is gone`);
  return found.cpuMs;
}

/** Processor time of a process and all that descend from it, those that have ended too, in ms. */
export async function treeCpuMs(root: number): Promise<number> {
  const tree = await processTree(root);
  return tree.reduce((sum, { cpuMs, endedChildrenCpuMs }) => sum + cpuMs + endedChildrenCpuMs, 0);
}

/** Runs for `windowMs` and gives what was used meanwhile, in % of one core. */
export async function cpuShare(
  context: Context,
  windowMs: number,
  read: () => Promise<number>,
): Promise<number> {
  const [startedAt, before] = [performance.now(), await read()];
  await pause(context, windowMs);
  const [endedAt, after] = [performance.now(), await read()];
  return ((after - before) / (endedAt - startedAt)) * 100;
}

/** How busy the whole machine is for `windowMs`, in % of all its cores. */
export async function machineShare(context: Context, windowMs: number): Promise<number> {
  const before = await machineTicks();
  await pause(context, windowMs);
  const after = await machineTicks();
  return (1 - (after.idle - before.idle) / (after.all - before.all)) * 100;
}

async function machineTicks(): Promise<{ all: number; idle: number }> {
  const [line = ''] = (await readFile('/proc/stat', 'utf8')).split('\n');
  // user, nice, system, idle, iowait, irq, softirq, steal; what follows is part of the first two (proc(5)).
  const ticks = line.split(/\s+/).slice(1, 9).map(Number);
  return { all: ticks.reduce((sum, count) => sum + count, 0), idle: (ticks[3] ?? 0) + (ticks[4] ?? 0) };
}

/** Memory that a process holds, in MB; what it shares with others is counted in full. */
export async function residentMb(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return (Number(/^VmRSS:\s*(\d+) kB$/m.exec(status)?.[1]) * 1024) / 1e6;
}

async function readProcess(pid: number): Promise<ProcessFacts | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  if (stat === undefined) return undefined;
  // The name stands in brackets and may hold anything; behind it, counting begins at the third field of proc(5).
  const close = stat.lastIndexOf(')');
  const fields = stat.slice(close + 2).split(' ');
  const field = (number: number) => Number(fields[number - 3]);
  return {
    pid,
    parent: field(4),
    name: stat.slice(stat.indexOf('(') + 1, close),
    cpuMs: (field(14) + field(15)) * tickMs,
    endedChildrenCpuMs: (field(16) + field(17)) * tickMs,
  };
}
