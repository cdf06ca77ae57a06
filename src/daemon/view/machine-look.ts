import { readFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import type { ViewedMachine } from '../../contract/view/view.ts';
import { busyPercent, type CpuTicks, cpuTicks } from './cpu-ticks.ts';
import { DiskLook, type KeptPlace } from './disk-look.ts';
import { networkBytes } from './network-bytes.ts';
import { orElse } from './or-else.ts';

/** What the kernel has counted since the machine started. */
interface Counted {
  readonly atMs: number;
  readonly cpu: CpuTicks | null;
  readonly sentBytes: number | null;
}

/** The machine as a whole, by what the kernel tells (proc(5)). */
export class MachineLook {
  readonly #folder: string;
  readonly #disks = new DiskLook();
  #before: Counted | null = null;

  /** @param folder where the kernel tells of processes and of itself */
  constructor(folder = '/proc') {
    this.#folder = folder;
  }

  /** @param nowMs by the monotonic clock @param at the same moment, as it is told */
  look(
    nowMs: number,
    at: string,
    places: readonly KeptPlace[],
    loopLagMs: ViewedMachine['loopLagMs'],
  ): ViewedMachine {
    const before = this.#before;
    const now = this.#counted(nowMs);
    this.#before = now;
    return {
      at,
      cores: availableParallelism(),
      cpuPercent: before?.cpu && now.cpu ? busyPercent(before.cpu, now.cpu) : null,
      load1: Math.round((loadavg()[0] ?? 0) * 100) / 100,
      memory: this.#memory(),
      egressBps: before && sentBps(before, now),
      disks: this.#disks.look(places, nowMs),
      loopLagMs,
    };
  }

  #counted(atMs: number): Counted {
    const stat = orElse(() => readFileSync(`${this.#folder}/stat`, 'latin1'), null);
    const sentBytes = networkBytes(this.#folder)?.sent ?? null;
    return { atMs, cpu: stat === null ? null : cpuTicks(stat), sentBytes };
  }

  #memory(): ViewedMachine['memory'] {
    const text = orElse(() => readFileSync(`${this.#folder}/meminfo`, 'latin1'), '');
    const bytes = (name: string) => Number(new RegExp(`^${name}:\\s*(\\d+) kB$`, 'm').exec(text)?.[1]) * 1024;
    const [totalBytes, availableBytes] = [bytes('MemTotal'), bytes('MemAvailable')];
    return Number.isNaN(totalBytes + availableBytes) ? null : { totalBytes, availableBytes };
  }
}

/** An interface that was taken away leaves less than before. */
function sentBps(before: Counted, now: Counted): number | null {
  if (before.sentBytes === null || now.sentBytes === null || now.atMs <= before.atMs) return null;
  return Math.max(0, Math.round(((now.sentBytes - before.sentBytes) * 8000) / (now.atMs - before.atMs)));
}
