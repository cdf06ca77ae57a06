import { keepNewest } from '../keep-newest.ts';
import { FileMemory, type KnownFile } from './file-memory.ts';

/** Files whose loudness is remembered at most: some 100 bytes each. */
export const maxMeasured = 5000;
/** Files that wait to be measured at most; what is asked for beyond that is not measured this time. */
const maxWaiting = 500;

/** A file as it was looked at. */
export interface SeenFile {
  readonly path: string;
  readonly identity: string;
}

/** Measures all of one track; null: it cannot be. */
type Measure<L> = (signal: AbortSignal) => Promise<L | null>;

export interface LoudnessBookOptions<L> {
  /** Hears of what is known of a file from now on. */
  readonly onFound: (known: KnownFile<Readonly<Record<string, L>>>) => void;
}

/** What is known of the loudness of files, track by track; what is not is measured, one after the other. */
export class LoudnessBook<L> {
  readonly #options: LoudnessBookOptions<L>;
  readonly #known = new FileMemory<Readonly<Record<string, L>>>(undefined, maxMeasured);
  /** What waits, or is measured just now, by file and track. */
  readonly #waiting = new Map<string, () => Promise<void>>();
  /** What could not be measured is not tried again while it is the same. */
  readonly #failed = new Map<string, null>();
  readonly #closing = new AbortController();
  #running: Promise<void> | undefined;

  constructor(options: LoudnessBookOptions<L>) {
    this.#options = options;
  }

  /** Remembers what was found out elsewhere. */
  learn(known: KnownFile<Readonly<Record<string, L>>>): void {
    this.#known.learn(known);
  }

  /** That of one track of a file; undefined: not known. */
  find({ path, identity }: SeenFile, track: string): L | undefined {
    return this.#known.recall(path, identity)?.value[track];
  }

  /** Has it measured in its turn, where it is not known. */
  want(file: SeenFile, track: string, measure: Measure<L>): void {
    const key = JSON.stringify([file.path, file.identity, track]);
    const isAsked = this.#waiting.has(key) || this.#failed.has(key) || this.#closing.signal.aborted;
    if (isAsked || this.#waiting.size >= maxWaiting || this.find(file, track) !== undefined) return;
    this.#waiting.set(key, () => this.#measure(key, file, track, measure));
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined;
    });
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    for (const [key, measure] of this.#waiting) {
      if (!this.#closing.signal.aborted) await measure();
      this.#waiting.delete(key);
    }
  }

  async #measure(key: string, file: SeenFile, track: string, measure: Measure<L>): Promise<void> {
    const { onFound } = this.#options;
    const found = await measure(this.#closing.signal).catch(() => null);
    if (this.#closing.signal.aborted) return;
    if (found === null) {
      keepNewest(this.#failed, key, null, maxMeasured);
      return;
    }
    const others = this.#known.recall(file.path, file.identity)?.value;
    const known = { ...file, value: { ...others, [track]: found } };
    this.learn(known);
    onFound(known);
  }
}
