import type { Slate } from '../slate/slate.ts';
import { SlateFeed } from '../slate/slate-feed.ts';
import type { Feed } from '../splicer/feed.ts';

/** The slate of a programme, and the still picture of a paused source: what is on air without any source. */
export class SlateShow {
  readonly #cut: (feed: Feed) => void;
  readonly #slate: () => Promise<Slate>;
  #sinceMs: number | null = null;
  #totalMs = 0;
  #count = 0;

  constructor(cut: (feed: Feed) => void, slate: () => Promise<Slate>) {
    this.#cut = cut;
    this.#slate = slate;
  }

  /** Whether the slate is on air. */
  get on(): boolean {
    return this.#sinceMs !== null;
  }

  /** How often it came. */
  get count(): number {
    return this.#count;
  }

  /** How long it was on air in all, in ms. */
  get totalMs(): number {
    return this.#totalMs + (this.#sinceMs === null ? 0 : performance.now() - this.#sinceMs);
  }

  /** Makes the slate, so that it is there when it is needed. */
  prepare(): void {
    this.#slate().catch(() => {}); // Whoever needs it tries again.
  }

  show(): void {
    this.#count++;
    this.#sinceMs = performance.now();
    this.#slate().then(
      (slate) => {
        if (this.on) this.hold(slate);
      },
      () => {}, // There is none: viewers keep the last picture.
    );
  }

  /** Puts a clip on air that is not the slate. */
  hold(clip: Slate): void {
    this.#cut(new SlateFeed(clip).feed);
  }

  /** Something else goes on air. */
  hide(): void {
    this.#totalMs = this.totalMs;
    this.#sinceMs = null;
  }
}
