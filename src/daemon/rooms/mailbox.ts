import type { Clock } from '../../contract/clock.ts';
import { doAll } from '../../contract/do-all.ts';

/** How long somebody waits. */
interface Patience<T> {
  /** After so long, in ms, what `late` gives or throws. */
  readonly limit?: { readonly ms: number; readonly late: () => T };
  /** Nobody waits any more. */
  readonly signal?: AbortSignal | undefined;
}

/** A queue of one: what is posted is done in order, one at a time, and then it is looked at what follows from it. */
export class Mailbox {
  readonly #clock: Clock;
  readonly #settle: () => void;
  readonly #waiting: (() => void)[] = [];
  readonly #watchers = new Set<() => void>();
  #busy = false;

  /** @param settle does what follows from each message */
  constructor(clock: Clock, settle: () => void) {
    this.#clock = clock;
    this.#settle = settle;
  }

  /** Those that wait for something. */
  get watchers(): number {
    return this.#watchers.size;
  }

  /** Does something in its turn; now, where nothing else is being done. What throws holds up nothing behind it. */
  post(act: () => void): void {
    this.#waiting.push(act);
    if (this.#busy) return;
    this.#busy = true;
    try {
      doAll(this.#steps());
    } finally {
      this.#busy = false;
    }
  }

  /** The same; gives what comes of it. */
  ask<T>(act: () => T): Promise<T> {
    return new Promise((resolve, reject) => {
      this.post(() => {
        try {
          resolve(act());
        } catch (error) {
          reject(error);
        }
      });
    });
  }

  /** Resolves with what `check` gives as soon as it does, rejects with what it throws; it is asked after each message. */
  until<T>(check: () => T | false, { limit, signal }: Patience<T> = {}): Promise<T> {
    return new Promise((resolve, reject) => {
      const waiting = new DisposableStack();
      const look = (find: () => T | false) => {
        try {
          signal?.throwIfAborted();
          const found = find();
          if (found === false) return;
          resolve(found);
        } catch (error) {
          reject(error);
        }
        waiting.dispose();
      };
      const watch = () => look(check);
      this.#watchers.add(watch);
      waiting.defer(() => this.#watchers.delete(watch));
      signal?.addEventListener('abort', watch);
      waiting.defer(() => signal?.removeEventListener('abort', watch));
      if (limit)
        waiting.adopt(
          this.#clock.after(limit.ms, () => look(limit.late)),
          (timer) => timer.cancel(),
        );
      watch();
    });
  }

  /** What comes of slow work, unless `check` throws before that. */
  async unless<T>(check: () => false, work: () => Promise<T>): Promise<T> {
    const done = new AbortController();
    const outdated = this.until<never>(check, { signal: done.signal });
    try {
      return await Promise.race([outdated, work()]);
    } finally {
      done.abort();
    }
  }

  *#steps(): Iterable<() => void> {
    for (let next = this.#waiting.shift(); next; next = this.#waiting.shift())
      yield* [next, this.#settle, () => this.#look()];
  }

  #look(): void {
    for (const watch of this.#watchers) watch();
  }
}
