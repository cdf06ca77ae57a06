import type { DatabaseSync } from 'node:sqlite';
import {
  figuresText,
  type MinuteFigures,
  noFigures,
  readFigures,
  together,
} from '../audience/minute-figures.ts';
import { minuteMs, type TalliedMinute } from '../audience/room-tally.ts';
import type { HistoryTable } from './history-table.ts';

/** The part of the whole that figures of viewers may take. */
export const audienceShare = 0.1;
/** What a row takes beside its text, about, in bytes. */
const rowBytes = 100;
/** So much is left where there was too much, so that not each minute has another removed. */
const leftOver = 0.9;
/** Visits that are awaited after a restart. */
const maxVisits = 20_000;

/** A visit that goes on. */
export interface Visit {
  readonly id: string;
  readonly room: string;
  /** null: it cannot be known again. */
  readonly browser: string | null;
}

/** A visit that went on when a daemon ended, and in which minute, of what broadcast, that was at the latest. */
export interface VisitFound extends Visit {
  readonly minute: number;
  readonly broadcast: string;
}

/** What was counted since the row before: it is added to what stands there. */
export interface AudienceRow {
  readonly minutes: readonly (TalliedMinute & { readonly room: string })[];
  readonly came: readonly Visit[];
  /** Ids of those that do not go on. */
  readonly ended: readonly string[];
}

/** Of what it is told. */
export interface AudienceSubject {
  /** null: the one where the broadcast was. */
  readonly room: string | null;
  /** null: all that was in the room. */
  readonly broadcast: string | null;
}

export type AudienceQuery =
  /** Those of an earlier daemon: no minute is after that. */
  | { readonly is: 'visits'; readonly untilMinute: number }
  | ({ readonly is: 'span' } & AudienceSubject)
  | ({
      readonly is: 'figures';
      /** Since 1970; the last minute is not in it. */
      readonly fromMinute: number;
      readonly untilMinute: number;
      /** How many minutes are one. */
      readonly step: number;
    } & AudienceSubject);

export type AudienceResult =
  | { readonly is: 'visits'; readonly visits: readonly VisitFound[] }
  | {
      readonly is: 'span';
      /** null: nothing is there. */
      readonly span: {
        readonly room: string;
        readonly title: string | null;
        readonly fromMinute: number;
        /** It is in it. */
        readonly lastMinute: number;
      } | null;
      /** Nothing is missing since then: since 1970, in ms. */
      readonly completeMs: number;
    }
  /** Where nobody was there is none. */
  | {
      readonly is: 'figures';
      readonly intervals: readonly (readonly [at: number, figures: MinuteFigures])[];
    };

/** What the minutes of a database take, in bytes. */
const held = new WeakMap<DatabaseSync, number>();

/** Who watched, and how well: figures of each minute of each room and broadcast, and of visits that go on their ids. */
export const audienceTable: HistoryTable<AudienceRow, AudienceQuery, AudienceResult> = {
  begin(database, nowMs) {
    database.exec(`
      CREATE TABLE IF NOT EXISTS audience (
        room TEXT NOT NULL, minute INTEGER NOT NULL, broadcast TEXT NOT NULL, text TEXT NOT NULL,
        PRIMARY KEY (room, minute, broadcast)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX IF NOT EXISTS audience_by_broadcast ON audience (broadcast, minute);
      CREATE INDEX IF NOT EXISTS audience_by_minute ON audience (minute);
      CREATE TABLE IF NOT EXISTS audience_titles (broadcast TEXT PRIMARY KEY, title TEXT NOT NULL) STRICT, WITHOUT ROWID;
      CREATE TABLE IF NOT EXISTS audience_visits (id TEXT PRIMARY KEY, room TEXT NOT NULL, browser TEXT) STRICT, WITHOUT ROWID;
      CREATE TABLE IF NOT EXISTS audience_gap (one INTEGER PRIMARY KEY CHECK (one = 1), until INTEGER NOT NULL) STRICT;
    `);
    database.prepare('INSERT OR IGNORE INTO audience_gap VALUES (1, ?)').run(nowMs);
  },

  write(database, rows, { maxBytes }) {
    for (const { minutes, came, ended } of rows) {
      for (const one of minutes) addMinute(database, one);
      const come = database.prepare('INSERT OR REPLACE INTO audience_visits VALUES (?, ?, ?)');
      for (const { id, room, browser } of came) come.run(id, room, browser);
      const end = database.prepare('DELETE FROM audience_visits WHERE id = ?');
      for (const id of ended) end.run(id);
    }
    makeRoom(database, maxBytes * audienceShare);
  },

  lose: (database, atMs) => missing(database, atMs),

  forget: (database) => void held.delete(database),

  tidy(database, { keepMs }, nowMs) {
    const before = Math.floor((nowMs - keepMs) / minuteMs);
    forgetVisits(database, before);
    const { changes } = database.prepare('DELETE FROM audience WHERE minute < ?').run(before);
    if (Number(changes) > 0) {
      held.delete(database);
      missing(database, before * minuteMs - 1);
    }
    forgetTitles(database);
    return false;
  },

  remove(database, { room, beforeMs }) {
    // Whoever is there has a figure of this minute, or of the one before.
    forgetVisits(database, Math.floor(beforeMs / minuteMs) - 1, room);
    const { changes } = database
      .prepare('DELETE FROM audience WHERE room = ? AND minute < ?')
      .run(room, Math.ceil(beforeMs / minuteMs));
    held.delete(database);
    forgetTitles(database);
    return Number(changes);
  },

  read(database, query) {
    switch (query.is) {
      case 'visits':
        return { is: 'visits', visits: visits(database, query.untilMinute) };
      case 'span':
        return { is: 'span', span: span(database, query), completeMs: completeMs(database) };
      case 'figures': {
        const { fromMinute, untilMinute, step } = query;
        const { where, values } = ofSubject(query);
        const rows = database
          .prepare(
            `SELECT minute, text FROM audience WHERE ${where} AND minute >= ? AND minute < ? ORDER BY minute`,
          )
          .iterate(...values, fromMinute, untilMinute);
        const found = new Map<number, MinuteFigures>();
        for (const { minute, text } of rows) {
          const at = Math.floor((Number(minute) - fromMinute) / step);
          const figures = readFigures(String(text));
          const before = found.get(at);
          found.set(at, before ? together(before, figures) : figures);
        }
        return { is: 'figures', intervals: [...found] };
      }
    }
  },
};

function addMinute(
  database: DatabaseSync,
  { room, minute, broadcast, figures }: AudienceRow['minutes'][number],
): void {
  const key = [room, minute, broadcast.id] as const;
  const bytes = heldBy(database);
  const before = database
    .prepare('SELECT text FROM audience WHERE room = ? AND minute = ? AND broadcast = ?')
    .get(...key);
  const text = figuresText(
    together(before ? readFigures(String(before.text)) : noFigures(figures.there), figures),
  );
  database.prepare('INSERT OR REPLACE INTO audience VALUES (?, ?, ?, ?)').run(...key, text);
  const more = before ? text.length - String(before.text).length : text.length + rowBytes;
  held.set(database, bytes + more);
  if (broadcast.title === null) return;
  database.prepare('INSERT OR REPLACE INTO audience_titles VALUES (?, ?)').run(broadcast.id, broadcast.title);
}

function heldBy(database: DatabaseSync): number {
  const known = held.get(database);
  if (known !== undefined) return known;
  const { bytes } = database
    .prepare(`SELECT coalesce(sum(length(text) + ${rowBytes}), 0) AS bytes FROM audience`)
    .get() as { bytes: number };
  held.set(database, bytes);
  return bytes;
}

/** The oldest minutes go where there is too much. */
function makeRoom(database: DatabaseSync, mostBytes: number): void {
  let left = heldBy(database);
  if (left <= mostBytes) return;
  let last: number | null = null;
  for (const { minute, length } of database
    .prepare('SELECT minute, length(text) AS length FROM audience ORDER BY minute')
    .iterate()) {
    if (left <= mostBytes * leftOver) break;
    left -= Number(length) + rowBytes;
    last = Number(minute);
  }
  if (last === null) return;
  forgetVisits(database, last + 1);
  database.prepare('DELETE FROM audience WHERE minute <= ?').run(last);
  held.delete(database);
  missing(database, (last + 1) * minuteMs - 1);
}

function missing(database: DatabaseSync, untilMs: number): void {
  database.prepare('UPDATE audience_gap SET until = max(until, ?)').run(untilMs + 1);
}

function completeMs(database: DatabaseSync): number {
  return Number(database.prepare('SELECT until FROM audience_gap').get()?.until);
}

function forgetTitles(database: DatabaseSync): void {
  database.exec(
    'DELETE FROM audience_titles WHERE NOT EXISTS (SELECT 1 FROM audience WHERE audience.broadcast = audience_titles.broadcast)',
  );
}

/** Visits in rooms where nobody was since a minute are over. @param room null: each */
function forgetVisits(database: DatabaseSync, minute: number, room: string | null = null): void {
  database
    .prepare(
      `DELETE FROM audience_visits WHERE room = coalesce(?, room)
        AND (SELECT max(minute) FROM audience WHERE audience.room = audience_visits.room) < ?`,
    )
    .run(room, minute);
}

function visits(database: DatabaseSync, untilMinute: number): VisitFound[] {
  const rows = database.prepare(`SELECT id, room, browser FROM audience_visits LIMIT ${maxVisits}`).all();
  const lastOf = database.prepare(
    'SELECT minute, broadcast FROM audience WHERE room = ? AND minute <= ? ORDER BY minute DESC LIMIT 1',
  );
  const known = new Map<string, { minute: number; broadcast: string }>();
  return rows.map(({ id, room, browser }) => {
    const name = String(room);
    const last = known.get(name) ?? readLast(lastOf.get(name, untilMinute));
    known.set(name, last);
    return { id: String(id), room: name, browser: browser === null ? null : String(browser), ...last };
  });
}

function readLast(row: Record<string, unknown> | undefined): { minute: number; broadcast: string } {
  return { minute: Number(row?.minute ?? 0), broadcast: String(row?.broadcast ?? '') };
}

function span(database: DatabaseSync, subject: AudienceSubject) {
  const { where, values } = ofSubject(subject);
  const row = database
    .prepare(
      `SELECT min(minute) AS first, max(minute) AS last, max(room) AS room FROM audience WHERE ${where}`,
    )
    .get(...values);
  if (!row || row.first === null) return null;
  const title = database
    .prepare('SELECT title FROM audience_titles WHERE broadcast = ?')
    .get(subject.broadcast)?.title;
  return {
    ...{ room: String(row.room), title: title === undefined ? null : String(title) },
    ...{ fromMinute: Number(row.first), lastMinute: Number(row.last) },
  };
}

/** Each has an index of its own. */
function ofSubject({ room, broadcast }: AudienceSubject): {
  readonly where: string;
  readonly values: string[];
} {
  const asked = Object.entries({ room, broadcast }).flatMap(([name, value]) =>
    value === null ? [] : [{ name, value }],
  );
  return {
    where: asked.length === 0 ? 'true' : asked.map(({ name }) => `${name} = ?`).join(' AND '),
    values: asked.map(({ value }) => value),
  };
}
