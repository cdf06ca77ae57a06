import { type Clock, every, type Timer } from '../../contract/clock.ts';

/** It is looked so often whether anything was heard, in ms. */
const lookEveryMs = 1000;

/**
 * Tells once that nothing was heard for so long. Looks are counted, not time: where this process itself stood still, by Ctrl-Z or on a busy
 * machine, what was said meanwhile is still to be read.
 */
export class Silence implements Timer {
  readonly #timer: Timer;
  #looks = 0;

  constructor(clock: Clock, limitMs: number, act: () => void) {
    this.#timer = every(clock, lookEveryMs, () => {
      this.#looks++;
      if (this.#looks < limitMs / lookEveryMs) return;
      this.cancel();
      act();
    });
  }

  heard(): void {
    this.#looks = 0;
  }

  cancel(): void {
    this.#timer.cancel();
  }
}
