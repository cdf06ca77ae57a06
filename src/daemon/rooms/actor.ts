import { isDeepStrictEqual } from 'node:util';
import type { Control } from '../../contract/control.ts';
import type { MiroliveError } from '../../contract/errors.ts';
import { newId } from '../../contract/ids.ts';
import type { EndReason, Source } from '../../contract/models.ts';
import type { ProgrammeState } from '../../contract/programme-state.ts';
import type { PreparedSource } from '../../ingest/sources/sources.ts';
import { askProgramme } from './ask-programme.ts';
import { awaitedState } from './awaited-state.ts';
import type { Broadcast } from './broadcast.ts';
import { notOnAirYet, roomBusy, roomIdle, shuttingDown, startFailure, superseded } from './errors.ts';
import { newPart } from './part.ts';
import { RoomCore, type RoomCoreOptions } from './room-core.ts';
import type { OpenProgramme, PlannedBroadcast } from './room-parts.ts';
import { type BroadcastState, idles, isBusy, type RoomSpec, type RoomState } from './room-state.ts';
import { mayTakeByMachine, takeByMachine } from './take-by-machine.ts';
import { type Decision, isDecided, isReleased, isSeen, type Mark } from './take-decided.ts';
import { wished } from './transitions.ts';
import { ask, commit, type Wish } from './wishes.ts';

/** So long somebody waits until what he wants is on air, in ms: longer than a source is waited for that gives nothing. */
export const onAirLimitMs = 90_000;

/** So long an answer waits for what is wanted to be seen, in ms; it is wanted in any case. */
const carriedOutLimitMs = 2000;

export interface ActorOptions extends RoomCoreOptions {
  readonly room: string;
}

/** A source that is to be taken, once somebody has looked at it. */
export interface LookedSource {
  /** The candidate's id. */
  readonly id: string;
  readonly seed: number;
  readonly prepared: PreparedSource | null;
}

/**
 * One room: every command and every fact that concerns it goes through its queue, in order. Slow things happen outside, and come
 * back with what they were asked for with; a later command outdates them.
 */
export class RoomActor {
  readonly #options: ActorOptions;
  readonly #core: RoomCore;

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
  get broadcast(): Broadcast | null {
    return this.#core.broadcast;
  }

  /** Nothing is on air, or on its way. */
  get resting(): boolean {
    const { broadcast, starts, publishing } = this.state;
    return broadcast === null && starts.length === 0 && publishing === null && !this.#core.spec.alwaysOn;
  }

  /**
   * Puts something on air once it was looked at, which `plan` does; of several that are looked at, the first that is ready.
   *
   * @param id the broadcast's
   * @throws MiroliveError ROOM_BUSY, SUPERSEDED, LIMIT_REACHED, SHUTTING_DOWN, and what `plan` rejects with
   */
  async start(id: string, plan: () => Promise<PlannedBroadcast>): Promise<Broadcast> {
    const { mailbox } = this.#core;
    await mailbox.ask(() => {
      this.#mayBegin();
      this.#core.change({ starts: [...this.state.starts, id] });
    });
    try {
      const outdated = mailbox.until<never>(() => this.#outdated(id));
      const planned = await Promise.race([plan(), outdated]);
      await mailbox.ask(() => {
        this.#outdated(id);
        this.#mayBegin();
        this.#core.begin(planned, false);
      });
      return planned.broadcast;
    } finally {
      mailbox.post(() => this.#core.change({ starts: this.state.starts.filter((one) => one !== id) }));
    }
  }

  /** Resolves when the first frames have left; rejects where it is over before that. */
  async live(broadcast: Broadcast): Promise<void> {
    await this.#awaited(broadcast.words, () => {
      if (broadcast.live) return true;
      if (!broadcast.end) return;
      throw startFailure(this.#options.room, broadcast.words, broadcast.end);
    });
  }

  /**
   * Does what an operator wants of a broadcast, but for `take`; resolves when it is wanted, with which command that was.
   *
   * @throws MiroliveError ROOM_IDLE, NOT_SEEKABLE, NO_PLAYLIST, PLAYLIST_ITEM_NOT_FOUND, INVALID_REQUEST
   */
  control(id: string, command: Exclude<Control, { type: 'take' }>): Promise<Mark> {
    return this.#core.mailbox.ask(() => {
      const { wishes, number } = ask(this.#named(id).wishes);
      this.#core.update((one) => wished(one, wishes));
      this.#wish(id, command, number);
      return { number, revision: this.#named(id).wishes.wanted.revision };
    });
  }

  /**
   * Puts a source above what is wanted, once it was looked at, which `look` does; gives the candidate's id. A later `take` or
   * `release` outdates it.
   *
   * @throws MiroliveError ROOM_IDLE, SUPERSEDED, and what `look` rejects with
   */
  async take(id: string, source: Source, look: () => Promise<LookedSource>): Promise<string> {
    const { mailbox } = this.#core;
    const number = await mailbox.ask(() => {
      const asked = ask(this.#named(id).wishes);
      this.#core.update((one) => wished(one, asked.wishes));
      return asked.number;
    });
    let looking = true;
    const outdated = mailbox.until(() => {
      if (!looking) return null;
      const { broadcast } = this.state;
      if (broadcast?.id !== id || (broadcast.wishes.written.take ?? 0) > number) throw this.#superseded();
    });
    try {
      const looked = await Promise.race([look(), outdated]);
      if (!looked) throw this.#superseded();
      await mailbox.ask(() => {
        if (this.state.broadcast?.id !== id) throw this.#superseded();
        if (looked.prepared) this.#core.look(looked.id, looked.prepared);
        this.#wish(id, { type: 'take', source, id: looked.id, seed: looked.seed }, number);
      });
      return looked.id;
    } finally {
      looking = false;
      mailbox.post(() => {});
    }
  }

  /** Resolves when what was taken is on air, or is known not to be for now. @throws MiroliveError SUPERSEDED, NOT_ON_AIR_YET */
  taken(id: string, candidate: string): Promise<void> {
    return this.#decided(id, 'what was taken', (broadcast) => isDecided(broadcast, candidate));
  }

  /** The same for the programme, which somebody wanted back. @throws MiroliveError SUPERSEDED, NOT_ON_AIR_YET */
  released(id: string, mark: Mark): Promise<void> {
    return this.#decided(id, 'the programme', (broadcast) => isReleased(broadcast, mark));
  }

  /** Resolves when what was wanted is what is seen, or after a moment: who asks next is not told what was before. */
  async carriedOut(id: string, mark: Mark): Promise<void> {
    const { mailbox } = this.#core;
    let late = false;
    const limit = this.#options.clock.after(carriedOutLimitMs, () => {
      late = true;
      mailbox.post(() => {});
    });
    try {
      await mailbox.until(() => {
        const { broadcast } = this.state;
        return late || broadcast?.id !== id || isSeen(broadcast, mark) || undefined;
      });
    } finally {
      limit.cancel();
    }
  }

  /**
   * How a broadcast's programme is, as its director says; while it is being opened again, or does not answer, what is known of it.
   *
   * @throws MiroliveError ROOM_IDLE
   */
  async programmeState(id: string): Promise<ProgrammeState> {
    const { clock, room } = this.#options;
    const state = await askProgramme(this.#core.mailbox, clock, () => this.#programme(id));
    if (state) return state;
    const known = this.#named(id);
    if (!this.broadcast) throw roomIdle(room);
    return awaitedState(this.broadcast, known, clock.wallMs());
  }

  /** Somebody publishes, and is to be on air by itself, however often that fails, where no person has put something there. */
  publishes(source: Source): void {
    this.#core.mailbox.post(() => {
      const { broadcast, closed } = this.state;
      if (closed || (broadcast && !broadcast.kept)) return;
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
  takePublisher(source: Source): Promise<boolean> {
    const { clock, random } = this.#options;
    return this.#core.mailbox.ask(() => {
      const { broadcast } = this.state;
      if (!broadcast?.kept) return false;
      // Who was on air, and publishes again, is still awaited.
      if (
        broadcast.wishes.wanted.chain.some(
          ({ id, source: one }) => id === broadcast.wishes.machine && isDeepStrictEqual(one, source),
        )
      )
        return true;
      if (!mayTakeByMachine(broadcast.wishes, broadcast.seen)) return false;
      const candidate = { id: newId('c'), seed: Math.floor(random() * 2 ** 32), source };
      const wishes = takeByMachine(broadcast.wishes, candidate, broadcast.seen, clock.wallMs());
      this.#core.update((one) => wished(one, wishes));
      return true;
    });
  }

  /** Takes off air what is on air, and ends the starts that are being looked at; gives the ids of both. */
  async stop(): Promise<readonly string[]> {
    const stopped = await this.#core.mailbox.ask(() => {
      const { broadcast, starts } = this.state;
      this.#core.change({ starts: [], publishing: null });
      // What only keeps the room on air would be there again at once.
      if (!broadcast || (idles(broadcast) && starts.length > 0)) return starts;
      this.#core.end({ reason: 'stopped', message: null });
      return [broadcast.id, ...starts];
    });
    await this.#core.open.closed();
    return stopped;
  }

  /** Takes this broadcast off air, and no other one. */
  async end(id: string, reason: EndReason): Promise<void> {
    this.#core.mailbox.post(() => {
      if (this.state.broadcast?.id === id) this.#core.end({ reason, message: null });
    });
    await this.#core.open.closed();
  }

  /** Something else is to be in the room from now on. */
  respec(spec: RoomSpec): void {
    this.#core.mailbox.post(() => this.#core.respec(spec));
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

  async #decided(id: string, words: string, decide: (broadcast: BroadcastState) => Decision): Promise<void> {
    await this.#awaited(words, () => {
      const { broadcast } = this.state;
      const decided = broadcast?.id === id ? decide(broadcast) : 'superseded';
      if (decided === 'superseded') throw this.#superseded();
      return decided === 'yes' ? true : undefined;
    });
  }

  /** Waits for what is on its way on air, but not for ever. */
  async #awaited<T>(words: string, check: () => T | undefined): Promise<T> {
    const { mailbox } = this.#core;
    const { clock, room } = this.#options;
    let late = false;
    const limit = clock.after(onAirLimitMs, () => {
      late = true;
      mailbox.post(() => {});
    });
    try {
      return await mailbox.until(() => {
        const found = check();
        if (found === undefined && late) throw notOnAirYet(room, words, onAirLimitMs);
        return found;
      });
    } finally {
      limit.cancel();
    }
  }

  #mayBegin(): void {
    const { broadcast } = this;
    if (this.state.closed) throw shuttingDown();
    if (broadcast && isBusy(this.state)) throw roomBusy(this.#options.room, broadcast);
    this.#options.admit();
  }

  /** Throws where nobody wants this start any more. */
  #outdated(id: string): undefined {
    if (this.state.starts.includes(id)) return;
    throw this.state.closed ? shuttingDown() : this.#superseded();
  }

  #superseded(): MiroliveError {
    const { room } = this.#options;
    return superseded(room, `something was to be put on air in room ${room}`);
  }

  /** The broadcast of this id. @throws MiroliveError ROOM_IDLE */
  #named(id: string): BroadcastState {
    const { broadcast } = this.state;
    if (broadcast?.id !== id) throw roomIdle(this.#options.room);
    return broadcast;
  }

  #programme(id: string): OpenProgramme | undefined {
    const { programme } = this.#named(id);
    return programme.is === 'open' ? this.#core.open.programme(programme.ticket) : undefined;
  }

  /** A person has tried: that is worth one try at once of whatever waits to be tried again. */
  #wish(id: string, wish: Wish, number: number): void {
    const { wishes, seen } = this.#named(id);
    const after = commit(wishes, wish, number, seen, this.#options.clock.wallMs());
    this.#core.update((one) => wished(one, after));
    this.#core.hurry();
  }
}
