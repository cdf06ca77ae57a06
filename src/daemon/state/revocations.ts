import { existsSync, readFileSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { writeWholeFile } from '../../files/whole-file.ts';
import { fileMode } from './database-files.ts';
import { revocationsFile } from './state-files.ts';

/** More are not remembered: the oldest are forgotten. */
const maxRemembered = 10_000;

/** A secret that is void, by its hash, since a moment, in ms since 1970. */
type Void = readonly [hash: string, at: number];

/**
 * Remembers beside the state which secrets are void by it, so that no backup brings one back: those that were revoked, or have another in
 * their place. Of what was known before nothing is forgotten. On the disk when it returns.
 */
export function rememberRevoked(folder: string, database: DatabaseSync, nowMs: number): void {
  const before = remembered(folder);
  const known = new Set(before.map(([hash]) => hash));
  const found = voidIn(database, nowMs).filter(([hash]) => !known.has(hash));
  if (found.length === 0) return;
  const lines = [...before, ...found].slice(-maxRemembered).map(([hash, at]) => `${at} ${hash}\n`);
  writeWholeFile(revocationsFile(folder), lines.join(''), fileMode);
}

/** Revokes what was revoked already, in a state that may be an older one. Gives how many keys, tokens and links that were. */
export function revokeAgain(folder: string, database: DatabaseSync): number {
  const revoking = ['stream_keys', 'tokens', 'links'].map((table) =>
    database.prepare(`UPDATE ${table} SET revoked_at = ? WHERE hash = ? AND revoked_at IS NULL`),
  );
  const again = ([hash, at]: Void) =>
    revoking.reduce((sum, revoke) => sum + Number(revoke.run(at, hash).changes), 0);
  return remembered(folder).reduce((sum, one) => sum + again(one), 0);
}

/** Hashes of all secrets that are void, as far as it is known. */
export function voidHashes(folder: string, database: DatabaseSync): Set<string> {
  return new Set([...remembered(folder), ...voidIn(database, 0)].map(([hash]) => hash));
}

function remembered(folder: string): Void[] {
  const file = revocationsFile(folder);
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((line) => {
      const [, at, hash] = /^(\d+) (\S+)$/.exec(line) ?? [];
      return at && hash ? [[hash, Number(at)] as const] : [];
    });
}

function voidIn(database: DatabaseSync, nowMs: number): Void[] {
  const rows = database
    .prepare(
      `SELECT hash, revoked_at AS at FROM stream_keys WHERE revoked_at IS NOT NULL
       UNION SELECT hash, revoked_at FROM tokens WHERE revoked_at IS NOT NULL
       UNION SELECT hash, revoked_at FROM links WHERE revoked_at IS NOT NULL
       UNION SELECT previous_hash, NULL FROM stream_keys WHERE previous_hash IS NOT NULL`,
    )
    .all();
  return rows.map(({ hash, at }) => [String(hash), Number(at ?? nowMs)]);
}
