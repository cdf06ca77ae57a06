import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { StateBackup, StateReport } from '../../contract/state-report.ts';
import { makeFolder } from '../../files/make-folder.ts';
import { syncToDisk, writeWholeFile } from '../../files/whole-file.ts';
import { copyDatabase, damageOf, fileMode, folderMode } from './database-files.ts';
import { stateVersion, versionOf } from './migrations.ts';

/** So many daily backups are kept, the newest; what an operator makes elsewhere is his own. */
const keptBackups = 7;
/** How the name of a backup ends that was made before a newer version changed the schema. */
const ofVersion = /-of-version-\d+\.db$/;

export const goneWords = 'the state is gone';

export function databaseFile(folder: string): string {
  return join(folder, 'state.db');
}

/** Says in words what is lost, until it is restored or given up. */
function lostFile(folder: string): string {
  return join(folder, 'state.lost');
}

/** Where the hashes of void secrets stand. */
export function revocationsFile(folder: string): string {
  return join(folder, 'revoked');
}

/** What is lost, in words, and was neither restored nor given up; null: nothing. */
export function lostState(folder: string): string | null {
  return existsSync(lostFile(folder)) ? readFileSync(lostFile(folder), 'utf8').trim() : null;
}

export function rememberLost(folder: string, words: string): void {
  writeWholeFile(lostFile(folder), `${words}\n`, fileMode);
}

export function forgetLost(folder: string): void {
  rmSync(lostFile(folder), { force: true });
  if (existsSync(folder)) syncToDisk(folder);
}

/** Whether there was a state that is not there any more: something tells of it. */
export function isGone(folder: string): boolean {
  if (existsSync(databaseFile(folder))) return false;
  return existsSync(revocationsFile(folder)) || backupsIn(folder).length > 0;
}

/** Where a state is put out of the way. @param why one word or more */
export function asideFile(folder: string, why: string, nowMs: number): string {
  return `${databaseFile(folder)}.${why}-${stamp(nowMs)}`;
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

/** Makes a backup in the state's folder, and removes those that are too many. @param version that it is of, where a newer one is to be made of it */
export function makeBackup(folder: string, nowMs: number, version?: number): string {
  const place = join(folder, 'backups');
  makeFolder(place, folderMode);
  const target = join(
    place,
    `state-${stamp(nowMs)}${version === undefined ? '' : `-of-version-${version}`}.db`,
  );
  copyDatabase(databaseFile(folder), target);
  for (const { file } of dailyBackupsIn(folder).slice(keptBackups)) rmSync(file, { force: true });
  return target;
}

/** Those of a day, the newest first: not those of an older version. */
export function dailyBackupsIn(folder: string): StateBackup[] {
  return backupsIn(folder).filter(({ file }) => !ofVersion.test(file));
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

/** Whether a backup can be read, by what it is: it does not change, and is read whole for that. */
const goodBackups = new Map<string, boolean>();

/** The newest backup that can be read; null: there is none. */
export function lastGoodBackup(folder: string): string | null {
  const isGood = ({ file, at, bytes }: StateBackup) => {
    const known = `${file} ${at} ${bytes}`;
    const good = goodBackups.get(known) ?? lookAt(file).state === 'ok';
    goodBackups.set(known, good);
    return good;
  };
  return backupsIn(folder).find(isGood)?.file ?? null;
}

/** A moment, as names of files have it. */
function stamp(ms: number): string {
  return new Date(ms).toISOString().replace(/[:.]/g, '-');
}
