import { type Clock, systemClock } from '../../contract/clock.ts';

/** Keys whose rate is remembered; beyond it the oldest is forgotten. */
const maxRemembered = 10_000;

export interface RateOptions {
  readonly perSecond: number;
  /** So many may come at one moment. */
  readonly burst: number;
  readonly clock?: Clock;
}

/** Bounds how often one thing may happen, by a token bucket. */
export class Rate {
  readonly #options: RateOptions;
  readonly #clock: Clock;
  #tokens: number;
  #atMs: number;

  constructor(options: RateOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#tokens = options.burst;
    this.#atMs = this.#clock.nowMs();
  }

  /** It is as if it had never happened. */
  get isFull(): boolean {
    return this.#tokensAt(this.#clock.nowMs()) >= this.#options.burst;
  }

  /** It happens once more; false: it should not have. */
  spend(): boolean {
    const nowMs = this.#clock.nowMs();
    this.#tokens = this.#tokensAt(nowMs);
    this.#atMs = nowMs;
    if (this.#tokens < 1) return false;
    this.#tokens--;
    return true;
  }

  #tokensAt(nowMs: number): number {
    const { burst, perSecond } = this.#options;
    return Math.min(burst, this.#tokens + ((nowMs - this.#atMs) / 1000) * perSecond);
  }
}

/** A rate for each of many, such as the networks that clients come from. */
export class Rates {
  readonly #options: RateOptions;
  readonly #rates = new Map<string, Rate>();

  constructor(options: RateOptions) {
    this.#options = options;
  }

  /** How many are remembered: those that may not do all again. */
  get size(): number {
    return this.#rates.size;
  }

  /** It happens once more to this one; false: it should not have. */
  spend(key: string): boolean {
    const rate = this.#rates.get(key) ?? new Rate(this.#options);
    this.#rates.delete(key);
    for (const [oldest, one] of this.#rates) {
      if (!one.isFull && this.#rates.size < maxRemembered) break;
      this.#rates.delete(oldest);
    }
    this.#rates.set(key, rate);
    return rate.spend();
  }
}
