import { existsSync, readFileSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import * as z from 'zod';
import { writeWholeFile } from '../../files/whole-file.ts';
import { type BanRecord, holdsAt, isLongOver, readBans, writeBan } from './ban-table.ts';
import { fileMode } from './database-files.ts';
import { bansFile } from './state-files.ts';

/** More are not remembered: the oldest of those that are over are forgotten. */
const maxRemembered = 20_000;

const moment = z.int().nullable();
const remembered = z.object({
  id: z.string(),
  kind: z.enum(['browser', 'guest', 'network']),
  subject: z.string(),
  // Of before there were guests: neither.
  link: z.string().nullable().default(null),
  browser: z.string().nullable().default(null),
  room: z.string().nullable(),
  reason: z.string().nullable(),
  madeAt: z.int(),
  expiresAt: moment,
  liftedAt: moment,
}) satisfies z.ZodType<BanRecord>;

/**
 * Remembers beside the state who is banned by it, and whose ban was lifted: the state wins, and what it does not know stays. On the disk
 * when it returns.
 */
export function rememberBans(folder: string, database: DatabaseSync, nowMs: number): void {
  const before = bansBeside(folder);
  const known = new Map([...before, ...readBans(database)].map((ban) => [ban.id, ban]));
  const kept = [...known.values()].filter((ban) => !isLongOver(ban, nowMs));
  // Those that hold come last: they are fewer, and what is over makes room.
  const isHolding = (ban: BanRecord) => holdsAt(ban, nowMs);
  const all = [...kept.filter((ban) => !isHolding(ban)), ...kept.filter(isHolding)].slice(-maxRemembered);
  const written = (bans: readonly BanRecord[]) => bans.map((ban) => `${JSON.stringify(ban)}\n`).join('');
  if (written(all) !== written(before)) writeWholeFile(bansFile(folder), written(all), fileMode);
}

/** Brings bans up to date in a state that may be an older one: those that were made since, and those that were changed or lifted. */
export function banAgain(folder: string, database: DatabaseSync): void {
  const there = new Map(readBans(database).map((ban) => [ban.id, ban]));
  const wanted = bansBeside(folder).filter((ban) => {
    const one = there.get(ban.id);
    // What was lifted does not come back by either of the two.
    const isNewer = one && (ban.liftedAt !== null || ban.madeAt > one.madeAt);
    return !one || (one.liftedAt === null && isNewer);
  });
  if (wanted.length === 0) return;
  // At once: each by itself would wait for the disk.
  database.exec('BEGIN IMMEDIATE');
  try {
    for (const ban of wanted) writeBan(database, ban);
    database.exec('COMMIT');
  } finally {
    if (database.isTransaction) database.exec('ROLLBACK');
  }
}

/** As they are remembered; what cannot be read is left out. */
export function bansBeside(folder: string): BanRecord[] {
  const file = bansFile(folder);
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((line) => {
      try {
        return line === '' ? [] : [remembered.parse(JSON.parse(line))];
      } catch {
        return [];
      }
    });
}
