import { readFile } from 'node:fs/promises';

/** What a process has in memory, its buffers too, in bytes (proc_pid_status(5)); null: it is gone, or nobody knows. */
export async function memoryOf(pid: number): Promise<number | null> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(status) ?? [];
  return kilobytes === undefined ? null : Number(kilobytes) * 1024;
}
