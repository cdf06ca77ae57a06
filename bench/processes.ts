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
  /** Its command line, or what it calls itself. */
  readonly title: string;
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

/** What a process of the daemon does: `worker`, `ffmpeg`, or as its title says (`ingest`, `rtmp`); the root is `daemon`. */
export function kindOf({ pid, name, title }: ProcessFacts, root: number): string {
  if (pid === root) return 'daemon';
  if ('mediasoup-worker'.startsWith(name)) return 'worker';
  return /^mirolive (\w+)/.exec(title)?.[1] ?? name;
}

/** Processor time of a process and all that descend from it, by kind, those that have ended as `ended`; in ms. */
export async function cpuByKind(root: number): Promise<Map<string, number>> {
  const sums = new Map<string, number>();
  const add = (kind: string, ms: number) => sums.set(kind, (sums.get(kind) ?? 0) + ms);
  for (const entry of await processTree(root)) {
    add(kindOf(entry, root), entry.cpuMs);
    add('ended', entry.endedChildrenCpuMs);
  }
  return sums;
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
  return [...(await cpuByKind(root)).values()].reduce((sum, ms) => sum + ms, 0);
}

/** Runs for `windowMs` and gives what was used meanwhile, in % of one core. */
export async function cpuShare(
  context: Context,
  windowMs: number,
  read: () => Promise<number>,
): Promise<number> {
  const { all = 0 } = await cpuShares(context, windowMs, async () => new Map([['all', await read()]]));
  return all;
}

/** The same of several things at once, by name. */
export async function cpuShares(
  context: Context,
  windowMs: number,
  read: () => Promise<ReadonlyMap<string, number>>,
): Promise<Readonly<Record<string, number>>> {
  const [startedAt, before] = [performance.now(), await read()];
  await pause(context, windowMs);
  const [endedAt, after] = [performance.now(), await read()];
  const used = (name: string) => (after.get(name) ?? 0) - (before.get(name) ?? 0);
  // What is gone has its time among that of the ended ones.
  const names = new Set([...before.keys(), ...after.keys()]);
  return Object.fromEntries([...names].map((name) => [name, (used(name) / (endedAt - startedAt)) * 100]));
}

/** How busy the whole machine is for `windowMs`, in % of all its cores. */
export async function machineShare(context: Context, windowMs: number): Promise<number> {
  const before = await machineTicks();
  await pause(context, windowMs);
  const after = await machineTicks();
  return busyBetween(before, after);
}

/** How busy the whole machine was between two looks at it, in % of all its cores. */
export function busyBetween(before: MachineTicks, after: MachineTicks): number {
  const all = after.all - before.all;
  return all === 0 ? 0 : (1 - (after.idle - before.idle) / all) * 100;
}

export interface MachineTicks {
  readonly all: number;
  readonly idle: number;
}

/** What the machine's cores have done since it started. */
export async function machineTicks(): Promise<MachineTicks> {
  const [line = ''] = (await readFile('/proc/stat', 'utf8')).split('\n');
  // user, nice, system, idle, iowait, irq, softirq, steal; what follows is part of the first two (proc(5)).
  const ticks = line.split(/\s+/).slice(1, 9).map(Number);
  return { all: ticks.reduce((sum, count) => sum + count, 0), idle: (ticks[3] ?? 0) + (ticks[4] ?? 0) };
}

/** Memory that a process holds, in MB. */
export interface Memory {
  /** What it shares with others is counted in full. */
  readonly residentMb: number;
  /** What it shares with others is counted in parts. */
  readonly proportionalMb: number;
}

export async function memoryOf(pid: number): Promise<Memory> {
  const text = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8');
  const mb = (name: string) =>
    (Number(new RegExp(`^${name}:\\s*(\\d+) kB$`, 'm').exec(text)?.[1]) * 1024) / 1e6;
  return { residentMb: mb('Rss'), proportionalMb: mb('Pss') };
}

/** The sum of several. */
export async function memoryOfAll(pids: readonly number[]): Promise<Memory> {
  const all = await Promise.all(pids.map(memoryOf));
  const sum = (of: (memory: Memory) => number) => all.reduce((total, memory) => total + of(memory), 0);
  return {
    residentMb: sum(({ residentMb }) => residentMb),
    proportionalMb: sum(({ proportionalMb }) => proportionalMb),
  };
}

async function readProcess(pid: number): Promise<ProcessFacts | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  if (stat === undefined) return undefined;
  const title = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  // The name stands in brackets and may hold anything; behind it, counting begins at the third field of proc(5).
  const close = stat.lastIndexOf(')');
  const fields = stat.slice(close + 2).split(' ');
  const field = (number: number) => Number(fields[number - 3]);
  return {
    pid,
    parent: field(4),
    name: stat.slice(stat.indexOf('(') + 1, close),
    title: title.replaceAll('\0', ' ').trim(),
    cpuMs: (field(14) + field(15)) * tickMs,
    endedChildrenCpuMs: (field(16) + field(17)) * tickMs,
  };
}
