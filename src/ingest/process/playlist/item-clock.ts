import type { Clock } from '../../../contract/clock.ts';
import { worthUs } from '../players/progress.ts';
import type { PlayingItem } from './playing-item.ts';

/** Since when the item of a playlist plays, and where in its source it is, or was. */
export class ItemClock {
  readonly #clock: Clock;
  readonly #wallFromMs: number;
  /** The item that began last, and when, in ms; a live one that was broken off began as much earlier as it had played. */
  #begun: { readonly id: string; readonly atMs: number } | null = null;
  /** Where it was when it was lost last, in µs; null: it was not since it began there. */
  #lostAtUs: number | null = null;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#wallFromMs = clock.wallMs() - clock.nowMs();
  }

  /** What the list is told, in ms since 1970 as of when this began: whoever puts the clock on or back puts off no retry. */
  get wallMs(): number {
    return this.#wallFromMs + this.#clock.nowMs();
  }

  /** @param passedUs it has played for so long before, in µs */
  began(id: string, passedUs = 0): void {
    this.#begun = { id, atMs: this.#clock.nowMs() - passedUs / 1000 };
  }

  /** It is at a place where it was not lost yet. */
  moved(): void {
    this.#lostAtUs = null;
  }

  /** Whether it is not the item that began last. */
  isNew(id: string): boolean {
    return this.#begun?.id !== id;
  }

  /** For how long an item has played, in ms. */
  passedMs(id: string): number {
    return this.#begun?.id === id ? this.#clock.nowMs() - this.#begun.atMs : 0;
  }

  /** Place in its source, in µs; of a live one, how long it has played. */
  positionUs({ item, prepared, feed, startUs }: PlayingItem): number {
    return prepared.live ? this.passedMs(item.id) * 1000 : Math.max(0, feed?.leftUs ?? startUs);
  }

  /** It is missed from now on. Gives whether it had come further than where it was lost before. */
  lost(atUs: number): boolean {
    const wasBack = this.#lostAtUs === null || atUs - this.#lostAtUs >= worthUs;
    this.#lostAtUs = Math.max(atUs, this.#lostAtUs ?? 0);
    return wasBack;
  }
}
