import type { DatabaseSync } from 'node:sqlite';
import type { KeyRecord } from './key-record.ts';

/** Revoked keys are remembered for so long, in ms: who still uses one is told from a stranger. */
const revokedKeptMs = 90 * 86_400_000;

const columns =
  'id, room, name, hash, previous_hash AS previousHash, created_at AS createdAt, expires_at AS expiresAt, last_used_at AS lastUsedAt, revoked_at AS revokedAt, applied_by AS appliedBy';

/** All keys, the oldest first; those that were revoked long ago are forgotten. */
export function readKeys(database: DatabaseSync, now: number): KeyRecord[] {
  database.prepare('DELETE FROM stream_keys WHERE revoked_at < ?').run(now - revokedKeptMs);
  const rows = database.prepare(`SELECT ${columns} FROM stream_keys ORDER BY created_at, id`).all();
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
