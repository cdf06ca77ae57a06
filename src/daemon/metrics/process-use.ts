import { readFileSync } from 'node:fs';

/** Linux counts processor time in hundredths of a second wherever Node runs (proc(5), `USER_HZ`). */
const tickSeconds = 0.01;

/** What a process has used of the processor, and holds in memory; null: it is gone. */
export function processUse(
  pid: number,
): { readonly cpuSeconds: number; readonly memoryBytes: number } | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The name stands in brackets and may hold anything; behind it, counting begins at the third field of proc(5).
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1];
    return {
      cpuSeconds: (Number(fields[11]) + Number(fields[12])) * tickSeconds,
      memoryBytes: Number(kilobytes ?? 0) * 1024,
    };
  } catch {
    return null;
  }
}
