import { BackOff } from '../../../contract/back-off.ts';
import { type Clock, pause } from '../../../contract/clock.ts';
import type { Slate } from '../slate/slate.ts';
import { SlateFeed } from '../slate/slate-feed.ts';
import type { Feed } from '../splicer/feed.ts';

export interface SlateShowOptions {
  readonly clock: Clock;
  readonly random: (() => number) | undefined;
  readonly make: () => Promise<Slate>;
  /** It has been made. */
  readonly onMade: () => void;
  /** How often and how long, in ms, it was on air before this. */
  readonly before: { readonly count: number; readonly totalMs: number };
}

/** The slate of a programme: made beforehand, on air without any source. */
export class SlateShow {
  readonly #options: SlateShowOptions;
  readonly #again: BackOff;
  readonly #closing = new AbortController();
  #made: Slate | 'making' | null = null;
  #feed: Feed | undefined;
  #sinceMs: number | null = null;
  #totalMs: number;
  #count: number;

  constructor(options: SlateShowOptions) {
    this.#options = options;
    this.#again = new BackOff(undefined, options.random);
    this.#totalMs = options.before.totalMs;
    this.#count = options.before.count;
  }

  /** How often it came. */
  get count(): number {
    return this.#count;
  }

  /** How long it was on air in all, in ms. */
  get totalMs(): number {
    return this.#totalMs + (this.#sinceMs === null ? 0 : this.#options.clock.nowMs() - this.#sinceMs);
  }

  /** What it is made of; null: it is not made yet. */
  get clip(): Slate | null {
    return this.#made === 'making' ? null : this.#made;
  }

  /** Why it is the card, not what was wanted; null: it is, or is not made yet. */
  get problem(): string | null {
    return this.clip?.problem ?? null;
  }

  /** Makes it, so that it is there when it is needed; where that fails, or gives the card instead, tries again. */
  prepare(): void {
    if (this.#made !== null) return;
    this.#made = 'making';
    void this.#make();
  }

  async #make(): Promise<void> {
    const { make, onMade, clock } = this.#options;
    const { signal } = this.#closing;
    while (!signal.aborted) {
      const slate = await make().catch(() => null);
      if (signal.aborted) return;
      if (slate) {
        const isNew = this.clip === null || slate.problem === undefined;
        this.#made = slate;
        if (isNew) onMade();
        if (slate.problem === undefined) return;
      }
      await pause(clock, this.#again.failed(clock.nowMs()), signal);
    }
  }

  /** A feed of it that nobody has played; null: it is not made yet. */
  fresh(): Feed | null {
    const { clip } = this;
    this.#feed = clip ? new SlateFeed(clip).feed : undefined;
    return this.#feed ?? null;
  }

  owns(feed: Feed): boolean {
    return feed === this.#feed;
  }

  /** Its first frame has left. */
  aired(): void {
    this.#count++;
    this.#sinceMs = this.#options.clock.nowMs();
  }

  /** Something else is on air. */
  leave(): void {
    this.#totalMs = this.totalMs;
    this.#sinceMs = null;
  }

  close(): void {
    this.#closing.abort();
    this.leave();
  }
}
