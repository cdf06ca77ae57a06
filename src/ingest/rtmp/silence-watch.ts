/** Encoders send sound or picture at least ten times a second; after so long without, in ms, something is wrong. */
const silentAfterMs = 3000;
/** Nobody comes back after so long, in ms: its connection is dead, or its encoder hangs. */
const tooLongMs = 30_000;
const lookEveryMs = 500;

export interface SilenceWatchOptions {
  readonly onChange: (silent: boolean) => void;
  /** It is to be ended. */
  readonly onTooLong: () => void;
}

/** Watches whether anything comes from somebody who is connected. */
export class SilenceWatch {
  readonly #options: SilenceWatchOptions;
  readonly #timer: NodeJS.Timeout;
  #lastMs = performance.now();
  #begun = false;
  #silent = false;
  #tooLong = false;

  constructor(options: SilenceWatchOptions) {
    this.#options = options;
    this.#timer = setInterval(() => this.#look(), lookEveryMs);
  }

  /** Something has come; true for the first time. */
  heard(): boolean {
    this.#lastMs = performance.now();
    this.#become(false);
    const first = !this.#begun;
    this.#begun = true;
    return first;
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    const silentMs = performance.now() - this.#lastMs;
    if (silentMs >= silentAfterMs) this.#become(true);
    if (silentMs < tooLongMs || this.#tooLong) return;
    this.#tooLong = true;
    this.#options.onTooLong();
  }

  #become(silent: boolean): void {
    if (silent === this.#silent) return;
    this.#silent = silent;
    this.#options.onChange(silent);
  }
}
