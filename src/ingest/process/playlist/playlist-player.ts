import type { UpNext } from '../../../contract/card-words.ts';
import type { Timer } from '../../../contract/clock.ts';
import type { PlaylistItem } from '../../../contract/models.ts';
import { isFolder } from '../../../contract/playlist/folder-items.ts';
import { pictureMs } from '../../../contract/playlist/item-part.ts';
import type { Playlist } from '../../../contract/playlist/playlist.ts';
import type { WantedPlace, WantedPlaylist } from '../../../contract/snapshot.ts';
import { nextWords } from '../../../contract/source-words.ts';
import { FeedPlayer } from '../players/feed-player.ts';
import type { PlayerNews, RunNews } from '../players/player.ts';
import type { Prepared } from '../players/player-maker.ts';
import { maxFailures, Progress } from '../players/progress.ts';
import type { Slate } from '../slate/slate.ts';
import type { Feed } from '../splicer/feed.ts';
import { Alarm } from './alarm.ts';
import { aheadUs, CutIn, cutInLookMs } from './cut-in.ts';
import {
  awaitedItem,
  type Going,
  type Heading,
  headingOf,
  isOutdated,
  resumesAt,
  slotOf,
  still,
} from './going.ts';
import { ItemFacts } from './item-facts.ts';
import { ItemQueue } from './item-queue.ts';
import { ListPlace } from './list-place.ts';
import {
  beginsRound,
  behindItsEnd,
  endOf,
  openItem,
  type Place,
  type PlayingItem,
  startOf,
} from './playing-item.ts';
import type { PlaylistPlayerOptions } from './playlist-player-options.ts';
import { endsSoon, isReadAhead } from './read-ahead.ts';
import { failedLook, StartBudget } from './start-budget.ts';

/** An item whose turn has come while an operator's choice is made ready is looked at again after so long, in ms. */
const lookAgainMs = 500;
/** A list of which nothing can be played is tried again no sooner than this, in ms. */
const leastRetryMs = 1000;

/** A live item that is not there yet may take so long, in ms, however short its own time is: as long as its ffmpeg is waited for. */
const beginsMs = 15_000;

/** Why nothing of a list is played. */
function nothingWords({ items }: Playlist): string {
  return items.every(isFolder) ? 'there is no file to play in the folder' : 'no item can be played';
}

/** Why nobody waits for a look any more. */
const suspended = new Error('it is not wanted now');

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
  readonly #at: ListPlace;
  /** Why the last attempt gave nothing; null: it did. */
  #failure: string | null = null;
  /** Why what was read last should have been longer; null: it was all. */
  #short: string | null = null;
  /** What was another file than was looked at, and is looked at anew: after that it is taken as it is, as it may be one that grows. */
  #changed: PlaylistItem | null = null;
  /** Where the item ended that was left last, in its source, in µs. */
  #endedUs = 0;
  /** When a look begins. */
  #pace: Timer | undefined;
  readonly #alarm: Alarm;

  constructor(options: PlaylistPlayerOptions) {
    this.#options = options;
    const { playlist, maker, clock, goesOn, prepared } = options;
    this.#facts = new ItemFacts(playlist, maker, clock);
    this.#at = new ListPlace(playlist, clock, goesOn?.placed ?? 0, (item) => this.#began(item));
    this.#alarm = new Alarm(clock);
    const first =
      playlist.current ?? (playlist.items.length === 1 || !goesOn ? playlist.items[0] : undefined);
    if (first && prepared) this.#facts.keep(first, prepared);
    if (first && goesOn && goesOn.positionMs > 0)
      this.#queue.going = { step: 'resting', place: { item: first, startUs: goesOn.positionMs * 1000 } };
  }

  /** What runs of it. */
  get queue(): Pick<ItemQueue, 'plan' | 'picture' | 'bufferedUs' | 'trouble' | 'owns' | 'sourceOf'> {
    return this.#queue;
  }

  /** Why its one source is over before its end; null: it is not. */
  get short(): string | null {
    return this.#options.playlist.items.length === 1 ? this.#short : null;
  }

  /** Where in its list it is. */
  get at(): Pick<ListPlace, 'placed' | 'unplaced' | 'loops'> {
    return this.#at;
  }

  /** What is known of its items. */
  get facts(): Pick<ItemFacts, 'news'> {
    return this.#facts;
  }

  /** The item that plays, or would go on. */
  get item(): PlaylistItem | null {
    const { current, going } = this.#queue;
    return (current ?? resumesAt(going) ?? slotOf(going))?.item ?? null;
  }

  /** Place in the source of what plays, or would go on, in µs; of a live one, how long it has played. */
  get positionUs(): number {
    const { current, going, first } = this.#queue;
    const place = current ? undefined : resumesAt(going);
    return place?.startUs ?? (first ? this.#at.positionUs(first) : this.#endedUs);
  }

  /** How long the item that plays, or would go on, is in all, in ms; null: not known. */
  get durationMs(): number | null {
    return (this.item && this.#facts.durationsMs.get(this.item.id)) ?? null;
  }

  /** Where the item that plays, or would go on, ends in its source, in ms; null: not known. */
  get endMs(): number | null {
    return this.item && endOf(this.item, this.durationMs);
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

  /** Makes ready: from its beginning, or from where it was suspended. */
  start(): void {
    if (this.#mode !== 'stopped') return;
    this.#mode = 'making';
    this.#run = new AbortController();
    this.#failure = null;
    const { playlist } = this.#options;
    const place = resumesAt(this.#queue.going) ?? (playlist.current && startOf(playlist.current));
    if (place) this.#head({ place, by: 'resumed', serial: null });
    else this.#next();
  }

  /** Ends what runs; it will go on from there. */
  suspend(): void {
    if (this.#mode === 'stopped') return;
    const { first, going } = this.#queue;
    const { place, by, serial } = headingOf(going) ?? {};
    const chosen = by === 'chosen' || by === 'sought' ? place : undefined;
    const here = first && { item: first.item, startUs: this.positionUs, progress: first.progress };
    const rest = chosen ?? here ?? resumesAt(going);
    if (chosen) this.#at.stand(chosen.item);
    this.#at.arrived(serial);
    this.#mode = 'stopped';
    this.#run.abort(suspended);
    this.#alarm.cancel();
    this.#go(still);
    this.#queue.endAll();
    if (rest) this.#go({ step: 'resting', place: rest });
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
    // Of what is in memory nothing comes by itself that would tell that it is ready again.
    if (!slot?.prepared.live || slot.prepared.picture) {
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
    return this.#at.lost(this.positionUs);
  }

  /** Begins what plays anew, as something about it has changed: what is on air plays until that is ready. */
  again(): void {
    const { current } = this.#queue;
    // Somebody may have wanted another place just now: that is begun by what holds now.
    if (!current || headingOf(this.#queue.going)) return;
    // It cannot be looked at beside itself.
    if (current.prepared.exclusive) this.#facts.keep(current.item, Promise.resolve(current.prepared));
    const { item, endUs, prepared } = current;
    const aheadOfIt = this.positionUs + aheadUs;
    const mayBeAhead = this.#mode === 'onAir' && !prepared.live && aheadOfIt < (endUs ?? aheadOfIt);
    const startUs = mayBeAhead ? aheadOfIt : this.positionUs;
    this.#head({ place: { item, startUs }, by: 'again', serial: null, cutIn: new CutIn() });
  }

  /** Whether it was begun ahead of what plays, and that is not there yet. */
  #isAhead({ prepared, feed }: PlayingItem): boolean {
    const { current, going } = this.#queue;
    const { cutIn } = headingOf(going) ?? {};
    if (!cutIn || this.#mode !== 'onAir' || prepared.live || !current?.feed) return false;
    return !cutIn.isTime(feed?.startUs ?? 0, current.feed.leftUs);
  }

  /** What it waits for was held up for so long, in ms, through no fault of its own. */
  excuse(ms: number): void {
    this.#alarm.excuse(ms);
  }

  /** Goes to a place: an operator has chosen it. */
  go({ item: id, positionMs, serial }: WantedPlace): void {
    const { items } = this.#options.playlist;
    const item = id === null ? items[0] : items.find((one) => one.id === id);
    // It may have been taken out since.
    if (!item || serial <= this.#at.placed) {
      this.#at.arrived(serial);
      return;
    }
    const place = { item, startUs: (positionMs ?? item.fromMs) * 1000 };
    const by = positionMs !== null && item.id === this.item?.id ? 'sought' : 'chosen';
    if (this.#mode === 'stopped') {
      this.#at.stand(item);
      this.#go({ step: 'resting', place });
      this.#at.arrived(serial);
    } else this.#head({ place, by, serial, back: resumesAt(this.#queue.going) });
  }

  /** The playlist has been changed: what is made ready may be gone, or not what follows any more. */
  adopt(list: WantedPlaylist): void {
    const { playlist } = this.#options;
    this.#facts.renewed(playlist.adopt(list));
    const before = this.#queue.going;
    const { by = null } = headingOf(before) ?? {};
    if (isOutdated(before, playlist, this.#at.peek(), !this.#queue.current)) this.#arriveNowhere();
    const [upcoming] = this.#queue.upcoming;
    if (upcoming && upcoming.item !== this.#at.peek()) this.#forget();
    // Where all was passed over, or its time was over, what there is now need not wait.
    const { first, going } = this.#queue;
    const comes = first !== undefined || awaitedItem(going) !== undefined;
    if (this.#mode === 'stopped' || (comes && (by !== 'turn' || headingOf(going)))) this.#readAhead();
    else if (going.step === 'resting') this.#head({ place: going.place, by: 'resumed', serial: null });
    else this.#next();
    this.#facts.adopted(this.item);
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
    const item = this.item ?? this.#options.playlist.current ?? this.#at.peek();
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
    const { going } = this.#queue;
    const isStill = going.step === 'still';
    if (this.#isHopeless && isStill) {
      const place = { item, startUs: feed.endUs, progress };
      this.#go({ step: 'resting', place });
    }
    if (!next) {
      if (isStill) this.#next();
      return;
    }
    this.#at.arrive(next, { by: 'turn', serial: null });
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
    const { playlist, tell } = this.#options;
    const { current } = this.#queue;
    // What was to be done later was to lead here, or is of no use any more.
    this.#alarm.cancel();
    const item = this.#isHopeless ? null : this.#at.peek();
    if (item && item === current?.item && current.prepared.live && current.feed?.ended === false) {
      // It would only be opened to be the same again.
      this.#at.arrive(current, { by: 'turn', serial: null });
      this.#limit(current, null);
    } else if (item) {
      if (!current) this.#at.step(item);
      this.#head({ place: startOf(item), by: current ? 'turn' : 'due', serial: null });
    } else if (playlist.retryAtMs === null && !playlist.grows) {
      if (!this.#isHopeless) playlist.advance(this.#at.wallMs);
      // A playlist that skipped some and played others is well.
      const message = this.#isHopeless || !this.#facts.hasBegun ? this.#failure : null;
      tell({ type: 'ended', message });
    } else {
      // One that comes at its own pace has had its time, and is in the list no more.
      this.#queue.end(current);
      this.#mode = 'making';
      const isEmpty = playlist.retryAtMs === null;
      tell({ type: 'away', message: (isEmpty ? null : this.#failure) ?? nothingWords(playlist) });
      // What comes into a folder is heard of.
      if (!isEmpty) this.#wait(Math.max(leastRetryMs, playlist.retryAtMs - this.#at.wallMs));
    }
  }

  #head(to: Heading): void {
    const { place } = to;
    this.#forget();
    // An operator's choice has its one try at once.
    const waitMs = to.serial ? 0 : this.#budgetMs;
    this.#look({ step: 'looking', to }, place.item, waitMs, (prepared, going) => {
      if (!prepared.exclusive) return this.#openPending(to, prepared);
      this.#queue.end(this.#queue.current);
      void this.#queue.closed().then(() => {
        this.#options.post(() => {
          if (this.#queue.going === going) this.#openPending(to, prepared);
        });
      });
    });
  }

  #openPending(to: Heading, prepared: Prepared): void {
    const slot = this.#open(to.place, prepared, to);
    this.#go({ step: 'opening', to, slot });
    if (!this.#queue.current) this.#limit(slot, this.#options.graceMs);
  }

  #go(going: Going): void {
    this.#pace?.cancel();
    this.#queue.going = going;
  }

  /** Looks at an item, then does something with it, unless it goes elsewhere meanwhile. */
  #look(
    going: Going,
    item: PlaylistItem,
    waitMs: number,
    found: (prepared: Prepared, going: Going) => void,
  ): void {
    const { post, clock } = this.#options;
    const { signal } = this.#run;
    const told = (tell: () => void) =>
      post(() => {
        if (this.#queue.going === going && !signal.aborted) tell();
      });
    const look = () =>
      this.#facts.prepare(item, signal).then(
        (prepared) => told(() => found(prepared, going)),
        (error: unknown) =>
          told(() => {
            this.#budget.spend(failedLook, clock.nowMs());
            this.#broken(item, error instanceof Error ? error.message : String(error));
          }),
      );
    this.#go(going);
    if (waitMs === 0) void look();
    else this.#pace = clock.after(waitMs, () => told(look));
  }

  get #budgetMs(): number {
    return this.#budget.waitMs(this.#options.clock.nowMs());
  }

  /**
   * @param to why, where somebody waits for it; null: it will follow
   * @param last what it follows; undefined: something else, or nothing
   */
  #open(place: Place, prepared: Prepared, to: Heading | null, last?: PlayingItem): PlayingItem {
    const { maker, clock, post } = this.#options;
    this.#budget.spend(1, clock.nowMs());
    // It may be another one when it is opened again.
    if (prepared.live) this.#facts.forget(place.item);
    else if (prepared.source.kind === 'file') this.#facts.renew(place.item, this.#run.signal);
    const hear = (slot: PlayingItem, news: PlayerNews) => this.#hear(slot, news);
    const identity = this.#changed === place.item ? undefined : prepared.identity;
    this.#changed = null;
    const roundOf = last?.item === place.item && !prepared.live ? last.begunBy : null;
    const resumes = to?.by === 'resumed' || to?.by === 'again';
    const upNext = (slot?: PlayingItem) => this.#upNext(place, slot, resumes);
    return openItem(maker, place, { ...prepared, identity }, to !== null, upNext, hear, post, roundOf);
  }

  /** What follows an item in memory, were it on air now. @param slot it plays in; undefined: none yet */
  #upNext({ item, startUs }: Place, slot: PlayingItem | undefined, resumes: boolean): UpNext {
    const next = this.#options.playlist.behind(item.id, this.#at.wallMs);
    if (!next) return { next: null, inMs: null };
    const passedMs = this.#at.passedMs(item);
    const isBegun = slot !== undefined && slot === this.#queue.current;
    const playedMs = isBegun ? passedMs : resumes ? Math.max(passedMs, startUs / 1000) : 0;
    return { next: nextWords(next), inMs: Math.max(0, (item.forMs ?? pictureMs) - playedMs) };
  }

  #hear(slot: PlayingItem, news: PlayerNews): void {
    if (news.type === 'room') this.#readAhead();
    else if (news.type === 'away' || news.type === 'crashed') this.#lost(slot, news);
    else if (news.type === 'over') this.#over(slot, news);
    else if (news.type === 'pipeline.started')
      this.#options.tell({ ...news, round: beginsRound(slot, news.plan) });
    else if (news.type !== 'fed') this.#options.tell(news);
    if (['fed', 'away', 'crashed', 'over'].includes(news.type)) this.#fed(slot);
  }

  #fed(slot: PlayingItem): void {
    const { current, going } = this.#queue;
    const { feed } = slot.run;
    if (feed?.ready) {
      const isNew = feed !== slot.feed;
      slot.feed = feed;
      if (isNew && slot === current) this.#limit(slot, null);
      if (slot === slotOf(going) && this.#isAhead(slot))
        this.#wait(cutInLookMs, () => slotOf(this.#queue.going) === slot && this.#fed(slot));
      else if (slot === slotOf(going)) this.#takeOver(slot);
      else if (slot === current && this.#mode !== 'onAir') this.#announce();
      else if (slot === current && isNew) this.#options.deck.cut(feed);
    }
    this.#options.deck.wake();
    this.#readAhead();
  }

  #takeOver(slot: PlayingItem): void {
    this.#arrive(slot);
    this.#queue.takeOver(slot);
    this.#failure = null;
    this.#limit(slot, null);
    if (this.#mode === 'onAir' && slot.feed) {
      this.#options.deck.cut(slot.feed);
      this.#airs();
    } else this.#announce();
    this.#readAhead();
  }

  /** It is there where it was going. */
  #arrive(slot: PlayingItem): void {
    this.#at.arrive(slot, headingOf(this.#queue.going) ?? { by: 'again', serial: null });
  }

  #announce(): void {
    if (this.#mode !== 'making') return;
    this.#mode = 'ready';
    this.#options.tell({ type: 'ready' });
  }

  #began(item: PlaylistItem): void {
    this.#facts.began(item);
    if (this.#options.playlist.items.length > 1) this.#options.tell({ type: 'item', item });
  }

  #lost(slot: PlayingItem, news: Extract<RunNews, { type: 'away' | 'crashed' }>): void {
    const { current, going } = this.#queue;
    const isComing = slot === slotOf(going);
    const to = headingOf(going);
    if (slot !== current && !isComing) return;
    if (current && isComing && to?.by === 'again') {
      // What plays goes on as it is.
      this.#queue.end(slot);
      this.#options.tell({ type: 'failed', message: news.message });
      return;
    }
    this.#mode = 'making';
    if (current) {
      // Where it is going somewhere, what it has lost is not needed again. Else it is its turn, and it is waited for.
      if (slot === current && to) this.#queue.end(slot);
      else {
        if (isComing) this.#arrive(slot);
        this.#queue.miss(slot);
      }
      // Each time that it is looked for in vain it says so again.
      const awaited = slotOf(this.#queue.going);
      if (awaited) this.#limit(awaited, this.#options.graceMs);
    }
    this.#options.tell(news);
  }

  #over(
    slot: PlayingItem,
    { message, short = null, outOfReach = false, changed = false }: Extract<PlayerNews, { type: 'over' }>,
  ): void {
    slot.over = true;
    if (message !== null && !slot.prepared.exclusive) this.#facts.forget(slot.item);
    if (!this.#queue.all.includes(slot)) return;
    if (changed) {
      this.#lookAnew(slot);
      return;
    }
    this.#short = short;
    const isOfNoUse = message !== null && this.#isUnseen(slot);
    if (slot.run.feed?.queuedToUs !== undefined && !isOfNoUse) {
      if (message !== null) this.#skip(slot.item, message);
      return;
    }
    const { feed, item, startUs, progress } = slot;
    if (feed) this.#options.deck.uncue(feed);
    const isComing = slot === slotOf(this.#queue.going);
    const here: Heading = {
      place: { item, startUs: this.positionUs, progress },
      by: 'resumed',
      serial: null,
    };
    const heading = isOfNoUse ? here : isComing ? headingOf(this.#queue.going) : undefined;
    // What begins again anyhow is begun with again.
    const isAtStart = heading?.by === 'resumed' && outOfReach && this.#options.playlist.loop;
    const to = isAtStart ? { ...heading, place: startOf(item) } : heading;
    if (isOfNoUse) this.#forget();
    this.#queue.end(slot);
    const isBegun = startUs <= item.fromMs * 1000;
    const behind = isBegun ? behindItsEnd(slot) : null;
    const words = behind ?? message ?? `it has nothing from ${startUs / 1_000_000} s on`;
    if (message !== null || isBegun) this.#broken(item, words, to);
    else if (this.#queue.current) {
      this.#at.arrived(to?.serial);
      this.#at.missed(to?.serial, words);
    }
    // It was to begin behind its end.
    else this.#next();
  }

  /** It is another file than was looked at: it is begun there, by what it is now. */
  #lookAnew(slot: PlayingItem): void {
    const { item, startUs, progress, feed } = slot;
    const { current, going } = this.#queue;
    const here: Heading = { place: { item, startUs, progress }, by: 'resumed', serial: null };
    const to = slot === slotOf(going) ? headingOf(going) : slot === current ? here : undefined;
    this.#changed = item;
    if (feed) this.#options.deck.uncue(feed);
    this.#queue.end(slot);
    if (to) this.#head(to);
    else this.#readAhead();
  }

  /** Something else is on air: what it has read is only begun with, and can be read again at that place. */
  #isUnseen(slot: PlayingItem): boolean {
    const { current, going } = this.#queue;
    const isOnlyThat = slot === current && headingOf(going) === undefined;
    return isOnlyThat && this.#mode !== 'onAir' && !slot.prepared.live && this.renewable;
  }

  #arriveNowhere(): void {
    const { serial, back, place } = headingOf(this.#queue.going) ?? {};
    this.#at.arrived(serial);
    const isThere = back && back.item !== place?.item && this.#options.playlist.items.includes(back.item);
    this.#go(isThere ? { step: 'resting', place: back } : still);
  }

  /** An item that gave nothing: another one plays in its place, if there is one. */
  #broken(item: PlaylistItem, message: string, to = headingOf(this.#queue.going)): void {
    const { current } = this.#queue;
    const { by = null, place, serial } = to ?? {};
    this.#at.arrived(serial);
    this.#go(still);
    if (by === 'resumed' && place && this.#resumeAgain(place, message)) return;
    if (current && (by === 'again' || by === 'sought')) {
      this.#at.missed(serial, message);
      this.#options.tell({ type: 'failed', message });
      return;
    }
    this.#skip(item, message);
    // It is tried again where it was.
    if (by === 'resumed' && place && this.#isHopeless) this.#go({ step: 'resting', place });
    // What plays goes on to its end, and what follows is found then; unless that is what was to follow.
    if (!current || by === 'turn') this.#next();
    else if (current.over) this.#readAhead();
  }

  /** What has played before a break may be back at any time: it is passed over only where it fails again and again. */
  #resumeAgain(place: Place, message: string): boolean {
    const { playlist, clock, tell } = this.#options;
    const { item, startUs, progress = new Progress() } = place;
    if (startUs <= item.fromMs * 1000 || playlist.items.length === 1) return false;
    const delayMs = progress.failed(message, 'source', clock.nowMs());
    if (progress.failures >= maxFailures) return false;
    const resting: Going = { step: 'resting', place: { ...place, progress } };
    this.#go(resting);
    tell({ type: 'away', message });
    this.#wait(delayMs, () => {
      if (this.#queue.going === resting) this.#head({ place: resting.place, by: 'resumed', serial: null });
    });
    return true;
  }

  #skip(item: PlaylistItem, message: string): void {
    const { playlist, tell } = this.#options;
    this.#failure = message;
    if (playlist.items.length === 1) return;
    playlist.skip(item.id, message, this.#at.wallMs);
    tell({ type: 'skipped', item, reason: message });
  }

  /** There is but one source, and it cannot be played. */
  get #isHopeless(): boolean {
    return this.#failure !== null && this.#options.playlist.items.length === 1;
  }

  /** What follows begins before the last one has been read to its end, so that its beginning waits when that end is shown. */
  #readAhead(): void {
    const { current, last, going, bufferedUs, upcoming } = this.#queue;
    if (this.#mode === 'stopped' || going.step !== 'still' || !last || this.#isHopeless) return;
    // What follows another item is known when that one plays.
    if (upcoming.length > 0 && last.item !== current?.item) return;
    if (last.over ? isReadAhead(last, bufferedUs) : upcoming.length > 0 || !endsSoon(last)) return;
    const item = this.#at.peek();
    if (!item) {
      if (last.over) this.#options.tell({ type: 'ending' });
      return;
    }
    const again = item === last.item && !last.prepared.live ? last.feed?.again() : undefined;
    if (again && this.#facts.holds(item, last.prepared)) {
      // A file may be another one by now: the next repetition knows.
      if (last.prepared.source.kind === 'file') this.#facts.renew(item, this.#run.signal);
      const run = new FeedPlayer(again, last.run.plan);
      this.#follow({ ...last, run, feed: again, progress: new Progress(), over: true });
    } else if (upcoming.length === 0 || item === last.item) {
      const place = startOf(item);
      this.#look({ step: 'ahead', item }, item, this.#budgetMs, (prepared) => {
        this.#go(still);
        if (this.#queue.current) this.#follow(this.#open(place, prepared, null, last));
        else this.#next();
      });
    }
  }

  #follow(slot: PlayingItem): void {
    this.#queue.follow(slot);
    if (this.#mode === 'onAir' && slot.feed && !slot.prepared.live) this.#options.deck.cue(slot.feed);
    this.#readAhead();
  }

  /** What is on air has changed: a live item ends by the clock, and what follows is looked at meanwhile. */
  #airs(): void {
    this.#alarm.cancel();
    const { current } = this.#queue;
    const next = this.#at.peek();
    if (next) this.#facts.prepare(next, this.#run.signal).catch(() => {});
    if (current) this.#limit(current, current.feed?.ended === false ? null : this.#options.graceMs);
  }

  /**
   * An item that comes at its own pace ends by the clock: after its own time, else, where it is away and others follow, when it
   * has been waited for long enough. One whose time is over before it can have come would never be seen.
   */
  #limit({ item, prepared, feed }: PlayingItem, waitMs: number | null): void {
    const { playlist } = this.#options;
    this.#alarm.cancel();
    if (!prepared.live) return;
    const alone = playlist.items.length === 1;
    const isShownShort = prepared.picture && item.source.kind !== 'slate' && !alone;
    const forMs = item.forMs ?? (isShownShort ? pictureMs : null);
    const passedMs = this.#at.passedMs(item);
    const ownMs = forMs !== null && !feed ? Math.max(forMs, Math.min(beginsMs, waitMs ?? 0)) : forMs;
    const leftMs = ownMs === null ? waitMs : ownMs - passedMs;
    if (leftMs === null || (forMs === null && alone)) return;
    this.#wait(Math.max(0, leftMs), undefined, forMs === null);
  }

  #wait(ms: number, act: () => unknown = () => this.#next(), isExcusable = false): void {
    const due = () => {
      // An operator's choice goes before.
      if (headingOf(this.#queue.going)?.serial) this.#wait(lookAgainMs, act, isExcusable);
      else if (this.#mode !== 'stopped') act();
    };
    this.#alarm.set(ms, () => this.#options.post(due), isExcusable);
  }

  /** What was made ready is not what follows any more. */
  #forget(): void {
    for (const { feed } of this.#queue.forget()) if (feed) this.#options.deck.uncue(feed);
  }
}
