/** An item that could not be played is tried again after so long, where the list begins again, in ms. */
const retryAfterMs = 60_000;
/** So many are told of at most, those that were added last: of more, the others are tried again by whoever goes on. */
export const mostSkippedTold = 200;

interface SkippedItem {
  readonly item: string;
  readonly reason: string;
  readonly atMs: number;
}

/** Items that are passed over, by their ids, since they could not be played. */
export class SkippedItems {
  /** Those that were added last come last. */
  readonly #items = new Map<string, SkippedItem>();
  /** What is told; null: that has changed. */
  #told: readonly SkippedItem[] | null = null;

  add(id: string, reason: string, nowMs: number): void {
    this.delete(id);
    this.#told = null;
    this.#items.set(id, { item: id, reason, atMs: nowMs });
  }

  /** Bounded: it goes from process to process each second. */
  get list(): readonly SkippedItem[] {
    this.#told ??= [...this.#items.values()].slice(-mostSkippedTold);
    return this.#told;
  }

  /** It plays, or somebody wants it tried. */
  delete(id: string): void {
    if (this.#items.delete(id)) this.#told = null;
  }

  /** Why an item is passed over; null where it is not. */
  reason(id: string): string | null {
    return this.#items.get(id)?.reason ?? null;
  }

  /** Whether an item is due to be tried again; one of a time to come was noted before the clock was put back. */
  due(id: string, nowMs: number): boolean {
    const item = this.#items.get(id);
    return item !== undefined && Math.abs(nowMs - item.atMs) >= retryAfterMs;
  }

  /** When the first of them is due; null where there is none. */
  get dueAtMs(): number | null {
    const [first] = this.#items.values();
    return first ? first.atMs + retryAfterMs : null;
  }
}
