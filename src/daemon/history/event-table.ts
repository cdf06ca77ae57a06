import type { DatabaseSync } from 'node:sqlite';
import { withoutAddresses } from '../../contract/hidden-addresses.ts';
import type { HistoryLimits, HistoryTable } from './history-table.ts';

/**
 * What is kept apart, so that no kind of event pushes out another: what went wrong, who came and went, who was refused, and what
 * strangers do in rooms that they make up. Each with its part of the whole; what is left is for figures of viewers.
 */
export const shelves = { wrong: 0.27, usual: 0.27, viewers: 0.22, refused: 0.09, strange: 0.05 } as const;
export type Shelf = keyof typeof shelves;

/** An event as it is kept. */
export interface EventRow {
  /** Since 1970. */
  readonly atMs: number;
  readonly type: string;
  /** null: it is of no room; '': of one that has no name. */
  readonly room: string | null;
  readonly shelf: Shelf;
  /** Whether it has addresses. */
  readonly personal: boolean;
  /** JSON */
  readonly text: string;
}

/** Which events: since a moment, of these types and shelves, of one room or all, behind an id. */
export interface EventQuery {
  readonly sinceMs: number;
  /** null: all. */
  readonly types: readonly string[] | null;
  readonly shelves: readonly Shelf[];
  /** Of which it is said since when nothing is missing. */
  readonly whole: readonly Shelf[];
  /** Those of no room come too. */
  readonly room: string | null;
  readonly after: number;
  /** What has come since the first page was read is not in the next; null: this is the first. */
  readonly upTo: number | null;
}

/** Some of them, in their order. */
export interface EventPage {
  /** JSON, each. */
  readonly texts: readonly string[];
  /** What the next page is behind; null: there is none. */
  readonly after: number | null;
  readonly upTo: number;
  /** Nothing is missing since then: since 1970, in ms. */
  readonly completeMs: number;
}

/** What is read at once. */
const pageEvents = 500;
/** What a row takes beside its text, about, in bytes. */
const rowBytes = 150;
/** So much is left where there was too much, so that not each event has another removed. */
const leftOver = 0.9;
/** What is of a moment so far ahead, in ms, is of a clock that was wrong. */
const aheadMs = 86_400_000;
/** Rows whose addresses are taken out at once. */
const scrubRows = 500;

/** What each shelf of a database holds, in bytes. */
const held = new WeakMap<DatabaseSync, Map<string, number>>();

/** Events, each on its shelf. */
export const eventTable: HistoryTable<EventRow, EventQuery, EventPage> = {
  begin(database, nowMs) {
    database.exec(`
      CREATE TABLE IF NOT EXISTS events (
        id INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, type TEXT NOT NULL, room TEXT,
        shelf TEXT NOT NULL, bytes INTEGER NOT NULL, personal INTEGER NOT NULL, text TEXT NOT NULL
      ) STRICT;
      CREATE INDEX IF NOT EXISTS events_by_time ON events (at);
      CREATE INDEX IF NOT EXISTS events_by_shelf ON events (shelf, id, bytes);
      CREATE INDEX IF NOT EXISTS events_personal ON events (at) WHERE personal = 1;
      CREATE TABLE IF NOT EXISTS event_gaps (shelf TEXT PRIMARY KEY, until INTEGER NOT NULL) STRICT, WITHOUT ROWID;
    `);
    database.prepare("INSERT OR IGNORE INTO event_gaps VALUES ('', ?)").run(nowMs);
  },

  write(database, rows, limits) {
    const bytesOf = heldBy(database);
    const insert = database.prepare(
      'INSERT INTO events (at, type, room, shelf, bytes, personal, text) VALUES (?, ?, ?, ?, ?, ?, ?)',
    );
    for (const { atMs, type, room, shelf, personal, text } of rows) {
      const bytes = rowBytes + Buffer.byteLength(text);
      insert.run(atMs, type, room, shelf, bytes, personal ? 1 : 0, text);
      bytesOf.set(shelf, (bytesOf.get(shelf) ?? 0) + bytes);
    }
    for (const shelf of Object.keys(shelves) as Shelf[]) makeRoom(database, shelf, limits);
  },

  lose: (database, atMs) => missing(database, '', atMs),

  forget: (database) => void held.delete(database),

  tidy(database, { keepMs, keepAddressesMs }, nowMs) {
    const old = database
      .prepare('SELECT shelf, max(at) AS until FROM events WHERE at < ? GROUP BY shelf')
      .all(nowMs - keepMs);
    if (old.length > 0) {
      database.prepare('DELETE FROM events WHERE at < ?').run(nowMs - keepMs);
      for (const { shelf, until } of old) missing(database, String(shelf), Number(until));
      held.delete(database);
    }
    return scrub(database, nowMs - keepAddressesMs, nowMs + aheadMs);
  },

  // Nothing is said to be missing: whoever removed it knows.
  remove(database, { room, beforeMs }) {
    const { changes } = database.prepare('DELETE FROM events WHERE room = ? AND at < ?').run(room, beforeMs);
    held.delete(database);
    return Number(changes);
  },

  read(database, { sinceMs, types, shelves: asked, whole, room, after, upTo }) {
    const shelf = JSON.stringify(asked);
    const { completeMs } = database
      .prepare(
        "SELECT max(until) AS completeMs FROM event_gaps WHERE shelf = '' OR shelf IN (SELECT value FROM json_each(?))",
      )
      .get(JSON.stringify(whole)) as { completeMs: number };
    const { last } = database.prepare('SELECT coalesce(max(id), 0) AS last FROM events').get() as {
      last: number;
    };
    const until = upTo ?? last;
    const rows = database
      .prepare(
        `SELECT id, text FROM events WHERE id > ? AND id <= ? AND (? IS NULL OR room IS NULL OR room = ?)
          AND shelf IN (SELECT value FROM json_each(?)) AND (? IS NULL OR type IN (SELECT value FROM json_each(?)))
          ORDER BY id LIMIT ?`,
      )
      .all(
        // Each page but the first begins behind that already.
        ...[after > 0 ? after : beforeFirst(database, sinceMs), until, room, room, shelf],
        ...(types === null ? [null, null] : [1, JSON.stringify(types)]),
        pageEvents,
      );
    const isFull = rows.length === pageEvents;
    return {
      texts: rows.map(({ text }) => String(text)),
      after: isFull ? Number(rows.at(-1)?.id) : null,
      ...{ upTo: until, completeMs },
    };
  },
};

/** A clock that was put back leaves later events with earlier times: all behind the first one since then are told. */
function beforeFirst(database: DatabaseSync, sinceMs: number): number {
  const first = database
    .prepare('SELECT min(id) AS id FROM events INDEXED BY events_by_time WHERE at >= ?')
    .get(sinceMs);
  return Number(first?.id ?? Number.MAX_SAFE_INTEGER) - 1;
}

function heldBy(database: DatabaseSync): Map<string, number> {
  const known = held.get(database);
  if (known) return known;
  const rows = database.prepare('SELECT shelf, sum(bytes) AS bytes FROM events GROUP BY shelf').all();
  const found = new Map(rows.map(({ shelf, bytes }) => [String(shelf), Number(bytes)]));
  held.set(database, found);
  return found;
}

/** The oldest of a shelf goes where it holds more than its part. */
function makeRoom(database: DatabaseSync, shelf: Shelf, { maxBytes }: HistoryLimits): void {
  const bytesOf = heldBy(database);
  const most = maxBytes * shelves[shelf];
  let left = bytesOf.get(shelf) ?? 0;
  if (left <= most) return;
  let last: { id: number; at: number } | undefined;
  const oldest = database.prepare('SELECT id, at, bytes FROM events WHERE shelf = ? ORDER BY id');
  for (const { id, at, bytes } of oldest.iterate(shelf)) {
    if (left <= most * leftOver) break;
    left -= Number(bytes);
    last = { id: Number(id), at: Number(at) };
  }
  if (!last) return;
  database.prepare('DELETE FROM events WHERE shelf = ? AND id <= ?').run(shelf, last.id);
  bytesOf.set(shelf, left);
  missing(database, shelf, last.at);
}

function missing(database: DatabaseSync, shelf: string, untilMs: number): void {
  database
    .prepare(
      'INSERT INTO event_gaps VALUES (?, ?) ON CONFLICT (shelf) DO UPDATE SET until = max(until, excluded.until)',
    )
    .run(shelf, untilMs + 1);
}

/** What is of a moment to come is of a clock that was wrong: how old it is nobody knows. */
function scrub(database: DatabaseSync, beforeMs: number, behindMs: number): boolean {
  const due = database.prepare(
    `SELECT id, text FROM events INDEXED BY events_personal WHERE personal = 1 AND (at < ? OR at > ?) LIMIT ${scrubRows}`,
  );
  const change = database.prepare('UPDATE events SET text = ?, personal = 0 WHERE id = ?');
  let isAny = false;
  for (let rows = due.all(beforeMs, behindMs); rows.length > 0; rows = due.all(beforeMs, behindMs)) {
    isAny = true;
    for (const { id, text } of rows)
      change.run(JSON.stringify(withoutAddresses(JSON.parse(String(text)))), Number(id));
  }
  return isAny;
}
