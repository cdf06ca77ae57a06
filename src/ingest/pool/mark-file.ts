import { randomBytes } from 'node:crypto';
import { closeSync, openSync, readSync, unlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeMark, type Marked } from './mark.ts';

/** In memory where there is such a place: nothing of it is ever written to a disk. */
const folders = () => ['/dev/shm', tmpdir()];
const maxBytes = 1024;

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
  static create(): MarkFile | null {
    for (const folder of folders()) {
      const path = join(folder, `mirolive-mark-${randomBytes(9).toString('base64url')}`);
      try {
        const descriptor = openSync(path, 'wx+', 0o600);
        unlinkSync(path);
        return new MarkFile(descriptor);
      } catch {
        // The next folder may do.
      }
    }
    return null;
  }

  /** What is worked on, or was last. */
  read(): Marked | null {
    const bytes = Buffer.alloc(maxBytes);
    const length = this.#closed ? 0 : readSync(this.descriptor, bytes, 0, maxBytes, 0);
    return decodeMark(bytes.subarray(0, length));
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    closeSync(this.descriptor);
  }
}
