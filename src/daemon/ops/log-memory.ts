import { EventEmitter } from 'node:events';
import { emitToAll } from '../../contract/do-all.ts';
import { readLogLine } from './log-line.ts';
import { logLineWithoutAddresses } from './log-privacy.ts';

/** What is remembered, in characters: some ten thousand lines. */
const maxLength = 4 * 1024 * 1024;

/** The newest lines of the log as they were written, for who asks: where standard error leads to nobody here knows. */
export class LogMemory {
  readonly #emitter = new EventEmitter<{ line: [string] }>();
  #lines: string[] = [];
  #length = 0;
  #forgotten = 0;
  /** Up to here lines have no addresses any more. */
  #scrubbed = 0;

  constructor() {
    // One listener per stream, and those have a limit of their own.
    this.#emitter.setMaxListeners(0);
  }

  /** The oldest first. */
  get lines(): readonly string[] {
    return this.#lines.slice(this.#forgotten);
  }

  note(line: string): void {
    this.#lines.push(line);
    this.#length += line.length;
    while (this.#length > maxLength && this.#forgotten < this.#lines.length) {
      this.#length -= this.#lines[this.#forgotten]?.length ?? 0;
      this.#forgotten += 1;
    }
    // Not each time: the whole list would be moved.
    if (this.#forgotten > 1000) {
      this.#lines = this.#lines.slice(this.#forgotten);
      this.#scrubbed = Math.max(0, this.#scrubbed - this.#forgotten);
      this.#forgotten = 0;
    }
    emitToAll(this.#emitter, 'line', line);
  }

  /**
   * Takes the addresses out of lines, the oldest first, up to the first that may keep its own.
   *
   * @param most looks at so many at once
   * @returns whether there may be more
   */
  scrub(isKept: (atMs: number) => boolean, most: number): boolean {
    const from = Math.max(this.#scrubbed, this.#forgotten);
    const to = Math.min(from + most, this.#lines.length);
    for (let place = from; place < to; place++) {
      const line = this.#lines[place] ?? '';
      this.#scrubbed = place;
      const at = readLogLine(line)?.at;
      if (at !== undefined && isKept(Date.parse(at))) return false;
      const without = logLineWithoutAddresses(line);
      this.#lines[place] = without;
      this.#length += without.length - line.length;
    }
    this.#scrubbed = to;
    return to < this.#lines.length;
  }

  /** Calls `listener` for each line from now on; gives the function that ends it. */
  listen(listener: (line: string) => void): () => void {
    this.#emitter.on('line', listener);
    return () => this.#emitter.off('line', listener);
  }
}
