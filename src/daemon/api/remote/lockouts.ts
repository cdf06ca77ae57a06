import { type BackOffPolicy, backOffDelayMs } from '../../../contract/back-off.ts';
import type { Clock } from '../../../contract/clock.ts';
import { networkOf, siteOf } from '../../../contract/network-of.ts';

/** Wrong secrets that are forgiven: somebody pastes an old one a few times. */
const forgiven = 5;
/** From the next one on nobody of there is heard for a second, then for twice as long each time, up to five minutes. */
const policy: BackOffPolicy = { firstMs: 1000, growth: 2, ceilingMs: 300_000, heldMs: 0, jitter: 0 };
/** What was wrong so long ago counts no more, in ms. */
const forgottenMs = 15 * 60_000;
/** Networks that are remembered; beyond it the one that was wrong the longest ago is forgotten. */
const maxRemembered = 10_000;

interface Failures {
  readonly count: number;
  readonly atMs: number;
  readonly untilMs: number;
}

/** Keeps out, for a growing time, whoever comes with wrong secrets: by network, and of IPv6 by site too. Told the time. */
export class Lockouts {
  readonly #clock: Pick<Clock, 'nowMs'>;
  readonly #failures = new Map<string, Failures>();

  constructor(clock: Pick<Clock, 'nowMs'>) {
    this.#clock = clock;
  }

  /** How many networks are remembered. */
  get size(): number {
    return this.#failures.size;
  }

  /** How long an address is not heard yet, in ms; 0: it is. */
  waitMs(address: string): number {
    const nowMs = this.#clock.nowMs();
    return Math.max(
      0,
      ...placesOf(address).map((place) => (this.#failures.get(place)?.untilMs ?? 0) - nowMs),
    );
  }

  /** An address came with a wrong secret: gives how long it is not heard from now on, in ms. */
  failed(address: string): number {
    return Math.max(...placesOf(address).map((place) => this.#count(place)));
  }

  /** An address came with a right one: what was wrong before is forgiven. */
  forgive(address: string): void {
    for (const place of placesOf(address)) this.#failures.delete(place);
  }

  #count(place: string): number {
    const nowMs = this.#clock.nowMs();
    const before = this.#failures.get(place);
    const count = before && nowMs - before.atMs < forgottenMs ? before.count + 1 : 1;
    const waitMs = backOffDelayMs(Math.max(0, count - forgiven), 0, policy);
    this.#failures.delete(place);
    for (const [oldest, { atMs }] of this.#failures) {
      if (nowMs - atMs < forgottenMs && this.#failures.size < maxRemembered) break;
      this.#failures.delete(oldest);
    }
    this.#failures.set(place, { count, atMs: nowMs, untilMs: nowMs + waitMs });
    return waitMs;
  }
}

function placesOf(address: string): string[] {
  const site = siteOf(address);
  return [networkOf(address), ...(site === null ? [] : [site])];
}
