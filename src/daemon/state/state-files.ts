import {
  chmodSync,
  chownSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { StateBackup, StateReport } from '../../contract/state-report.ts';
import { makeFolder } from '../../files/make-folder.ts';
import { fileTrouble } from '../file-trouble.ts';
import { stateVersion, versionOf } from './migrations.ts';

/** The state and its copies are their owner's alone. */
export const folderMode = 0o700;
export const fileMode = 0o600;
/** So many backups are kept, the newest; what an operator makes elsewhere is his own. */
const keptBackups = 7;

export function databaseFile(folder: string): string {
  return join(folder, 'state.db');
}

/** Names which state was damaged, until it is restored or given up. */
function lostFile(folder: string): string {
  return join(folder, 'state.lost');
}

/** A state that was damaged, and that nobody has restored or given up; null: there is none. */
export function lostState(folder: string): string | null {
  return existsSync(lostFile(folder)) ? readFileSync(lostFile(folder), 'utf8').trim() : null;
}

export function rememberLost(folder: string, file: string): void {
  writeFileSync(lostFile(folder), `${file}\n`, { mode: fileMode });
}

export function forgetLost(folder: string): void {
  rmSync(lostFile(folder), { force: true });
}

/** Moves a database, and what SQLite keeps beside it, out of the way; gives its new name, null: there is none. */
export function setAside(file: string, why: string, nowMs: number): string | null {
  if (!existsSync(file)) return null;
  const target = `${file}.${why}-${stamp(nowMs)}`;
  for (const end of ['-wal', '-shm', '']) if (existsSync(file + end)) renameSync(file + end, target + end);
  return target;
}

/** What is wrong with a database, read whole; null: nothing. */
export function damageOf(database: DatabaseSync): string | null {
  try {
    const rows = database.prepare('PRAGMA quick_check(1)').all();
    const found = Object.values(rows[0] ?? {}).join();
    return found === 'ok' ? null : found.replaceAll('\n', ' ');
  } catch (error) {
    if (fileTrouble(error) !== 'damaged') throw error;
    return (error as Error).message;
  }
}

/** Looks at a database without changing it. */
export function lookAt(file: string): Pick<StateReport, 'state' | 'version' | 'problem' | 'rows'> {
  const nothing = { version: 0, problem: null, rows: null };
  if (!existsSync(file)) return { ...nothing, state: 'empty' };
  if (statSync(file).size === 0) return { ...nothing, state: 'damaged', problem: 'it is empty' };
  const database = new DatabaseSync(file, { readOnly: true, timeout: 2000 });
  try {
    const problem = damageOf(database);
    if (problem !== null) return { ...nothing, state: 'damaged', problem };
    const version = versionOf(database);
    if (version > stateVersion)
      return { ...nothing, state: 'newer', version, problem: `version ${version} is of a newer mirolive` };
    const tables = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all();
    const names = tables.map(({ name }) => String(name)).filter((name) => !name.startsWith('sqlite_'));
    const countOf = (name: string) =>
      Number(database.prepare(`SELECT count(*) AS n FROM "${name}"`).get()?.n);
    return {
      state: 'ok',
      version,
      problem: null,
      rows: Object.fromEntries(names.map((name) => [name, countOf(name)])),
    };
  } finally {
    database.close();
  }
}

/** Copies a state, also one that is in use, to a file that is whole or not there. @throws Error where the copy is damaged */
export function copyState(from: string, to: string): void {
  const unfinished = `${to}.new`;
  rmSync(unfinished, { force: true });
  const database = new DatabaseSync(from, { readOnly: true, timeout: 2000 });
  try {
    database.prepare('VACUUM INTO ?').run(unfinished);
  } finally {
    database.close();
  }
  chmodSync(unfinished, fileMode);
  const { problem } = lookAt(unfinished);
  if (problem !== null) throw new Error(`the copy is damaged: ${problem}`);
  renameSync(unfinished, to);
}

/** Makes a backup in the state's folder, and removes those that are too many. @param what stands in its name */
export function makeBackup(folder: string, nowMs: number, what = ''): string {
  const place = join(folder, 'backups');
  makeFolder(place, folderMode);
  const target = join(place, `state-${stamp(nowMs)}${what}.db`);
  copyState(databaseFile(folder), target);
  for (const { file } of backupsIn(folder).slice(keptBackups)) rmSync(file, { force: true });
  return target;
}

/** The newest first. */
export function backupsIn(folder: string): StateBackup[] {
  const place = join(folder, 'backups');
  if (!existsSync(place)) return [];
  return readdirSync(place)
    .filter((name) => /^state-.*\.db$/.test(name))
    .sort()
    .reverse()
    .map((name) => backupAt(join(place, name)));
}

export function backupAt(file: string): StateBackup {
  const { size, mtime } = statSync(file);
  return { file, at: mtime.toISOString(), bytes: size };
}

/** What root has made in a service's folder is the service's. */
export function giveToOwner(folder: string): void {
  const { uid, gid } = statSync(folder);
  const places = [folder, join(folder, 'backups')].filter((place) => existsSync(place));
  for (const path of places.flatMap((place) => [
    place,
    ...readdirSync(place).map((name) => join(place, name)),
  ]))
    if (statSync(path).uid !== uid) chownSync(path, uid, gid);
}

/** The newest backup that can be read; null: there is none. */
export function lastGoodBackup(folder: string): string | null {
  return backupsIn(folder).find(({ file }) => lookAt(file).state === 'ok')?.file ?? null;
}

/** A moment, as names of files have it. */
function stamp(ms: number): string {
  return new Date(ms).toISOString().replace(/[:.]/g, '-');
}
