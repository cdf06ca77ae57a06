import type { DatabaseSync } from 'node:sqlite';
import type { TokenRole } from '../../contract/rights.ts';
import type { TokenRecord } from './token-record.ts';

/** Revoked tokens are remembered for so long, in ms: who still comes with one is told from a stranger. */
const revokedKeptMs = 90 * 86_400_000;

/** All tokens, the oldest first, but for those that were revoked long ago. */
export function readTokens(database: DatabaseSync, now: number): TokenRecord[] {
  const rows = database
    .prepare('SELECT * FROM tokens WHERE revoked_at IS NULL OR revoked_at >= ? ORDER BY created_at, id')
    .all(now - revokedKeptMs);
  const ms = (value: unknown) => (value === null ? null : Number(value));
  return rows.map((row) => ({
    id: String(row.id),
    name: String(row.name),
    role: String(row.role) as TokenRole,
    rooms: row.rooms === null ? null : (JSON.parse(String(row.rooms)) as string[]),
    hash: String(row.hash),
    createdAt: Number(row.created_at),
    expiresAt: ms(row.expires_at),
    lastUsedAt: ms(row.last_used_at),
    revokedAt: ms(row.revoked_at),
  }));
}

/** Writes a token, new or changed. */
export function writeToken(database: DatabaseSync, token: TokenRecord): void {
  database
    .prepare(
      `INSERT OR REPLACE INTO tokens (id, name, role, rooms, hash, created_at, expires_at, last_used_at, revoked_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    .run(
      ...([token.id, token.name, token.role, token.rooms && JSON.stringify(token.rooms)] as const),
      ...([token.hash, token.createdAt, token.expiresAt, token.lastUsedAt, token.revokedAt] as const),
    );
}

/** Forgets those that were revoked long ago. */
export function forgetTokens(database: DatabaseSync, now: number): void {
  database.prepare('DELETE FROM tokens WHERE revoked_at < ?').run(now - revokedKeptMs);
}
