import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { migrate, stateVersion } from '../../../src/daemon/state/migrations.ts';

/** Rows that a state of this version may hold, beside those of the versions before. */
const rows: Readonly<Record<number, string>> = {
  1: `INSERT INTO stream_keys (id, room, name, hash, created_at, revoked_at) VALUES ('k-1', 'lobby', 'cam1', 'h1', 1, NULL), ('k-2', 'lobby', 'cam2', 'h2', 2, 3);
      INSERT INTO audit (at, who, what, subject, details) VALUES (1, 'socket', 'key.created', 'k-1', '{}'), (2, 'daemon', 'key.used', 'k-1', '{}');`,
  2: '',
  3: `INSERT INTO loudness (path, identity, tracks) VALUES ('/a', 'first', '{}');`,
  4: `INSERT INTO broadcasts (room, id, begun_by, spec, wanted, changed_at) VALUES ('lobby', 'b-1', 'person', '{}', '{}', 4);`,
  5: `UPDATE broadcasts SET applied_by = 'webinar', declared = '{}';`,
  6: '',
  7: `INSERT INTO tokens (id, name, role, hash, created_at) VALUES ('t-1', 'anna', 'read', 'h3', 7);`,
  8: `INSERT INTO webhooks (id, url, secret, with_addresses, created_at) VALUES ('w-1', 'https://hooks.example', 'whsec_x', 0, 1);`,
  9: `INSERT INTO bans (id, kind, subject, made_at) VALUES ('x-1', 'network', '192.0.2.4', 9);`,
  10: `INSERT INTO links (id, room, hash, key, uses, created_at) VALUES ('l-1', 'lobby', 'h4', 'k', 0, 10);`,
  11: `INSERT INTO bans (id, kind, subject, link, browser, made_at) VALUES ('x-2', 'guest', 'g-1', 'l-1', 'u-1', 11);`,
  12: `INSERT INTO hands (viewer, room, name, raised_at) VALUES ('v-1', 'lobby', 'Anna', 11);`,
  13: `INSERT INTO rooms (name, settings, changed_at, made_at) VALUES ('berlin', '{}', 13, 13);`,
};

const all = (database: DatabaseSync, query: string) => database.prepare(query).all();
const columns = (database: DatabaseSync) =>
  all(database, "SELECT name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' ORDER BY name").map(
    ({ name }) => [name, all(database, `SELECT name, type, "notnull", pk FROM pragma_table_info('${name}')`)],
  );

describe('migrate', () => {
  it.each(Object.keys(rows).map(Number))(
    'brings a state of version %i up to date, and keeps what is in it',
    (version) => {
      const database = new DatabaseSync(':memory:');
      for (let step = 1; step <= version; step++) {
        migrate(database, step);
        database.exec(rows[step] ?? '');
      }
      migrate(database);
      const fresh = new DatabaseSync(':memory:');
      migrate(fresh);
      expect(columns(database)).toEqual(columns(fresh));
      expect(all(database, 'SELECT id, revoked_at FROM stream_keys ORDER BY id')).toEqual([
        { id: 'k-1', revoked_at: null },
        { id: 'k-2', revoked_at: 3 },
      ]);
      expect(all(database, "SELECT count(*) AS deeds FROM audit WHERE what = 'key.created'")).toEqual([
        { deeds: 1 },
      ]);
      expect(all(database, 'SELECT path FROM loudness')).toHaveLength(version >= 3 ? 1 : 0);
      expect(all(database, 'SELECT id FROM tokens')).toHaveLength(version >= 7 ? 1 : 0);
      expect(all(database, 'SELECT id FROM broadcasts')).toHaveLength(version >= 4 ? 1 : 0);
    },
  );

  it('has rows of each version here', () => {
    expect(Object.keys(rows)).toHaveLength(stateVersion);
  });
});
