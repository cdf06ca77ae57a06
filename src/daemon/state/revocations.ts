import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { fileMode } from './state-files.ts';

/** More are not remembered: the oldest are forgotten. */
const maxRemembered = 10_000;

function revocationsFile(folder: string): string {
  return join(folder, 'revoked');
}

/**
 * Remembers that a secret is void, beside the state: no backup of that brings it back. On the disk when it returns.
 *
 * @param hash of the secret
 */
export function rememberRevoked(folder: string, hash: string, nowMs: number): void {
  const file = openSync(revocationsFile(folder), 'a', fileMode);
  try {
    writeSync(file, `${nowMs} ${hash}\n`);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Revokes what was revoked already, in a state that may be an older one. Gives how many keys that were. */
export function revokeAgain(folder: string, database: DatabaseSync): number {
  const file = revocationsFile(folder);
  if (!existsSync(file)) return 0;
  const lines = readFileSync(file, 'utf8').split('\n');
  const known = lines.flatMap((line) => {
    const [, at, hash] = /^(\d+) (\S+)$/.exec(line) ?? [];
    return at && hash ? [{ at: Number(at), hash }] : [];
  });
  const kept = known.slice(-maxRemembered);
  if (kept.length < known.length) {
    writeFileSync(`${file}.new`, kept.map(({ at, hash }) => `${at} ${hash}\n`).join(''), { mode: fileMode });
    renameSync(`${file}.new`, file);
  }
  const revoke = database.prepare(
    'UPDATE stream_keys SET revoked_at = ? WHERE hash = ? AND revoked_at IS NULL',
  );
  return kept.reduce((sum, { at, hash }) => sum + Number(revoke.run(at, hash).changes), 0);
}
