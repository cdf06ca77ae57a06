import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import {
  type EventQuery,
  type EventRow,
  eventTable,
  type Shelf,
  shelves,
} from '../../../src/daemon/history/event-table.ts';
import { usualLimits } from '../../helpers/history.ts';

const all = Object.keys(shelves) as Shelf[];
const query: EventQuery = {
  ...{ sinceMs: 0, types: null, shelves: all, whole: all, room: null, after: 0, upTo: null },
};
const row = (atMs: number, more: Partial<EventRow> = {}): EventRow => ({
  ...{ atMs, type: 'worker.died', room: null, shelf: 'wrong', personal: false, text: `${atMs}` },
  ...more,
});

function begun(...rows: EventRow[]) {
  const database = new DatabaseSync(':memory:');
  eventTable.begin(database, 0);
  eventTable.write(database, rows, usualLimits);
  return database;
}

const texts = (database: DatabaseSync, asked: Partial<EventQuery> = {}) =>
  eventTable.read(database, { ...query, ...asked }).texts;

test('eventTable tells what was since a moment, of types and of a room, in its order', () => {
  using database = begun(
    row(1),
    row(2, { room: 'lobby', type: 'source.away' }),
    row(3, { room: 'hall' }),
    row(4, { room: '' }),
    row(5, { room: 'lobby', shelf: 'viewers' }),
  );
  expect(texts(database)).toEqual(['1', '2', '3', '4', '5']);
  expect(texts(database, { sinceMs: 2 })).toEqual(['2', '3', '4', '5']);
  expect(texts(database, { room: 'lobby' })).toEqual(['1', '2', '5']);
  expect(texts(database, { types: ['source.away'] })).toEqual(['2']);
  expect(texts(database, { shelves: ['wrong'] })).toEqual(['1', '2', '3', '4']);
});

test('eventTable finds what happened whatever became of the clock', () => {
  using database = begun(row(1000), row(5000), row(2000), row(2100));
  expect(texts(database, { sinceMs: 4000 })).toEqual(['5000', '2000', '2100']);
});

test('eventTable gives pages, and none of what has come since the first', () => {
  using database = begun(...Array.from({ length: 1200 }, (_, at) => row(at)));
  const read: string[] = [];
  let page = eventTable.read(database, query);
  for (;;) {
    read.push(...page.texts);
    eventTable.write(database, [row(9999)], usualLimits);
    if (page.after === null) break;
    page = eventTable.read(database, { ...query, after: page.after, upTo: page.upTo });
  }
  expect(read).toEqual(Array.from({ length: 1200 }, (_, at) => `${at}`));
});

test('eventTable keeps within its size; a flood of strangers pushes out nothing but strangers, and what is missing is said', () => {
  const limits = { ...usualLimits, maxBytes: 1024 * 1024 };
  using database = begun(row(1), row(2, { shelf: 'viewers' }));
  const text = 'x'.repeat(1000);
  for (let atMs = 3; atMs < 1000; atMs++)
    eventTable.write(database, [row(atMs, { shelf: 'strange', text })], limits);
  expect(texts(database, { shelves: ['wrong', 'viewers'] })).toEqual(['1', '2']);
  const strangers = texts(database, { shelves: ['strange'] });
  expect(strangers.length * 1000).toBeLessThan(limits.maxBytes * shelves.strange);
  expect(strangers.length).toBeGreaterThan(20);
  expect(eventTable.read(database, { ...query, whole: ['wrong', 'usual'] }).completeMs).toBe(0);
  expect(eventTable.read(database, query).completeMs).toBe(999 - strangers.length + 1);
});

test('eventTable forgets what is too old, and says so', () => {
  const limits = { ...usualLimits, keepMs: 1000 };
  using database = begun(row(500), row(1500));
  eventTable.tidy(database, limits, 2000);
  expect(texts(database)).toEqual(['1500']);
  expect(eventTable.read(database, query).completeMs).toBe(501);
  eventTable.lose(database, 1700);
  expect(eventTable.read(database, query).completeMs).toBe(1701);
});

test('eventTable takes addresses out of what is older than they may be kept, and of what a wrong clock has dated', () => {
  const text = JSON.stringify({ viewer: { address: '192.0.2.7' } });
  const personal = { text, personal: true };
  const days = 86_400_000;
  using database = begun(row(1000, personal), row(9 * days, personal), row(30 * days, personal));
  expect(eventTable.tidy(database, usualLimits, 10 * days)).toBe(true);
  const hidden = '{"viewer":{"address":"–"}}';
  expect(texts(database)).toEqual([hidden, text, hidden]);
  expect(eventTable.tidy(database, usualLimits, 10 * days)).toBe(false);
});
