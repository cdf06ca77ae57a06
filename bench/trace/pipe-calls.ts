/** Bytes that an ffmpeg wrote for whoever reads from it. */
export interface PipeCall {
  readonly bytes: number;
  /** When ffmpeg wrote the last of them, on the wall clock in ms. */
  readonly writtenMs: number;
  /** When its parent had read them; NaN: it was not seen. */
  readonly readMs: number;
}

/** Of libavformat: what is larger is written in pieces of this size. */
const bufferBytes = 32_768;
const line = /^\s*(\d+)\s+(\d+\.\d+):\s+syscalls:(\w+): (?:fd: 0x0*1, .* count: )?0x([0-9a-f]+)$/;

interface Call {
  readonly pid: number;
  readonly atMs: number;
  readonly bytes: number;
}

/**
 * What perf-script(1) says of writes to standard output and of reads.
 *
 * @param parents who reads, by the process that writes
 * @param offsetMs from perf's clock to the wall clock
 */
export function pipeCalls(
  script: string,
  parents: ReadonlyMap<number, number>,
  offsetMs: number,
): PipeCall[] {
  const writes: Call[] = [];
  const reads = new Map([...parents.values()].map((pid) => [pid, [] as Call[]]));
  const growing = new Map<number, number>();
  for (const text of script.split('\n')) {
    const [, process, seconds, event, hexadecimal = ''] = line.exec(text) ?? [];
    const [pid, atMs, bytes] = [
      Number(process),
      Number(seconds) * 1000 + offsetMs,
      Number.parseInt(hexadecimal, 16),
    ];
    if (event === 'sys_exit_read' && bytes < 2 ** 31) reads.get(pid)?.push({ pid, atMs, bytes });
    if (event !== 'sys_enter_write' || !parents.has(pid)) continue;
    const sum = (growing.get(pid) ?? 0) + bytes;
    growing.set(pid, bytes === bufferBytes ? sum : 0);
    if (bytes !== bufferBytes) writes.push({ pid, atMs, bytes: sum });
  }
  return writes.map(({ pid, atMs, bytes }) => {
    // A read takes no less than what was written, up to its own limit, unless something else is read.
    const read = reads
      .get(parents.get(pid) ?? 0)
      ?.find((call) => call.atMs > atMs && call.bytes >= Math.min(bytes % bufferBytes, bytes));
    return { bytes, writtenMs: atMs, readMs: read?.atMs ?? Number.NaN };
  });
}
