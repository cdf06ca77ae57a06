import type { PlaylistItem } from '../../../contract/models.ts';
import { isFolder } from '../../../contract/playlist/folder-items.ts';
import type { Playlist } from '../../../contract/playlist/playlist.ts';

/** Items from the current one on whose lengths are found out, so that it is known when each starts. */
const usuallyAhead = 200;

export interface SurveyOptions {
  readonly playlist: Playlist;
  /** Items from the current one on that are looked at; default 200. */
  readonly maxAhead?: number;
  /** Whether an item's length is known, also that it cannot be. */
  readonly isKnown: (item: PlaylistItem) => boolean;
  /** @param durationMs null: it cannot be known */
  readonly onFound: (item: PlaylistItem, durationMs: number | null) => void;
  /** Looks at one item; rejects where it cannot. */
  readonly durationOf: (item: PlaylistItem, signal: AbortSignal) => Promise<number | null>;
}

/** Finds out how long the items of a playlist are, one after the other: nobody waits for it, and it shall disturb nobody. */
export class Survey {
  readonly #options: SurveyOptions;
  readonly #closing = new AbortController();
  #running: Promise<void> | undefined;

  constructor(options: SurveyOptions) {
    this.#options = options;
  }

  /** To be called when there may be items that were not looked at. */
  look(): void {
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined;
    });
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { isKnown, onFound, durationOf } = this.#options;
    const { signal } = this.#closing;
    for (let item = this.#next(); item && !signal.aborted; item = this.#next()) {
      // What cannot be opened is passed over, if that does not change until then.
      const found = await durationOf(item, signal).catch(() => 0);
      // Whoever plays it may have been quicker, and knows better.
      if (!isKnown(item)) onFound(item, found);
    }
  }

  #next(): PlaylistItem | undefined {
    const { playlist, isKnown, maxAhead = usuallyAhead } = this.#options;
    const isSought = (item: PlaylistItem) => !isFolder(item) && !isKnown(item);
    const from = playlist.index ?? 0;
    return playlist.items.slice(from, from + maxAhead).find(isSought);
  }
}
