import { BackOff } from '../../contract/back-off.ts';
import type { Clock, Timer } from '../../contract/clock.ts';

/** Hears which parts cannot be had back, and which are there again. */
export interface HealthListener {
  /** `failures` in a row; it is tried again in so many ms. */
  lost(
    part: string,
    trouble: { readonly reason: string; readonly failures: number; readonly nextTryMs: number },
  ): void;
  found(part: string): void;
}

export interface RestartsOptions {
  /** What is started, as health calls it. */
  readonly part: string;
  readonly clock: Clock;
  readonly health?: HealthListener | undefined;
}

/** One that is started. */
export interface Attempt {
  ready(): void;
  failed(reason: string): void;
}

/** When processes may be started that die: with back-off, told to health while something has to wait. */
export class Restarts {
  readonly #options: RestartsOptions;
  readonly #backOff = new BackOff();
  readonly #waiting = new Set<() => void>();
  /** Nothing is started before, by the clock. */
  #notBeforeMs = 0;
  /** Failures that had a cause of their own: all that die at one time do so of one. */
  #incidents = 0;
  #problem = '';
  #closed = false;

  constructor(options: RestartsOptions) {
    this.#options = options;
  }

  /** The last failure, in words. */
  get problem(): string {
    return this.#problem;
  }

  /** Calls `start` as soon as it may be, which is at once where nothing failed; with null where it never may. */
  next(start: (attempt: Attempt | null) => void): void {
    const { part, clock, health } = this.#options;
    const waitMs = this.#notBeforeMs - clock.nowMs();
    if (this.#closed || waitMs <= 0) {
      start(this.#closed ? null : this.#attempt());
      return;
    }
    const { failures } = this.#backOff.state;
    health?.lost(part, { reason: this.#problem, failures, nextTryMs: waitMs });
    let timer: Timer;
    const look = () => {
      timer.cancel();
      this.#waiting.delete(look);
      this.next(start);
    };
    timer = clock.after(waitMs, look);
    this.#waiting.add(look);
  }

  /** Somebody waits: what failed is tried at once. */
  hurry(): void {
    this.#backOff.reset();
    this.#notBeforeMs = 0;
    for (const look of [...this.#waiting]) look();
  }

  /** Nothing is started any more. */
  close(): void {
    this.#closed = true;
    for (const look of [...this.#waiting]) look();
  }

  #attempt(): Attempt {
    const { part, clock, health } = this.#options;
    const incidents = this.#incidents;
    let readyAtMs: number | null = null;
    return {
      ready: () => {
        readyAtMs = clock.nowMs();
        health?.found(part);
      },
      failed: (reason) => {
        // What was begun before the last incident is part of it.
        if (incidents !== this.#incidents) return;
        const nowMs = clock.nowMs();
        this.#incidents++;
        this.#problem = reason;
        if (readyAtMs !== null) this.#backOff.started(readyAtMs);
        this.#notBeforeMs = nowMs + this.#backOff.failed(nowMs);
      },
    };
  }
}
