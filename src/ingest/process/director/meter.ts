import type { Splicer } from '../splicer/splicer.ts';

const intervalMs = 1000;

/** Rates over the last second. */
export interface Rates {
  readonly fps: number;
  readonly bitrateBps: number;
}

/** Measures what leaves, once a second. */
export class Meter {
  readonly #splicer: Splicer;
  #timer: NodeJS.Timeout | undefined;
  #before = { pictures: 0, bytes: 0, atMs: performance.now() };
  rates: Rates = { fps: 0, bitrateBps: 0 };

  constructor(splicer: Splicer) {
    this.#splicer = splicer;
  }

  start(report: () => void): void {
    this.#before.atMs = performance.now();
    this.#timer = setInterval(() => {
      this.#measure();
      report();
    }, intervalMs);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #measure(): void {
    const { pictures, bytes } = this.#splicer.counters;
    const atMs = performance.now();
    const seconds = (atMs - this.#before.atMs) / 1000;
    this.rates = {
      fps: (pictures - this.#before.pictures) / seconds,
      bitrateBps: ((bytes - this.#before.bytes) * 8) / seconds,
    };
    this.#before = { pictures, bytes, atMs };
  }
}
