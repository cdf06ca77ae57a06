import { BackOff, usualBackOff } from '../../contract/back-off.ts';
import type { Clock } from '../../contract/clock.ts';

/** Encoders come back at once, by themselves; to set them right takes somebody a minute. */
const policy = { ...usualBackOff, firstMs: 5000, ceilingMs: 60_000, heldMs: 30_000 };

/** When whoever sent too much may come back, by the ids of stream keys: the first time at once. */
export class FloodBackOff {
  readonly #clock: Clock;
  readonly #keys = new Map<string, { readonly backOff: BackOff; untilMs: number }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** How long it has to wait, in ms. */
  waitMs(keyId: string): number {
    return Math.max(0, (this.#keys.get(keyId)?.untilMs ?? 0) - this.#clock.nowMs());
  }

  /** Its media comes. */
  began(keyId: string): void {
    this.#keys.get(keyId)?.backOff.started(this.#clock.nowMs());
  }

  /** It has sent too much. */
  flooded(keyId: string): void {
    const { backOff } = this.#keys.get(keyId) ?? { backOff: new BackOff(policy) };
    const nowMs = this.#clock.nowMs();
    this.#keys.set(keyId, { backOff, untilMs: nowMs + backOff.failed(nowMs) });
  }

  /** The key is no longer valid. */
  forget(keyId: string): void {
    this.#keys.delete(keyId);
  }
}
