import type { DatabaseSync } from 'node:sqlite';
import { MiroliveError } from '../../contract/errors.ts';

/** Each brings the schema from the version before to its own: 1, 2 … What was released is never changed. */
const migrations: readonly string[] = [
  `CREATE TABLE stream_keys (
     id TEXT PRIMARY KEY,
     room TEXT NOT NULL,
     name TEXT NOT NULL,
     hash TEXT NOT NULL UNIQUE,
     previous_hash TEXT,
     created_at INTEGER NOT NULL,
     expires_at INTEGER,
     last_used_at INTEGER,
     revoked_at INTEGER
   ) STRICT;
   CREATE UNIQUE INDEX stream_keys_by_name ON stream_keys (room, name) WHERE revoked_at IS NULL;
   CREATE TABLE audit (
     id INTEGER PRIMARY KEY,
     at INTEGER NOT NULL,
     who TEXT NOT NULL,
     what TEXT NOT NULL,
     subject TEXT NOT NULL,
     details TEXT NOT NULL
   ) STRICT;`,
  // Each publish was a deed, and few others were left.
  `DELETE FROM audit WHERE what = 'key.used';
   CREATE INDEX audit_by_who ON audit (who, id);`,
  `CREATE TABLE loudness (
     id INTEGER PRIMARY KEY AUTOINCREMENT,
     path TEXT NOT NULL UNIQUE,
     identity TEXT NOT NULL,
     tracks TEXT NOT NULL
   ) STRICT;`,
  // What is to run. `settings`, `spec`, `wanted`, `seen`, `body` and `maker` are JSON; `applied_by` is the name of the file that made it.
  `CREATE TABLE rooms (
     name TEXT PRIMARY KEY,
     settings TEXT NOT NULL,
     applied_by TEXT,
     changed_at INTEGER NOT NULL
   ) STRICT;
   CREATE TABLE broadcasts (
     room TEXT PRIMARY KEY,
     id TEXT NOT NULL UNIQUE,
     begun_by TEXT NOT NULL,
     applied_by TEXT,
     spec TEXT NOT NULL,
     wanted TEXT NOT NULL,
     seen TEXT,
     changed_at INTEGER NOT NULL
   ) STRICT;
   CREATE TABLE playlists (
     name TEXT PRIMARY KEY,
     body TEXT NOT NULL,
     applied_by TEXT,
     changed_at INTEGER NOT NULL
   ) STRICT;
   CREATE TABLE schedules (
     id TEXT PRIMARY KEY,
     name TEXT NOT NULL UNIQUE,
     spec TEXT NOT NULL,
     maker TEXT NOT NULL,
     paused INTEGER NOT NULL,
     applied_by TEXT,
     created_at INTEGER NOT NULL,
     decided_until INTEGER NOT NULL
   ) STRICT;
   CREATE TABLE schedule_runs (
     schedule TEXT NOT NULL,
     at INTEGER NOT NULL,
     outcome TEXT NOT NULL,
     details TEXT NOT NULL,
     PRIMARY KEY (schedule, at)
   ) STRICT;
   ALTER TABLE stream_keys ADD COLUMN applied_by TEXT;
   ALTER TABLE audit ADD COLUMN room TEXT;
   ALTER TABLE audit ADD COLUMN result TEXT;`,
  // As the file that made it said it, JSON: what was found out since stands in `spec` and `wanted`.
  `ALTER TABLE broadcasts ADD COLUMN declared TEXT;`,
  // What was done since a moment is found without a look at all that was done before.
  `CREATE INDEX audit_by_time ON audit (at);`,
  // Who may use the control API from elsewhere; `rooms` is JSON.
  `CREATE TABLE tokens (
     id TEXT PRIMARY KEY,
     name TEXT NOT NULL,
     role TEXT NOT NULL,
     rooms TEXT,
     hash TEXT NOT NULL UNIQUE,
     created_at INTEGER NOT NULL,
     expires_at INTEGER,
     last_used_at INTEGER,
     revoked_at INTEGER
   ) STRICT;
   CREATE UNIQUE INDEX tokens_by_name ON tokens (name) WHERE revoked_at IS NULL;`,
  // Who is told what happens. `events` and `rooms` are JSON; the secret is as it is, since what is sent is signed with it.
  `CREATE TABLE webhooks (
     id TEXT PRIMARY KEY,
     url TEXT NOT NULL,
     secret TEXT NOT NULL,
     events TEXT,
     rooms TEXT,
     with_addresses INTEGER NOT NULL,
     created_at INTEGER NOT NULL,
     ended_at INTEGER
   ) STRICT;`,
  // Of `kind` browser or network; `subject` is the browser's id, or the network.
  `CREATE TABLE bans (
     id TEXT PRIMARY KEY,
     kind TEXT NOT NULL,
     subject TEXT NOT NULL,
     room TEXT,
     reason TEXT,
     made_at INTEGER NOT NULL,
     expires_at INTEGER,
     lifted_at INTEGER
   ) STRICT;`,
  // By which people come into rooms. Who came by one is known by what `key` signs, so that no row is written for each of them.
  `CREATE TABLE links (
     id TEXT PRIMARY KEY,
     room TEXT NOT NULL,
     name TEXT,
     hash TEXT NOT NULL UNIQUE,
     key TEXT NOT NULL,
     max_uses INTEGER,
     uses INTEGER NOT NULL,
     created_at INTEGER NOT NULL,
     expires_at INTEGER,
     last_used_at INTEGER,
     revoked_at INTEGER
   ) STRICT;`,
  // Of `kind` guest: `subject` is the id of his pass; the link by which he had come, and the browser that is banned with him.
  `ALTER TABLE bans ADD COLUMN link TEXT;
   ALTER TABLE bans ADD COLUMN browser TEXT;`,
  // By `ticket_key` viewers are known who come back; hands that are up wait for those whose they are.
  `CREATE TABLE ticket_key (
     key TEXT NOT NULL
   ) STRICT;
   CREATE TABLE hands (
     viewer TEXT PRIMARY KEY,
     room TEXT NOT NULL,
     name TEXT NOT NULL,
     raised_at INTEGER NOT NULL
   ) STRICT;`,
  // When a room was made, rather than only told how to be; null: it was not.
  `ALTER TABLE rooms ADD COLUMN made_at INTEGER;`,
];

/** The version of a state that is up to date. */
export const stateVersion = migrations.length;

/**
 * Brings the schema up to date, one transaction for each version.
 *
 * @param version as far as this one; default: the newest
 * @throws MiroliveError STATE_UNAVAILABLE if a newer mirolive made it
 */
export function migrate(database: DatabaseSync, version = stateVersion): void {
  const before = versionOf(database);
  if (before > migrations.length) {
    throw new MiroliveError(
      'STATE_UNAVAILABLE',
      `expected a state of version ${migrations.length} or older, got ${before}, which a newer mirolive made`,
      { hint: 'Start that version again, or choose another state.dir' },
    );
  }
  for (const [index, script] of migrations.slice(0, version).entries()) {
    if (index < before) continue;
    database.exec(`BEGIN IMMEDIATE; ${script} PRAGMA user_version = ${index + 1}; COMMIT`);
  }
}

/** Of its schema; 0: it has none yet. */
export function versionOf(database: DatabaseSync): number {
  return Number(database.prepare('PRAGMA user_version').get()?.user_version);
}
