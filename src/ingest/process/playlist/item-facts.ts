import type { Clock } from '../../../contract/clock.ts';
import type { PlaylistItem } from '../../../contract/models.ts';
import type { Playlist } from '../../../contract/playlist/playlist.ts';
import type { Prepared } from '../players/player-maker.ts';
import type { Maker } from './playlist-player-options.ts';
import { Survey } from './survey.ts';

/** What is known of the items of a playlist. */
export class ItemFacts implements AsyncDisposable {
  readonly #maker: Maker;
  readonly #clock: Clock;
  readonly #prepared = new Map<string, Promise<Prepared>>();
  readonly #durationsMs = new Map<string, number | null>();
  readonly #beganMs = new Map<string, number>();
  readonly #live = new Map<string, boolean>();
  readonly #survey: Survey;

  constructor(playlist: Playlist, maker: Maker, clock: Clock) {
    this.#maker = maker;
    this.#clock = clock;
    this.#survey = new Survey({
      playlist,
      durationsMs: this.#durationsMs,
      durationOf: ({ source }, signal) => maker.durationMs(source, signal),
    });
  }

  /** How long the items are, in ms, by their ids, as far as they were looked at; null: not known. */
  get durationsMs(): ReadonlyMap<string, number | null> {
    return this.#durationsMs;
  }

  /** Whether items come at their own pace, by their ids, as far as they were looked at. */
  get live(): ReadonlyMap<string, boolean> {
    return this.#live;
  }

  /** When items began, in ms since 1970, by their ids. */
  get beganMs(): ReadonlyMap<string, number> {
    return this.#beganMs;
  }

  /** Looks at an item; the answer is kept. */
  prepare(item: PlaylistItem, signal: AbortSignal): Promise<Prepared> {
    return this.#prepared.get(item.id) ?? this.keep(item, this.#maker.prepare(item.source, signal));
  }

  /** What was found out of an item, by whoever looked at it. */
  keep(item: PlaylistItem, answer: Promise<Prepared>): Promise<Prepared> {
    this.#prepared.set(item.id, answer);
    answer.then(
      ({ durationMs, live }) => {
        this.#durationsMs.set(item.id, durationMs);
        this.#live.set(item.id, live);
      },
      () => this.#prepared.delete(item.id),
    );
    return answer;
  }

  /** It is looked at anew before it is opened again. */
  forget(item: PlaylistItem): void {
    this.#prepared.delete(item.id);
  }

  began(item: PlaylistItem): void {
    this.#beganMs.set(item.id, this.#clock.wallMs());
    this.survey();
  }

  /** Looks at what comes next in the playlist, in its own time. */
  survey(): void {
    this.#survey.look();
  }

  async close(): Promise<void> {
    await this.#survey.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
