import { readFileSync } from 'node:fs';

/** What a process takes of the machine; null: it is gone, or nobody knows. */
export interface ProcessUse {
  /** What it has in memory, its buffers too (proc_pid_status(5)). */
  readonly memoryBytes: number | null;
  /** How long its first thread, which its loop turns in, has waited since its start for a CPU that others had (sched-stats of the kernel). */
  readonly waitedMs: number | null;
}

/** Reads at once what waits for no disk: a thread for it costs more than the read. */
export function processUse(pid: number): ProcessUse {
  const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(factsOf(pid, 'status')) ?? [];
  const [, waitedNs] = /^\d+ (\d+) /.exec(factsOf(pid, 'schedstat')) ?? [];
  return {
    memoryBytes: kilobytes === undefined ? null : Number(kilobytes) * 1024,
    waitedMs: waitedNs === undefined ? null : Number(waitedNs) / 1e6,
  };
}

function factsOf(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}
