import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** Writes a file that is as it was, or whole, whatever happens meanwhile; on the disk when it returns. @throws what the system answers */
export function writeWholeFile(path: string, text: string, mode: number): void {
  const unfinished = `${path}.new`;
  rmSync(unfinished, { force: true });
  try {
    writeFileSync(unfinished, text, { mode, flag: 'wx', flush: true });
    moveOver(unfinished, path);
  } catch (error) {
    rmSync(unfinished, { force: true });
    throw error;
  }
}

/** Gives a file that is on the disk another name, in the place of what has it; so it is on the disk when it returns. */
export function moveOver(from: string, to: string): void {
  renameSync(from, to);
  syncToDisk(dirname(to));
}

/** Waits until a file, or what a folder holds, is on the disk: fsync(2). */
export function syncToDisk(path: string): void {
  const opened = openSync(path, 'r');
  try {
    fsyncSync(opened);
  } finally {
    closeSync(opened);
  }
}
