import type { DatabaseSync } from 'node:sqlite';
import type { Banned } from '../../contract/bans.ts';

/** A ban as it is kept: times in ms since 1970. */
export interface BanRecord {
  readonly id: string;
  readonly kind: Banned['kind'];
  /** The browser's id, the guest's, or the network. */
  readonly subject: string;
  /** Of a guest: by which he had come; null: of no guest, or not known. */
  readonly link: string | null;
  /** Of a guest: what is banned with him; null: of no guest, or not known. */
  readonly browser: string | null;
  /** null: all rooms. */
  readonly room: string | null;
  readonly reason: string | null;
  readonly madeAt: number;
  readonly expiresAt: number | null;
  readonly liftedAt: number | null;
}

/** What is over is remembered for so long, in ms: by a backup of before it would hold again. */
const overKeptMs = 90 * 86_400_000;

const columns =
  'id, kind, subject, link, browser, room, reason, made_at AS madeAt, expires_at AS expiresAt, lifted_at AS liftedAt';

/** All bans, the oldest first, those too that were lifted or are over. */
export function readBans(database: DatabaseSync): BanRecord[] {
  const rows = database.prepare(`SELECT ${columns} FROM bans ORDER BY made_at, id`).all();
  return rows.map((row) => ({ ...row }) as unknown as BanRecord);
}

/** Writes a ban, new or changed. */
export function writeBan(database: DatabaseSync, ban: BanRecord): void {
  const { id, kind, subject, link, browser, room, reason, madeAt, expiresAt, liftedAt } = ban;
  database
    .prepare(
      'INSERT OR REPLACE INTO bans (id, kind, subject, link, browser, room, reason, made_at, expires_at, lifted_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
    )
    .run(id, kind, subject, link, browser, room, reason, madeAt, expiresAt, liftedAt);
}

/** Forgets those that were lifted, or over, long ago. */
export function forgetBans(database: DatabaseSync, nowMs: number): void {
  const until = nowMs - overKeptMs;
  database.prepare('DELETE FROM bans WHERE lifted_at < ? OR expires_at < ?').run(until, until);
}

/** Whether it holds at a moment. */
export function holdsAt({ expiresAt, liftedAt }: BanRecord, nowMs: number): boolean {
  return liftedAt === null && (expiresAt === null || expiresAt > nowMs);
}

/** Whether it may be forgotten by then. */
export function isLongOver({ expiresAt, liftedAt }: BanRecord, nowMs: number): boolean {
  return (
    Math.min(expiresAt ?? Number.POSITIVE_INFINITY, liftedAt ?? Number.POSITIVE_INFINITY) < nowMs - overKeptMs
  );
}
