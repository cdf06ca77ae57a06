import { type Clock, every, type Timer } from '../../contract/clock.ts';
import { Pace } from '../media/pace.ts';

/** Most encoders send sound or picture at least ten times a second; so long, in ms, after more was to come something is wrong. */
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
  readonly #clock: Clock;
  readonly #options: SilenceWatchOptions;
  readonly #timer: Timer;
  readonly #pace = new Pace();
  #lastMs: number;
  #begun = false;
  #silent = false;
  #tooLong = false;

  constructor(clock: Clock, options: SilenceWatchOptions) {
    this.#clock = clock;
    this.#options = options;
    this.#lastMs = clock.nowMs();
    this.#timer = every(clock, lookEveryMs, () => this.#look());
  }

  /** Something has come; true for the first time. */
  heard(): boolean {
    this.#lastMs = this.#clock.nowMs();
    this.#pace.note(this.#lastMs);
    this.#become(false);
    const first = !this.#begun;
    this.#begun = true;
    return first;
  }

  close(): void {
    this.#timer.cancel();
  }

  #look(): void {
    const silentMs = this.#clock.nowMs() - this.#lastMs;
    const usualMs = this.#begun ? this.#pace.usualMs : 0;
    if (silentMs >= silentAfterMs + usualMs) this.#become(true);
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
