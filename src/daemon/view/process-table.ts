import { readdirSync, readFileSync } from 'node:fs';
import type { ViewedProcess } from '../../contract/view/view.ts';
import { orElse } from './or-else.ts';

/** Linux counts processor time in hundredths of a second wherever Node runs (proc(5), `USER_HZ`). */
const tickMs = 10;

/** A process that the daemon knows of. */
export type KnownProcess = Pick<ViewedProcess, 'pid' | 'kind' | 'rooms' | 'port'>;

/** What one has used until now. */
interface Use {
  readonly parent: number;
  readonly cpuMs: number;
  readonly memoryBytes: number;
}

/** What the daemon's processes take of the machine: those that it knows of, and each ffmpeg that one of them has started. */
export class ProcessTable {
  readonly #folder: string;
  #pageBytes: number | undefined;
  #before = new Map<number, { readonly cpuMs: number; readonly atMs: number }>();

  /** @param folder where processes are listed (proc(5)) */
  constructor(folder = '/proc') {
    this.#folder = folder;
  }

  /** A few microseconds for each of them. @param nowMs by the monotonic clock */
  look(known: readonly KnownProcess[], nowMs: number): Record<string, ViewedProcess> {
    const all = known.flatMap((one) => [one, ...(one.kind === 'ingest' ? this.#startedBy(one) : [])]);
    const now = new Map<number, { readonly cpuMs: number; readonly atMs: number }>();
    const told = all.flatMap((one): [string, ViewedProcess][] => {
      const use = this.#use(one.pid);
      if (!use) return [];
      const before = this.#before.get(one.pid);
      now.set(one.pid, { cpuMs: use.cpuMs, atMs: nowMs });
      const cpuPercent = before ? percent(use.cpuMs - before.cpuMs, nowMs - before.atMs) : null;
      const { parent, memoryBytes } = use;
      return [[`${one.pid}`, { ...one, parent, cpuPercent, memoryBytes }]];
    });
    this.#before = now;
    return Object.fromEntries(told);
  }

  #startedBy({ pid, rooms }: KnownProcess): KnownProcess[] {
    const threads = orElse<string[]>(() => readdirSync(`${this.#folder}/${pid}/task`), []);
    const children = threads.flatMap((thread) =>
      orElse(() => readFileSync(`${this.#folder}/${pid}/task/${thread}/children`, 'latin1'), '').split(' '),
    );
    return children
      .map(Number)
      .filter((child) => child > 0 && this.#name(child) === 'ffmpeg')
      .map((child) => ({ pid: child, kind: 'ffmpeg', rooms, port: null }));
  }

  #name(pid: number): string {
    return orElse(() => readFileSync(`${this.#folder}/${pid}/comm`, 'utf8').trim(), '');
  }

  #use(pid: number): Use | null {
    const stat = orElse(() => readFileSync(`${this.#folder}/${pid}/stat`, 'latin1'), null);
    if (stat === null) return null;
    // The name stands in brackets and may hold anything; behind it, counting begins at the third field of proc(5).
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const field = (number: number) => Number(fields[number - 3]);
    return {
      parent: field(4),
      cpuMs: (field(14) + field(15)) * tickMs,
      memoryBytes: field(24) * this.#page(),
    };
  }

  /** The kernel counts memory in pages of 4, 16 or 64 kB, and Node does not say which: its own, in bytes and in pages, tells. */
  #page(): number {
    const pages = () => Number(readFileSync('/proc/self/statm', 'latin1').split(' ')[1]);
    this.#pageBytes ??=
      2 ** Math.round(Math.log2(process.memoryUsage.rss() / orElse(pages, Number.NaN))) || 4096;
    return this.#pageBytes;
  }
}

function percent(cpuMs: number, passedMs: number): number | null {
  return passedMs <= 0 ? null : Math.round((cpuMs / passedMs) * 1000) / 10;
}
