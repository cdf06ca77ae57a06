import { setMaxListeners } from 'node:events';
import { BackOff } from '../../contract/back-off.ts';
import { type Clock, pause } from '../../contract/clock.ts';

/** Why a part cannot be had back: `failures` in a row; it is tried again in so many ms. */
export interface Trouble {
  readonly reason: string;
  readonly failures: number;
  readonly nextTryMs: number;
}

/** Hears which parts cannot be had back, and which are there again. */
export interface HealthListener {
  lost(part: string, trouble: Trouble): void;
  found(part: string): void;
}

export interface RestartsOptions {
  /** What is started, as health calls it. */
  readonly part: string;
  readonly clock: Clock;
  readonly health?: HealthListener | undefined;
}

/** One life of a process. */
export interface Life {
  /** Rejects where it cannot begin; it ends then. */
  readonly ready: Promise<unknown>;
  readonly ended: Promise<{ readonly message: string }>;
  /** It is let go: its end is no failure. */
  readonly closed: boolean;
  close(): Promise<void>;
}
export type Death<L extends Life> = Awaited<L['ended']>;

/** When processes may be started that die: with back-off, told to health while something has to wait. */
export class Restarts {
  readonly #options: RestartsOptions;
  readonly #backOff = new BackOff();
  /** Nothing is started before, by the clock. */
  #notBeforeMs = 0;
  /** Failures that had a cause of their own: all that die at one time do so of one. */
  #incidents = 0;
  #problem = '';
  #hurried = new AbortController();
  #closed = false;

  constructor(options: RestartsOptions) {
    this.#options = options;
  }

  /** The last failure, in words. */
  get problem(): string {
    return this.#problem;
  }

  /**
   * Starts one as soon as it may be, which is at once where nothing failed; null: it never may. Where `make` throws, that is a failure.
   *
   * @param died it ended by itself
   */
  async start<L extends Life>(make: () => L, died: (life: L, death: Death<L>) => void): Promise<L | null> {
    const { part, clock, health } = this.#options;
    while (!this.#closed) {
      const waitMs = this.#notBeforeMs - clock.nowMs();
      if (waitMs <= 0) return this.#attempt(make, died);
      const { failures } = this.#backOff.state;
      health?.lost(part, { reason: this.#problem, failures, nextTryMs: waitMs });
      const { signal } = this.#hurried;
      setMaxListeners(0, signal);
      await pause(clock, waitMs, signal);
    }
    return null;
  }

  /** Somebody waits: what failed is tried at once. */
  hurry(): void {
    this.#backOff.reset();
    this.#notBeforeMs = 0;
    this.#hurried.abort();
    this.#hurried = new AbortController();
  }

  /** Nothing is started any more. */
  close(): void {
    this.#closed = true;
    this.#hurried.abort();
  }

  #attempt<L extends Life>(make: () => L, died: (life: L, death: Death<L>) => void): L {
    const { part, clock, health } = this.#options;
    const incidents = this.#incidents;
    let readyAtMs: number | null = null;
    const failed = (error: unknown) => {
      // What was begun before the last incident is part of it.
      if (incidents !== this.#incidents) return;
      const nowMs = clock.nowMs();
      this.#incidents++;
      this.#problem = (error as { readonly message: string }).message;
      if (readyAtMs !== null) this.#backOff.started(readyAtMs);
      this.#notBeforeMs = nowMs + this.#backOff.failed(nowMs);
    };
    const begun = () => {
      readyAtMs = clock.nowMs();
      health?.found(part);
    };
    try {
      const life = make();
      life.ready.then(begun, failed);
      void life.ended.then((death) => {
        if (this.#closed || life.closed) return;
        failed(death);
        died(life, death as Death<L>);
      });
      return life;
    } catch (error) {
      failed(error);
      throw error;
    }
  }
}
