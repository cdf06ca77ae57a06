import type { Clock } from '../../contract/clock.ts';
import { keepNewest } from '../keep-newest.ts';

/** For so long, in ms, another variant is taken. */
const failedMs = 5 * 60_000;
const maxVariants = 200;

/** Knows the variants of HLS whose lists of segments could not be had: who opens their source anew would be led to them again. */
export class FailedVariants {
  readonly #clock: Clock;
  readonly #failedAtMs = new Map<string, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** @param address of its list, as it is inside */
  note(address: string): void {
    keepNewest(this.#failedAtMs, address, this.#clock.nowMs(), maxVariants);
  }

  has(address: string): boolean {
    const atMs = this.#failedAtMs.get(address);
    return atMs !== undefined && this.#clock.nowMs() - atMs < failedMs;
  }
}
