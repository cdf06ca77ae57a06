import type { Clock, Timer } from '../../src/contract/clock.ts';

interface Waiting {
  readonly atMs: number;
  readonly order: number;
  readonly act: () => void;
}

/** A clock that stands still until it is told to go on: what decides runs a week in a second, the same way each time. */
export class VirtualClock implements Clock {
  #nowMs: number;
  #wallFromMs: number;
  #order = 0;
  readonly #waiting = new Set<Waiting>();

  constructor(nowMs = 1000, wallMs = Date.UTC(2026, 0, 1)) {
    this.#nowMs = nowMs;
    this.#wallFromMs = wallMs - nowMs;
  }

  /** Timers that wait: none may be left at an end. */
  get timers(): number {
    return this.#waiting.size;
  }

  nowMs(): number {
    return this.#nowMs;
  }

  wallMs(): number {
    return this.#wallFromMs + this.#nowMs;
  }

  /** Somebody puts the wall clock on, or back where it is negative. */
  putWall(byMs: number): void {
    this.#wallFromMs += byMs;
  }

  after(ms: number, act: () => void): Timer {
    const waiting = { atMs: this.#nowMs + Math.max(0, ms), order: this.#order++, act };
    this.#waiting.add(waiting);
    return { cancel: () => this.#waiting.delete(waiting) };
  }

  /** Lets so much time pass, in ms; between two timers all that was promised happens. */
  async pass(ms: number): Promise<void> {
    const untilMs = this.#nowMs + ms;
    await settled();
    for (let next = this.#next(untilMs); next; next = this.#next(untilMs)) {
      this.#nowMs = next.atMs;
      this.#waiting.delete(next);
      next.act();
      await settled();
    }
    this.#nowMs = untilMs;
  }

  #next(untilMs: number): Waiting | undefined {
    let first: Waiting | undefined;
    for (const one of this.#waiting) {
      if (one.atMs > untilMs) continue;
      if (!first || one.atMs < first.atMs || (one.atMs === first.atMs && one.order < first.order))
        first = one;
    }
    return first;
  }
}

/** Resolves once all that could happen without time passing has happened. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
}
