import type { Timer } from '../../../contract/clock.ts';
import type { PlaylistItem, Source } from '../../../contract/models.ts';
import type { Plan } from '../../../contract/plan.ts';
import type { ItemFact, WantedPlace, WantedPlaylist } from '../../../contract/snapshot.ts';
import type { Prepared } from '../players/player-maker.ts';
import { maxFailures, Progress, worthUs } from '../players/progress.ts';
import { RepeatPlayer } from '../players/repeat-player.ts';
import type { Slate } from '../slate/slate.ts';
import type { Feed } from '../splicer/feed.ts';
import { aheadUs, CutIn, cutInLookMs } from './cut-in.ts';
import { ItemFacts } from './item-facts.ts';
import { ItemLook } from './item-look.ts';
import { ItemQueue } from './item-queue.ts';
import { endOf, openItem, type Place, type PlayingItem, startOf } from './playing-item.ts';
import type { PlaylistPlayerOptions } from './playlist-player-options.ts';
import { failedLook, StartBudget } from './start-budget.ts';

/** What comes next is read ahead so far, in µs, so that short items leave no gap either. */
const readAheadUs = 2_000_000;
/** What follows is begun when so much of an item that is longer is left to be read, in µs: a busy machine takes seconds to start ffmpeg. */
const earlyUs = 5_000_000;
/** An item whose turn has come while an operator's choice is made ready is looked at again after so long, in ms. */
const lookAgainMs = 500;
/** A list of which nothing can be played is tried again no sooner than this, in ms. */
const leastRetryMs = 1000;

/** Why nobody waits for a look any more. */
const suspended = new Error('it is not wanted now');

/**
 * Where it goes next, and why: it goes on after a break; an operator chose an item, or another place in one; an item's turn has
 * come, or came when nothing else played: the list stands there already; what plays is begun anew at its place, as something about
 * it has changed.
 */
interface Heading {
  readonly place: Place;
  readonly by: 'resumed' | 'chosen' | 'sought' | 'turn' | 'due' | 'again';
  /** Of the operator's choice; null: it is none. */
  readonly serial: number | null;
}

/**
 * Plays the items of a playlist, one behind the other without a gap; a single source is a playlist of one. What it plays goes
 * on air when it is told so: until then it only makes ready. Where the list is changes when another item's first frames are
 * there, not when it is chosen.
 */
export class PlaylistPlayer implements AsyncDisposable {
  readonly #options: PlaylistPlayerOptions;
  readonly #facts: ItemFacts;
  readonly #queue = new ItemQueue();
  readonly #budget = new StartBudget();
  #mode: 'stopped' | 'making' | 'ready' | 'onAir' = 'stopped';
  readonly #closing = new AbortController();
  #run = new AbortController();
  #heading: Heading | undefined;
  /** At where it goes next, or at what follows by itself. */
  readonly #looking: ItemLook;
  /** Where it goes on once it is started. */
  #resumeAt: Place | undefined;
  #placed: number;
  /** Why the last attempt gave nothing; null: it did. */
  #failure: string | null = null;
  /** The item that began last, and when, in ms; a live one that was broken off began as much earlier as it had played. */
  #begun: { readonly id: string; readonly atMs: number } | null = null;
  /** Where the item ended that was left last, in its source, in µs. */
  #endedUs = 0;
  /** Where it was when it was lost last, in µs; null: it was not since it began there. */
  #lostAtUs: number | null = null;
  #loops: number;
  #timer: Timer | undefined;
  #cutIn = new CutIn();
  readonly #wallFromMs: number;

  constructor(options: PlaylistPlayerOptions) {
    this.#options = options;
    const { playlist, maker, clock, goesOn, prepared } = options;
    this.#facts = new ItemFacts(playlist, maker, clock);
    this.#looking = new ItemLook(this.#facts, clock, options.post);
    this.#wallFromMs = clock.wallMs() - clock.nowMs();
    this.#placed = goesOn?.placed ?? 0;
    this.#loops = playlist.round;
    const first =
      playlist.current ?? (playlist.items.length === 1 || !goesOn ? playlist.items[0] : undefined);
    if (first && prepared) this.#facts.keep(first, prepared);
    if (first && goesOn && goesOn.positionMs > 0)
      this.#resumeAt = { item: first, startUs: goesOn.positionMs * 1000 };
  }

  get plan(): Plan | undefined {
    return this.#queue.first?.run.plan;
  }

  /** The item that plays, or would go on. */
  get item(): PlaylistItem | null {
    return this.#queue.current?.item ?? this.#resumeAt?.item ?? this.#queue.pending?.item ?? null;
  }

  /** Place in the source of what plays, or would go on, in µs; of a live one, how long it has played. */
  get positionUs(): number {
    const slot = this.#queue.current ?? (this.#resumeAt ? undefined : this.#queue.pending);
    if (!slot) return this.#resumeAt?.startUs ?? this.#endedUs;
    if (!slot.prepared.live) return Math.max(0, slot.feed?.leftUs ?? slot.startUs);
    const { id = null, atMs = 0 } = this.#begun ?? {};
    return id === slot.item.id ? (this.#options.clock.nowMs() - atMs) * 1000 : 0;
  }

  /** How long the item that plays, or would go on, is in all, in ms; null: not known. */
  get durationMs(): number | null {
    return (this.item && this.#facts.durationsMs.get(this.item.id)) ?? null;
  }

  /** Where the item that plays, or would go on, ends in its source, in ms; null: not known. */
  get endMs(): number | null {
    return this.item && endOf(this.item, this.durationMs);
  }

  /** What was found out of its items since this was asked last, by their ids; null: nothing. */
  news(): Readonly<Record<string, ItemFact>> | null {
    return this.#facts.news();
  }

  /** The last place that it was told to go to and has gone to. */
  get placed(): number {
    return this.#placed;
  }

  /** How many times it has begun again. */
  get loops(): number {
    return this.#loops;
  }

  /** Whether what plays, or would go on, can be begun at another place; null: not known. */
  get seekable(): boolean | null {
    const live = this.#queue.current?.prepared.live ?? (this.item && this.#facts.live.get(this.item.id));
    return live === undefined || live === null ? null : !live;
  }

  /** Whether what plays can be begun anew: a pipe cannot always be entered in its midst. */
  get renewable(): boolean {
    const { current } = this.#queue;
    return current !== undefined && current.prepared.source.kind !== 'stdin';
  }

  get running(): boolean {
    return this.#mode !== 'stopped';
  }

  /** Whether it has told that it could go on air, and is not. */
  get ready(): boolean {
    return this.#mode === 'ready';
  }

  /** Whether it is its item's turn, and the item gives nothing. */
  get waits(): boolean {
    return this.#mode !== 'stopped' && this.#queue.current === undefined;
  }

  get bufferedUs(): number {
    return this.#queue.bufferedUs;
  }

  /** Why what plays failed, where it has not come further since; null: it has, or did not fail. */
  get trouble(): string | null {
    const { feed, progress } = this.#queue.current ?? {};
    if (!feed || !progress) return null;
    return (feed.queuedToUs ?? feed.fromUs) > progress.failedAtUs ? null : progress.message;
  }

  /** Whether a feed is one of its own. */
  owns(feed: Feed): boolean {
    return this.#queue.owns(feed);
  }

  /** What a feed of its own is of. */
  sourceOf(feed: Feed): Source | null {
    return this.#queue.all.find((slot) => slot.feed === feed)?.item.source ?? null;
  }

  /** Makes ready: from its beginning, or from where it was suspended. */
  start(): void {
    if (this.#mode !== 'stopped') return;
    this.#mode = 'making';
    this.#run = new AbortController();
    this.#failure = null;
    const { playlist } = this.#options;
    const place = this.#resumeAt ?? (playlist.current && startOf(playlist.current));
    if (place) this.#head({ place, by: 'resumed', serial: null });
    else this.#next();
  }

  /** Ends what runs; it will go on from there. */
  suspend(): void {
    if (this.#mode === 'stopped') return;
    const { place, by, serial } = this.#heading ?? {};
    if (place && (by === 'chosen' || by === 'sought')) this.#goOnAt(place, serial ?? 0);
    else {
      const slot = this.#queue.first;
      if (slot) this.#resumeAt = { item: slot.item, startUs: this.positionUs, progress: slot.progress };
    }
    this.#mode = 'stopped';
    this.#run.abort(suspended);
    this.#drop();
  }

  goOnAir(): void {
    const { deck } = this.#options;
    const { current, upcoming } = this.#queue;
    this.#mode = 'onAir';
    this.#airs();
    if (current?.feed) deck.cut(current.feed);
    for (const { feed, prepared } of upcoming) if (feed && !prepared.live) deck.cue(feed);
  }

  /**
   * Something else is on air, or what it gave ran dry. It can only come back with a key frame: a live source with its next
   * one, another one when it is started again at its place.
   */
  leaveAir(): void {
    if (this.#mode !== 'onAir') return;
    const slot = this.#queue.first;
    if (!slot?.prepared.live) {
      this.suspend();
      return;
    }
    this.#mode = 'making';
    const { feed, run } = slot;
    feed?.goOffAir();
    for (let layer = 0; layer < (feed?.layers ?? 0); layer++) run.requestKeyFrame?.(layer);
  }

  /** It is missed from now on. Gives whether it had been back: what fails at a place gives what is before that again. */
  lost(): boolean {
    if (this.seekable === false) return true;
    const atUs = this.positionUs;
    const wasBack = this.#lostAtUs === null || atUs - this.#lostAtUs >= worthUs;
    this.#lostAtUs = Math.max(atUs, this.#lostAtUs ?? 0);
    return wasBack;
  }

  /** Begins what plays anew, as something about it has changed: what is on air plays until that is ready. */
  again(): void {
    const { current } = this.#queue;
    // Somebody may have wanted another place just now: that is begun by what holds now.
    if (!current || this.#heading) return;
    // It cannot be looked at beside itself.
    if (current.prepared.exclusive) this.#facts.keep(current.item, Promise.resolve(current.prepared));
    const { item, endUs, prepared } = current;
    const aheadOfIt = this.positionUs + aheadUs;
    const mayBeAhead = this.#mode === 'onAir' && !prepared.live && aheadOfIt < (endUs ?? aheadOfIt);
    this.#cutIn = new CutIn();
    const startUs = mayBeAhead ? aheadOfIt : this.positionUs;
    this.#head({ place: { item, startUs }, by: 'again', serial: null });
  }

  /** Whether it was begun ahead of what plays, and that is not there yet. */
  #isAhead({ prepared, feed }: PlayingItem): boolean {
    const { current } = this.#queue;
    if (this.#heading?.by !== 'again' || this.#mode !== 'onAir' || prepared.live || !current?.feed)
      return false;
    return !this.#cutIn.isTime(feed?.startUs ?? 0, current.feed.leftUs);
  }

  /** Goes to a place: an operator has chosen it. */
  go({ item: id, positionMs, serial }: WantedPlace): void {
    const { items } = this.#options.playlist;
    const item = id === null ? items[0] : items.find((one) => one.id === id);
    // It may have been taken out since.
    if (!item || serial <= this.#placed) {
      this.#placed = Math.max(this.#placed, serial);
      return;
    }
    const place = { item, startUs: (positionMs ?? item.fromMs) * 1000 };
    const by = positionMs !== null && item.id === this.item?.id ? 'sought' : 'chosen';
    if (this.#mode === 'stopped') this.#goOnAt(place, serial);
    else this.#head({ place, by, serial });
  }

  /** The playlist has been changed: what is made ready may be gone, or not what follows any more. */
  adopt(list: WantedPlaylist): void {
    const { playlist } = this.#options;
    playlist.adopt(list);
    if (this.#resumeAt && !playlist.items.includes(this.#resumeAt.item)) this.#resumeAt = undefined;
    const { by = null, place } = this.#heading ?? {};
    const item = place?.item ?? this.#looking.item ?? this.#queue.pending?.item;
    if (item && this.#isOutdated(item, by)) {
      this.#looking.cancel();
      this.#queue.end(this.#queue.pending);
      this.#arriveNowhere();
      if (this.#resumeAt?.item === item) this.#resumeAt = undefined;
    }
    const [upcoming] = this.#queue.upcoming;
    if (upcoming && upcoming.item !== this.#peek()) this.#forget();
    // Where all was passed over, or its time was over, what there is now need not wait.
    const comes = this.#queue.first ?? this.#heading ?? this.#looking.item;
    if (this.#mode === 'stopped' || (comes && (by !== 'turn' || this.#heading))) this.#readAhead();
    else if (!comes && this.#resumeAt) this.#head({ place: this.#resumeAt, by: 'resumed', serial: null });
    else this.#next();
    this.#facts.adopted(this.item);
  }

  /** Whether what is made ready, or waited for, has been taken out, or was to follow and does not any more. */
  #isOutdated(item: PlaylistItem, by: Heading['by'] | null): boolean {
    const { playlist } = this.#options;
    const { current } = this.#queue;
    const isAhead = by === 'turn' || (by === null && item === this.#looking.item);
    if (isAhead) return item !== this.#peek();
    const isLeft = playlist.leaving && playlist.current === item && !current && by !== 'resumed';
    return isLeft || !playlist.items.includes(item);
  }

  /** Loudness of all that runs; of what is opened later, its maker sees to that. */
  setVolume(percent: number): void {
    for (const { run } of this.#queue.all) run.setVolume(percent);
  }

  /** A viewer cannot go on without a key frame; most sources give theirs when they do. */
  requestKeyFrame(layer: number): void {
    this.#queue.current?.run.requestKeyFrame?.(layer);
  }

  /** What is at its place, as a clip of one picture; rejects where there is none. */
  async still(): Promise<Slate> {
    const { maker } = this.#options;
    const { current } = this.#queue;
    const atUs = this.positionUs;
    if (current) return await maker.still(current.prepared, atUs);
    const item = this.item ?? this.#options.playlist.current ?? this.#peek();
    if (!item) throw new Error('the playlist has nothing to show');
    return await maker.still(await this.#facts.prepare(item, this.#closing.signal), atUs);
  }

  /** A feed of its own has been played to its end. */
  finished(feed: Feed): void {
    const left = this.#queue.current;
    // A live source is connected to again.
    if (!left || left.feed !== feed || (left.prepared.live && !left.over)) return;
    this.#endedUs = this.positionUs;
    const next = this.#queue.advance();
    // What failed is begun there again, where it is.
    const { item, progress } = left;
    if (this.#isHopeless) this.#resumeAt = { item, startUs: feed.endUs, progress };
    if (!next) {
      if (!this.#heading && !this.#looking.active) this.#next();
      return;
    }
    this.#step(next.item);
    if (next.item === item) this.#loops++;
    this.#began(next.item);
    if (next.prepared.live && next.feed) this.#options.deck.cut(next.feed);
    this.#airs();
    this.#readAhead();
  }

  async close(): Promise<void> {
    this.suspend();
    this.#closing.abort();
    await Promise.all([this.#queue.closed(), this.#facts.close()]);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Goes on with what follows by itself; where nothing does, it is over, or waits until it may try again. */
  #next(): void {
    const { playlist, listener } = this.#options;
    const { current } = this.#queue;
    const item = this.#isHopeless ? null : this.#peek();
    if (item && item === current?.item && current.prepared.live && current.feed?.ended === false) {
      // It would only be opened to be the same again.
      this.#step(item);
      this.#loops++;
      this.#began(item);
      this.#limit(current, null);
    } else if (item) {
      if (!current) this.#step(item);
      this.#head({ place: startOf(item), by: current ? 'turn' : 'due', serial: null });
    } else if (playlist.retryAtMs === null) {
      if (!this.#isHopeless) playlist.advance(this.#wallMs);
      // A playlist that skipped some and played others is well.
      listener.onEnded(this.#isHopeless || !this.#facts.hasBegun ? this.#failure : null);
    } else {
      this.#mode = 'making';
      listener.onAway(this.#failure ?? 'no item can be played');
      this.#wait(Math.max(leastRetryMs, playlist.retryAtMs - this.#wallMs));
    }
  }

  #head(heading: Heading): void {
    const { place } = heading;
    this.#queue.end(this.#queue.pending);
    this.#heading = heading;
    this.#forget();
    this.#look(place, (prepared) => {
      if (!prepared.exclusive) return this.#openPending(place, prepared);
      this.#queue.end(this.#queue.current);
      void this.#queue.closed().then(() => {
        this.#options.post(() => {
          if (this.#heading === heading) this.#openPending(place, prepared);
        });
      });
    });
  }

  #openPending(place: Place, prepared: Prepared): void {
    const slot = this.#open(place, prepared, true);
    this.#queue.wait(slot);
    if (!this.#queue.current) this.#limit(slot, this.#options.graceMs);
  }

  /** Looks at an item, then does something with it, unless something else was wanted meanwhile. */
  #look(place: Place, act: (prepared: Prepared) => void): void {
    const broken = (message: string) => {
      this.#budget.spend(failedLook, this.#options.clock.nowMs());
      this.#broken(place.item, message);
    };
    // An operator's choice has its one try at once.
    const waitMs = this.#heading?.serial ? 0 : this.#budget.waitMs(this.#options.clock.nowMs());
    this.#looking.look(place.item, { waitMs, signal: this.#run.signal }, act, broken);
  }

  #open(place: Place, prepared: Prepared, awaited: boolean): PlayingItem {
    const { maker, listener, clock, post } = this.#options;
    this.#budget.spend(1, clock.nowMs());
    // It may be another one when it is opened again.
    if (prepared.live) this.#facts.forget(place.item);
    else if (prepared.source.kind === 'file') this.#facts.renew(place.item, this.#run.signal);
    const heard = {
      onRoom: () => this.#readAhead(),
      onPipeline: listener.onPipeline,
      onFailure: listener.onFailure,
      onPlan: listener.onPlan,
      onFeed: (slot: PlayingItem) => this.#fed(slot),
      onAway: (slot: PlayingItem, message: string) => this.#lost(slot, message),
      onOver: (slot: PlayingItem, message: string | null) => this.#over(slot, message),
    };
    return openItem(maker, place, prepared, awaited, heard, post);
  }

  #fed(slot: PlayingItem): void {
    const { current, pending } = this.#queue;
    const { feed } = slot.run;
    if (feed?.ready) {
      const isNew = feed !== slot.feed;
      slot.feed = feed;
      if (isNew && slot === current) this.#limit(slot, null);
      if (slot === pending && this.#isAhead(slot))
        this.#wait(cutInLookMs, () => this.#queue.pending === slot && this.#fed(slot));
      else if (slot === pending) this.#takeOver(slot);
      else if (slot === current && this.#mode !== 'onAir') this.#announce();
      else if (slot === current && isNew) this.#options.deck.cut(feed);
    }
    this.#options.deck.wake();
    this.#readAhead();
  }

  #takeOver(slot: PlayingItem): void {
    this.#queue.takeOver(slot);
    this.#arrive(slot);
    this.#failure = null;
    this.#resumeAt = undefined;
    this.#limit(slot, null);
    if (this.#mode === 'onAir' && slot.feed) {
      this.#options.deck.cut(slot.feed);
      this.#airs();
    } else this.#announce();
    this.#readAhead();
  }

  /** It is there where it was going. */
  #arrive({ item, prepared, startUs }: PlayingItem): void {
    const { clock } = this.#options;
    const { by = 'again', serial } = this.#heading ?? {};
    this.#heading = undefined;
    if (serial) this.#placed = Math.max(this.#placed, serial);
    const isNew = this.#begun?.id !== item.id;
    const isTurn = by === 'turn' || by === 'due';
    if (isTurn && !isNew) this.#loops++;
    if (by === 'turn') this.#step(item);
    else this.#stand(item);
    if (isTurn || by === 'chosen' || isNew) this.#began(item);
    else if (by === 'sought') this.#lostAtUs = null;
    if (by === 'resumed' && isNew && prepared.live)
      this.#begun = { id: item.id, atMs: clock.nowMs() - startUs / 1000 };
  }

  /** The list goes on to an item by itself. */
  #step(item: PlaylistItem): void {
    const { playlist } = this.#options;
    if (playlist.advance(this.#wallMs) !== item) this.#stand(item);
  }

  /** The list is where it plays; what is not in it any more is played to its end. */
  #stand(item: PlaylistItem): void {
    const { playlist } = this.#options;
    if (playlist.current !== item && playlist.items.includes(item)) playlist.jump(item.id);
  }

  /** It stands there until it is started. */
  #goOnAt(place: Place, serial: number): void {
    this.#stand(place.item);
    this.#resumeAt = place;
    this.#placed = Math.max(this.#placed, serial);
  }

  #announce(): void {
    if (this.#mode !== 'making') return;
    this.#mode = 'ready';
    this.#options.listener.onReady();
  }

  #began(item: PlaylistItem): void {
    const { playlist, listener, clock } = this.#options;
    this.#begun = { id: item.id, atMs: clock.nowMs() };
    this.#lostAtUs = null;
    playlist.began(item.id);
    this.#facts.began(item);
    if (playlist.items.length > 1) listener.onItem(item);
  }

  #lost(slot: PlayingItem, message: string): void {
    const { current, pending } = this.#queue;
    if (slot !== current && slot !== pending) return;
    if (current && slot === pending) {
      if (this.#heading?.by === 'again') {
        this.#giveUp(slot, message);
        return;
      }
      // It is its turn, and it is waited for.
      this.#arrive(slot);
      this.#queue.takeOver(slot);
    }
    this.#mode = 'making';
    // Where it is going somewhere, what it has lost is not needed again.
    const awaited = slot === current && this.#heading ? pending : slot;
    if (awaited === slot) this.#queue.wait(slot);
    else this.#queue.end(slot);
    // Each time that it is looked for in vain it says so again.
    if (awaited && current) this.#limit(awaited, this.#options.graceMs);
    this.#options.listener.onAway(message);
  }

  #over(slot: PlayingItem, message: string | null): void {
    slot.over = true;
    if (message !== null && !slot.prepared.exclusive) this.#facts.forget(slot.item);
    if (!this.#queue.all.includes(slot)) return;
    if (slot.run.feed?.queuedToUs !== undefined) {
      if (message !== null) this.#skip(slot.item, message);
      return;
    }
    const { feed, item, startUs } = slot;
    if (feed) this.#options.deck.uncue(feed);
    this.#queue.end(slot);
    const words = message ?? `it has nothing from ${startUs / 1_000_000} s on`;
    if (message !== null || startUs <= item.fromMs * 1000) this.#broken(item, words);
    else if (this.#queue.current) this.#arriveNowhere();
    // It was to begin behind its end.
    else this.#next();
  }

  /** What plays goes on as it is. */
  #giveUp(slot: PlayingItem, message: string): void {
    this.#queue.end(slot);
    this.#arriveNowhere();
    this.#options.listener.onFailure(message);
  }

  #arriveNowhere(): void {
    const { serial } = this.#heading ?? {};
    this.#heading = undefined;
    if (serial) this.#placed = Math.max(this.#placed, serial);
  }

  /** An item that gave nothing: another one plays in its place, if there is one. */
  #broken(item: PlaylistItem, message: string): void {
    const { current } = this.#queue;
    const { by = null, place } = this.#heading ?? {};
    this.#arriveNowhere();
    if (by === 'resumed' && place && this.#resumeAgain(place, message)) return;
    if (current && (by === 'again' || by === 'sought')) {
      this.#options.listener.onFailure(message);
      return;
    }
    this.#skip(item, message);
    // What plays goes on to its end, and what follows is found then; unless that is what was to follow.
    if (!current || by === 'turn') this.#next();
    else if (current.over) this.#readAhead();
  }

  /** What has played before a break may be back at any time: it is passed over only where it fails again and again. */
  #resumeAgain(place: Place, message: string): boolean {
    const { playlist, clock, listener } = this.#options;
    const { item, startUs, progress = new Progress() } = place;
    if (startUs <= item.fromMs * 1000 || playlist.items.length === 1) return false;
    const delayMs = progress.failed(message, 'source', clock.nowMs());
    if (progress.failures >= maxFailures) return false;
    const again = { ...place, progress };
    this.#resumeAt = again;
    listener.onAway(message);
    this.#wait(delayMs, () => {
      if (this.#resumeAt === again && !this.#heading)
        this.#head({ place: again, by: 'resumed', serial: null });
    });
    return true;
  }

  #skip(item: PlaylistItem, message: string): void {
    const { playlist, listener } = this.#options;
    this.#failure = message;
    if (playlist.items.length === 1) return;
    if (this.#resumeAt?.item === item) this.#resumeAt = undefined;
    playlist.skip(item.id, message, this.#wallMs);
    listener.onSkipped(item, message);
  }

  /** There is but one source, and it cannot be played. */
  get #isHopeless(): boolean {
    return this.#failure !== null && this.#options.playlist.items.length === 1;
  }

  /** What follows begins before the last one has been read to its end, so that its beginning waits when that end is shown. */
  #readAhead(): void {
    const { last } = this.#queue;
    if (this.#mode === 'stopped' || this.#looking.active || this.#heading || !last || this.#isHopeless)
      return;
    if (last.over ? last.feed?.barren || this.bufferedUs >= readAheadUs : !this.#endsSoon(last)) return;
    const item = this.#peek();
    if (!item) {
      if (last.over) this.#options.listener.onEnding();
      return;
    }
    const again = item === last.item && !last.prepared.live ? last.feed?.again() : undefined;
    if (again) {
      const run = new RepeatPlayer(last.run.plan, again);
      this.#follow({ ...last, run, feed: again, progress: new Progress(), over: true });
    } else if (this.#queue.upcoming.length === 0 || item === last.item) {
      const place = startOf(item);
      this.#look(place, (prepared) => {
        if (this.#queue.current) this.#follow(this.#open(place, prepared, false));
        else this.#next();
      });
    }
  }

  /** Whether the current item has little left to be read; a short one is read to its end soon enough. */
  #endsSoon({ item, feed, endUs, prepared: { live } }: PlayingItem): boolean {
    if (live || !feed || endUs === null || this.#queue.upcoming.length > 0) return false;
    return endUs - item.fromMs * 1000 > 2 * earlyUs && endUs - (feed.queuedToUs ?? feed.fromUs) < earlyUs;
  }

  #follow(slot: PlayingItem): void {
    this.#queue.follow(slot);
    if (this.#mode === 'onAir' && slot.feed && !slot.prepared.live) this.#options.deck.cue(slot.feed);
    this.#readAhead();
  }

  /** What is on air has changed: a live item ends by the clock, and what follows is looked at meanwhile. */
  #airs(): void {
    this.#timer?.cancel();
    const { current } = this.#queue;
    const next = this.#peek();
    if (next) this.#facts.prepare(next, this.#run.signal).catch(() => {});
    if (current) this.#limit(current, current.feed?.ended === false ? null : this.#options.graceMs);
  }

  /**
   * An item that comes at its own pace ends by the clock: after its own time, else, where it is away and others follow, when it
   * has been waited for long enough.
   */
  #limit({ item, prepared }: PlayingItem, waitMs: number | null): void {
    const { playlist, clock } = this.#options;
    this.#timer?.cancel();
    if (!prepared.live) return;
    const passedMs = this.#begun?.id === item.id ? clock.nowMs() - this.#begun.atMs : 0;
    const leftMs = item.forMs === null ? waitMs : item.forMs - passedMs;
    if (leftMs === null || (item.forMs === null && playlist.items.length === 1)) return;
    this.#wait(Math.max(0, leftMs));
  }

  #wait(ms: number, act: () => unknown = () => this.#next()): void {
    const { clock, post } = this.#options;
    this.#timer?.cancel();
    this.#timer = clock.after(ms, () =>
      post(() => {
        // An operator's choice goes before.
        if (this.#heading?.serial) this.#wait(lookAgainMs);
        else if (this.#mode !== 'stopped') act();
      }),
    );
  }

  /** What the list is told, in ms since 1970 as of when this began: whoever puts the clock on or back puts off no retry. */
  get #wallMs(): number {
    return this.#wallFromMs + this.#options.clock.nowMs();
  }

  #peek(): PlaylistItem | null {
    const { playlist } = this.#options;
    return playlist.peek(this.#wallMs);
  }

  /** What was made ready is not what follows any more. */
  #forget(): void {
    for (const { feed } of this.#queue.forget()) if (feed) this.#options.deck.uncue(feed);
  }

  #drop(): void {
    this.#timer?.cancel();
    this.#looking.cancel();
    this.#heading = undefined;
    this.#queue.endAll();
  }
}
