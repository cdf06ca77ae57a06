import type { DatabaseSync } from 'node:sqlite';
import type { LinkRecord } from './link-record.ts';

/** Links that are void are remembered for so long, in ms: who came by one that has expired may come back that long, and it is seen in lists. */
const voidKeptMs = 90 * 86_400_000;

/** All links, the oldest first, but for those that were void long ago. */
export function readLinks(database: DatabaseSync, now: number): LinkRecord[] {
  const rows = database
    .prepare(
      `SELECT * FROM links WHERE min(coalesce(revoked_at, expires_at, ?1), coalesce(expires_at, ?1)) >= ?2
       ORDER BY created_at, id`,
    )
    .all(now, now - voidKeptMs);
  const number = (value: unknown) => (value === null ? null : Number(value));
  return rows.map((row) => ({
    id: String(row.id),
    room: String(row.room),
    name: row.name === null ? null : String(row.name),
    hash: String(row.hash),
    key: String(row.key),
    maxUses: number(row.max_uses),
    uses: Number(row.uses),
    createdAt: Number(row.created_at),
    expiresAt: number(row.expires_at),
    lastUsedAt: number(row.last_used_at),
    revokedAt: number(row.revoked_at),
  }));
}

/** Writes a link, new or changed. */
export function writeLink(database: DatabaseSync, link: LinkRecord): void {
  database
    .prepare(
      `INSERT OR REPLACE INTO links (id, room, name, hash, key, max_uses, uses, created_at, expires_at, last_used_at, revoked_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    .run(
      ...([link.id, link.room, link.name, link.hash, link.key, link.maxUses, link.uses] as const),
      ...([link.createdAt, link.expiresAt, link.lastUsedAt, link.revokedAt] as const),
    );
}

/** Forgets those that were void long ago. */
export function forgetLinks(database: DatabaseSync, now: number): void {
  database
    .prepare(
      'DELETE FROM links WHERE min(coalesce(revoked_at, expires_at, ?1), coalesce(expires_at, ?1)) < ?2',
    )
    .run(now, now - voidKeptMs);
}
