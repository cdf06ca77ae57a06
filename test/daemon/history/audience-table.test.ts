import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { noFigures } from '../../../src/daemon/audience/minute-figures.ts';
import {
  type AudienceRow,
  audienceShare,
  audienceTable,
} from '../../../src/daemon/history/audience-table.ts';
import { usualLimits } from '../../helpers/history.ts';

const minuteMs = 60_000;
const talk = { id: 'b-aaaaaaaaaa', title: 'The talk' };
const counted = (
  minute: number,
  room = 'lobby',
  broadcast: { id: string; title: string | null } = talk,
): AudienceRow => ({
  ...{ came: [], ended: [] },
  minutes: [{ room, minute, broadcast, figures: { ...noFigures(1), joined: 1, watchedMs: 10_000 } }],
});

function begun(...rows: AudienceRow[]) {
  const database = new DatabaseSync(':memory:');
  audienceTable.begin(database, 0);
  audienceTable.write(database, rows, usualLimits);
  return database;
}

function span(database: DatabaseSync, room: string | null, broadcast: string | null = null) {
  const result = audienceTable.read(database, { is: 'span', room, broadcast });
  if (result.is !== 'span') throw new Error(result.is);
  return result;
}

function figures(database: DatabaseSync, query: object) {
  const asked = {
    is: 'figures',
    room: 'lobby',
    broadcast: null,
    fromMinute: 0,
    untilMinute: 1000,
    step: 1,
    ...query,
  } as const;
  const result = audienceTable.read(database, asked);
  if (result.is !== 'figures') throw new Error(result.is);
  return result.intervals.map(([at, { there, joined, watchedMs }]) => [at, there, joined, watchedMs]);
}

test('audienceTable adds what comes of a minute to what stands there, and minutes to intervals', () => {
  using database = begun(counted(10), counted(10), counted(11), counted(25), counted(10, 'hall'));
  expect(figures(database, { fromMinute: 10 })).toEqual([
    [0, 1, 2, 20_000],
    [1, 1, 1, 10_000],
    [15, 1, 1, 10_000],
  ]);
  expect(figures(database, { fromMinute: 10, step: 10 })).toEqual([
    [0, 1, 3, 30_000],
    [1, 1, 1, 10_000],
  ]);
  expect(figures(database, { fromMinute: 11, untilMinute: 25 })).toEqual([[0, 1, 1, 10_000]]);
  expect(span(database, null, talk.id).span).toEqual({
    room: 'lobby',
    title: 'The talk',
    fromMinute: 10,
    lastMinute: 25,
  });
  expect(span(database, 'nowhere').span).toBeNull();
});

test('audienceTable keeps within its part, the newest, and says what is missing', () => {
  using database = begun();
  const limits = { ...usualLimits, maxBytes: 1024 * 1024 };
  const mostBytes = limits.maxBytes * audienceShare;
  for (let minute = 1; minute <= 2000; minute++) audienceTable.write(database, [counted(minute)], limits);
  const { bytes, first } = database
    .prepare('SELECT sum(length(text)) AS bytes, min(minute) AS first FROM audience')
    .get() as { bytes: number; first: number };
  expect(bytes).toBeGreaterThan(mostBytes / 5);
  expect(bytes).toBeLessThan(mostBytes);
  expect(span(database, 'lobby')).toMatchObject({
    span: { fromMinute: first, lastMinute: 2000 },
    completeMs: first * minuteMs,
  });
});

test('audienceTable forgets what is too old, with its titles, and says so', () => {
  using database = begun(counted(10), counted(500, 'lobby', { id: 'b-bbbbbbbbbb', title: 'Another' }));
  audienceTable.tidy(database, { ...usualLimits, keepMs: 100 * minuteMs }, 550 * minuteMs);
  expect(span(database, 'lobby')).toMatchObject({ span: { fromMinute: 500 }, completeMs: 450 * minuteMs });
  expect(database.prepare('SELECT title FROM audience_titles').all()).toEqual([{ title: 'Another' }]);
});

test('audienceTable removes what is of a room, and older, alone', () => {
  using database = begun(counted(10), counted(20), counted(10, 'hall'));
  expect(audienceTable.remove(database, { room: 'lobby', beforeMs: 20 * minuteMs })).toBe(1);
  expect(figures(database, {})).toEqual([[20, 1, 1, 10_000]]);
  expect(audienceTable.remove(database, { room: 'lobby', beforeMs: 1000 * minuteMs })).toBe(1);
  expect(span(database, 'lobby').span).toBeNull();
  expect(span(database, 'hall').span).not.toBeNull();
});

test('audienceTable knows who was there when nobody wrote any more, and when that was', () => {
  const visit = (id: string, browser: string | null) => ({ id, room: 'lobby', browser });
  using database = begun(
    { minutes: [], came: [visit('v-one', 'u-one'), visit('v-two', null)], ended: [] },
    counted(10),
    // Of the daemon that asks.
    counted(12),
    { minutes: [], came: [visit('v-three', 'u-three')], ended: ['v-two', 'v-unknown'] },
  );
  expect(audienceTable.read(database, { is: 'visits', untilMinute: 10 })).toEqual({
    is: 'visits',
    visits: [
      { ...visit('v-one', 'u-one'), minute: 10, broadcast: talk.id },
      { ...visit('v-three', 'u-three'), minute: 10, broadcast: talk.id },
    ],
  });
});

test.each([
  {
    name: 'are too old',
    forget: (database: DatabaseSync) =>
      audienceTable.tidy(database, { ...usualLimits, keepMs: 100 * minuteMs }, 550 * minuteMs),
    left: ['v-old-hall-new', 'v-new'],
  },
  {
    name: 'are removed with their room',
    forget: (database: DatabaseSync) =>
      audienceTable.remove(database, { room: 'lobby', beforeMs: 550 * minuteMs }),
    left: ['v-new', 'v-old-hall-new'],
  },
  {
    name: 'have no minute any more',
    forget: (database: DatabaseSync) => audienceTable.write(database, [], { ...usualLimits, maxBytes: 3500 }),
    left: ['v-new', 'v-old-hall-new'],
  },
])('audienceTable forgets visits that $name, and none where somebody is', ({ forget, left }) => {
  const visit = (id: string, room: string) => ({ id, room, browser: 'u-one' });
  const came = [visit('v-old', 'lobby'), visit('v-old-hall-new', 'hall'), visit('v-new', 'studio')];
  using database = begun({ minutes: [], came, ended: [] });
  const rows = [counted(10), counted(10, 'hall'), counted(549, 'hall'), counted(549, 'studio')];
  audienceTable.write(database, rows, usualLimits);
  forget(database);
  const ids = database.prepare('SELECT id FROM audience_visits').all();
  expect(ids.map(({ id }) => id).sort()).toEqual(left.sort());
});

test('audienceTable spares who is there now when what is older is removed of a room', () => {
  using database = begun(
    { minutes: [], came: [{ id: 'v-one', room: 'lobby', browser: 'u-one' }], ended: [] },
    counted(549),
  );
  expect(audienceTable.remove(database, { room: 'lobby', beforeMs: 550 * minuteMs })).toBe(1);
  expect(database.prepare('SELECT id FROM audience_visits').all()).toEqual([{ id: 'v-one' }]);
});
