import { readFileSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { availableParallelism, loadavg } from 'node:os';
import { dirname } from 'node:path';
import type { ViewedMachine } from '../../contract/view/view.ts';
import { orElse } from './or-else.ts';

/** Disks fill slowly, and one that is on a network may be slow to tell: looked at so seldom, in ms. */
const diskEveryMs = 10_000;

/** What the kernel has counted since the machine started. */
interface Counted {
  readonly atMs: number;
  readonly cpu: { readonly all: number; readonly idle: number } | null;
  readonly sentBytes: number | null;
}

/** What is written to, and where. */
export interface KeptPlace {
  readonly of: ViewedMachine['disks'][number]['of'];
  /** A folder, or a file in it. */
  readonly path: string;
}

/** The machine as a whole, by what the kernel tells (proc(5)). */
export class MachineLook {
  readonly #folder: string;
  #before: Counted | null = null;
  #disks: ViewedMachine['disks'] = [];
  #disksAtMs = Number.NEGATIVE_INFINITY;
  #isLooking = false;

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
    if (nowMs - this.#disksAtMs >= diskEveryMs) void this.#lookAtDisks(places, nowMs);
    return {
      at,
      cores: availableParallelism(),
      cpuPercent: before && busyPercent(before, now),
      load1: Math.round((loadavg()[0] ?? 0) * 100) / 100,
      memory: this.#memory(),
      egressBps: before && sentBps(before, now),
      disks: this.#disks,
      loopLagMs,
    };
  }

  #counted(atMs: number): Counted {
    const stat = orElse(() => readFileSync(`${this.#folder}/stat`, 'latin1'), null);
    const net = orElse(() => readFileSync(`${this.#folder}/net/dev`, 'latin1'), null);
    return { atMs, cpu: stat === null ? null : ticks(stat), sentBytes: net === null ? null : sentBytes(net) };
  }

  #memory(): ViewedMachine['memory'] {
    const text = orElse(() => readFileSync(`${this.#folder}/meminfo`, 'latin1'), '');
    const bytes = (name: string) => Number(new RegExp(`^${name}:\\s*(\\d+) kB$`, 'm').exec(text)?.[1]) * 1024;
    const [totalBytes, availableBytes] = [bytes('MemTotal'), bytes('MemAvailable')];
    return Number.isNaN(totalBytes + availableBytes) ? null : { totalBytes, availableBytes };
  }

  /** A mount that is dead holds up nobody, and is asked again only when it has answered. */
  async #lookAtDisks(places: readonly KeptPlace[], nowMs: number): Promise<void> {
    if (this.#isLooking) return;
    this.#isLooking = true;
    this.#disksAtMs = nowMs;
    const found = await Promise.all(places.map(diskOf));
    this.#disks = found.filter((disk) => disk !== null);
    this.#isLooking = false;
  }
}

async function diskOf({ of, path }: KeptPlace): Promise<ViewedMachine['disks'][number] | null> {
  const found = await statfs(path).catch(() => statfs(dirname(path)).catch(() => null));
  if (!found) return null;
  const { bavail, blocks, bsize } = found;
  return { of, path, freeBytes: bavail * bsize, totalBytes: blocks * bsize };
}

/** user, nice, system, idle, iowait, irq, softirq, steal; what follows is part of the first two. */
function ticks(stat: string): Counted['cpu'] {
  const counts = stat.slice(0, stat.indexOf('\n')).trim().split(/\s+/).slice(1, 9).map(Number);
  const all = counts.reduce((sum, count) => sum + count, 0);
  return Number.isNaN(all) ? null : { all, idle: (counts[3] ?? 0) + (counts[4] ?? 0) };
}

/** Of all interfaces but loopback: the ninth number behind each name. */
function sentBytes(net: string): number | null {
  const sent = [...net.matchAll(/^\s*([^:\s]+):\s*(.*)$/gm)]
    .filter(([, name]) => name !== 'lo')
    .map(([, , counts = '']) => Number(counts.trim().split(/\s+/)[8]));
  const sum = sent.reduce((total, bytes) => total + bytes, 0);
  return Number.isNaN(sum) ? null : sum;
}

function busyPercent({ cpu: before }: Counted, { cpu: now }: Counted): number | null {
  if (!before || !now || now.all <= before.all) return null;
  return Math.round((1 - (now.idle - before.idle) / (now.all - before.all)) * 1000) / 10;
}

/** An interface that was taken away leaves less than before. */
function sentBps(before: Counted, now: Counted): number | null {
  if (before.sentBytes === null || now.sentBytes === null || now.atMs <= before.atMs) return null;
  return Math.max(0, Math.round(((now.sentBytes - before.sentBytes) * 8000) / (now.atMs - before.atMs)));
}
