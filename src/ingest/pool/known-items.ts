import type { PlaylistItem } from '../../contract/models.ts';
import type { Wanted } from '../../contract/snapshot.ts';

/** What is wanted of a programme as it crosses to its process. */
export interface SentWanted {
  /** Its playlists are empty. */
  readonly wanted: Wanted;
  /** What they hold, by candidates' ids: an item that the other side knows is its id. */
  readonly items: Readonly<Record<string, readonly (PlaylistItem | string)[]>>;
}

/** The items of a programme's playlists that both sides know: a list may have thousands, and changes by one of them. */
export class KnownItems {
  #items: ReadonlyMap<string, PlaylistItem> = new Map();

  /** @param wanted what it was opened with */
  constructor(wanted: Wanted) {
    this.#note(wanted);
  }

  shorten(wanted: Wanted): SentWanted {
    const items: Record<string, readonly (PlaylistItem | string)[]> = {};
    const chain = wanted.chain.map((one) => {
      if (one.source.kind !== 'playlist') return one;
      items[one.id] = one.source.items.map((item) => (this.#items.get(item.id) === item ? item.id : item));
      return { ...one, source: { ...one.source, items: [] } };
    });
    this.#note(wanted);
    return { wanted: { ...wanted, chain }, items };
  }

  /** What was sent by a side that knows the same. */
  complete({ wanted, items }: SentWanted): Wanted {
    const chain = wanted.chain.map((one) => {
      if (one.source.kind !== 'playlist') return one;
      const whole = (items[one.id] ?? []).map((item) => (typeof item === 'string' ? this.#item(item) : item));
      return { ...one, source: { ...one.source, items: whole } };
    });
    this.#note({ ...wanted, chain });
    return { ...wanted, chain };
  }

  #note({ chain }: Wanted): void {
    const items = chain.flatMap(({ source }) => (source.kind === 'playlist' ? source.items : []));
    this.#items = new Map(items.map((item) => [item.id, item]));
  }

  #item(id: string): PlaylistItem {
    const item = this.#items.get(id);
    if (!item) throw new Error(`expected an item that is known, got ${id}`);
    return item;
  }
}
