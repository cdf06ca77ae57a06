import { BackOff } from '../../../contract/back-off.ts';
import { type Clock, pause, systemClock } from '../../../contract/clock.ts';
import type { Plan } from '../../../contract/plan.ts';
import type { Feed } from '../splicer/feed.ts';
import type { Player, PlayerNews } from './player.ts';
import type { Publication, Publications } from './publications.ts';

export interface PublisherPlayerOptions {
  readonly key: string;
  readonly publications: Publications;
  /** Plays what somebody publishes, for as long as it does. */
  readonly play: (publication: Publication) => Player;
  readonly tell: (news: PlayerNews) => void;
  readonly clock?: Clock | undefined;
}

/** Plays whoever publishes with a stream key: waits for it, by whatever protocol it comes, and for its return. */
export class PublisherPlayer implements Player {
  readonly #options: PublisherPlayerOptions;
  readonly #closing = new AbortController();
  readonly #done: Promise<void>;
  #inner: Player | undefined;

  private constructor(options: PublisherPlayerOptions) {
    this.#options = options;
    this.#done = this.#goOn();
  }

  static start(options: PublisherPlayerOptions): PublisherPlayer {
    return new PublisherPlayer(options);
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
    const { key, publications, tell, clock = systemClock } = this.#options;
    const { signal } = this.#closing;
    const backOff = new BackOff();
    const away = (message: string) => tell({ type: 'away', message });
    if (!publications.get(key)) away(`nobody publishes with ${key}`);
    while (!signal.aborted) {
      try {
        await this.#playOne();
        if (!signal.aborted) away('the publisher has left');
        backOff.reset();
      } catch (error) {
        if (signal.aborted) return;
        away(error instanceof Error ? error.message : String(error));
        await pause(clock, backOff.failed(clock.nowMs()), signal);
      }
    }
  }

  /** Waits for a publisher, and plays it until it leaves. */
  async #playOne(): Promise<void> {
    const { key, publications, play } = this.#options;
    const { signal } = this.#closing;
    const publication = await publications.present(key, signal);
    await using inner = play(publication);
    this.#inner = inner;
    const onChange = (now: Publication) => now.protocol === 'rtmp' && inner.comes?.(now.tracks);
    await publications.gone(key, publication, signal, onChange).finally(() => {
      this.#inner = undefined;
    });
  }
}
