import type { Feed } from '../splicer/feed.ts';
import type { PlayingItem } from './playing-item.ts';

/** The items of a playlist that run: which one plays, which takes over from it, which follow. Ends those that are not needed any more. */
export class ItemQueue {
  #current: PlayingItem | undefined;
  #pending: PlayingItem | undefined;
  /** Follow the current one; more than one only where a short source is repeated from memory. */
  #upcoming: PlayingItem[] = [];
  readonly #ending = new Set<Promise<void>>();

  /** Plays, or would. */
  get current(): PlayingItem | undefined {
    return this.#current;
  }

  /** Takes over from the current one as soon as it is ready. */
  get pending(): PlayingItem | undefined {
    return this.#pending;
  }

  get upcoming(): readonly PlayingItem[] {
    return this.#upcoming;
  }

  /** What is played last, as far as it was made ready. */
  get last(): PlayingItem | undefined {
    return this.#upcoming.at(-1) ?? this.#current;
  }

  get all(): readonly PlayingItem[] {
    return [this.#current, ...this.#upcoming, this.#pending].filter((slot) => slot !== undefined);
  }

  /** What plays, or is about to. */
  get first(): PlayingItem | undefined {
    return this.#current ?? this.#pending;
  }

  get bufferedUs(): number {
    return this.all.reduce((sum, { feed }) => sum + (feed?.bufferedUs ?? 0), 0);
  }

  owns(feed: Feed): boolean {
    return this.all.some((slot) => slot.feed === feed);
  }

  follow(slot: PlayingItem): void {
    this.#upcoming.push(slot);
  }

  /** The current one is over: the next one is current, if there is one. */
  advance(): PlayingItem | undefined {
    this.end(this.#current);
    this.#current = this.#upcoming.shift();
    return this.#current;
  }

  /** This one is current, and no other is needed. */
  takeOver(slot: PlayingItem): void {
    for (const other of this.all) if (other !== slot) this.#close(other);
    this.#current = slot;
    this.#pending = undefined;
    this.#upcoming = [];
  }

  /** Gives nothing now; it takes over as soon as it does, and nothing else is waited for any more. */
  wait(slot: PlayingItem): void {
    if (this.#pending !== slot) this.end(this.#pending);
    this.#pending = slot;
    if (slot === this.#current) this.#current = undefined;
  }

  /** What was made ready is not what follows any more. Gives it. */
  forget(): readonly PlayingItem[] {
    const forgotten = this.#upcoming.splice(0);
    for (const slot of forgotten) this.#close(slot);
    return forgotten;
  }

  end(slot: PlayingItem | undefined): void {
    if (!slot) return;
    if (slot === this.#current) this.#current = undefined;
    if (slot === this.#pending) this.#pending = undefined;
    this.#upcoming = this.#upcoming.filter((one) => one !== slot);
    this.#close(slot);
  }

  endAll(): void {
    for (const slot of this.all) this.end(slot);
  }

  /** Resolves once all that were ended are. */
  async closed(): Promise<void> {
    await Promise.all(this.#ending);
  }

  #close({ run }: PlayingItem): void {
    const ending = run.close().finally(() => this.#ending.delete(ending));
    this.#ending.add(ending);
  }
}
