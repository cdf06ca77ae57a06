/** What the kernel has counted of all cores since the machine started. */
export interface CpuTicks {
  readonly all: number;
  readonly idle: number;
}

/** Reads `/proc/stat` (proc(5)): user, nice, system, idle, iowait, irq, softirq, steal; what follows is part of the first two. null: it is something else. */
export function cpuTicks(stat: string): CpuTicks | null {
  const counts = stat.slice(0, stat.indexOf('\n')).trim().split(/\s+/).slice(1, 9).map(Number);
  const all = counts.reduce((sum, count) => sum + count, 0);
  return counts.length < 5 || Number.isNaN(all) ? null : { all, idle: (counts[3] ?? 0) + (counts[4] ?? 0) };
}

/** How busy all cores were between two moments, in per cent, to a tenth; null: no time has passed. */
export function busyPercent(before: CpuTicks, now: CpuTicks): number | null {
  if (now.all <= before.all) return null;
  return Math.round((1 - (now.idle - before.idle) / (now.all - before.all)) * 1000) / 10;
}
