import type { Clock, Timer } from '../../contract/clock.ts';

/** When something must have come, or it is stuck, and how long that was from the last time, in ms. */
interface Due {
  readonly atMs: number;
  readonly timeoutMs: number;
}

/** Notices that nothing comes. To set a timer anew for each piece costs more than one that finds that something came meanwhile. */
export class StallWatch {
  readonly #clock: Clock;
  readonly #onStuck: (timeoutMs: number) => void;
  #due: Due | undefined;
  #timer: Timer | undefined;
  #wakesAtMs = 0;

  constructor(clock: Clock, onStuck: (timeoutMs: number) => void) {
    this.#clock = clock;
    this.#onStuck = onStuck;
  }

  /** Something has come, or begins: the next is due within so long, in ms. */
  await(timeoutMs: number): void {
    const atMs = this.#clock.nowMs() + timeoutMs;
    this.#due = { atMs, timeoutMs };
    if (this.#timer && this.#wakesAtMs <= atMs) return;
    this.#timer?.cancel();
    this.#wake(atMs);
  }

  /** Nothing is to come. */
  stop(): void {
    this.#due = undefined;
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #wake(atMs: number): void {
    this.#wakesAtMs = atMs;
    this.#timer = this.#clock.after(atMs - this.#clock.nowMs(), () => {
      this.#timer = undefined;
      if (!this.#due) return;
      if (this.#due.atMs > this.#clock.nowMs()) this.#wake(this.#due.atMs);
      else this.#onStuck(this.#due.timeoutMs);
    });
  }
}
