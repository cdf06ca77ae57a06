import { readdirSync, readFileSync } from 'node:fs';
import type { KnownProcess } from './known-processes.ts';
import { orElse } from './or-else.ts';

/** Linux counts processor time in hundredths of a second wherever Node runs (proc(5), `USER_HZ`). */
const tickMs = 10;

/** What a process has used since it began. */
export interface UsedProcess extends KnownProcess {
  readonly parent: number;
  readonly cpuMs: number;
  readonly memoryBytes: number;
}

/** The daemon's processes and what each has taken of the machine: those that it knows of, and each ffmpeg that one of them has started. */
export class ProcessList {
  readonly #folder: string;
  #pageBytes: number | undefined;

  /** @param folder where processes are listed (proc(5)) */
  constructor(folder = '/proc') {
    this.#folder = folder;
  }

  /** A few microseconds for each of them; who is gone is not in it. */
  look(known: readonly KnownProcess[]): UsedProcess[] {
    return known.flatMap((one) => [
      ...this.#used(one),
      ...(one.kind === 'ingest' ? this.#startedBy(one) : []),
    ]);
  }

  #startedBy({ pid, rooms }: KnownProcess): UsedProcess[] {
    const threads = orElse<string[]>(() => readdirSync(`${this.#folder}/${pid}/task`), []);
    const children = threads.flatMap((thread) =>
      orElse(() => readFileSync(`${this.#folder}/${pid}/task/${thread}/children`, 'latin1'), '').split(' '),
    );
    return children
      .map(Number)
      .filter((child) => child > 0)
      .flatMap((child) => this.#used({ pid: child, kind: 'ffmpeg', rooms, port: null }, 'ffmpeg'));
  }

  /** @param program nothing else is meant */
  #used(one: KnownProcess, program?: string): UsedProcess[] {
    const stat = orElse(() => readFileSync(`${this.#folder}/${one.pid}/stat`, 'latin1'), null);
    if (stat === null) return [];
    // The name stands in brackets and may hold anything; behind it, counting begins at the third field of proc(5).
    const nameEnds = stat.lastIndexOf(')');
    if (program !== undefined && stat.slice(stat.indexOf('(') + 1, nameEnds) !== program) return [];
    const fields = stat.slice(nameEnds + 2).split(' ');
    const field = (number: number) => Number(fields[number - 3]);
    return [
      {
        ...one,
        parent: field(4),
        cpuMs: (field(14) + field(15)) * tickMs,
        memoryBytes: field(24) * this.#page(),
      },
    ];
  }

  /** The kernel counts memory in pages of 4, 16 or 64 kB, and Node does not say which: its own, in bytes and in pages, tells. */
  #page(): number {
    const pages = () => Number(readFileSync('/proc/self/statm', 'latin1').split(' ')[1]);
    this.#pageBytes ??=
      2 ** Math.round(Math.log2(process.memoryUsage.rss() / orElse(pages, Number.NaN))) || 4096;
    return this.#pageBytes;
  }
}
