import type { FileInput } from './file-input.ts';
import { SharedLook } from './shared-look.ts';

/** Files that are remembered at most; a probe takes 1 to 2 KB. */
const maxFiles = 500;

/** What was found out of a file, and whether that is worth being remembered. */
export interface Finding<T> {
  readonly value: T;
  readonly keep: boolean;
}

/** What is known of a file for as long as it is the same. */
export interface KnownFile<T> {
  readonly path: string;
  readonly identity: string;
  readonly value: T;
}

interface Look<T> {
  readonly identity: string;
  readonly look: SharedLook<T>;
}

/**
 * Remembers what was found out of files for as long as they are the same and unwritten; those not asked for the longest go first.
 * Who asks while a file is looked at waits for that look, which ends early where nobody waits any more.
 */
export class FileMemory<T> {
  readonly #known = new Map<string, KnownFile<T>>();
  readonly #looks = new Map<string, Look<T>>();
  readonly #onFound: (known: KnownFile<T>) => void;
  readonly #max: number;

  /** @param onFound hears of what is remembered from now on @param max so many at most */
  constructor(onFound: (known: KnownFile<T>) => void = () => {}, max = maxFiles) {
    this.#onFound = onFound;
    this.#max = max;
  }

  /** Remembers what somebody else found out. */
  learn(known: KnownFile<T>): void {
    this.#known.delete(known.path);
    this.#known.set(known.path, known);
    const [oldest] = this.#known.keys();
    if (this.#known.size > this.#max && oldest !== undefined) this.#known.delete(oldest);
  }

  /** Takes the input over: it is disposed of once nothing reads it. Rejects where the look does, or with the signal's reason. */
  async of(
    input: FileInput,
    signal: AbortSignal | undefined,
    look: (signal: AbortSignal) => Promise<Finding<T>>,
  ): Promise<T> {
    const { identity, aside } = input;
    const running = this.#looks.get(aside.path);
    const known = this.recall(aside.path, identity);
    if (known) {
      await input[Symbol.asyncDispose]();
      return known.value;
    }
    if (running?.identity !== identity || running.look.abandoned)
      return await this.#begin(input, look).found(signal);
    await using _ = input;
    return await running.look.found(signal);
  }

  /** What is known of a file that is still the same; undefined: nothing. */
  recall(path: string, identity: string): KnownFile<T> | undefined {
    const known = this.#known.get(path);
    this.#known.delete(path);
    if (known?.identity !== identity) return undefined;
    this.#known.set(path, known);
    return known;
  }

  #begin(input: FileInput, look: (signal: AbortSignal) => Promise<Finding<T>>): SharedLook<T> {
    const { identity, aside } = input;
    const begun = new SharedLook(async (signal) => {
      try {
        await using _ = input;
        const { value, keep } = await look(signal);
        if (keep) {
          const known = { path: aside.path, identity, value };
          this.learn(known);
          this.#onFound(known);
        }
        return value;
      } finally {
        if (this.#looks.get(aside.path)?.look === begun) this.#looks.delete(aside.path);
      }
    });
    this.#looks.set(aside.path, { identity, look: begun });
    return begun;
  }
}
