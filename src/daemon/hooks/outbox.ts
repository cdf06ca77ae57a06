import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import type { Delivery } from '../../contract/webhook.ts';
import { keptMs } from './delivery-plan.ts';

/** What waits for one webhook at most; the oldest goes, and before it what strangers can make. */
interface OutboxLimits {
  readonly waiting: number;
  readonly bytes: number;
}
const usualLimits: OutboxLimits = { waiting: 10_000, bytes: 32 * 1024 * 1024 };
/** Of what is over, so much is kept for each, and no longer than a day. */
const maxDone = 200;
/** Rooms that are counted, for each: their names may be anybody's. */
const maxCounted = 10_000;

/** What happened, as it is to be told to one webhook or several. */
export interface Posting {
  readonly event: string;
  readonly type: string;
  /** null: of none. */
  readonly room: string | null;
  /** ISO 8601, UTC. */
  readonly at: string;
  /** JSON. */
  readonly data: string;
  /** Anybody can have it announced, as often as he likes. */
  readonly passing: boolean;
  readonly webhooks: readonly string[];
}

/** What is to be sent now. */
export interface Due {
  readonly row: number;
  readonly event: string;
  readonly room: string;
  readonly body: string;
  /** Before this one. */
  readonly tries: number;
}

const schema = `
  CREATE TABLE IF NOT EXISTS deliveries (
    id INTEGER PRIMARY KEY,
    webhook TEXT NOT NULL,
    event TEXT NOT NULL,
    type TEXT NOT NULL,
    room TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    at TEXT NOT NULL,
    body TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    passing INTEGER NOT NULL,
    state TEXT NOT NULL,
    since INTEGER NOT NULL,
    tries INTEGER NOT NULL,
    next_try_at INTEGER NOT NULL,
    status INTEGER,
    problem TEXT,
    done_at INTEGER,
    UNIQUE (webhook, event)
  ) STRICT;
  CREATE INDEX IF NOT EXISTS deliveries_by_state ON deliveries (webhook, state, id, bytes);
  CREATE INDEX IF NOT EXISTS deliveries_by_worth ON deliveries (webhook, state, passing DESC, id);
  CREATE INDEX IF NOT EXISTS deliveries_by_try ON deliveries (webhook, state, next_try_at);
  CREATE TABLE IF NOT EXISTS sequences (
    webhook TEXT NOT NULL,
    room TEXT NOT NULL,
    last INTEGER NOT NULL,
    used_at INTEGER NOT NULL,
    PRIMARY KEY (webhook, room)
  ) STRICT;
  CREATE TABLE IF NOT EXISTS pauses (
    webhook TEXT PRIMARY KEY,
    until INTEGER NOT NULL
  ) STRICT;
  PRAGMA user_version = 1;`;

/** What it holds makes no sense. */
export class DamagedOutbox extends Error {}

/** What webhooks are still to be told, and the last that they were told, in a database of its own. */
export class Outbox {
  readonly #database: DatabaseSync;
  readonly #limits: OutboxLimits;
  /** Each is made once. */
  readonly #statements = new Map<string, StatementSync>();

  private constructor(database: DatabaseSync, limits: OutboxLimits) {
    this.#database = database;
    this.#limits = limits;
  }

  /** @throws Error of SQLite, where the file cannot be used */
  static open(file: string, limits = usualLimits): Outbox {
    const database = new DatabaseSync(file, { timeout: 2000 });
    try {
      const found = database.prepare('PRAGMA quick_check(1)').get();
      if (found?.quick_check !== 'ok') throw new DamagedOutbox(String(found?.quick_check));
      // NORMAL: who is killed loses nothing, a machine that loses its power the last moments.
      database.exec(
        'PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA journal_size_limit = 4194304',
      );
      database.exec(schema);
    } catch (error) {
      database.close();
      throw error;
    }
    return new Outbox(database, limits);
  }

  close(): void {
    this.#database.close();
  }

  /** Writes all of it, or nothing; what is there already stays. Gives how many of each webhook had to go for it. */
  put(postings: readonly Posting[], wallMs: number): Map<string, number> {
    const lost = new Map<string, number>();
    this.#all(() => {
      const touched = new Set<string>();
      for (const posting of postings)
        for (const webhook of posting.webhooks) {
          this.#putOne(posting, webhook, wallMs);
          touched.add(webhook);
        }
      for (const webhook of touched) {
        const count = this.#makeRoom(webhook);
        if (count > 0) lost.set(webhook, count);
        this.#forgetDone(webhook, wallMs);
      }
    });
    return lost;
  }

  /** The first that may be sent now, in the order that it happened. @param busy rooms of which something is under way */
  due(webhook: string, busy: readonly string[], wallMs: number): Due | null {
    const row = this.#get(
      `SELECT id, event, room, body, tries FROM deliveries INDEXED BY deliveries_by_state
       WHERE webhook = ? AND state = 'waiting' AND next_try_at <= ?
         AND room NOT IN (SELECT value FROM json_each(?)) ORDER BY id LIMIT 1`,
      ...[webhook, wallMs, JSON.stringify(busy)],
    );
    return row
      ? {
          ...{ row: Number(row.id), event: String(row.event), room: String(row.room) },
          ...{ body: String(row.body), tries: Number(row.tries) },
        }
      : null;
  }

  /** When the first of those that wait may be tried, in ms since 1970; null: none waits. */
  nextTryAt(webhook: string): number | null {
    const row = this.#get(
      "SELECT min(next_try_at) AS at FROM deliveries WHERE webhook = ? AND state = 'waiting'",
      webhook,
    );
    return row?.at === null || row === undefined ? null : Number(row.at);
  }

  taken(row: number, status: number, wallMs: number): void {
    this.#run(
      "UPDATE deliveries SET state = 'taken', tries = tries + 1, status = ?, problem = NULL, done_at = ? WHERE id = ?",
      ...[status, wallMs, row],
    );
  }

  /** @param nextTryAt in ms since 1970 */
  notTaken(row: number, status: number | null, problem: string, nextTryAt: number): void {
    this.#run(
      "UPDATE deliveries SET tries = tries + 1, status = ?, problem = ?, next_try_at = ? WHERE id = ? AND state = 'waiting'",
      ...[status, problem, nextTryAt, row],
    );
  }

  /** What was not taken for a day is given up; gives how many. A clock that was put back keeps nothing waiting for longer. */
  giveUp(webhook: string, wallMs: number): number {
    this.#run(
      "UPDATE deliveries SET next_try_at = $now WHERE webhook = $webhook AND state = 'waiting' AND next_try_at > $now + $kept",
      { $now: wallMs, $webhook: webhook, $kept: keptMs },
    );
    return this.#run(
      "UPDATE deliveries SET state = 'failed', done_at = ? WHERE webhook = ? AND state = 'waiting' AND since < ?",
      ...[wallMs, webhook, wallMs - keptMs],
    );
  }

  /** For whom nothing is sent to any more nothing waits; and what is over goes after a day, also of those that nothing happens to. */
  tidy(receivers: readonly string[], wallMs: number): void {
    this.#run(
      `UPDATE deliveries SET state = 'failed', done_at = ?
       WHERE state = 'waiting' AND webhook NOT IN (SELECT value FROM json_each(?))`,
      ...[wallMs, JSON.stringify(receivers)],
    );
    this.#run("DELETE FROM deliveries WHERE state <> 'waiting' AND done_at < ?", wallMs - keptMs);
  }

  /** All that waits may be tried now. */
  hurry(webhook: string): void {
    this.#run(
      "UPDATE deliveries SET next_try_at = 0 WHERE webhook = ? AND state = 'waiting' AND next_try_at > 0",
      webhook,
    );
  }

  /** Its receiver has asked for that: nothing is sent to it before. @param until in whole ms since 1970; 0: it does not any more */
  pause(webhook: string, until: number): void {
    this.#run('INSERT OR REPLACE INTO pauses (webhook, until) VALUES (?, ?)', webhook, until);
  }

  /** Until when its receiver has asked to be left alone, in ms since 1970; 0: it has not. */
  pausedUntil(webhook: string): number {
    return Number(this.#get('SELECT until FROM pauses WHERE webhook = ?', webhook)?.until ?? 0);
  }

  /** Has it sent anew, with the same ids, but nothing that is older than two days. @param events null: all that was given up. Gives how many wait by that */
  again(webhook: string, events: readonly string[] | null, wallMs: number): number {
    const which = events === null ? "state = 'failed'" : 'event IN (SELECT value FROM json_each(?))';
    return this.#run(
      `UPDATE deliveries SET state = 'waiting', since = ?, tries = 0, next_try_at = 0, done_at = NULL
       WHERE webhook = ? AND at > ? AND ${which}`,
      ...[
        wallMs,
        webhook,
        new Date(wallMs - 2 * keptMs).toISOString(),
        ...(events === null ? [] : [JSON.stringify(events)]),
      ],
    );
  }

  /** The newest first. */
  log(webhook: string, limit: number): Delivery[] {
    const rows = this.#database
      .prepare('SELECT * FROM deliveries WHERE webhook = ? ORDER BY id DESC LIMIT ?')
      .all(webhook, limit);
    return rows.map(asDelivery);
  }

  /** How much waits, and when something was taken last. */
  figures(webhook: string): { readonly waiting: number; readonly takenAt: string | null } {
    const row = this.#get(
      `SELECT (SELECT count(*) FROM deliveries WHERE webhook = $webhook AND state = 'waiting') AS waiting,
        (SELECT max(done_at) FROM deliveries WHERE webhook = $webhook AND state = 'taken') AS at`,
      { $webhook: webhook },
    );
    return { waiting: Number(row?.waiting ?? 0), takenAt: asTime(row?.at) };
  }

  /** Forgets all of every other webhook. */
  keepOnly(webhooks: readonly string[]): void {
    this.#all(() => {
      for (const table of ['deliveries', 'sequences', 'pauses'])
        this.#run(
          `DELETE FROM ${table} WHERE webhook NOT IN (SELECT value FROM json_each(?))`,
          JSON.stringify(webhooks),
        );
    });
  }

  #putOne({ event, type, room, at, data, passing }: Posting, webhook: string, wallMs: number): void {
    if (this.#get('SELECT id FROM deliveries WHERE webhook = ? AND event = ?', webhook, event)) return;
    const counted = this.#get(
      `INSERT INTO sequences (webhook, room, last, used_at) VALUES (?, ?, 1, ?)
       ON CONFLICT (webhook, room) DO UPDATE SET last = last + 1, used_at = excluded.used_at RETURNING last`,
      ...[webhook, room ?? '', wallMs],
    );
    const sequence = Number(counted?.last);
    const body = `{"type":${JSON.stringify(type)},"timestamp":${JSON.stringify(at)},"sequence":${sequence},"data":${data}}`;
    this.#run(
      `INSERT INTO deliveries (webhook, event, type, room, sequence, at, body, bytes, passing, state, since, tries, next_try_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'waiting', ?, 0, 0)`,
      ...[
        webhook,
        event,
        type,
        room ?? '',
        sequence,
        at,
        body,
        Buffer.byteLength(body),
        Number(passing),
        wallMs,
      ],
    );
  }

  #makeRoom(webhook: string): number {
    const row = this.#get(
      "SELECT count(*) AS count, sum(bytes) AS bytes FROM deliveries INDEXED BY deliveries_by_state WHERE webhook = ? AND state = 'waiting'",
      webhook,
    );
    let [count, bytes] = [Number(row?.count ?? 0), Number(row?.bytes ?? 0)];
    let lost = 0;
    while (count > this.#limits.waiting || bytes > this.#limits.bytes) {
      const oldest = this.#get(
        `DELETE FROM deliveries WHERE id = (SELECT id FROM deliveries WHERE webhook = ? AND state = 'waiting'
           ORDER BY passing DESC, id LIMIT 1) RETURNING bytes`,
        webhook,
      );
      if (!oldest) break;
      count -= 1;
      bytes -= Number(oldest.bytes);
      lost += 1;
    }
    return lost;
  }

  #forgetDone(webhook: string, wallMs: number): void {
    this.#run(
      `DELETE FROM deliveries WHERE webhook = $webhook AND state <> 'waiting' AND (done_at < $since OR id <=
         (SELECT id FROM deliveries WHERE webhook = $webhook AND state <> 'waiting' ORDER BY id DESC LIMIT 1 OFFSET $most))`,
      { $webhook: webhook, $since: wallMs - keptMs, $most: maxDone },
    );
    this.#run(
      `DELETE FROM sequences WHERE webhook = $webhook AND used_at <
         (SELECT used_at FROM sequences WHERE webhook = $webhook ORDER BY used_at DESC LIMIT 1 OFFSET $most)`,
      { $webhook: webhook, $most: maxCounted },
    );
  }

  #all(act: () => void): void {
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      act();
      this.#database.exec('COMMIT');
    } finally {
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
    }
  }

  #get(sql: string, ...values: Values) {
    return this.#statement(sql).get(...(values as SQLInputValue[]));
  }

  #run(sql: string, ...values: Values): number {
    return Number(this.#statement(sql).run(...(values as SQLInputValue[])).changes);
  }

  #statement(sql: string): StatementSync {
    const known = this.#statements.get(sql) ?? this.#database.prepare(sql);
    this.#statements.set(sql, known);
    return known;
  }
}

type Values = readonly SQLInputValue[] | readonly [Readonly<Record<string, SQLInputValue>>];

function asDelivery(row: Record<string, unknown>): Delivery {
  const state = row.state as Delivery['state'];
  return {
    ...{ event: String(row.event), type: String(row.type), room: row.room === '' ? null : String(row.room) },
    ...{ sequence: Number(row.sequence), at: String(row.at), state, tries: Number(row.tries) },
    status: row.status === null ? null : Number(row.status),
    problem: row.problem === null ? null : String(row.problem),
    nextTryAt: state === 'waiting' && row.next_try_at !== 0 ? asTime(row.next_try_at) : null,
    doneAt: asTime(row.done_at),
  };
}

function asTime(ms: unknown): string | null {
  return ms === null || ms === undefined ? null : new Date(Number(ms)).toISOString();
}
