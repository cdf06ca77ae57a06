import { writeSync } from 'node:fs';
import { encodeMark, type Mark } from '../pool/mark.ts';

/** Runs a piece of work on what comes of a source. */
export type Slice = (work: () => void) => void;

/** For what nobody has to answer for. */
export const unmarked: Slice = (work) => work();

const none = encodeMark(null);

/**
 * Marks what this process works on, where the daemon can read it when the process is no more. One small write before each
 * piece of work and one behind it, of about 2 µs each.
 */
export class WorkMark {
  readonly #descriptor: number | null;
  #current = none;

  /** @param descriptor of the file that the daemon reads; null: there is none */
  constructor(descriptor: number | null) {
    this.#descriptor = descriptor;
  }

  slice(mark: Mark): Slice {
    if (this.#descriptor === null) return unmarked;
    const bytes = encodeMark(mark);
    return (work) => {
      const before = this.#current;
      this.#write(bytes);
      work();
      // Not where it throws: what nobody catches ends the process, and this is what it died over.
      this.#write(before);
    };
  }

  #write(bytes: Buffer): void {
    this.#current = bytes;
    if (this.#descriptor !== null) writeSync(this.#descriptor, bytes, 0, bytes.length, 0);
  }
}
