import { BackOff } from '../../contract/back-off.ts';
import type { Clock, Timer } from '../../contract/clock.ts';
import { asMiroliveError } from '../../contract/errors.ts';
import type { Trouble } from '../health.ts';
import { startBeat } from './beat.ts';

/** A process of which there is always to be one. */
export interface Replaceable {
  /** It has ended by itself. */
  onDied(listener: (reason: string) => void): void;
  /** Asks it for something; it hangs where it never answers. */
  ask(): Promise<unknown>;
  /** Ends it at once, whatever it does: it dies by that. */
  kill(): void;
  close(): void;
}

export interface PlaceOptions<T extends Replaceable> {
  readonly clock: Clock;
  /** Gives numbers from 0 to below 1. */
  readonly random: () => number;
  readonly start: () => Promise<T>;
  readonly onUp: (one: T) => void;
  /** What was there is gone. */
  readonly onGone: (one: T, reason: string) => void;
  /** It cannot be had back for now. */
  readonly onTrouble: (trouble: Trouble) => void;
  /** Whoever hears that it is up has thrown; it is up all the same. */
  readonly onFault: (error: unknown) => void;
}

type PlaceState<T> =
  | { readonly is: 'up'; readonly one: T; readonly beat: Timer }
  | { readonly is: 'starting' }
  | { readonly is: 'waiting'; readonly timer: Timer }
  | { readonly is: 'closed' };

/** Keeps one process alive: whatever hangs is killed, and whatever dies is started again, with back-off. */
export class WorkerPlace<T extends Replaceable> {
  readonly #options: PlaceOptions<T>;
  readonly #backOff: BackOff;
  #state: PlaceState<T> = { is: 'starting' };

  private constructor(options: PlaceOptions<T>) {
    this.#options = options;
    this.#backOff = new BackOff(undefined, options.random);
  }

  /** Resolves when it is up for the first time; rejects where it cannot be started. */
  static async create<T extends Replaceable>(options: PlaceOptions<T>): Promise<WorkerPlace<T>> {
    const place = new WorkerPlace(options);
    place.#up(await options.start());
    return place;
  }

  /** What runs; null: nothing does now. */
  get one(): T | null {
    return this.#state.is === 'up' ? this.#state.one : null;
  }

  close(): void {
    const before = this.#state;
    this.#state = { is: 'closed' };
    if (before.is === 'up') {
      before.beat.cancel();
      before.one.close();
    }
    if (before.is === 'waiting') before.timer.cancel();
  }

  #up(one: T): void {
    if (this.#state.is === 'closed') {
      one.close();
      return;
    }
    const { clock } = this.#options;
    const beat = startBeat(
      clock,
      () => one.ask(),
      () => one.kill(),
    );
    this.#state = { is: 'up', one, beat };
    this.#backOff.started(clock.nowMs());
    one.onDied((reason) => {
      if (this.#state.is !== 'up' || this.#state.one !== one) return;
      beat.cancel();
      const delayMs = this.#failed();
      this.#options.onGone(one, reason);
      // The first in a row is replaced at once: nobody has to hear of it.
      if (delayMs > 0) this.#tell(reason);
    });
    try {
      this.#options.onUp(one);
    } catch (error) {
      this.#options.onFault(error);
    }
  }

  /** Gives how long it waits. */
  #failed(): number {
    const { clock } = this.#options;
    const delayMs = this.#backOff.failed(clock.nowMs());
    this.#state = { is: 'waiting', timer: clock.after(delayMs, () => void this.#start()) };
    return delayMs;
  }

  async #start(): Promise<void> {
    this.#state = { is: 'starting' };
    try {
      this.#up(await this.#options.start());
    } catch (error) {
      if ((this.#state as PlaceState<T>).is === 'closed') return;
      const { message } = asMiroliveError(error);
      this.#failed();
      this.#tell(message);
    }
  }

  #tell(reason: string): void {
    const { failures, delayMs } = this.#backOff.state;
    this.#options.onTrouble({ reason, failures, nextTryMs: delayMs });
  }
}
