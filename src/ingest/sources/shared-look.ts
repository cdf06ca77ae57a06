/** A look at something that several wait for: it ends early where nobody waits any more. */
export class SharedLook<T> {
  readonly #nobody = new AbortController();
  readonly #found: Promise<T>;
  #waiting = 0;
  #over = false;

  /** @param look begins in a moment, so that whoever began it can wait for it first */
  constructor(look: (signal: AbortSignal) => Promise<T>) {
    this.#found = Promise.resolve().then(() => look(this.#nobody.signal));
    const over = () => {
      this.#over = true;
    };
    // Whoever waits hears of it.
    this.#found.then(over, over);
  }

  /** Nobody waits any more: it must not be joined. */
  get abandoned(): boolean {
    return this.#nobody.signal.aborted;
  }

  /** Rejects where the look does, or with the signal's reason once it has ended with nobody waiting. */
  async found(signal: AbortSignal | undefined): Promise<T> {
    const gone = Promise.withResolvers<never>();
    const leave = () => gone.reject(signal?.reason);
    this.#waiting++;
    signal?.addEventListener('abort', leave, { once: true });
    try {
      signal?.throwIfAborted();
      return await Promise.race([this.#found, gone.promise]);
    } finally {
      signal?.removeEventListener('abort', leave);
      this.#waiting--;
      if (this.#waiting === 0 && !this.#over) {
        this.#nobody.abort(signal?.reason);
        await this.#found.catch(() => {});
      }
    }
  }
}
