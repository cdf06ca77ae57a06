import type { DatabaseSync } from 'node:sqlite';
import { systemClock } from '../../contract/clock.ts';

/** An entry of the audit log: who did what to what. */
export interface Deed {
  /** `socket`: somebody who may use the control socket; `daemon`: it did so itself. */
  readonly who: 'socket' | 'daemon';
  /** Such as `key.created`. */
  readonly what: string;
  /** The id, or the name, of what it was done to. */
  readonly subject: string;
  readonly details?: Readonly<Record<string, unknown>>;
}

/** What is kept of the deeds of each: the newest, and nothing that is older. People's are kept apart, so that no machine evicts them. */
const kept: Readonly<Record<Deed['who'], { readonly entries: number; readonly ms: number }>> = {
  socket: { entries: 100_000, ms: 400 * 86_400_000 },
  daemon: { entries: 10_000, ms: 30 * 86_400_000 },
};
/** The audit log is pruned at the first deed, and after so many. */
const pruneEvery = 500;

/** Writes deeds into a database, in the transaction of what was done, and prunes as it goes. */
export class AuditLog {
  readonly #nowMs: () => number;
  #written = 0;

  /** @param nowMs ms since 1970 */
  constructor(nowMs: () => number = systemClock.wallMs) {
    this.#nowMs = nowMs;
  }

  write(database: DatabaseSync, { who, what, subject, details = {} }: Deed): void {
    const nowMs = this.#nowMs();
    if (this.#written++ % pruneEvery === 0) prune(database, nowMs);
    database
      .prepare('INSERT INTO audit (at, who, what, subject, details) VALUES (?, ?, ?, ?, ?)')
      .run(nowMs, who, what, subject, JSON.stringify(details));
  }
}

function prune(database: DatabaseSync, nowMs: number): void {
  for (const [who, { entries, ms }] of Object.entries(kept)) {
    database.prepare('DELETE FROM audit WHERE who = ? AND at < ?').run(who, nowMs - ms);
    database
      .prepare(
        'DELETE FROM audit WHERE who = ? AND id <= (SELECT id FROM audit WHERE who = ? ORDER BY id DESC LIMIT 1 OFFSET ?)',
      )
      .run(who, who, entries);
  }
}
