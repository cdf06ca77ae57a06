import { existsSync, readFileSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { writeWholeFile } from '../../files/whole-file.ts';
import { fileMode } from './database-files.ts';
import { revocationsFile } from './state-files.ts';

/** More of a kind are not remembered: the oldest of that are forgotten, whatever there is of others. */
const maxOfKind = 10_000;

/** What can be void, and where it is kept. */
const tables = { keys: 'stream_keys', tokens: 'tokens', links: 'links' } as const;
type Kind = keyof typeof tables;
const kinds = Object.keys(tables) as Kind[];

/** A secret that is void. */
interface Void {
  readonly hash: string;
  /** Since when, in ms since 1970. */
  readonly at: number;
  /** null: of an earlier build, which did not say. */
  readonly kind: Kind | null;
}

/**
 * Remembers beside the state which secrets are void by it, so that no backup brings one back: those that were revoked, or have another in
 * their place. What was known before is forgotten only where much of its kind has become void since. On the disk when it returns.
 */
export function rememberRevoked(folder: string, database: DatabaseSync, nowMs: number): void {
  const before = remembered(folder);
  const found = new Map(voidIn(database, nowMs).map((one) => [one.hash, one]));
  const known = before.map((one) => ({ ...one, kind: one.kind ?? found.get(one.hash)?.kind ?? null }));
  for (const { hash } of before) found.delete(hash);
  const lines = linesOf(newestOfEach([...known, ...found.values()]));
  if (lines !== linesOf(before)) writeWholeFile(revocationsFile(folder), lines, fileMode);
}

/** Revokes what was revoked already, in a state that may be an older one, all or nothing. Gives how many keys, tokens and links that were. */
export function revokeAgain(folder: string, database: DatabaseSync): number {
  const past = remembered(folder);
  if (past.length === 0) return 0;
  const revoking = Object.fromEntries(
    kinds.map((kind) => [
      kind,
      database.prepare(`UPDATE ${tables[kind]} SET revoked_at = ? WHERE hash = ? AND revoked_at IS NULL`),
    ]),
  );
  let revoked = 0;
  // At once: each by itself would wait for the disk.
  database.exec('BEGIN IMMEDIATE');
  try {
    for (const { hash, at, kind } of past)
      for (const one of kind === null ? kinds : [kind])
        revoked += Number(revoking[one]?.run(at, hash).changes);
    database.exec('COMMIT');
  } finally {
    if (database.isTransaction) database.exec('ROLLBACK');
  }
  return revoked;
}

/** Hashes of all secrets that are void, as far as it is known. */
export function voidHashes(folder: string, database: DatabaseSync): Set<string> {
  return new Set([...remembered(folder), ...voidIn(database, 0)].map(({ hash }) => hash));
}

/** Below a line for each kind, which an earlier build takes for none of its own; what it wrote itself stands above the first. */
function remembered(folder: string): Void[] {
  const file = revocationsFile(folder);
  if (!existsSync(file)) return [];
  let kind: Kind | null = null;
  return readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((line) => {
      const heading = kinds.find((one) => line === headingOf(one));
      if (heading) kind = heading;
      const [, at, hash] = /^(\d+) (\S+)$/.exec(line) ?? [];
      return at && hash ? [{ hash, at: Number(at), kind }] : [];
    });
}

function linesOf(all: readonly Void[]): string {
  const of = (kind: Kind | null) =>
    all.filter((one) => one.kind === kind).map(({ at, hash }) => `${at} ${hash}\n`);
  const sections = kinds.map((kind) => [kind, of(kind)] as const).filter(([, lines]) => lines.length > 0);
  return [...of(null), ...sections.flatMap(([kind, lines]) => [`${headingOf(kind)}\n`, ...lines])].join('');
}

function headingOf(kind: Kind): string {
  return `# ${kind}`;
}

/** The newest of each kind, of each as many as may be. */
function newestOfEach(all: readonly Void[]): Void[] {
  const byKind = Map.groupBy(all, ({ kind }) => kind);
  return [...byKind.values()].flatMap((those) =>
    those.toSorted((one, other) => one.at - other.at).slice(-maxOfKind),
  );
}

/** What has another in its place was void before `nowMs`: nobody knows since when. */
function voidIn(database: DatabaseSync, nowMs: number): Void[] {
  const revoked = kinds.map(
    (kind) =>
      `SELECT hash, revoked_at AS at, '${kind}' AS kind FROM ${tables[kind]} WHERE revoked_at IS NOT NULL`,
  );
  const replaced = `SELECT previous_hash, NULL, 'keys' FROM stream_keys WHERE previous_hash IS NOT NULL`;
  const rows = database.prepare([...revoked, replaced].join(' UNION ')).all();
  return rows.map(({ hash, at, kind }) => ({
    ...{ hash: String(hash), at: Number(at ?? nowMs) },
    kind: String(kind) as Kind,
  }));
}
