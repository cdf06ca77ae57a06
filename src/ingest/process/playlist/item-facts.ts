import { isDeepStrictEqual } from 'node:util';
import type { Clock } from '../../../contract/clock.ts';
import type { PlaylistItem } from '../../../contract/models.ts';
import type { Playlist } from '../../../contract/playlist/playlist.ts';
import type { ItemFact } from '../../../contract/snapshot.ts';
import { SharedLook } from '../../sources/shared-look.ts';
import type { Prepared } from '../players/player-maker.ts';
import type { Maker } from './playlist-player-options.ts';
import { Survey } from './survey.ts';

/** Of so many of the next items the loudness is measured: it takes a second for some minutes of sound. */
const measuredAhead = 20;

/** What is known of the items of a playlist. */
export class ItemFacts implements AsyncDisposable {
  readonly #playlist: Playlist;
  readonly #maker: Maker;
  readonly #clock: Clock;
  /** Looks that go on, and what they found. */
  readonly #looks = new Map<string, SharedLook<Prepared> | Promise<Prepared>>();
  readonly #probes = new Map<string, Prepared['probe']>();
  readonly #durationsMs = new Map<string, number | null>();
  readonly #beganMs = new Map<string, number>();
  readonly #live = new Map<string, boolean>();
  /** Items of which something was found out that was not told yet. */
  readonly #news = new Set<string>();
  readonly #survey: Survey;
  /** Items whose loudness is known, or asked for. */
  readonly #measured = new Set<string>();
  readonly #measuring: Survey;

  constructor(playlist: Playlist, maker: Maker, clock: Clock) {
    this.#playlist = playlist;
    this.#maker = maker;
    this.#clock = clock;
    this.#survey = new Survey({
      playlist,
      isKnown: ({ id }) => this.#durationsMs.has(id),
      onFound: ({ id }, durationMs) => {
        if (playlist.items.some((item) => item.id === id)) this.#noteDuration(id, durationMs);
      },
      durationOf: ({ source }, signal) => maker.durationMs(source, signal),
    });
    this.#measuring = new Survey({
      ...{ playlist, maxAhead: measuredAhead },
      isKnown: ({ id }) => this.#measured.has(id),
      onFound: ({ id }) => this.#measured.add(id),
      durationOf: async ({ source }, signal) => {
        await maker.measureAhead(source, signal);
        return null;
      },
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

  /** Whether any item has begun. */
  get hasBegun(): boolean {
    return this.#beganMs.size > 0;
  }

  /** What was found out since this was asked last, by items' ids; null: nothing. */
  news(): Readonly<Record<string, ItemFact>> | null {
    if (this.#news.size === 0) return null;
    const fact = (id: string): ItemFact => ({
      ...{ durationMs: this.#durationsMs.get(id) ?? null, beganMs: this.#beganMs.get(id) ?? null },
    });
    const found = Object.fromEntries([...this.#news].map((id) => [id, fact(id)]));
    this.#news.clear();
    return found;
  }

  /** Looks at an item, for as long as somebody waits for it; the answer is kept. */
  async prepare(item: PlaylistItem, signal: AbortSignal): Promise<Prepared> {
    const known = this.#looks.get(item.id);
    if (known instanceof Promise) return await known;
    return await (known && !known.abandoned ? known : this.#look(item)).found(signal);
  }

  /** What was found out of an item, by whoever looked at it. */
  keep(item: PlaylistItem, answer: Promise<Prepared>): void {
    this.#looks.set(item.id, answer);
    const isKnown = () => this.#looks.get(item.id) === answer;
    answer.then(
      (prepared) => isKnown() && this.#found(item, prepared),
      () => isKnown() && this.forget(item),
    );
  }

  /**
   * It is begun: what follows is begun without waiting, by what is known, which is no older than this. Where it cannot be seen just
   * now, it may be that it is replaced: what holds it whole plays that once more, whatever else opens it looks at it anew.
   */
  renew(item: PlaylistItem, signal: AbortSignal): void {
    const known = this.#looks.get(item.id);
    // Somebody may look at it anew meanwhile, or it may be taken out.
    const isKnown = () =>
      this.#looks.get(item.id) === known && (known !== undefined || this.#playlist.items.includes(item));
    this.#maker.prepare(item.source, signal).then(
      (prepared) => isKnown() && this.keep(item, Promise.resolve(prepared)),
      () => isKnown() && this.forget(item),
    );
  }

  /** Whether the last look at an item that saw anything saw what this one did. */
  holds({ id }: PlaylistItem, { probe }: Prepared): boolean {
    return isDeepStrictEqual(this.#probes.get(id), probe);
  }

  /** It is looked at anew before it is opened again. */
  forget(item: PlaylistItem): void {
    this.#looks.delete(item.id);
  }

  /** These items stand for other files than before. */
  renewed(ids: readonly string[]): void {
    for (const known of [this.#looks, this.#probes, this.#durationsMs, this.#live, this.#measured])
      for (const id of ids) known.delete(id);
  }

  /** The playlist has been changed: what was known of items that are gone is not needed. @param playing still needs its own */
  adopted(playing: PlaylistItem | null): void {
    const ids = new Set([...this.#playlist.items, ...(playing ? [playing] : [])].map(({ id }) => id));
    for (const known of [
      this.#looks,
      this.#probes,
      this.#durationsMs,
      this.#beganMs,
      this.#live,
      this.#news,
      this.#measured,
    ])
      for (const id of known.keys()) if (!ids.has(id)) known.delete(id);
    this.survey();
  }

  began(item: PlaylistItem): void {
    this.#beganMs.set(item.id, this.#clock.wallMs());
    this.#news.add(item.id);
    this.survey();
  }

  /** Looks at what comes next in the playlist, in its own time. */
  survey(): void {
    this.#survey.look();
    this.#measuring.look();
  }

  #look(item: PlaylistItem): SharedLook<Prepared> {
    const look = new SharedLook(async (signal) => {
      const isKnown = () => this.#looks.get(item.id) === look;
      try {
        const prepared = await this.#maker.prepare(item.source, signal);
        if (isKnown()) {
          this.#found(item, prepared);
          this.#looks.set(item.id, Promise.resolve(prepared));
        }
        return prepared;
      } finally {
        if (isKnown()) this.#looks.delete(item.id);
      }
    });
    this.#looks.set(item.id, look);
    return look;
  }

  #found({ id }: PlaylistItem, { durationMs, live, probe }: Prepared): void {
    this.#probes.set(id, probe);
    this.#noteDuration(id, durationMs);
    this.#live.set(id, live);
  }

  #noteDuration(id: string, durationMs: number | null): void {
    if (this.#durationsMs.get(id) !== durationMs) this.#news.add(id);
    this.#durationsMs.set(id, durationMs);
  }

  async close(): Promise<void> {
    await Promise.all([this.#survey.close(), this.#measuring.close()]);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
