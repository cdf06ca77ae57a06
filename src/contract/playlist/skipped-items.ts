/** An item that could not be played is tried again after so long, where the list begins again, in ms. */
const retryAfterMs = 60_000;

/** Items that are passed over, by their ids, since they could not be played. */
export class SkippedItems {
  readonly #items = new Map<string, { readonly reason: string; readonly atMs: number }>();

  add(id: string, reason: string, nowMs: number): void {
    this.#items.set(id, { reason, atMs: nowMs });
  }

  get list(): { readonly item: string; readonly reason: string; readonly atMs: number }[] {
    return [...this.#items].map(([item, skipped]) => ({ item, ...skipped }));
  }

  /** It plays, or somebody wants it tried. */
  delete(id: string): void {
    this.#items.delete(id);
  }

  /** Why an item is passed over; null where it is not. */
  reason(id: string): string | null {
    return this.#items.get(id)?.reason ?? null;
  }

  /** Whether an item is due to be tried again. */
  due(id: string, nowMs: number): boolean {
    const item = this.#items.get(id);
    return item !== undefined && nowMs >= item.atMs + retryAfterMs;
  }

  /** When the first of them is due; null where there is none. */
  get dueAtMs(): number | null {
    const times = [...this.#items.values()].map(({ atMs }) => atMs + retryAfterMs);
    return times.length > 0 ? Math.min(...times) : null;
  }
}
