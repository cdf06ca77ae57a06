import {
  chmodSync,
  closeSync,
  constants,
  copyFileSync,
  existsSync,
  linkSync,
  openSync,
  rmSync,
  statSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { moveOver, syncToDisk } from '../../files/whole-file.ts';
import { fileTrouble } from '../file-trouble.ts';

/** The state and its copies are their owner's alone. */
export const folderMode = 0o700;
export const fileMode = 0o600;

/** What SQLite keeps of a database: the file itself, and beside it the log of what is not in it yet, and where that stands. */
const log = ['-wal', '-shm'];
const all = ['', ...log];

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

/** A name for a database that nobody uses yet: what is made under it is its owner's alone from the first byte on. */
export function unusedFile(file: string): string {
  removeDatabase(file);
  closeSync(openSync(file, 'wx', fileMode));
  return file;
}

/** Removes a database that nobody uses, with all that SQLite keeps of it. */
export function removeDatabase(file: string): void {
  for (const end of [...all, '-journal']) rmSync(file + end, { force: true });
}

/** Copies a database, also one that is in use, to a file that is whole or not there. @throws Error where the copy is damaged */
export function copyDatabase(from: string, to: string): void {
  const unfinished = unusedFile(`${to}.new`);
  try {
    copyInto(from, unfinished);
    moveOver(unfinished, to);
  } catch (error) {
    // A full disk is no place for half a copy.
    removeDatabase(unfinished);
    throw error;
  }
}

/** @param to an unused file, which is on the disk when it returns */
export function copyInto(from: string, to: string): void {
  using database = new DatabaseSync(from, { readOnly: true, timeout: 2000 });
  copyOpen(database, to);
}

/** As `copyInto`, of a database that is open: its file may have no name any more. */
export function copyOpen(database: DatabaseSync, to: string): void {
  database.prepare('VACUUM INTO ?').run(to);
  using copy = new DatabaseSync(to, { readOnly: true });
  const damage = damageOf(copy);
  if (damage !== null) throw new Error(`the copy is damaged: ${damage}`);
  syncToDisk(to);
}

/** Writes the log of a database that nobody uses into the database itself. */
export function settle(file: string): void {
  using database = new DatabaseSync(file);
  database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
}

/**
 * Puts a database in the place of another, which stays under the name `aside`, with its log. Whoever is killed meanwhile leaves the one or
 * the other. Nobody may use either.
 *
 * @param fresh whole, and on the disk; it has no log
 * @param aside null: it does not stay
 */
export function replaceDatabase(file: string, fresh: string, aside: string | null): void {
  if (aside !== null && existsSync(file)) {
    for (const end of all) if (existsSync(file + end)) nameToo(file + end, aside + end);
    syncToDisk(dirname(file));
  }
  // The log of the one must never be taken for the other's.
  for (const end of log) rmSync(file + end, { force: true });
  moveOver(fresh, file);
}

/** Gives a file another name too; a copy where the file system knows no such names. */
function nameToo(file: string, name: string): void {
  chmodSync(file, fileMode);
  try {
    linkSync(file, name);
  } catch {
    copyFileSync(file, name, constants.COPYFILE_EXCL);
    syncToDisk(name);
  }
}

/** Which file has a name now; undefined: none. */
export function identityOf(path: string): string | undefined {
  const { dev, ino } = statSync(path, { throwIfNoEntry: false }) ?? {};
  return ino === undefined ? undefined : `${dev} ${ino}`;
}
