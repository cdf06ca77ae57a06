import { readFileSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { migrate } from '../../../src/daemon/state/migrations.ts';
import { rememberRevoked, revokeAgain, voidHashes } from '../../../src/daemon/state/revocations.ts';
import { revocationsFile } from '../../../src/daemon/state/state-files.ts';
import { temporaryFolder } from '../../helpers/state.ts';

type Rows = Readonly<Record<string, number | null>>;

/** A state with these, by their hashes: since when each is revoked. */
function stateOf({ keys = {}, tokens = {}, links = {} }: { keys?: Rows; tokens?: Rows; links?: Rows }) {
  const database = new DatabaseSync(':memory:');
  migrate(database);
  const inserts = [
    [keys, 'stream_keys (id, room, name, hash, created_at, revoked_at) VALUES (?1, ?1, ?1, ?1, 1, ?2)'],
    [tokens, "tokens (id, name, role, hash, created_at, revoked_at) VALUES (?1, ?1, 'read', ?1, 1, ?2)"],
    [
      links,
      "links (id, room, hash, key, uses, created_at, revoked_at) VALUES (?1, 'lobby', ?1, 'k', 0, 1, ?2)",
    ],
  ] as const;
  database.exec('BEGIN');
  for (const [rows, words] of inserts) {
    const insert = database.prepare(`INSERT INTO ${words}`);
    for (const [hash, at] of Object.entries(rows)) insert.run(hash, at);
  }
  database.exec('COMMIT');
  return database;
}

const flood = (from: number, to: number): Rows =>
  Object.fromEntries(Array.from({ length: to - from }, (_, at) => [`l${from + at}`, 1000 + from + at]));

test('a flood of links that are revoked makes nobody forget a key or a token, only the oldest links', () => {
  using folder = temporaryFolder();
  const few = { keys: { k: 1 }, tokens: { t: 2 } };
  using first = stateOf(few);
  rememberRevoked(folder.path, first, 5);
  using second = stateOf({ ...few, links: flood(0, 10_005) });
  rememberRevoked(folder.path, second, 5);
  const file = () => readFileSync(revocationsFile(folder.path), 'utf8');
  const written = file();
  // More than may be remembered are in the state: looked at again, nothing changes.
  rememberRevoked(folder.path, second, 6);
  expect(file()).toBe(written);
  using empty = stateOf({});
  const past = voidHashes(folder.path, empty);
  expect(past.size).toBe(10_002);
  expect(['k', 't', 'l5', 'l10004', 'l4'].map((hash) => past.has(hash))).toEqual([
    true,
    true,
    true,
    true,
    false,
  ]);
  using backup = stateOf({ keys: { k: null }, tokens: { t: null }, links: { l10004: null, l4: null } });
  expect(revokeAgain(folder.path, backup)).toBe(3);
  expect(backup.prepare('SELECT hash, revoked_at AS at FROM links ORDER BY hash').all()).toEqual([
    { hash: 'l10004', at: 11_004 },
    { hash: 'l4', at: null },
  ]);
});

test('what an earlier build wrote, which told no kinds, is known; and so is what is written now to that', () => {
  using folder = temporaryFolder();
  const file = revocationsFile(folder.path);
  writeFileSync(file, '7 old\n3 k\nnonsense\n');
  using database = stateOf({ keys: { k: 3 }, links: { l: 9 } });
  rememberRevoked(folder.path, database, 10);
  const lines = readFileSync(file, 'utf8').split('\n');
  expect(lines).toEqual(['7 old', '# keys', '3 k', '# links', '9 l', '']);
  // By this it reads them.
  expect(lines.filter((line) => /^(\d+) (\S+)$/.test(line))).toEqual(['7 old', '3 k', '9 l']);
  using backup = stateOf({ tokens: { old: null }, keys: { k: null, kept: null } });
  expect(revokeAgain(folder.path, backup)).toBe(2);
});

test('what is revoked again is all or nothing', () => {
  using folder = temporaryFolder();
  using before = stateOf({ keys: { a: 1 }, links: { b: 2 } });
  rememberRevoked(folder.path, before, 3);
  using backup = stateOf({ keys: { a: null }, links: { b: null } });
  backup.exec("CREATE TRIGGER no BEFORE UPDATE ON links BEGIN SELECT raise(FAIL, 'no'); END");
  expect(() => revokeAgain(folder.path, backup)).toThrow('no');
  expect(backup.isTransaction).toBe(false);
  expect(backup.prepare('SELECT revoked_at AS at FROM stream_keys').get()).toEqual({ at: null });
});
