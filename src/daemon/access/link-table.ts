import type { DatabaseSync } from 'node:sqlite';
import { isPast, type LinkRecord } from './link-record.ts';

/** Revoked ones are kept for so long, in ms. */
const revokedKeptMs = 90 * 86_400_000;
/** Of those that have expired so many are kept, the newest. */
const maxExpired = 10_000;

/** All links, the oldest first, but for those that were void long ago. */
export function readLinks(database: DatabaseSync, now: number): LinkRecord[] {
  const rows = database.prepare('SELECT * FROM links ORDER BY created_at, id').all();
  const number = (value: unknown) => (value === null ? null : Number(value));
  const links = rows.map((row) => ({
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
  return links.filter((link) => !isPast(link, now));
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

/** Forgets those that were revoked long ago. Who came by one that has expired may come back: a clock that is ahead costs nobody that, unless there are very many. */
export function forgetLinks(database: DatabaseSync, now: number): void {
  database
    .prepare(
      `DELETE FROM links WHERE revoked_at < ?1 OR id IN
         (SELECT id FROM links WHERE expires_at < ?2 ORDER BY expires_at DESC LIMIT -1 OFFSET ${maxExpired})`,
    )
    .run(now - revokedKeptMs, now);
}
