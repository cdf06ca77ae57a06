import { writeSync } from 'node:fs';
import { encodeMark, type Mark, workDone } from './mark.ts';

/** Runs a piece of work on what comes of a source. */
export type Slice = (work: () => void) => void;

/** The descriptor that a process finds the file for its marks at. */
export const markDescriptor = 4;

/** The same of work that gives something, or fails: what is thrown is somebody's to catch, and not what the process ends over. */
export function marked<T>(slice: Slice, work: () => T): T {
  let outcome: (() => T) | undefined;
  slice(() => {
    try {
      const value = work();
      outcome = () => value;
    } catch (error) {
      outcome = () => {
        throw error;
      };
    }
  });
  return (outcome as () => T)();
}

/** For what nobody has to answer for. */
export const unmarked: Slice = (work) => work();

/**
 * Marks what this process works on, where the daemon can read it when the process is no more. One small write before each
 * piece of work and one behind it, of about 2 µs each; none inside of work on the same.
 */
export class WorkMark {
  readonly #descriptor: number | null;
  /** Work inside of other work is marked as what it is, and then the other again. */
  #outer: Buffer | undefined;

  /** @param descriptor of the file that the daemon reads; null: there is none */
  constructor(descriptor: number | null) {
    this.#descriptor = descriptor;
  }

  slice(mark: Mark): Slice {
    const descriptor = this.#descriptor;
    if (descriptor === null) return unmarked;
    const bytes = encodeMark(mark);
    const write = (what: Buffer) => {
      try {
        writeSync(descriptor, what, 0, what.length, 0);
      } catch {
        // Where it cannot be marked, the work is done all the same.
      }
    };
    return (work) => {
      const outer = this.#outer;
      if (outer?.equals(bytes)) {
        work();
        return;
      }
      this.#outer = bytes;
      write(bytes);
      work();
      // Not where it throws: what nobody catches ends the process, and this is what it died over.
      this.#outer = outer;
      write(outer ?? workDone);
    };
  }
}
