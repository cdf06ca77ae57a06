interface Watcher {
  /** Gives whether it is done with. */
  look(): boolean;
}

/** A queue of one: what is posted is done in order, one at a time, and then it is looked at what follows from it. */
export class Mailbox {
  readonly #settle: () => void;
  readonly #waiting: (() => void)[] = [];
  readonly #watchers = new Set<Watcher>();
  #busy = false;

  /** @param settle does what follows from each message */
  constructor(settle: () => void) {
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
    const thrown: unknown[] = [];
    for (let next = this.#waiting.shift(); next; next = this.#waiting.shift())
      for (const step of [next, this.#settle, () => this.#look()])
        try {
          step();
        } catch (error) {
          thrown.push(error);
        }
    this.#busy = false;
    if (thrown.length > 0) throw thrown.length === 1 ? thrown[0] : new AggregateError(thrown);
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

  /** Resolves with what `check` gives as soon as that is something, rejects with what it throws; it is asked after each message. */
  until<T>(check: () => T | undefined): Promise<T> {
    return new Promise((resolve, reject) => {
      const look = () => {
        try {
          const found = check();
          if (found === undefined) return false;
          resolve(found);
        } catch (error) {
          reject(error);
        }
        return true;
      };
      if (!look()) this.#watchers.add({ look });
    });
  }

  #look(): void {
    for (const watcher of this.#watchers) if (watcher.look()) this.#watchers.delete(watcher);
  }
}
