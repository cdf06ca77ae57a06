import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { systemClock } from '../../contract/clock.ts';
import type { StateBackup, StateReport } from '../../contract/state-report.ts';
import { makeFolder } from '../../files/make-folder.ts';
import { syncToDisk, writeWholeFile } from '../../files/whole-file.ts';
import { copyDatabase, damageOf, fileMode, folderMode } from './database-files.ts';
import { stateVersion, versionOf } from './migrations.ts';

/** So many daily backups are kept, the newest; what an operator makes elsewhere is his own. */
const keptBackups = 7;
/** How the name of a backup ends that was made before a newer version changed the schema. */
const ofVersion = /-of-version-\d+\.db$/;

/** A copy that is so old, in ms, is made by nobody any more. */
const unfinishedMs = 3_600_000;

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

/** Where the bans stand beside the state. */
export function bansFile(folder: string): string {
  return join(folder, 'bans');
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
    version === undefined ? `state-${stamp(nowMs)}.db` : `state-of-version-${version}.db`,
  );
  for (const name of readdirSync(place).filter((one) => one.includes('.new')))
    removeOld(join(place, name), nowMs);
  copyDatabase(databaseFile(folder), target);
  for (const { file } of tooMany(dailyBackupsIn(folder, nowMs))) rmSync(file, { force: true });
  return target;
}

/** Whoever was killed in the midst of a copy has left it. */
function removeOld(file: string, nowMs: number): void {
  const { mtimeMs } = statSync(file, { throwIfNoEntry: false }) ?? {};
  if (mtimeMs !== undefined && nowMs - mtimeMs > unfinishedMs) rmSync(file, { force: true });
}

/** Neither the newest, nor the newest of one of the last days that have any. @param backups the newest first */
export function tooMany(backups: readonly StateBackup[]): StateBackup[] {
  const isFirstOfDay = ({ at }: StateBackup, index: number) =>
    backups[index - 1]?.at.slice(0, 10) !== at.slice(0, 10);
  const kept = new Set([
    ...backups.slice(0, keptBackups),
    ...backups.filter(isFirstOfDay).slice(0, keptBackups),
  ]);
  return backups.filter((one) => !kept.has(one));
}

/** Those of a day, the newest first: not those of an older version. */
export function dailyBackupsIn(folder: string, nowMs = systemClock.wallMs()): StateBackup[] {
  return backupsIn(folder, nowMs).filter(({ file }) => !ofVersion.test(file));
}

/** The newest first; last what was made while the clock was wrong: nothing is of a moment to come. */
export function backupsIn(folder: string, nowMs = systemClock.wallMs()): StateBackup[] {
  const place = join(folder, 'backups');
  if (!existsSync(place)) return [];
  const rank = ({ at }: StateBackup) => (Date.parse(at) > nowMs ? '' : at);
  return readdirSync(place)
    .filter((name) => /^state-.*\.db$/.test(name))
    .map((name) => backupAt(join(place, name)))
    .sort((one, other) => rank(other).localeCompare(rank(one)));
}

/** When it was made says its name, which a copy of it keeps; else the file system. */
export function backupAt(file: string): StateBackup {
  const { size, mtime } = statSync(file);
  const [, day, hour, minute, second] =
    /\/state-(\d{4}-\d\d-\d\d)T(\d\d)-(\d\d)-(\d\d-\d{3})Z/.exec(file) ?? [];
  const at = day ? `${day}T${hour}:${minute}:${second?.replace('-', '.')}Z` : mtime.toISOString();
  return { file, at, bytes: size };
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
