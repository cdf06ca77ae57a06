import type { DatabaseSync } from 'node:sqlite';
import type { KeyRecord } from './key-record.ts';

/** Revoked keys are remembered for so long, in ms: who still uses one is told from a stranger. */
const revokedKeptMs = 90 * 86_400_000;

const columns =
  'id, room, name, hash, previous_hash AS previousHash, created_at AS createdAt, expires_at AS expiresAt, last_used_at AS lastUsedAt, revoked_at AS revokedAt, applied_by AS appliedBy';

/** All keys, the oldest first, but for those that were revoked long ago. */
export function readKeys(database: DatabaseSync, now: number): KeyRecord[] {
  const rows = database
    .prepare(
      `SELECT ${columns} FROM stream_keys WHERE revoked_at IS NULL OR revoked_at >= ? ORDER BY created_at, id`,
    )
    .all(now - revokedKeptMs);
  return rows.map((row) => ({ ...row }) as unknown as KeyRecord);
}

/** Writes a key, new or changed. */
export function writeKey(database: DatabaseSync, key: KeyRecord): void {
  database
    .prepare(
      `INSERT OR REPLACE INTO stream_keys
         (id, room, name, hash, previous_hash, created_at, expires_at, last_used_at, revoked_at, applied_by)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    .run(
      key.id,
      key.room,
      key.name,
      key.hash,
      key.previousHash,
      key.createdAt,
      key.expiresAt,
      key.lastUsedAt,
      key.revokedAt,
      key.appliedBy,
    );
}

/** Forgets those that were revoked long ago. */
export function forgetKeys(database: DatabaseSync, now: number): void {
  database.prepare('DELETE FROM stream_keys WHERE revoked_at < ?').run(now - revokedKeptMs);
}
