import type { Plan, PlaylistItem } from '../../../contract/models.ts';
import { noFailures } from '../players/file-player.ts';
import type { Prepared } from '../players/player-maker.ts';
import { RepeatPlayer } from '../players/repeat-player.ts';
import type { Slate } from '../slate/slate.ts';
import type { Feed } from '../splicer/feed.ts';
import { ItemFacts } from './item-facts.ts';
import { ItemQueue } from './item-queue.ts';
import { endOf, openItem, type Place, type PlayingItem, startOf } from './playing-item.ts';
import type { PlaylistPlayerOptions } from './playlist-player-options.ts';

/** What comes next is read ahead so far, in µs, so that short items leave no gap either. */
const readAheadUs = 2_000_000;
/** What follows is begun when so much of an item that is longer is left to be read, in µs: a busy machine takes seconds to start ffmpeg. */
const earlyUs = 5_000_000;
/** A timer that is told more fires at once. */
const maxTimeoutMs = 2 ** 31 - 1;

/**
 * Plays the items of a playlist, one behind the other without a gap; a single source is a playlist of one. What it plays goes
 * on air when it is told so: until then it only makes ready.
 */
export class PlaylistPlayer implements AsyncDisposable {
  readonly #options: PlaylistPlayerOptions;
  readonly #book: ItemFacts;
  readonly #lineup = new ItemQueue();
  #closing = new AbortController();
  #pendingPlace: Place | undefined;
  /** The item that is being looked at. */
  #opening: Place | undefined;
  #resumeAt: Place | undefined;
  #running = false;
  #onAir = false;
  /** It was told that it is ready. */
  #announced = false;
  #endMessage: string | null = null;
  #loops = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: PlaylistPlayerOptions) {
    this.#options = options;
    this.#book = new ItemFacts(options.playlist, options.maker);
    const [first] = options.playlist.items;
    if (first && options.prepared) this.#book.keep(first, options.prepared);
  }

  get plan(): Plan | undefined {
    return this.#first?.run.plan;
  }

  /** How long the item that plays, or would go on, is in all, in ms; null: not known. */
  get durationMs(): number | null {
    const item = this.#current?.item ?? this.#resumeAt?.item;
    return (item && this.#book.durationsMs.get(item.id)) ?? null;
  }

  /** Where the item that plays, or would go on, ends in its source, in ms; null: not known. */
  get endMs(): number | null {
    const item = this.#current?.item ?? this.#resumeAt?.item;
    return item ? endOf(item, this.durationMs) : null;
  }

  /** What is known of its items. */
  get book(): Pick<ItemFacts, 'durationsMs' | 'beganMs'> {
    return this.#book;
  }

  /** How many times it has begun again. */
  get loops(): number {
    return this.#loops;
  }

  /** Whether what plays can be begun at another place. */
  get seekable(): boolean {
    return this.#current?.prepared.live === false;
  }

  /** Whether what plays can be begun anew: a pipe cannot always be entered in its midst. */
  get renewable(): boolean {
    return this.#current !== undefined && this.#current.prepared.source.kind !== 'stdin';
  }

  get running(): boolean {
    return this.#running;
  }

  get bufferedUs(): number {
    return this.#lineup.bufferedUs;
  }

  /** Whether a feed is one of its own. */
  owns(feed: Feed): boolean {
    return this.#lineup.owns(feed);
  }

  /** Rejects where the first item cannot be played. */
  async check(): Promise<void> {
    const [first] = this.#options.playlist.items;
    if (first) await this.#prepare(first);
  }

  /** Makes ready: from its beginning, or from where it was suspended. */
  start(): void {
    if (this.#running) return;
    this.#running = true;
    this.#closing = new AbortController();
    this.#endMessage = null;
    const { playlist, startUs } = this.#options;
    const place = this.#resumeAt ?? (playlist.current && startOf(playlist.current));
    if (place) void this.#switchTo(place);
    else this.#next(startUs);
  }

  /** Ends what runs; where it was on air up to `positionUs`, it will go on from there. */
  suspend(positionUs?: number): void {
    const slot = this.#first;
    if (slot) {
      const { item, progress, prepared } = slot;
      const startUs = prepared.live ? undefined : positionUs;
      this.#resumeAt = { ...startOf(item), ...(startUs !== undefined && { startUs }), progress };
    }
    this.#running = false;
    this.#onAir = false;
    this.#closing.abort();
    this.#drop();
  }

  goOnAir(): void {
    const { deck } = this.#options;
    this.#onAir = true;
    this.#airs();
    if (this.#current?.feed) deck.cut(this.#current.feed);
    for (const { feed, prepared } of this.#lineup.upcoming) if (feed && !prepared.live) deck.cue(feed);
  }

  /**
   * Something else is on air, or what it gave ran dry. It can only come back with a key frame: a live source with its next
   * one, another one when it is started again at its place.
   */
  leaveAir(positionUs: number): void {
    this.#onAir = false;
    this.#announced = false;
    const slot = this.#first;
    if (!slot?.prepared.live) {
      this.suspend(positionUs);
      return;
    }
    const { feed, run } = slot;
    feed?.goOffAir();
    for (let layer = 0; layer < (feed?.layers ?? 0); layer++) run.requestKeyFrame?.(layer);
  }

  /** Begins what plays anew, as something about it has changed: what is on air plays until that is ready. */
  again(positionUs: number): void {
    const { item, prepared } = this.#current ?? {};
    // It cannot be looked at beside itself.
    if (item && prepared?.exclusive) this.#book.keep(item, Promise.resolve(prepared));
    // Somebody may have wanted another place just now.
    const place = this.#pendingPlace ?? (item && { item, startUs: positionUs });
    if (place) void this.#switchTo(place);
  }

  /** Goes to a place of what plays, or would play. */
  seek(startUs: number): void {
    const item = this.#current?.item ?? this.#resumeAt?.item;
    if (!item) return;
    if (this.#running) void this.#switchTo({ item, startUs });
    else this.#resumeAt = { item, startUs };
  }

  /** Plays the playlist's current item, as soon as it can: an operator has chosen it. */
  jump(): void {
    const { current } = this.#options.playlist;
    this.#endMessage = null;
    if (!current) this.#options.listener.onEnded(null);
    else if (this.#running) void this.#switchTo(startOf(current));
    else this.#resumeAt = startOf(current);
  }

  /** The playlist has changed: what was made ready may not be what follows any more. */
  reconsider(): void {
    const [upcoming] = this.#lineup.upcoming;
    if (upcoming && upcoming.item !== this.#peek()) this.#forget();
    this.#readAhead();
    this.#book.survey();
  }

  /** A viewer cannot go on without a key frame; most sources give theirs when they do. */
  requestKeyFrame(layer: number): void {
    this.#current?.run.requestKeyFrame?.(layer);
  }

  /** What is at a place of the item that plays, as a clip of one picture. */
  still(atUs: number): Promise<Slate> {
    if (!this.#current) throw new Error('expected an item that plays');
    return this.#options.maker.still(this.#current.prepared, atUs);
  }

  /** A feed of its own has been played to its end. */
  finished(feed: Feed): void {
    const left = this.#current;
    // A live source is connected to again.
    if (!left || left.feed !== feed || (left.prepared.live && !left.over)) return;
    const next = this.#lineup.advance();
    // What failed is begun there again, where it is.
    const { item, progress } = left;
    if (this.#isHopeless) this.#resumeAt = { item, startUs: feed.endUs, progress };
    if (!next) {
      if (!this.#lineup.pending && !this.#opening) this.#next();
      return;
    }
    if (this.#advance() !== next.item) this.#options.playlist.jump(next.item.id);
    if (next.item === item) this.#loops++;
    this.#began(next.item);
    if (next.prepared.live && next.feed) this.#options.deck.cut(next.feed);
    this.#airs();
    this.#readAhead();
  }

  async close(): Promise<void> {
    this.suspend();
    await Promise.all([this.#lineup.closed(), this.#book.close()]);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Goes on with what follows by itself; where nothing does, it is over, or waits until it may try again. */
  #next(startUs?: number): void {
    const { playlist, listener } = this.#options;
    const item = this.#isHopeless ? null : this.#advance();
    if (item) {
      void this.#switchTo(startUs === undefined ? startOf(item) : { item, startUs });
    } else if (playlist.retryAtMs === null) {
      // A playlist that skipped some and played others is well.
      listener.onEnded(this.#isHopeless || this.#book.beganMs.size === 0 ? this.#endMessage : null);
    } else {
      this.#announced = false;
      listener.onAway(this.#endMessage ?? 'no item can be played');
      this.#timer = setTimeout(() => this.#next(), Math.max(1000, playlist.retryAtMs - Date.now()));
    }
  }

  async #switchTo(place: Place): Promise<void> {
    this.#lineup.end(this.#lineup.pending);
    this.#pendingPlace = place;
    this.#forget();
    await this.#look(place, async (prepared) => {
      if (prepared.exclusive && this.#current) {
        this.#lineup.end(this.#current);
        await this.#lineup.closed();
        if (this.#pendingPlace !== place || !this.#running) return;
      }
      const slot = this.#open(place, prepared, true);
      this.#lineup.pending = slot;
      if (!this.#current) this.#limit(slot, this.#options.graceMs);
    });
  }

  /** Looks at an item, then does something with it, unless something else was wanted meanwhile. */
  async #look(place: Place, act: (prepared: Prepared) => unknown): Promise<void> {
    const { item } = place;
    this.#opening = place;
    let found: Prepared | string;
    try {
      found = await this.#prepare(item);
    } catch (error) {
      found = error instanceof Error ? error.message : String(error);
    }
    if (this.#opening !== place || !this.#running) return;
    this.#opening = undefined;
    if (typeof found === 'string') this.#broken(item, found);
    else await act(found);
  }

  #open(place: Place, prepared: Prepared, awaited: boolean): PlayingItem {
    const { maker, listener } = this.#options;
    // A live source may be another one when it is opened again.
    if (prepared.live) this.#book.forget(place.item);
    return openItem(maker, place, prepared, awaited, {
      onRoom: () => this.#readAhead(),
      onPipeline: listener.onPipeline,
      onFailure: listener.onFailure,
      onPlan: listener.onPlan,
      onFeed: (slot) => this.#fed(slot),
      onAway: (slot, message) => this.#lost(slot, message),
      onOver: (slot, message) => this.#over(slot, message),
    });
  }

  #fed(slot: PlayingItem): void {
    const { feed } = slot.run;
    if (feed?.ready) {
      const isNew = feed !== slot.feed;
      slot.feed = feed;
      if (isNew && slot === this.#current) this.#limit(slot, null);
      if (slot === this.#lineup.pending) this.#takeOver(slot);
      else if (slot === this.#current && !this.#onAir) this.#announce();
      else if (slot === this.#current && isNew) this.#options.deck.cut(feed);
    }
    this.#options.deck.wake();
    this.#readAhead();
  }

  #takeOver(slot: PlayingItem): void {
    const before = this.#current?.item ?? this.#resumeAt?.item;
    this.#lineup.takeOver(slot);
    this.#pendingPlace = undefined;
    this.#resumeAt = undefined;
    this.#limit(slot, null);
    if (before !== slot.item) this.#began(slot.item);
    if (this.#onAir && slot.feed) {
      this.#options.deck.cut(slot.feed);
      this.#airs();
    } else this.#announce();
    this.#readAhead();
  }

  #announce(): void {
    if (this.#announced) return;
    this.#announced = true;
    this.#options.listener.onReady();
  }

  #began(item: PlaylistItem): void {
    const { playlist, listener } = this.#options;
    playlist.began(item.id);
    this.#book.began(item);
    if (playlist.items.length > 1) listener.onItem(item);
  }

  #lost(slot: PlayingItem, message: string): void {
    if (slot !== this.#current && slot !== this.#lineup.pending) return;
    this.#announced = false;
    this.#lineup.wait(slot);
    this.#limit(slot, this.#options.graceMs);
    this.#options.listener.onAway(message);
  }

  #over(slot: PlayingItem, message: string | null): void {
    slot.over = true;
    const empty = slot.run.feed?.queuedToUs === undefined;
    if (message === null && empty && slot === this.#lineup.pending) {
      // It was to begin behind its end.
      this.#lineup.end(slot);
      if (!this.#current) this.#next();
    } else if (message !== null && empty) {
      this.#lineup.end(slot);
      this.#broken(slot.item, message);
    } else if (message !== null) this.#skip(slot.item, message);
  }

  /** An item that gave nothing: another one plays in its place, if there is one. */
  #broken(item: PlaylistItem, message: string): void {
    this.#skip(item, message);
    // What plays goes on to its end, and what follows is found then.
    if (this.#current && !this.#current.over) return;
    if (this.#current) this.#readAhead();
    else this.#next();
  }

  #skip(item: PlaylistItem, message: string): void {
    const { playlist, listener } = this.#options;
    this.#endMessage = message;
    if (playlist.items.length === 1) return;
    playlist.skip(item.id, message, Date.now());
    listener.onSkipped(item, message);
  }

  /** There is but one source, and it cannot be played. */
  get #isHopeless(): boolean {
    return this.#endMessage !== null && this.#options.playlist.items.length === 1;
  }

  /** What follows begins before the last one has been read to its end, so that its beginning waits when that end is shown. */
  #readAhead(): void {
    const { last, pending } = this.#lineup;
    if (!this.#running || this.#opening || pending || !last || this.#isHopeless) return;
    if (last.over ? last.feed?.barren || this.bufferedUs >= readAheadUs : !this.#endsSoon(last)) return;
    const item = this.#peek();
    if (!item) {
      if (last.over) this.#options.listener.onEnding();
      return;
    }
    const again = item === last.item && !last.prepared.live ? last.feed?.again() : undefined;
    if (again) {
      const run = new RepeatPlayer(last.run.plan, again);
      this.#follow({ ...last, run, feed: again, progress: noFailures(), over: true });
    } else if (this.#lineup.upcoming.length === 0 || item === last.item) {
      const place = startOf(item);
      void this.#look(place, (prepared) => {
        if (this.#current) this.#follow(this.#open(place, prepared, false));
        else this.#next();
      });
    }
  }

  /** Whether the current item has little left to be read; a short one is read to its end soon enough. */
  #endsSoon({ item, feed, endUs, prepared: { live } }: PlayingItem): boolean {
    if (live || !feed || endUs === null || this.#lineup.upcoming.length > 0) return false;
    return endUs - item.fromMs * 1000 > 2 * earlyUs && endUs - (feed.queuedToUs ?? feed.fromUs) < earlyUs;
  }

  #follow(slot: PlayingItem): void {
    this.#lineup.follow(slot);
    if (this.#onAir && slot.feed && !slot.prepared.live) this.#options.deck.cue(slot.feed);
    this.#readAhead();
  }

  /** What is on air has changed: a live item ends by the clock, and what follows is looked at meanwhile. */
  #airs(): void {
    clearTimeout(this.#timer);
    const slot = this.#current;
    const next = this.#peek();
    if (next) this.#prepare(next).catch(() => {});
    if (slot) this.#limit(slot, slot.feed?.ready ? null : this.#options.graceMs);
  }

  /**
   * An item that comes at its own pace ends by the clock: after its own time, else, where it is away and others follow, when it
   * has been waited for long enough.
   */
  #limit({ item, prepared }: PlayingItem, waitMs: number | null): void {
    clearTimeout(this.#timer);
    if (!prepared.live) return;
    const passedMs = Date.now() - (this.#book.beganMs.get(item.id) ?? Date.now());
    const leftMs = item.forMs === null ? waitMs : item.forMs - passedMs;
    if (leftMs === null || (item.forMs === null && this.#options.playlist.items.length === 1)) return;
    this.#timer = setTimeout(() => this.#next(), Math.min(Math.max(0, leftMs), maxTimeoutMs));
  }

  #prepare(item: PlaylistItem): Promise<Prepared> {
    return this.#book.prepare(item, this.#closing.signal);
  }

  get #current(): PlayingItem | undefined {
    return this.#lineup.current;
  }

  /** What plays, or is about to. */
  get #first(): PlayingItem | undefined {
    return this.#lineup.current ?? this.#lineup.pending;
  }

  #peek(): PlaylistItem | null {
    return this.#options.playlist.peek(Date.now());
  }

  #advance(): PlaylistItem | null {
    return this.#options.playlist.advance(Date.now());
  }

  /** What was made ready is not what follows any more. */
  #forget(): void {
    for (const { feed } of this.#lineup.forget()) if (feed) this.#options.deck.uncue(feed);
  }

  #drop(): void {
    clearTimeout(this.#timer);
    this.#opening = undefined;
    this.#lineup.endAll();
    this.#pendingPlace = undefined;
    this.#announced = false;
  }
}
