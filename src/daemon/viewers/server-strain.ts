import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import type { Clock } from '../../contract/clock.ts';
import { busyPercent, type CpuTicks, cpuTicks } from '../view/cpu-ticks.ts';
import type { KnownProcess } from '../view/known-processes.ts';
import { orElse } from '../view/or-else.ts';
import { ProcessList } from '../view/process-list.ts';
import type { Strain } from './likely-cause.ts';

/** How often it is looked, in ms, by whoever looks. */
const lookMs = 1000;
/** How many looks are remembered: the time that is judged when many suffer. */
const mostLooks = 10;

/** What was seen at a moment. */
interface Look {
  readonly atMs: number;
  readonly lagMs: number;
  readonly cpu: CpuTicks | null;
  /** What each has used, in ms, by pid. */
  readonly workers: ReadonlyMap<number, number>;
  /** The same of all our processes. */
  readonly own: ReadonlyMap<number, number>;
}

/** How hard this server works, over the last ten looks, which are to come each second: a look later than that is one that had to wait. */
export class ServerStrain {
  readonly #clock: Clock;
  readonly #own: () => readonly KnownProcess[];
  readonly #processes = new ProcessList();
  #looks: readonly Look[] = [];

  /** @param own our processes: what others take is what is left. Default: it is not known */
  constructor(clock: Clock, own: () => readonly KnownProcess[] = () => []) {
    this.#clock = clock;
    this.#own = own;
  }

  /** Looks, and gives what is known of the room of a worker. @param pids of the workers that carry rooms */
  look(pids: readonly number[]): (workerPid: number | undefined) => Strain {
    const atMs = this.#clock.nowMs();
    const before = this.#looks.at(-1);
    const now: Look = {
      atMs,
      lagMs: before ? Math.max(0, atMs - before.atMs - lookMs) : 0,
      cpu: cpuTicks(orElse(() => readFileSync('/proc/stat', 'latin1'), '')),
      workers: this.#used(pids.map(asWorker)),
      own: this.#used(this.#own()),
    };
    this.#looks = [...this.#looks, now].slice(-mostLooks);
    const [first = now] = this.#looks;
    const cpuPercent = first.cpu && now.cpu && busyPercent(first.cpu, now.cpu);
    const others = cpuPercent === null ? null : othersOf(this.#looks, cpuPercent);
    return (workerPid) => ({
      lagMs: Math.max(...this.#looks.map(({ lagMs }) => lagMs)),
      ...{ cpuPercent, others },
      workerPercent: workerPid === undefined ? null : workerPercent(first, now, workerPid),
    });
  }

  #used(processes: readonly KnownProcess[]): Map<number, number> {
    return new Map(this.#processes.look(processes).map(({ pid, cpuMs }) => [pid, cpuMs]));
  }
}

function asWorker(pid: number): KnownProcess {
  return { pid, kind: 'worker', rooms: [], port: null };
}

function workerPercent(first: Look, now: Look, pid: number): number | null {
  const [before, after] = [first.workers.get(pid), now.workers.get(pid)];
  if (before === undefined || after === undefined || now.atMs <= first.atMs) return null;
  return ((after - before) * 100) / (now.atMs - first.atMs);
}

/** From look to look, since ours come and go. */
function othersOf(looks: readonly Look[], cpuPercent: number): Strain['others'] {
  const [first, now] = [looks[0], looks.at(-1)];
  if (!first || !now || now.own.size === 0 || now.atMs <= first.atMs) return null;
  const ownMs = looks.slice(1).reduce((sum, look, place) => sum + usedSince(looks[place], look), 0);
  const of = availableParallelism();
  const cores = (of * cpuPercent) / 100 - ownMs / (now.atMs - first.atMs);
  return { cores: Math.max(0, cores), of };
}

/** One that was not there before has used all of it since then. */
function usedSince(before: Look | undefined, { own }: Look): number {
  return [...own].reduce((sum, [pid, cpuMs]) => sum + cpuMs - (before?.own.get(pid) ?? 0), 0);
}
