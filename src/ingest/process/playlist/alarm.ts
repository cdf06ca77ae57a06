import type { Clock, Timer } from '../../../contract/clock.ts';

/** What is done when it is time: one thing, the last that was set. */
export class Alarm {
  readonly #clock: Clock;
  #due: { readonly timer: Timer; readonly atMs: number; readonly act: () => void } | undefined;
  #isExcusable = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** @param isExcusable later, where what it waits for is held up */
  set(ms: number, act: () => void, isExcusable = false): void {
    this.cancel();
    this.#isExcusable = isExcusable;
    const timer = this.#clock.after(ms, () => {
      this.#due = undefined;
      act();
    });
    this.#due = { timer, act, atMs: this.#clock.nowMs() + ms };
  }

  /** What it waits for was held up for so long, in ms. */
  excuse(ms: number): void {
    if (this.#due && this.#isExcusable)
      this.set(this.#due.atMs - this.#clock.nowMs() + ms, this.#due.act, true);
  }

  cancel(): void {
    this.#due?.timer.cancel();
    this.#due = undefined;
  }
}
