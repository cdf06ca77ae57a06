import type { ViewedProcess } from '../../contract/view/view.ts';
import type { KnownProcess } from './known-processes.ts';
import { ProcessList } from './process-list.ts';

/** What the daemon's processes take of the machine now: of a core that is what they took since the look before. */
export class ProcessTable {
  readonly #list: ProcessList;
  #before = new Map<number, { readonly cpuMs: number; readonly atMs: number }>();

  /** @param list where they are read */
  constructor(list = new ProcessList()) {
    this.#list = list;
  }

  /** @param nowMs by the monotonic clock */
  look(known: readonly KnownProcess[], nowMs: number): Record<string, ViewedProcess> {
    const now = new Map<number, { readonly cpuMs: number; readonly atMs: number }>();
    const told = this.#list.look(known).map(({ cpuMs, ...one }): [string, ViewedProcess] => {
      const before = this.#before.get(one.pid);
      now.set(one.pid, { cpuMs, atMs: nowMs });
      const cpuPercent = before ? percent(cpuMs - before.cpuMs, nowMs - before.atMs) : null;
      return [`${one.pid}`, { ...one, cpuPercent }];
    });
    this.#before = now;
    return Object.fromEntries(told);
  }
}

function percent(cpuMs: number, passedMs: number): number | null {
  return passedMs <= 0 ? null : Math.round((cpuMs / passedMs) * 1000) / 10;
}
