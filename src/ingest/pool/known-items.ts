import type { PlaylistItem } from '../../contract/models.ts';
import type { Wanted, WantedCandidate, WantedPlaylist } from '../../contract/snapshot.ts';
import { changedList, type ListChange, listChange } from './list-change.ts';

/** What is wanted of a programme as it crosses to its process. */
export interface SentWanted {
  /** Its playlists are empty. */
  readonly wanted: Wanted;
  /** What has changed in what they hold, by candidates' ids; what is not here holds what it held. */
  readonly items: Readonly<Record<string, ListChange>>;
}

/** The playlists of a programme that both sides know: a list may have thousands of items, and changes by one of them. */
export class KnownItems {
  #lists: ReadonlyMap<string, WantedPlaylist>;

  /** @param wanted what it was opened with */
  constructor(wanted: Wanted) {
    this.#lists = listsOf(wanted.chain);
  }

  shorten(wanted: Wanted): SentWanted {
    const items: Record<string, ListChange> = {};
    const chain = wanted.chain.map((one) => {
      if (one.source.kind !== 'playlist') return one;
      const change = listChange(this.#items(one.id), one.source.items);
      if (change) items[one.id] = change;
      return { ...one, source: { ...one.source, items: [] } };
    });
    this.#lists = listsOf(wanted.chain);
    return { wanted: { ...wanted, chain }, items };
  }

  /** What was sent by a side that knows the same; a list that is as it was is the same object. */
  complete({ wanted, items }: SentWanted): Wanted {
    const chain = wanted.chain.map((one) => {
      if (one.source.kind !== 'playlist') return one;
      const before = this.#lists.get(one.id);
      const change = items[one.id];
      if (before && !change && isAlike(before, one.source)) return { ...one, source: before };
      const known = this.#items(one.id);
      return { ...one, source: { ...one.source, items: change ? changedList(known, change) : [...known] } };
    });
    this.#lists = listsOf(chain);
    return { ...wanted, chain };
  }

  #items(candidate: string): readonly PlaylistItem[] {
    return this.#lists.get(candidate)?.items ?? [];
  }
}

function listsOf(chain: readonly WantedCandidate[]): ReadonlyMap<string, WantedPlaylist> {
  return new Map(
    chain.flatMap(({ id, source }) => (source.kind === 'playlist' ? [[id, source] as const] : [])),
  );
}

/** But for what they hold. */
function isAlike(a: WantedPlaylist, b: WantedPlaylist): boolean {
  return (
    a.round === b.round &&
    a.leaving === b.leaving &&
    a.seed === b.seed &&
    a.loop === b.loop &&
    a.shuffle === b.shuffle
  );
}
