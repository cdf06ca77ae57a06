import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { type BanRecord, readBans, writeBan } from '../../../src/daemon/state/ban-table.ts';
import { banAgain, bansBeside, rememberBans } from '../../../src/daemon/state/remembered-bans.ts';
import { temporaryFolder } from '../../helpers/state.ts';

const nowMs = 1_000_000;
const ban = (id: string, more: Partial<BanRecord> = {}): BanRecord => ({
  ...{
    id,
    kind: 'network',
    subject: '192.0.2.4',
    room: null,
    reason: null,
    madeAt: 1,
    link: null,
    browser: null,
  },
  ...{ expiresAt: null, liftedAt: null, ...more },
});

function stateOf(bans: readonly BanRecord[]): DatabaseSync {
  const database = new DatabaseSync(':memory:');
  database.exec(
    `CREATE TABLE bans (id TEXT PRIMARY KEY, kind TEXT, subject TEXT, room TEXT, reason TEXT, made_at INTEGER, link TEXT, browser TEXT,
      expires_at INTEGER, lifted_at INTEGER)`,
  );
  database.exec('BEGIN');
  for (const one of bans) writeBan(database, one);
  database.exec('COMMIT');
  return database;
}

test('rememberBans forgets what is over before what holds, and the oldest of that first', () => {
  using folder = temporaryFolder();
  const over = Array.from({ length: 20_000 }, (_, at) =>
    ban(`o-${at}`, { madeAt: 2 + at, expiresAt: 30_000 }),
  );
  using database = stateOf([ban('holds'), ...over]);
  rememberBans(folder.path, database, nowMs);
  const beside = bansBeside(folder.path).map(({ id }) => id);
  expect(beside).toHaveLength(20_000);
  expect(beside).toContain('holds');
  expect(beside).toContain('o-19999');
  expect(beside).not.toContain('o-0');
});

test('banAgain brings a state up to date, all or nothing', () => {
  using folder = temporaryFolder();
  using newer = stateOf([ban('a'), ban('b', { liftedAt: 5 })]);
  rememberBans(folder.path, newer, nowMs);
  using older = stateOf([ban('b')]);
  banAgain(folder.path, older);
  expect(older.isTransaction).toBe(false);
  expect(readBans(older).map(({ id, liftedAt }) => [id, liftedAt])).toEqual([
    ['a', null],
    ['b', 5],
  ]);
  using broken = stateOf([]);
  broken.exec(
    "CREATE TRIGGER no BEFORE INSERT ON bans WHEN new.id = 'b' BEGIN SELECT raise(FAIL, 'no'); END",
  );
  expect(() => banAgain(folder.path, broken)).toThrow('no');
  expect([readBans(broken), broken.isTransaction]).toEqual([[], false]);
});
