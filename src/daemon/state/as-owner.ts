import { closeSync, existsSync, fsyncSync, openSync, readSync, statSync, writeSync } from 'node:fs';
import { sep } from 'node:path';
import { moveOver } from '../../files/whole-file.ts';
import { copyDatabase, fileMode, removeDatabase } from './database-files.ts';

/**
 * Root looks after a state as whom its folder belongs to: whoever that is may have put links into it, and what is made there is his.
 * Whoever is not root, or has the folder himself, stays who he is.
 */
export function becomeOwnerOf(folder: string): void {
  if (process.geteuid?.() !== 0) return;
  const { uid = 0, gid = 0 } = statSync(folder, { throwIfNoEntry: false }) ?? {};
  if (uid === 0) return;
  process.setgroups?.([gid]);
  process.setegid?.(gid);
  process.seteuid?.(uid);
}

/** Does something as who has called: with a file that he has named, where it is not in the folder. */
export function asCaller<T>(folder: string, file: string, act: () => T): T {
  if (isOwners(folder, file)) return act();
  const owner = process.geteuid?.() ?? 0;
  process.seteuid?.(process.getuid?.() ?? 0);
  try {
    return act();
  } finally {
    process.seteuid?.(owner);
  }
}

/** Copies the state into a file that the caller has named: it is whole, or not there. */
export function copyOut(folder: string, from: string, to: string): void {
  if (isOwners(folder, to)) {
    copyDatabase(from, to);
    return;
  }
  const ours = `${from}.copy.new`;
  copyDatabase(from, ours);
  try {
    using copy = opened(ours, 'r');
    asCaller(folder, to, () => {
      pour(copy.file, `${to}.new`);
      moveOver(`${to}.new`, to);
    });
  } finally {
    removeDatabase(ours);
  }
}

/** A database that the caller has named, where the state's owner can read it; `path` is there as long as it is not disposed of. */
export function broughtIn(
  folder: string,
  file: string,
  ours: string,
): { readonly path: string } & Disposable {
  const isThere = (path: string) => asCaller(folder, path, () => existsSync(path));
  if (isOwners(folder, file) || !isThere(file)) return { path: file, [Symbol.dispose]() {} };
  for (const end of ['', '-wal'].filter((one) => isThere(file + one))) {
    using given = asCaller(folder, file, () => opened(file + end, 'r'));
    pour(given.file, ours + end);
  }
  return { path: ours, [Symbol.dispose]: () => removeDatabase(ours) };
}

/** Whether a file is looked at as the owner of the state. */
function isOwners(folder: string, file: string): boolean {
  return process.geteuid?.() === process.getuid?.() || file.startsWith(folder + sep);
}

function opened(path: string, flags: string): { readonly file: number } & Disposable {
  const file = openSync(path, flags, fileMode);
  return { file, [Symbol.dispose]: () => closeSync(file) };
}

/** Writes what is in an open file, which whoever writes may not be able to open, into another, which is on the disk then. */
function pour(from: number, to: string): void {
  removeDatabase(to);
  using target = opened(to, 'wx');
  const chunk = Buffer.alloc(1 << 20);
  for (let read = readSync(from, chunk); read > 0; read = readSync(from, chunk))
    for (let at = 0; at < read; ) at += writeSync(target.file, chunk, at, read - at);
  fsyncSync(target.file);
}
