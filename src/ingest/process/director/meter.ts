import { type Clock, every, type Timer } from '../../../contract/clock.ts';
import type { Air } from './director-parts.ts';

const intervalMs = 1000;

/** Rates over the last second. */
export interface Rates {
  readonly fps: number;
  readonly bitrateBps: number;
}

/** Measures what leaves, once a second. */
export class Meter {
  readonly #air: Pick<Air, 'counters'>;
  readonly #clock: Clock;
  #timer: Timer | undefined;
  #before: { readonly pictures: number; readonly bytes: number; readonly atMs: number };
  rates: Rates = { fps: 0, bitrateBps: 0 };

  constructor(air: Pick<Air, 'counters'>, clock: Clock) {
    this.#air = air;
    this.#clock = clock;
    this.#before = { pictures: 0, bytes: 0, atMs: clock.nowMs() };
  }

  start(report: () => void): void {
    this.#before = { ...this.#before, atMs: this.#clock.nowMs() };
    this.#timer = every(this.#clock, intervalMs, () => {
      this.#measure();
      report();
    });
  }

  stop(): void {
    this.#timer?.cancel();
  }

  #measure(): void {
    const { pictures, bytes } = this.#air.counters;
    const atMs = this.#clock.nowMs();
    const seconds = (atMs - this.#before.atMs) / 1000;
    this.rates = {
      fps: (pictures - this.#before.pictures) / seconds,
      bitrateBps: ((bytes - this.#before.bytes) * 8) / seconds,
    };
    this.#before = { pictures, bytes, atMs };
  }
}
