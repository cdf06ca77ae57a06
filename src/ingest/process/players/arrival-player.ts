import { BackOff } from '../../../contract/back-off.ts';
import { type Clock, pause, systemClock } from '../../../contract/clock.ts';
import type { Plan } from '../../../contract/plan.ts';
import type { Arrivals } from '../../sources/arrivals.ts';
import type { Feed } from '../splicer/feed.ts';
import type { Player, PlayerNews } from './player.ts';

export interface ArrivalPlayerOptions<T> {
  readonly arrivals: Arrivals<T>;
  /** Plays what somebody sends, for as long as it does. */
  readonly play: (one: T) => Player;
  /** Something has changed about who is played. */
  readonly onChange?: (one: T, player: Player) => void;
  readonly tell: (news: PlayerNews) => void;
  readonly clock?: Clock | undefined;
}

/** Plays whoever comes by itself, such as a publisher, by whatever protocol it comes: waits for it, and for its return. */
export class ArrivalPlayer<T> implements Player {
  readonly #options: ArrivalPlayerOptions<T>;
  readonly #closing = new AbortController();
  readonly #done: Promise<void>;
  #inner: Player | undefined;

  private constructor(options: ArrivalPlayerOptions<T>) {
    this.#options = options;
    this.#done = this.#goOn();
  }

  static start<T>(options: ArrivalPlayerOptions<T>): ArrivalPlayer<T> {
    return new ArrivalPlayer(options);
  }

  get plan(): Plan {
    return this.#inner?.plan ?? { video: null, audio: null };
  }

  get feed(): Feed | undefined {
    return this.#inner?.feed;
  }

  setVolume(percent: number): void {
    this.#inner?.setVolume(percent);
  }

  requestKeyFrame(layer: number): void {
    this.#inner?.requestKeyFrame?.(layer);
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#done;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #goOn(): Promise<void> {
    const { arrivals, tell, clock = systemClock } = this.#options;
    const { signal } = this.#closing;
    const backOff = new BackOff();
    const away = (message: string) => tell({ type: 'away', message });
    if (!arrivals.isThere) away(arrivals.waits);
    while (!signal.aborted) {
      try {
        await this.#playOne();
        if (!signal.aborted) away(arrivals.left);
        backOff.reset();
      } catch (error) {
        if (signal.aborted) return;
        away(error instanceof Error ? error.message : String(error));
        await pause(clock, backOff.failed(clock.nowMs()), signal);
      }
    }
  }

  /** Waits for somebody, and plays it until it leaves. */
  async #playOne(): Promise<void> {
    const { arrivals, play, onChange } = this.#options;
    const { signal } = this.#closing;
    const one = await arrivals.present(signal);
    await using inner = play(one);
    this.#inner = inner;
    await arrivals
      .gone(one, signal, (now) => onChange?.(now, inner))
      .finally(() => {
        this.#inner = undefined;
      });
  }
}
