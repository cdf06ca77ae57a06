import type { Slate } from '../slate/slate.ts';
import { SlateFeed } from '../slate/slate-feed.ts';
import type { Feed } from '../splicer/feed.ts';

/** What a candidate shows: what its source gives, or one picture of it. */
export type Front =
  | { readonly shows: 'source' }
  /** Held. `picture` is null until there is one; `asked` is which was asked for last, null: that one is there. */
  | { readonly shows: 'picture'; readonly picture: HeldPicture | null; readonly asked: number | null }
  /** Goes on: the picture stays until its source gives something, or since then too long. */
  | { readonly shows: 'lastPicture'; readonly picture: HeldPicture; readonly sinceMs: number };

/** One picture of a source, as what the splicer plays. */
export class HeldPicture {
  readonly #clip: Slate;
  #feed: Feed | undefined;

  constructor(clip: Slate) {
    this.#clip = clip;
  }

  /** A feed of it that nobody has played. */
  fresh(): Feed {
    this.#feed = new SlateFeed(this.#clip).feed;
    return this.#feed;
  }

  owns(feed: Feed): boolean {
    return feed === this.#feed;
  }
}
