import { EventEmitter } from 'node:events';
import { availableParallelism } from 'node:os';
import { type Clock, systemClock, type Timer } from '../../contract/clock.ts';
import type { Devices, StdinPlace } from '../../contract/devices.ts';
import { doAll } from '../../contract/do-all.ts';
import { asMiroliveError, MiroliveError } from '../../contract/errors.ts';
import { builtProgram } from '../../contract/installation.ts';
import type { Source } from '../../contract/models.ts';
import { type ChildBounds, usualBounds } from '../child/child-watch.ts';
import { type Answers, onceOver } from '../child/line.ts';
import { sourceKey } from '../child/mark.ts';
import { type HealthListener, Restarts } from '../child/restarts.ts';
import type { ChildDeath } from '../child/watched-child.ts';
import type { PlanOptions } from '../plan/plan-options.ts';
import type { Publication } from '../process/players/publications.ts';
import type { RouteCalls } from '../process/players/routes.ts';
import type { FileFinding, PreparedSource, SourcesOptions } from '../sources/sources.ts';
import { keptMs } from '../sources/srt/srt-connections.ts';
import type { Opening } from './calls.ts';
import { type GuardDeath, GuardHost } from './guard-host.ts';
import { IngestChild, type PoolAnswers } from './ingest-child.ts';
import { KnownFiles } from './known-files.ts';
import { place } from './placement.ts';
import type { ProgrammeFailure, RemoteProgramme } from './remote-programme.ts';
import { setAsideError } from './set-aside-error.ts';
import { newSlot, roomsOf, type Slot } from './slot.ts';
import { type Death, isSuspect, judge, noSuspicions, pardon } from './suspects.ts';
import { Turns } from './turns.ts';

/** What is known of files from one daemon to the next. */
export interface KeptFiles {
  readonly known: readonly FileFinding[];
  readonly keep: (finding: FileFinding) => void;
}

export interface IngestPoolOptions {
  readonly sources: SourcesOptions;
  /** At most so many processes, beside those of suspects; null: one for each core. */
  readonly processes: number | null;
  /** What one may take of memory, in bytes. */
  readonly maxMemoryBytes: number;
  /** Default: as usual. */
  readonly bounds?: Omit<ChildBounds, 'maxMemoryBytes'>;
  /** What a process runs. Default: an ingest process. */
  readonly entry?: URL;
  /** What the process runs that opens addresses. Default: a guard. */
  readonly guardEntry?: URL;
  readonly clock?: Clock;
  /** Makes ways for the RTP of those who publish by WebRTC, for one process. Default: nobody does. */
  readonly routes?: () => Answers<RouteCalls>;
  /** What was found out of files before, and who keeps what is from now on. Default: nothing, and nobody. */
  readonly files?: KeptFiles;
  /** Hears of `ingest` and `guard`. */
  readonly health?: HealthListener;
}

/** A process that died. */
export interface IngestDeath extends ChildDeath {
  readonly pid: number;
  /** What it played something in, or was about to. */
  readonly rooms: readonly string[];
  /** Ids of the programmes that are gone with it. */
  readonly programmes: readonly string[];
}

interface PoolEvents {
  /** A process is gone without being closed, and its programmes with it; they can be opened again at once. */
  died: [IngestDeath];
  /** The process that opens addresses is gone without being closed; another one takes its place. */
  guardDied: [GuardDeath];
  /** What nobody waits for could not be done. */
  failed: [ProgrammeFailure];
  /** A source is not opened any more, until somebody takes it; `error` says why. */
  quarantined: [{ readonly room: string; readonly words: string; readonly error: MiroliveError }];
}

/**
 * The processes that carry the programmes of a daemon. One is there at any time once it has begun, others come as rooms need them. One
 * that dies is replaced; who may be the cause of it is kept apart from the others, and set aside once that is certain.
 */
export class IngestPool extends EventEmitter<PoolEvents> {
  readonly #options: IngestPoolOptions;
  readonly #clock: Clock;
  readonly #max: number;
  readonly #slots = new Set<Slot>();
  /** Ends of processes that are let go, and of what those had started that died. */
  readonly #leaving = new Set<Promise<void>>();
  readonly #restarts: Restarts;
  readonly #publications = new Map<string, Map<string, Publication>>();
  readonly #guard: GuardHost;
  readonly #turns: Turns;
  readonly #files = new KnownFiles();
  #suspicions = noSuspicions;
  #count = 0;
  readonly #staying = new Set<Timer>();
  #closed = false;

  private constructor(options: IngestPoolOptions) {
    super();
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#restarts = new Restarts({ part: 'ingest', clock: this.#clock, health: options.health });
    this.#max = options.processes ?? availableParallelism();
    for (const finding of options.files?.known ?? []) this.#files.learn(finding);
    this.#turns = new Turns(availableParallelism() + 1, this.#clock);
    const { bounds = usualBounds, maxMemoryBytes, sources } = options;
    this.#guard = new GuardHost({
      ...{ allowPrivateNetworks: sources.allowPrivateNetworks, clock: this.#clock },
      bounds: { ...bounds, maxMemoryBytes },
      ...(options.health && { health: options.health }),
      ...(options.guardEntry && { entry: options.guardEntry }),
      onDied: (death) => {
        this.#judge(death);
        this.emit('guardDied', death);
      },
    });
  }

  /** Starts nothing yet. */
  static create(options: IngestPoolOptions): IngestPool {
    return new IngestPool(options);
  }

  /**
   * From now on there is a process; resolves when the first one is. Whoever asks for something need not wait for that.
   *
   * @throws MiroliveError INGEST_UNAVAILABLE where the first one cannot be started; another one is then, with back-off
   */
  async begin(): Promise<void> {
    const [first = this.#start()] = this.#slots;
    await first.begun.promise;
  }

  /** The processes that are there, with the rooms that each carries. */
  get processes(): readonly { readonly pid: number; readonly rooms: readonly string[] }[] {
    return [...this.#slots].flatMap((slot) =>
      slot.child ? [{ pid: slot.child.pid, rooms: roomsOf(slot) }] : [],
    );
  }

  /** The process that opens addresses; undefined: it does not run. */
  get guardPid(): number | undefined {
    return this.#guard.pid;
  }

  /** Opens a programme where its snapshot says; it plays once it is connected. @param signal nobody waits for it any more */
  async open(id: string, opening: Opening, signal?: AbortSignal): Promise<RemoteProgramme> {
    const open = (child: IngestChild) => child.open(id, opening, signal);
    const programme = await this.#in(opening.options.room, null, open, signal);
    programme.on('failed', (failure) => this.emit('failed', failure));
    return programme.once('closed', () => this.#tidy());
  }

  /**
   * Looks at a source, and decides how it is played in a room; null: there is nothing to look at before somebody comes.
   *
   * @throws MiroliveError SOURCE_*, INVALID_REQUEST, FFMPEG_NOT_FOUND, INGEST_UNAVAILABLE
   */
  async prepare(room: string, source: Source, rules: PlanOptions): Promise<PreparedSource | null> {
    const look = () =>
      this.#in(room, source, async (child, slot) => {
        const found = await child.prepare(room, source, rules);
        if (room !== '' && source.kind === 'url') this.#stay(slot, room);
        return found;
      });
    try {
      return await look();
    } catch (error) {
      // Its process died meanwhile, or the guard, most likely over something else. What of a standard input was in it is gone.
      const isGone = asMiroliveError(error).code === 'INGEST_UNAVAILABLE' && source.kind !== 'stdin';
      if (!isGone || this.#closed) throw error;
      return await look();
    }
  }

  /** What this machine can put on air of its own. */
  async listDevices(): Promise<Devices> {
    return await this.#in('', null, (child) => child.listDevices());
  }

  /**
   * A place for a client to write a container into. It is in the process that has the room, which the room stays in.
   *
   * @throws MiroliveError LIMIT_REACHED, INGEST_UNAVAILABLE
   */
  async openStdin(room: string): Promise<StdinPlace> {
    return await this.#in(room, null, async (child, { pipes }) => {
      const place = await child.openStdin();
      pipes.set(place.token, room);
      return place;
    });
  }

  /** Somebody publishes into a room with this key; null: nobody any more. */
  setPublication(room: string, key: string, publication: Publication | null): void {
    const present = this.#publications.get(room) ?? new Map<string, Publication>();
    if (publication) present.set(key, publication);
    else present.delete(key);
    if (present.size > 0) this.#publications.set(room, present);
    else this.#publications.delete(room);
    for (const { child, told } of this.#slots)
      if (told.has(room)) child?.line.tell('publication', { room, key, publication });
  }

  /** A person waits: what failed is tried at once. */
  hurry(): void {
    this.#guard.hurry();
    this.#restarts.hurry();
  }

  /** A person wants a source once more that may be set aside; where it was, its room goes on without others beside it. */
  async pardon(room: string, source: Source): Promise<void> {
    const before = this.#suspicions;
    if (before.setAside.size === 0) return;
    const items = source.kind === 'playlist' ? source.items.map((item) => item.source) : [source];
    for (const item of items)
      this.#suspicions = pardon(this.#suspicions, sourceKey(room, item), this.#clock.nowMs());
    if (this.#suspicions === before) return;
    await this.#moveOut(room);
    this.#tellSetAside();
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const timer of this.#staying) timer.cancel();
    this.#restarts.close();
    await Promise.all(
      [...this.#slots].map(async ({ begun, starting }) => {
        await starting?.close();
        await begun.promise.catch(() => {});
      }),
    );
    this.#slots.clear();
    await Promise.all(this.#leaving);
    await this.#guard.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Asks the process that has a room, or is to have it from now on. */
  async #in<T>(
    room: string,
    source: Source | null,
    ask: (child: IngestChild, slot: Slot) => Promise<T>,
    signal?: AbortSignal,
  ): Promise<T> {
    const slot = this.#slotFor(room, source);
    slot.visits.push(room);
    try {
      const child = await this.#begun(slot, signal);
      this.#tellPublishers(slot, child, room);
      return await ask(child, slot);
    } finally {
      slot.visits.splice(slot.visits.indexOf(room), 1);
      this.#tidy();
    }
  }

  /** What was looked at for a room is kept open for whoever plays it, in the same process. */
  #stay(slot: Slot, room: string): void {
    slot.visits.push(room);
    const timer = this.#clock.after(keptMs.look, () => {
      this.#staying.delete(timer);
      slot.visits.splice(slot.visits.indexOf(room), 1);
      this.#tidy();
    });
    this.#staying.add(timer);
  }

  async #begun(slot: Slot, signal?: AbortSignal): Promise<IngestChild> {
    const givenUp = Promise.withResolvers<never>();
    const giveUp = () => {
      slot.late = true;
      givenUp.reject(signal?.reason);
    };
    signal?.addEventListener('abort', giveUp);
    try {
      return await Promise.race([slot.begun.promise, givenUp.promise]);
    } finally {
      signal?.removeEventListener('abort', giveUp);
    }
  }

  #slotFor(room: string, source: Source | null): Slot {
    if (this.#closed) throw closed();
    const slots = [...this.#slots].filter(({ child }) => child?.alive !== false);
    const there = slots.find((slot) => room !== '' && roomsOf(slot).includes(room));
    const piped = source?.kind === 'stdin' ? slots.find(({ pipes }) => pipes.has(source.token)) : undefined;
    const known = there ?? piped;
    if (known) return known;
    const nowMs = this.#clock.nowMs();
    // A machine that starts none in time is not helped by one more: what begins late still counts.
    const inTime = slots.filter(({ late, child }) => child || !late);
    const open = inTime.length > 0 ? inTime : slots;
    const placement = place(
      room,
      open.map((slot) => ({ id: slot.id, rooms: roomsOf(slot) })),
      {
        max: this.#max - (slots.length - open.length),
        isSuspect: (one) => isSuspect(this.#suspicions, one, nowMs),
      },
    );
    const chosen = placement.kind === 'there' ? slots.find(({ id }) => id === placement.id) : undefined;
    return chosen ?? this.#start();
  }

  /** Starts a process, not before it is time. */
  #start(): Slot {
    const slot = newSlot(++this.#count);
    this.#slots.add(slot);
    void this.#begin(slot);
    return slot;
  }

  async #begin(slot: Slot): Promise<void> {
    const {
      entry = builtProgram('ingest/process/main'),
      bounds = usualBounds,
      maxMemoryBytes,
      sources,
    } = this.#options;
    const make = () => {
      const answers = this.#answers(slot);
      slot.starting = new IngestChild({ entry, sources, answers, bounds: { ...bounds, maxMemoryBytes } });
      return slot.starting;
    };
    try {
      const child = await this.#restarts.start(make, (one, death) => this.#died(slot, one, death));
      if (!child) throw closed();
      await child.ready;
      slot.child = child;
      child.line.tell('setAside', [...this.#suspicions.setAside.keys()]);
      child.line.tell('files', this.#files.all);
      slot.begun.resolve(child);
    } catch (error) {
      slot.begun.reject(error);
      this.#leave(slot);
    }
  }

  /** What a process may ask, and tell. */
  #answers(slot: Slot): PoolAnswers {
    return {
      ...this.#guard.answers,
      ...(this.#options.routes ?? noRoutes)(),
      turn: ({ room, work }, signal) =>
        new Promise((go) => onceOver(signal, this.#turns.ask(room, work, go))),
      file: (finding) => {
        this.#files.learn(finding);
        this.#options.files?.keep(finding);
        for (const other of this.#slots) if (other !== slot) other.child?.line.tell('files', [finding]);
      },
      stdinOver: ({ token }) => {
        slot.pipes.delete(token);
        this.#tidy();
      },
    };
  }

  #died(slot: Slot, child: IngestChild, death: ChildDeath): void {
    this.#awaitEnd(child.over);
    if (!slot.child) return;
    const { programmes } = child;
    // Devices are looked for in none.
    const rooms = roomsOf(slot).filter((room) => room !== '');
    this.#leave(slot);
    const ids = programmes.map(({ id }) => id);
    doAll([
      () => this.#judge({ ...death, rooms }),
      ...programmes.map((programme) => () => void programme.emit('gone')),
      () => this.emit('died', { ...death, pid: child.pid, rooms, programmes: ids }),
    ]);
  }

  #judge(death: Death): void {
    const { after, setAside } = judge(this.#suspicions, death, this.#clock.nowMs());
    this.#suspicions = after;
    if (!setAside) return;
    const { room, words } = setAside;
    this.#tellSetAside();
    this.emit('quarantined', { room, words, error: setAsideError(room, words) });
  }

  /** Nothing is there any more. One is at any time, as soon as it may be. */
  #leave(slot: Slot): void {
    this.#slots.delete(slot);
    if (this.#slots.size === 0 && !this.#closed) this.#start();
  }

  #awaitEnd(end: Promise<void>): void {
    this.#leaving.add(end);
    void end.then(() => this.#leaving.delete(end));
  }

  /** Ends the programmes of a room that has others beside it: who opens them again has a process for that room. */
  async #moveOut(room: string): Promise<void> {
    const shared = [...this.#slots].filter((slot) => roomsOf(slot).length > 1);
    const leaving = shared.flatMap(({ child }) => child?.programmes.filter((one) => one.room === room) ?? []);
    await Promise.allSettled(leaving.map((programme) => programme.close()));
    doAll(leaving.map((programme) => () => void programme.emit('gone')));
  }

  #tellSetAside(): void {
    const sources = [...this.#suspicions.setAside.keys()];
    for (const { child } of this.#slots) child?.line.tell('setAside', sources);
  }

  #tellPublishers({ told }: Slot, child: IngestChild, room: string): void {
    if (told.has(room)) return;
    told.add(room);
    for (const [key, publication] of this.#publications.get(room) ?? [])
      child.line.tell('publication', { room, key, publication });
  }

  /** What was started for suspects, and is empty, is let go. */
  #tidy(): void {
    for (const slot of this.#slots) {
      if (this.#slots.size <= this.#max) return;
      if (!slot.child || roomsOf(slot).length > 0) continue;
      this.#slots.delete(slot);
      this.#awaitEnd(slot.child.close());
    }
  }
}

function closed(): MiroliveError {
  return new MiroliveError('SHUTTING_DOWN', 'the ingest pool is closed');
}

const noRoutes = (): Answers<RouteCalls> => ({
  route: () => Promise.reject(new Error('nobody publishes by WebRTC')),
  connectRoute: () => {},
  refuseRoute: () => {},
});
