import { randomBytes } from 'node:crypto';
import { closeSync, fstatSync, openSync, readSync, unlinkSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { maxMarkBytes } from './mark.ts';
import { decodeMark, type Marked } from './read-mark.ts';

/** In memory where there is such a place: nothing of it is ever written to a disk. */
const usualFolders = () => ['/dev/shm', tmpdir()];

/**
 * Where an ingest process marks what it works on. A file without a name, held open by both sides: what was written with
 * one system call is there whatever becomes of the writer, also where the kernel ended it, unlike what is in a pipe that
 * is full or in memory of its own.
 */
export class MarkFile {
  /** For the process to inherit. */
  readonly descriptor: number;
  #closed = false;

  private constructor(descriptor: number) {
    this.descriptor = descriptor;
  }

  /** null: there is no place for one; then nobody is ever suspected. */
  static create(folders = usualFolders()): MarkFile | null {
    for (const folder of folders) {
      const path = join(folder, `mirolive-mark-${randomBytes(9).toString('base64url')}`);
      const descriptor = reserve(path);
      if (descriptor !== null) return new MarkFile(descriptor);
    }
    return null;
  }

  /** What is worked on, or was last. */
  read(): Marked | null {
    const bytes = Buffer.alloc(maxMarkBytes);
    const length = this.#closed ? 0 : readSync(this.descriptor, bytes, 0, maxMarkBytes, 0);
    return decodeMark(bytes.subarray(0, length));
  }

  /** When something was marked last, or done, in ms since 1970. */
  get markedAtMs(): number {
    return this.#closed ? 0 : fstatSync(this.descriptor).mtimeMs;
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    closeSync(this.descriptor);
  }
}

/** All of the place that a file needs, so that nobody who marks is told that there is none; null: there is none. */
function reserve(path: string): number | null {
  let descriptor: number | null = null;
  try {
    descriptor = openSync(path, 'wx+', 0o600);
    unlinkSync(path);
    writeSync(descriptor, Buffer.alloc(maxMarkBytes), 0, maxMarkBytes, 0);
    return descriptor;
  } catch {
    if (descriptor !== null) closeSync(descriptor);
    return null;
  }
}
