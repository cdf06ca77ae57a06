import { isDeepStrictEqual } from 'node:util';
import type { Control } from '../../contract/control.ts';
import { isPutAbove } from '../../contract/entry-name.ts';
import { newId } from '../../contract/ids.ts';
import type { EndReason, PlaylistItem, Source } from '../../contract/models.ts';
import type { FolderEdit } from '../../contract/playlist/folder-items.ts';
import type { ProgrammeState } from '../../contract/programme-state.ts';
import type { RunEntry, Wanted } from '../../contract/snapshot.ts';
import { sourceWords } from '../../contract/source-words.ts';
import type { CompatibleNeed } from './compatible-needs.ts';
import {
  alwaysOn,
  type End,
  notKeepable,
  notOnAirYet,
  notThere,
  overBefore,
  roomBusy,
  roomIdle,
  shuttingDown,
  startFailure,
  superseded,
} from './errors.ts';
import { newPart } from './part.ts';
import type { PosterScene } from './poster-scene.ts';
import { overState, programmeState, soughtPlace } from './programme-state.ts';
import { RoomCore } from './room-core.ts';
import type { LookedSource, PlannedBroadcast, RoomCoreOptions, Served, Stopped } from './room-parts.ts';
import {
  type Applied,
  type BroadcastState,
  isBusy,
  isWanted,
  leavesToPublishers,
  type RoomSpec,
  type RoomState,
  type Start,
} from './room-state.ts';
import { adopted, withoutRun, withRun } from './runs-in-chain.ts';
import { seenNow } from './seen-now.ts';
import { type IsGone, isAwaited, mayTakeByMachine, takeByMachine } from './take-by-machine.ts';
import {
  type Decision,
  isDecided,
  isReleased,
  isSeen,
  type Mark,
  sentSince,
  whyUnplaced,
} from './take-decided.ts';
import { wished } from './transitions.ts';
import { ask, commit, inFolder, newCandidate, type Wish } from './wishes.ts';

/** So long somebody waits until what he wants is on air, in ms: longer than a source is waited for that gives nothing. */
export const onAirLimitMs = 90_000;

/** So long an answer waits for what is wanted to be seen, in ms; it is wanted in any case. */
const carriedOutLimitMs = 2000;
/** So long for another place, in ms: what nothing can be sought in is read up to it, or is found not to reach it, which takes a while. */
const soughtLimitMs = 15_000;

export interface ActorOptions extends RoomCoreOptions {
  readonly room: string;
}

/**
 * One room: every command and every fact that concerns it goes through its queue, in order. Slow things happen outside, and come
 * back with what they were asked for with; a later command outdates them.
 */
export class RoomActor {
  readonly #options: ActorOptions;
  readonly #core: RoomCore;
  /** Takes of persons that are being looked at. */
  #takes = 0;

  constructor(options: ActorOptions) {
    this.#options = options;
    this.#core = new RoomCore(options);
    // An always-on room begins by itself.
    this.#core.mailbox.post(() => {});
  }

  get state(): RoomState {
    return this.#core.state;
  }

  /** What is on air, or about to be. */
  get broadcast(): BroadcastState | null {
    return this.state.broadcast;
  }

  /** What viewers can consume; null: nothing, or not now. */
  get served(): Served | null {
    return this.#core.served;
  }

  /** The ingest process that makes the stills of a scene; null: it is gone. */
  posterMaker({ ticket }: PosterScene): object | null {
    return this.#core.open.programme(ticket)?.process ?? null;
  }

  /** A JPEG still of a scene; null: there is none. */
  async poster({ ticket, slate }: PosterScene, signal: AbortSignal): Promise<Uint8Array | null> {
    return (await this.#core.open.programme(ticket)?.poster(slate, signal)) ?? null;
  }

  /** Nothing is on air, or on its way. */
  get resting(): boolean {
    const { broadcast, starts, publishing } = this.state;
    return broadcast === null && starts.length === 0 && publishing === null && !this.#core.spec.alwaysOn;
  }

  /**
   * Puts something on air once it was looked at, which `plan` does; of several that are looked at, the first of a person's that is
   * ready, else the first.
   *
   * @throws MiroliveError ROOM_BUSY, SUPERSEDED, LIMIT_REACHED, SHUTTING_DOWN, and what `plan` rejects with
   */
  async start(asker: Omit<Start, 'asked'>, plan: () => Promise<PlannedBroadcast>): Promise<BroadcastState> {
    const { mailbox } = this.#core;
    const start = await mailbox.ask(() => {
      this.#mayBegin(asker);
      const asked = { ...asker, asked: this.#core.asked, above: this.#above };
      this.#core.change({ starts: [...this.state.starts, asked] });
      return asked;
    });
    try {
      const look = async () => {
        if (start.endsFirst && start.replaces !== undefined) await this.end(start.replaces, 'replaced');
        return await plan();
      };
      const planned = await mailbox.unless(() => this.#outdated(start), look);
      const begin = () => {
        this.#outdated(start);
        this.#mayBegin(start);
        return this.#core.begin(planned, start);
      };
      if (start.by === 'person') return await mailbox.ask(begin);
      // What only keeps the room on air is what somebody is about to take something in.
      return await this.#byMachine(begin, () => start.by === 'schedule' && this.#takes > 0);
    } finally {
      mailbox.post(() => this.#core.change({ starts: this.state.starts.filter((one) => one !== start) }));
    }
  }

  /** Goes on with what an earlier daemon had on air here, unless a person has wanted something else by now. */
  restore(broadcast: BroadcastState): void {
    this.#core.mailbox.post(() => this.#core.restore(broadcast));
  }

  /** Resolves when the first frames have left; rejects where it is over before that. @param signal nobody waits any more */
  async live({ id, words }: BroadcastState, signal?: AbortSignal): Promise<BroadcastState> {
    const find = () => {
      const { broadcast, end } = this.#known(id);
      if (end && !broadcast.live) throw startFailure(this.#options.room, words, end);
      return broadcast.live && broadcast;
    };
    return await this.#awaited(words, find, signal);
  }

  /**
   * Does what an operator wants of a broadcast, but for `take`; resolves when it is wanted, with which command that was.
   *
   * @throws MiroliveError ROOM_IDLE, NOT_SEEKABLE, NO_PLAYLIST, PLAYLIST_ITEM_NOT_FOUND, INVALID_REQUEST
   */
  control(id: string, command: Exclude<Control, { type: 'take' }>): Promise<Mark> {
    return this.#core.mailbox.ask(() => {
      const number = this.#ask(id);
      const before = this.#onAir(id).wishes.wanted;
      this.#wish(id, command, number);
      const after = this.#onAir(id);
      const { wanted } = after.wishes;
      if (command.type === 'seek' || command.type === 'seekBy') this.#sought(before, after);
      return { number, revision: wanted.revision, sent: sentSince(before, wanted) };
    });
  }

  /**
   * Puts a source above what is wanted, once it was looked at, which `look` does; gives the candidate's id. A later `take` or
   * `release` outdates it.
   *
   * @throws MiroliveError ROOM_IDLE, SUPERSEDED, SHUTTING_DOWN, and what `look` rejects with
   */
  async take(broadcast: string, source: Source, look: () => Promise<LookedSource>): Promise<string> {
    const { mailbox } = this.#core;
    const number = await mailbox.ask(() => this.#ask(broadcast));
    this.#takes++;
    using _ = { [Symbol.dispose]: () => mailbox.post(() => this.#takes--) };
    const isOutdated = (): false => {
      const { written } = this.#goingOn(broadcast).wishes;
      if ((written.take ?? 0) > number) throw superseded(this.#options.room);
      return false;
    };
    const { id, seed, place, prepared, whole = source } = await mailbox.unless(isOutdated, look);
    await mailbox.ask(() => {
      this.#goingOn(broadcast);
      if (prepared) this.#core.look(id, prepared);
      const wish = { type: 'take', source: whole, id, seed, ...(place && { place }) } as const;
      this.#wish(broadcast, wish, number);
    });
    return id;
  }

  /**
   * Puts what a run of a schedule wants above the programme, below what persons took, once it was looked at, which `look` does. It outdates
   * nothing that a person wants.
   *
   * @param signal it is not to be put there any more
   * @throws MiroliveError ROOM_IDLE, SUPERSEDED, LIMIT_REACHED, SHUTTING_DOWN, and what `look` rejects with
   */
  async putRun(
    broadcast: string,
    source: Source,
    { id, ...run }: RunEntry,
    look: () => Promise<LookedSource>,
    signal?: AbortSignal,
  ): Promise<void> {
    const { mailbox } = this.#core;
    const isOver = (): false => {
      this.#goingOn(broadcast);
      if (signal?.aborted) throw superseded(this.#options.room);
      return false;
    };
    const { seed, place, prepared, whole = source } = await mailbox.unless(isOver, look);
    await mailbox.ask(() => {
      isOver();
      if (prepared) this.#core.look(id, prepared);
      const candidate = { ...newCandidate('run', whole, id, seed, place), run };
      this.#core.update((one) => wished(one, withRun(one.wishes, candidate)));
    });
  }

  /** What an older daemon had there for a run of a schedule, as if a person's, is that run's: above a broadcast, or, with null, that itself. */
  adopt(broadcast: string, entry: RunEntry | null): void {
    const owned = (one: BroadcastState): BroadcastState => {
      if (entry) return wished(one, adopted(one.wishes, entry));
      return one.begunBy === 'person' ? { ...one, begunBy: 'schedule' } : one;
    };
    this.#core.mailbox.post(() => this.#core.update((one) => (one.id === broadcast ? owned(one) : one)));
  }

  /** Takes away what a run has put there, if that is there yet. */
  removeRun(id: string): Promise<void> {
    return this.#core.mailbox.ask(() => this.#core.update((one) => wished(one, withoutRun(one.wishes, id))));
  }

  /**
   * Resolves when what was taken is on air, or is known not to be for now.
   *
   * @throws MiroliveError PIPELINE_FAILED, FFMPEG_NOT_FOUND, SUPERSEDED, NOT_ON_AIR_YET, ROOM_IDLE
   */
  taken(broadcast: string, candidate: string, source: Source, signal?: AbortSignal): Promise<void> {
    const decide = (state: BroadcastState) => isDecided(state, candidate);
    return this.#decided(broadcast, sourceWords(source), decide, signal);
  }

  /** The same for the programme, which somebody wanted back. @throws MiroliveError SUPERSEDED, NOT_ON_AIR_YET, ROOM_IDLE */
  released(broadcast: string, mark: Mark, signal?: AbortSignal): Promise<void> {
    return this.#decided(broadcast, 'the programme', (state) => isReleased(state, mark), signal);
  }

  /** Resolves when what was wanted is what is seen, or after a moment: who asks next is not told what was before. */
  async carriedOut(id: string, mark: Mark, signal?: AbortSignal, limitMs = carriedOutLimitMs): Promise<void> {
    const isCarriedOut = () => {
      const { broadcast } = this.state;
      return broadcast?.id !== id || isSeen(broadcast, mark);
    };
    const limit = { ms: limitMs, late: () => true };
    await this.#core.mailbox.until(isCarriedOut, { limit, signal });
  }

  /** The same for another place of what is on air. @throws MiroliveError NOT_SEEKABLE where it cannot be begun there, and plays on where it was */
  async sought(id: string, mark: Mark, signal?: AbortSignal): Promise<void> {
    await this.carriedOut(id, mark, signal, soughtLimitMs);
    const { broadcast } = this.state;
    const reason = broadcast?.id === id && mark.sent ? whyUnplaced(broadcast, mark.sent) : null;
    if (reason !== null) throw notThere(reason);
  }

  /** Says whether a broadcast is to outlive the daemon. @throws MiroliveError ROOM_IDLE, INVALID_REQUEST */
  keep(id: string, on: boolean): Promise<BroadcastState> {
    return this.#core.mailbox.ask(() => {
      if (on && this.#onAir(id).source?.kind === 'stdin') throw notKeepable();
      this.#core.update((one) => ({ ...one, kept: on }));
      return this.#onAir(id);
    });
  }

  /** Whose it is from now on, and how it was declared; it outlives the daemon. @param items what its playlist is from now on; null: what it is @throws MiroliveError ROOM_IDLE, NO_PLAYLIST, INVALID_REQUEST */
  declare(id: string, applied: Applied, items: readonly PlaylistItem[] | null): Promise<void> {
    return this.#core.mailbox.ask(() => {
      const number = this.#ask(id);
      if (items) this.#wish(id, { type: 'replace', items: [...items] }, number);
      this.#core.update((one) => ({ ...one, kept: true, applied }));
    });
  }

  /** How a broadcast's programme is, or was: what was asked for may have ended it. @param all tells all items of its playlist, however many @throws MiroliveError ROOM_IDLE */
  programmeState(broadcast: string, all = false): ProgrammeState {
    const { broadcast: state, end } = this.#known(broadcast);
    return (end ? overState : programmeState)(state, this.#options.clock.wallMs(), all);
  }

  /** Somebody publishes, and is to be on air by itself, however often that fails, where no person has put something there. */
  publishes(source: Source): void {
    this.#core.mailbox.post(() => {
      const { broadcast, closed } = this.state;
      if (closed || (broadcast && !leavesToPublishers(broadcast))) return;
      this.#core.change({ publishing: { source, part: newPart } });
    });
  }

  /** It publishes no longer. */
  unpublishes(source: Source): void {
    this.#core.mailbox.post(() => {
      if (isDeepStrictEqual(this.state.publishing?.source, source)) this.#core.change({ publishing: null });
    });
  }

  /** Somebody publishes: goes above what only keeps the room on air. Gives whether it does. */
  takePublisher(source: Source, isGone: IsGone): Promise<boolean> {
    const { random } = this.#options;
    return this.#byMachine(() => {
      const { broadcast } = this.state;
      if (broadcast?.begunBy !== 'alwaysOn') return false;
      if (isAwaited(broadcast.wishes, source)) return true;
      if (!mayTakeByMachine(broadcast.wishes, broadcast.seen, isGone)) return false;
      const candidate = { id: newId('c'), seed: Math.floor(random() * 2 ** 32), source };
      const wishes = takeByMachine(broadcast.wishes, candidate);
      this.#core.update((one) => wished(one, wishes));
      return true;
    });
  }

  /** Files of a folder in a playlist of what is wanted have come, gone, or are others. */
  followFolder(candidate: string, edit: FolderEdit): void {
    const { random } = this.#options;
    this.#core.mailbox.post(() =>
      this.#core.update((one) => wished(one, inFolder(one.wishes, candidate, edit, seenNow(one), random))),
    );
  }

  /** Takes off air what is on air, and gives up what is on its way there; null: there was neither. @throws MiroliveError ROOM_IDLE */
  async stop(): Promise<Stopped | null> {
    const stopped = await this.#core.mailbox.ask(() => {
      const { starts, publishing, broadcast } = this.state;
      const start = starts[0]?.id ?? null;
      const onItsWay = start !== null || publishing !== null;
      this.#core.change({ starts: [], publishing: null });
      const source = publishing?.source ?? null;
      // What only keeps the room on air would be there again at once.
      if (!isBusy(this.state)) {
        if (onItsWay) return { broadcast: null, start, source };
        if (broadcast) throw alwaysOn(this.#options.room, broadcast);
        return null;
      }
      this.#core.end({ reason: 'stopped', message: null });
      return broadcast && { broadcast };
    });
    await this.#core.open.closed();
    return stopped;
  }

  /** Takes this broadcast off air, or gives its start up, and no other one. @param end `taken`: a person has, and runs of schedules above it go on */
  async end(id: string, end: EndReason | 'taken'): Promise<void> {
    const why = end === 'taken' ? ({ reason: 'ended', taken: true } as const) : { reason: end };
    this.#core.mailbox.post(() => {
      this.#core.change({ starts: this.state.starts.filter((one) => one.id !== id) });
      if (this.state.broadcast?.id === id) this.#core.end({ ...why, message: null });
    });
    await this.#core.open.closed();
  }

  /** Something else is to be in the room from now on. */
  respec(spec: RoomSpec): void {
    this.#core.mailbox.post(() => this.#core.respec(spec));
  }

  /** Viewers need what is on air in these codecs, and in no others. */
  needs(needs: readonly CompatibleNeed[]): void {
    this.#core.mailbox.post(() => this.#core.need(needs));
  }

  /** Something that was missing is there again: what waits for it is tried now. */
  hurry(): void {
    this.#core.mailbox.post(() => this.#core.hurry());
  }

  /** Takes off air what is on air; resolves when all is closed. */
  async close(): Promise<void> {
    this.#core.mailbox.post(() => {
      this.#core.change({ closed: true, starts: [], publishing: null });
      this.#core.end({ reason: 'shutdown', message: null });
    });
    await this.#core.open.closed();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #decided(
    broadcast: string,
    words: string,
    decide: (state: BroadcastState) => Decision,
    signal?: AbortSignal,
  ): Promise<void> {
    const isDecided = () => {
      const decision = decide(this.#goingOn(broadcast));
      if (decision === 'superseded') throw superseded(this.#options.room);
      if (typeof decision === 'object')
        throw startFailure(this.#options.room, words, { reason: 'failed', message: decision.failed });
      return decision === 'yes';
    };
    await this.#awaited(words, isDecided, signal);
  }

  /** Waits for what is on its way on air, but not for ever. */
  async #awaited<T>(words: string, check: () => T | false, signal?: AbortSignal): Promise<T> {
    const late = () => {
      throw notOnAirYet(this.#options.room, words, onAirLimitMs);
    };
    const limit = { ms: onAirLimitMs, late };
    return await this.#core.mailbox.until(check, { limit, signal });
  }

  /** In its turn, and not while a person is about to put something on air. */
  async #byMachine<T>(act: () => T, isLate = () => false): Promise<T> {
    const { mailbox } = this.#core;
    const waits = () => isWanted(this.state) || isLate();
    for (;;) {
      await mailbox.until(() => !waits());
      const done = await mailbox.ask(() => (waits() ? null : { gives: act() }));
      if (done) return done.gives;
    }
  }

  /** The ids of what is put above the programme. */
  get #above(): string[] {
    const { chain } = this.broadcast?.wishes.wanted ?? { chain: [] };
    return chain.flatMap(({ name, id }) => (isPutAbove(name) ? [id] : []));
  }

  #mayBegin({ replaces, above = this.#above }: Pick<Start, 'replaces' | 'above'>): void {
    const { broadcast, closed } = this.state;
    if (closed) throw shuttingDown();
    // What came above that meanwhile would go with it.
    const isReplaced = broadcast?.id === replaces && this.#above.every((id) => above.includes(id));
    if (broadcast && isBusy(this.state) && !isReplaced) throw roomBusy(this.#options.room, broadcast);
    this.#options.admit();
  }

  /** Throws where nobody wants this start any more. */
  #outdated(start: Start): false {
    if (this.state.starts.includes(start)) return false;
    throw this.state.closed ? shuttingDown() : superseded(this.#options.room);
  }

  /** The broadcast, as long as it goes on. @throws MiroliveError SUPERSEDED, SHUTTING_DOWN, ROOM_IDLE */
  #goingOn(id: string): BroadcastState {
    const { broadcast, end } = this.#known(id);
    if (end) throw overBefore(this.#options.room, end);
    return broadcast;
  }

  /** The broadcast, or what it was, and why that is over. @throws MiroliveError ROOM_IDLE */
  #known(id: string): { readonly broadcast: BroadcastState; readonly end: End | null } {
    const { broadcast, over } = this.state;
    if (broadcast?.id === id) return { broadcast, end: null };
    if (over?.broadcast.id === id) return over;
    throw roomIdle(this.#options.room);
  }

  /** The broadcast. @throws MiroliveError ROOM_IDLE */
  #onAir(id: string): BroadcastState {
    const { broadcast } = this.state;
    if (broadcast?.id !== id) throw roomIdle(this.#options.room);
    return broadcast;
  }

  /** A command has come: the number that it goes by. */
  #ask(broadcast: string): number {
    const { wishes, number } = ask(this.#onAir(broadcast).wishes);
    this.#core.update((one) => wished(one, wishes));
    return number;
  }

  /** ffmpeg, which is started anew for it, does not say why. */
  #sought(before: Wanted, after: BroadcastState): void {
    const { listener, clock } = this.#options;
    const place = soughtPlace(before, after, clock.wallMs());
    if (place) listener.sought(after, place);
  }

  /** A person has tried: that is worth one try at once of whatever waits to be tried again. */
  #wish(broadcast: string, wish: Wish, number: number): void {
    const before = this.#onAir(broadcast);
    const wishes = commit(before.wishes, wish, number, seenNow(before), this.#options.clock.wallMs());
    this.#core.update((one) => wished(one, wishes));
    this.#core.hurry();
  }
}
