import type { Source } from '../../../contract/models.ts';
import type { Plan } from '../../../contract/plan.ts';
import type { Feed } from '../splicer/feed.ts';
import { type Going, slotOf, still } from './going.ts';
import type { PlayingItem } from './playing-item.ts';

/** The items of a playlist that run: which one plays, where it is going, which follow. Ends those that are not needed any more. */
export class ItemQueue {
  #current: PlayingItem | undefined;
  #going: Going = still;
  /** Follow the current one; more than one only where a short source is repeated from memory. */
  #upcoming: PlayingItem[] = [];
  readonly #ending = new Set<Promise<void>>();

  /** Plays, or would. */
  get current(): PlayingItem | undefined {
    return this.#current;
  }

  get going(): Going {
    return this.#going;
  }

  /** It is not needed any more where it went before. */
  set going(going: Going) {
    const before = slotOf(this.#going);
    this.#going = going;
    if (before && before !== slotOf(going)) this.#close(before);
  }

  get upcoming(): readonly PlayingItem[] {
    return this.#upcoming;
  }

  /** What is played last, as far as it was made ready. */
  get last(): PlayingItem | undefined {
    return this.#upcoming.at(-1) ?? this.#current;
  }

  get all(): readonly PlayingItem[] {
    return [this.#current, ...this.#upcoming, slotOf(this.#going)].filter((slot) => slot !== undefined);
  }

  /** What plays, or is about to. */
  get first(): PlayingItem | undefined {
    return this.#current ?? slotOf(this.#going);
  }

  get plan(): Plan | undefined {
    return this.first?.run.plan;
  }

  /** It is a still picture. */
  get picture(): boolean {
    return this.first?.prepared.picture !== undefined;
  }

  get bufferedUs(): number {
    return this.all.reduce((sum, { feed }) => sum + (feed?.bufferedUs ?? 0), 0);
  }

  /** Why what plays failed, where it has not come further since; null: it has, or did not fail. */
  get trouble(): string | null {
    const { feed, progress } = this.#current ?? {};
    if (!feed || !progress) return null;
    return (feed.queuedToUs ?? feed.fromUs) > progress.failedAtUs ? null : progress.message;
  }

  /** Whether a feed is one of its own. */
  owns(feed: Feed): boolean {
    return this.sourceOf(feed) !== null;
  }

  /** What a feed of its own is of; null: it is none. */
  sourceOf(feed: Feed): Source | null {
    return this.all.find((slot) => slot.feed === feed)?.item.source ?? null;
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
    this.#endOthers(slot);
    this.#current = slot;
    this.#going = still;
  }

  /** This one gives nothing now; it plays on as soon as it does, and no other is needed. */
  miss(slot: PlayingItem): void {
    this.#endOthers(slot);
    this.#current = undefined;
    this.#going = { step: 'missing', slot };
  }

  /** What was made ready is not what follows any more. Gives it. */
  forget(): readonly PlayingItem[] {
    const forgotten = this.#upcoming.splice(0);
    for (const slot of forgotten) this.#close(slot);
    return forgotten;
  }

  end(slot: PlayingItem | undefined): void {
    if (!slot) return;
    if (slot === slotOf(this.#going)) this.#going = still;
    if (slot === this.#current) this.#current = undefined;
    this.#upcoming = this.#upcoming.filter((one) => one !== slot);
    this.#close(slot);
  }

  endAll(): void {
    this.#endOthers(undefined);
    this.#current = undefined;
    this.#going = still;
  }

  /** Resolves once all that were ended are. */
  async closed(): Promise<void> {
    await Promise.all(this.#ending);
  }

  #endOthers(kept: PlayingItem | undefined): void {
    for (const slot of this.all) if (slot !== kept) this.#close(slot);
    this.#upcoming = [];
  }

  #close({ run }: PlayingItem): void {
    const ending = run.close().finally(() => this.#ending.delete(ending));
    this.#ending.add(ending);
  }
}
