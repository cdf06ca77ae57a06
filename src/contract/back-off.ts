/** How soon something that failed is started again. */
export interface BackOffPolicy {
  /** Before the second attempt in a row, in ms; the first after a success is at once. */
  readonly firstMs: number;
  /** Each delay is so many times the one before. */
  readonly growth: number;
  /** No delay is longer, in ms. */
  readonly ceilingMs: number;
  /** What held for so long, in ms, worked: its next failure is the first again. */
  readonly heldMs: number;
  /** Part of a delay, 0 to 1, that is left to chance, so that what failed together does not come back together. */
  readonly jitter: number;
}

/**
 * For everything that is started again: at once, then after 0.5, 1, 2, 4, 8 s and so on up to 30 s: at most nine tries in the
 * first minute, two a minute from then on.
 */
export const usualBackOff: BackOffPolicy = {
  firstMs: 500,
  growth: 2,
  ceilingMs: 30_000,
  heldMs: 10_000,
  jitter: 0.2,
};

/** How often something failed in a row, as operators see it. */
export interface BackOffState {
  readonly failures: number;
  /** Until the next attempt, in ms from the last failure. */
  readonly delayMs: number;
}

/**
 * How long to wait before something is tried again, in ms.
 *
 * @param before how often it had failed in a row before
 * @param chance from 0 to below 1
 */
export function backOffDelayMs(before: number, chance: number, policy: BackOffPolicy = usualBackOff): number {
  if (before === 0) return 0;
  const { firstMs, growth, ceilingMs, jitter } = policy;
  const wholeMs = Math.min(ceilingMs, firstMs * growth ** (before - 1));
  return Math.round(wholeMs * (1 - jitter * chance));
}

/** Counts failures in a row and says how long to wait. Pure but for what it counts: it is told the time and chance. */
export class BackOff {
  readonly #policy: BackOffPolicy;
  readonly #random: () => number;
  #failures = 0;
  #delayMs = 0;
  #startedAtMs: number | null = null;

  /** @param random gives numbers from 0 to below 1 */
  constructor(policy: BackOffPolicy = usualBackOff, random: () => number = Math.random) {
    this.#policy = policy;
    this.#random = random;
  }

  get state(): BackOffState {
    return { failures: this.#failures, delayMs: this.#delayMs };
  }

  /** It works, from now on. */
  started(nowMs: number): void {
    this.#startedAtMs = nowMs;
  }

  /** It has failed: gives how long to wait before it is tried again, in ms. */
  failed(nowMs: number): number {
    const { heldMs } = this.#policy;
    if (this.#startedAtMs !== null && nowMs - this.#startedAtMs >= heldMs) this.#failures = 0;
    this.#startedAtMs = null;
    this.#delayMs = backOffDelayMs(this.#failures++, this.#random(), this.#policy);
    return this.#delayMs;
  }

  /** Somebody wants it tried now, as if it had never failed. */
  reset(): void {
    this.#failures = 0;
    this.#delayMs = 0;
  }
}
