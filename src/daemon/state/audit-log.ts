import type { DatabaseSync } from 'node:sqlite';
import type { AuditEntry } from '../../contract/audit.ts';
import { systemClock } from '../../contract/clock.ts';
import type { Principal } from '../../contract/principal.ts';

/** An entry of the audit log: who did what to what. */
export interface Deed {
  readonly who: Principal;
  /** The call of the contract, such as `createKey`; of the daemon's own, the event. */
  readonly what: string;
  /** The id, or the name, of what it was done to. */
  readonly subject: string;
  readonly room?: string | null;
  /** `ok`, or the code of the error. Default: ok. */
  readonly result?: string;
  /** Nothing that is secret. */
  readonly details?: Readonly<Record<string, unknown>>;
  /** ms since 1970; default: when it is written. */
  readonly atMs?: number;
}

/** What is kept of the deeds of each: the newest, and nothing that is older. People's are kept apart, so that no machine evicts them. */
const kept: Readonly<Record<Principal['kind'], { readonly entries: number; readonly ms: number }>> = {
  socket: { entries: 100_000, ms: 400 * 86_400_000 },
  token: { entries: 100_000, ms: 400 * 86_400_000 },
  schedule: { entries: 50_000, ms: 400 * 86_400_000 },
  daemon: { entries: 10_000, ms: 30 * 86_400_000 },
};
/** Of what was refused to tokens, or failed: whoever may do nothing evicts nothing that was done. */
const keptRefused = 10_000;
/** The audit log is pruned at the first deed, and after so many. */
const pruneEvery = 500;
/** So much of all that may be goes with what is too much of a token. */
const prunedShare = 0.1;
/** What somebody calls a thing may be of any length, in characters. */
const maxSubject = 200;

/** Writes deeds into a database, in the transaction of what was done, and prunes as it goes. */
export class AuditLog {
  readonly #nowMs: () => number;
  #written = 0;

  /** @param nowMs ms since 1970 */
  constructor(nowMs: () => number = systemClock.wallMs) {
    this.#nowMs = nowMs;
  }

  write(database: DatabaseSync, deed: Deed): void {
    const nowMs = this.#nowMs();
    if (this.#written++ % pruneEvery === 0) prune(database, nowMs);
    const { who, what, subject, room = null, result = 'ok', details = {}, atMs = nowMs } = deed;
    database
      .prepare(
        'INSERT INTO audit (at, who, what, subject, room, result, details) VALUES (?, ?, ?, ?, ?, ?, ?)',
      )
      .run(
        ...([atMs, who.kind, what, subject.slice(0, maxSubject), room, result] as const),
        JSON.stringify({ ...details, by: who }),
      );
  }
}

/** Which entries: those with a larger id, since a moment, of one room or all; the oldest first. */
export interface AuditQuery {
  readonly sinceMs: number;
  readonly after: number;
  readonly room?: string | undefined;
  readonly limit: number;
}

/** Reads deeds. @param sinceMs ms since 1970 */
export function readAudit(database: DatabaseSync, { sinceMs, after, room, limit }: AuditQuery): AuditEntry[] {
  const rows = database
    .prepare(
      'SELECT id, at, who, what, subject, room, result, details FROM audit WHERE id > ? AND at >= ? AND (? IS NULL OR room = ?) ORDER BY id LIMIT ?',
    )
    .all(after || beforeFirst(database, sinceMs), sinceMs, room ?? null, room ?? null, limit);
  const entries = rows.map((row): AuditEntry => {
    const { by, ...details } = JSON.parse(String(row.details)) as Record<string, unknown>;
    return {
      id: Number(row.id),
      at: new Date(Number(row.at)).toISOString(),
      // What was written before it was known who it was.
      who: (by ?? (row.who === 'daemon' ? { kind: 'daemon' } : { kind: 'socket', user: null })) as Principal,
      what: String(row.what),
      subject: String(row.subject),
      room: row.room === null ? null : String(row.room),
      result: String(row.result ?? 'ok'),
      details,
    };
  });
  // What is written at once stands before what was done sooner, and written later.
  return entries.sort((one, other) => Date.parse(one.at) - Date.parse(other.at));
}

/** What a first page is read after: nothing up to there was done since then. Left alone, SQLite would look at all from the first id on. */
function beforeFirst(database: DatabaseSync, sinceMs: number): number {
  const first = database
    .prepare('SELECT min(id) AS id FROM audit INDEXED BY audit_by_time WHERE at >= ?')
    .get(sinceMs);
  return Number(first?.id ?? Number.MAX_SAFE_INTEGER) - 1;
}

function prune(database: DatabaseSync, nowMs: number): void {
  const newest = database.prepare('SELECT at FROM audit ORDER BY id DESC LIMIT 1').get();
  // A clock that is wrong for its first deed makes nothing old.
  const knownMs = Math.min(nowMs, Number(newest?.at ?? nowMs));
  database
    .prepare(
      "DELETE FROM audit WHERE who = 'token' AND result <> 'ok' AND id <= (SELECT id FROM audit WHERE who = 'token' AND result <> 'ok' ORDER BY id DESC LIMIT 1 OFFSET ?)",
    )
    .run(keptRefused);
  pruneBusiest(database);
  for (const [who, { entries, ms }] of Object.entries(kept)) {
    database.prepare('DELETE FROM audit WHERE who = ? AND at < ?').run(who, knownMs - ms);
    database
      .prepare(
        'DELETE FROM audit WHERE who = ? AND id <= (SELECT id FROM audit WHERE who = ? ORDER BY id DESC LIMIT 1 OFFSET ?)',
      )
      .run(who, who, entries);
  }
}

/**
 * Where there are too many of tokens, those go first of the one that has the most: nobody's push out what others have done. Some more than
 * has to, since it looks at all of them.
 */
function pruneBusiest(database: DatabaseSync): void {
  const { entries } = kept.token;
  const all = Number(database.prepare("SELECT count(*) AS n FROM audit WHERE who = 'token'").get()?.n);
  if (all <= entries) return;
  const busiest = database
    .prepare(
      "SELECT json_extract(details, '$.by.id') AS token FROM audit WHERE who = 'token' GROUP BY token ORDER BY count(*) DESC LIMIT 1",
    )
    .get();
  database
    .prepare(
      "DELETE FROM audit WHERE id IN (SELECT id FROM audit WHERE who = 'token' AND json_extract(details, '$.by.id') IS ? ORDER BY id LIMIT ?)",
    )
    .run(busiest?.token ?? null, all - entries + entries * prunedShare);
}
