import { readFile } from 'node:fs/promises';

/** What a process takes of the machine; null: it is gone, or nobody knows. */
export interface ProcessUse {
  /** What it has in memory, its buffers too (proc_pid_status(5)). */
  readonly memoryBytes: number | null;
  /** How long its first thread, which its loop turns in, has waited since its start for a CPU that others had (sched-stats of the kernel). */
  readonly waitedMs: number | null;
}

export async function processUse(pid: number): Promise<ProcessUse> {
  const read = (file: string) => readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '');
  const [status, schedule] = await Promise.all([read('status'), read('schedstat')]);
  const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(status) ?? [];
  const [, waitedNs] = /^\d+ (\d+) /.exec(schedule) ?? [];
  return {
    memoryBytes: kilobytes === undefined ? null : Number(kilobytes) * 1024,
    waitedMs: waitedNs === undefined ? null : Number(waitedNs) / 1e6,
  };
}
