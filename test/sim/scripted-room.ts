import { type Control, control } from '../../src/contract/control.ts';
import { MiroliveError } from '../../src/contract/errors.ts';
import { newId } from '../../src/contract/ids.ts';
import type { Source } from '../../src/contract/models.ts';
import type { CandidateState, RunEntry, Seen, Wanted, WantedCandidate } from '../../src/contract/snapshot.ts';
import { RoomActor } from '../../src/daemon/rooms/actor.ts';
import { noStats } from '../../src/daemon/rooms/broadcast.ts';
import { CompatibleNeeds } from '../../src/daemon/rooms/compatible-needs.ts';
import type { End } from '../../src/daemon/rooms/errors.ts';
import type { SoughtPlace } from '../../src/daemon/rooms/programme-state.ts';
import type { PutOver } from '../../src/daemon/rooms/put-over.ts';
import type {
  OpeningOptions,
  OpenMedia,
  OpenProgramme,
  PlannedBroadcast,
  RoomParts,
} from '../../src/daemon/rooms/room-parts.ts';
import type { BroadcastState, Start } from '../../src/daemon/rooms/room-state.ts';
import type { IsGone } from '../../src/daemon/rooms/take-by-machine.ts';
import type { Looked } from '../../src/ingest/process/director/director-options.ts';
import { plannedBroadcast } from '../helpers/planned-broadcast.ts';
import { seenBy, seenCandidate } from '../helpers/seen.ts';
import { VirtualClock } from '../helpers/virtual-clock.ts';

/** How a scripted source behaves, said by its path; `bad` is refused, `noise` looks like media and cannot be played. */
export type Manner = 'good' | 'slow' | 'bad' | 'noise';

/** How long it takes to look at one, in ms. */
const lookMs: Readonly<Record<Manner, number>> = { good: 50, slow: 4000, bad: 200, noise: 50 };
const openMs = 30;
/** What hangs while it is opened comes so late that it is given up by then, in ms. */
const hungMs = 100_000;
const firstFrameMs = 40;
export const graceMs = 10_000;

export function sourceOf(manner: Manner): Source {
  return { kind: 'file', path: `/${manner}.mp4`, loop: true, audioTrack: null };
}

export function mannerOf(source: { kind: string }): Manner {
  return 'path' in source ? (/\w+/.exec(String(source.path))?.[0] as Manner) : 'good';
}

export const noise = 'no frame in it';

function plays({ source }: WantedCandidate): boolean {
  return mannerOf(source) !== 'noise';
}

/** What a person has asked of a broadcast. */
export interface Asked {
  readonly broadcast: string;
  readonly command: Control;
  /** Of what was taken. */
  candidate: string | null;
  /** It was not refused. */
  committed: boolean;
}

/** A part that is open somewhere, and may die with it. */
interface Resident {
  readonly home: 'worker' | 'process';
  readonly lost: (reason: string) => void;
}

/** A real actor of a room between scripted processes, workers and sources, in virtual time. */
export class ScriptedRoom {
  readonly clock = new VirtualClock();
  readonly actor: RoomActor;
  readonly needs = new CompatibleNeeds(this.clock, (needs) => this.actor.needs(needs));
  readonly #blind: (() => void)[] = [];
  /** What is open, to be nothing at the end. */
  readonly residents = new Set<Resident>();
  readonly programmes = new Set<ScriptedProgramme>();
  /** When something was opened, by what. */
  readonly opened: { what: 'programme' | 'media' | 'plan' | 'publisher'; atMs: number }[] = [];
  readonly begun: string[] = [];
  readonly ended: string[] = [];
  readonly back: string[] = [];
  /** What was put above the programme, and is there no more. */
  readonly over: PutOver[] = [];
  readonly sought: SoughtPlace[] = [];
  /** Broadcasts that viewers were given, each time. */
  readonly served: string[] = [];
  /** Why viewers had nothing more, each time. */
  readonly unserved: string[] = [];
  /** In the order in which it came. */
  readonly asked: Asked[] = [];
  /** From which place in it on slate, volume and silence are a broadcast's, also where they were asked of one before it. */
  readonly since = new Map<string, number>();
  #goesOnSince = 0;
  /** What the room is to be. */
  alwaysOn: boolean;
  /** What must never be, and was. */
  readonly complaints: string[] = [];
  /** Where transports take packets, and from which port, by the port that they have. */
  readonly transports = new Map<number, number>();
  #ports = 4000;
  /** Broadcasts that nobody has begun. */
  readonly #kept = new Set<string>();
  /** Publishers who are away, and since when. */
  readonly away = new Map<string, number>();
  /** Programmes cannot follow what they are told. */
  deaf = false;
  /** Programmes say nothing. */
  mute = false;
  connectable = true;
  worker = true;
  process = true;
  /** Openings of programmes that nobody waits for any more. */
  givenUp = 0;
  /** What is being opened now will not be in time. */
  hangs = false;
  /** Whether who publishes can be put on air. */
  publishable = true;
  /** Whether it can be found out what keeps the room on air. */
  keepable = true;
  /** What the room lacks, as it tells. */
  missing: string | null = null;
  /** How long it takes to close a programme, in ms. */
  closeMs = 0;
  unanswered = 0;
  /** Hears that a broadcast is over. */
  onEnded: (id: string, end: End) => void = () => {};
  /** Hears that all that was to be done is done. */
  onSettled = () => {};
  onPutOver: (over: PutOver) => void = () => {};
  /** What viewers see was replaced, and nothing of it has died since. */
  #keeps = false;
  #callers = new AbortController();

  constructor(alwaysOn: boolean) {
    this.alwaysOn = alwaysOn;
    this.actor = new RoomActor({
      room: 'lobby',
      spec: { alwaysOn, graceMs },
      parts: this.#parts(),
      clock: this.clock,
      random: () => 0,
      admit: () => {},
      listener: {
        ended: ({ id, live }, end) => {
          const { reason } = end;
          this.ended.push(id);
          this.onEnded(id, end);
          this.#goesOnSince = reason === 'stopped' ? this.asked.length : (this.since.get(id) ?? 0);
          if (reason === 'failed' && live) this.complaints.push(`${id} was given up after it was on air`);
          // What is over for good leaves no more than its last picture.
          this.#keeps = reason === 'replaced' && (live || this.#keeps);
          if (reason === 'replaced' && !this.#kept.has(id)) this.complaints.push(`${id} was replaced`);
        },
        live: () => {},
        back: ({ id }) => this.back.push(id),
        heard: () => {},
        sought: (_, place) => this.sought.push(place),
        served: () => {
          this.#keeps = false;
          const { served } = this.actor;
          if (served) this.served.push(served.broadcast.id);
        },
        unserved: (reason) => {
          this.unserved.push(reason);
          const { slate, muted } = this.#state?.wishes.wanted ?? {};
          if (reason === 'replaced' && this.#keeps && !slate && !muted)
            this.complaints.push('what was replaced is gone too soon');
        },
        putOver: (over) => {
          this.over.push(over);
          this.onPutOver(over);
        },
        trouble: () => {},
        missing: (trouble) => {
          this.missing = trouble?.reason ?? null;
        },
        settled: () => {
          const { id } = this.#state ?? {};
          if (id && this.begun.at(-1) !== id) {
            this.begun.push(id);
            const since = this.since.get(id) ?? (this.alwaysOn ? 0 : this.asked.length);
            this.since.set(id, Math.max(since, this.#goesOnSince));
          }
          this.onSettled();
          if (this.#state?.seen?.switches === -1) this.complaints.push('an earlier programme is heeded');
        },
      },
    });
  }

  /** Undefined while the actor is made. */
  get #state(): BroadcastState | null | undefined {
    return (this.actor as RoomActor | undefined)?.state.broadcast;
  }

  nextPort(): number {
    return ++this.#ports;
  }

  /** Viewers who cannot decode what is on air. */
  get blind(): number {
    return this.#blind.length;
  }

  /** One of them comes, or goes. */
  seat(comes: boolean): void {
    if (comes) this.#blind.push(this.needs.add({ codec: 'vp8', cores: 0.2 }));
    else this.#blind.pop()?.();
  }

  /** Starts a broadcast as the desk does; gives its answer as a word. */
  start(manner: Manner, how: Partial<Pick<Start, 'by' | 'replaces' | 'endsFirst'>> = {}): Promise<string> {
    const id = newId('b');
    this.since.set(id, this.asked.length);
    let accepted = false;
    return this.#answered(async () => {
      const plan = async () => {
        accepted = true;
        await this.#looked(manner);
        return this.#planned(id, sourceOf(manner));
      };
      const broadcast = await this.actor.start({ id, by: 'person', ...how }, plan).catch((error: unknown) => {
        if (accepted && error instanceof MiroliveError && error.code === 'ROOM_BUSY') this.#beaten();
        throw error;
      });
      await this.actor.live(broadcast, this.#callers.signal);
    });
  }

  /** Puts something on air as a schedule does, which waits for nobody to see it. */
  async begin(id: string, replaces?: string): Promise<void> {
    if (replaces !== undefined) this.since.set(id, 0);
    const plan = async () => {
      await this.#looked('good');
      return this.#planned(id, sourceOf('good'));
    };
    await this.actor.start({ id, by: 'schedule', keep: true, replaces }, plan);
  }

  control(input: Exclude<Control, { type: 'take' }>): Promise<string> {
    const command = control.parse(input) as Exclude<Control, { type: 'take' }>;
    return this.#answered(async () => {
      const broadcast = this.#onAir();
      const { signal } = this.#callers;
      const asked = this.#ask(broadcast, command);
      const mark = await this.actor.control(broadcast, command);
      asked.committed = true;
      if (command.type === 'release') await this.actor.released(broadcast, mark, signal);
      else await this.actor.carriedOut(broadcast, mark, signal);
      if (this.#state?.id === broadcast) this.actor.programmeState(broadcast);
    });
  }

  take(manner: Manner): Promise<string> {
    return this.#answered(async () => {
      const broadcast = this.#onAir();
      const look = async () => {
        await this.#looked(manner);
        return { id: newId('c'), seed: 1, prepared: null };
      };
      const { signal } = this.#callers;
      const source = sourceOf(manner);
      const asked = this.#ask(broadcast, { type: 'take', source });
      const candidate = await this.actor.take(broadcast, source, look);
      Object.assign(asked, { candidate, committed: true });
      await this.actor.taken(broadcast, candidate, source, signal);
    });
  }

  /** A schedule puts something above what is on air, as `run`. */
  putRun(manner: Manner, run: RunEntry, signal?: AbortSignal): Promise<string> {
    return this.#answered(() => this.putRunNow(manner, run, signal));
  }

  /** The same for whoever knows what to do with its errors. */
  async putRunNow(manner: Manner, run: RunEntry, signal?: AbortSignal): Promise<void> {
    const look = async () => {
      await this.#looked(manner);
      return { id: run.id, seed: 1, prepared: null };
    };
    await this.actor.putRun(this.#onAir(), sourceOf(manner), run, look, signal);
  }

  async publish(key = 'cam1'): Promise<void> {
    this.away.delete(key);
    for (const programme of this.programmes) programme.look();
    this.actor.publishes({ kind: 'publisher', key });
  }

  unpublish(key: string): void {
    this.actor.unpublishes({ kind: 'publisher', key });
    void this.leave(key, 0);
    this.clock.after(graceMs + 1000, () => {
      for (const programme of this.programmes) programme.look();
    });
  }

  /** Whoever waits for an answer waits no longer. */
  hangUp(): void {
    this.#callers.abort(new MiroliveError('USAGE', 'gone'));
    this.#callers = new AbortController();
  }

  /** A publisher is gone for so long, in ms, and maybe for longer. */
  async leave(key: string, ms: number): Promise<void> {
    this.away.set(key, this.clock.wallMs());
    for (const programme of this.programmes) programme.look();
    await this.clock.pass(ms);
    for (const programme of this.programmes) programme.look();
  }

  stop(): Promise<string> {
    return this.#answered(async () => {
      await this.actor.stop();
    });
  }

  end(): Promise<string> {
    return this.#answered(() => this.actor.end(this.#onAir(), 'stopped'));
  }

  kill(home: Resident['home']): void {
    this.#keeps = false;
    for (const resident of [...this.residents]) if (resident.home === home) resident.lost('killed');
  }

  async #answered(act: () => Promise<unknown>): Promise<string> {
    this.unanswered++;
    try {
      await act();
      return 'done';
    } catch (error) {
      if (error instanceof MiroliveError && error.code !== 'INTERNAL') return error.code;
      throw error;
    } finally {
      this.unanswered--;
    }
  }

  /** A person's start came too late: what is there must be a person's. */
  #beaten(): void {
    const broadcast = this.#state;
    const isTaken = broadcast?.wishes.wanted.chain.some(
      ({ name, id }) => name === 'take' && id !== broadcast.wishes.machine,
    );
    const isPublished = broadcast?.source?.kind === 'publisher';
    const isScheduled = broadcast?.begunBy === 'schedule';
    if (broadcast?.begunBy === 'alwaysOn' ? !isTaken : isPublished || isScheduled)
      this.complaints.push('a person’s start was beaten by a machine');
  }

  #ask(broadcast: string, command: Control): Asked {
    const asked: Asked = { broadcast, command, candidate: null, committed: false };
    this.asked.push(asked);
    return asked;
  }

  #onAir(): string {
    const { broadcast } = this.actor;
    if (!broadcast) throw new MiroliveError('ROOM_IDLE', 'nothing is on air');
    return broadcast.id;
  }

  async #looked(manner: Manner): Promise<void> {
    await this.#pass(lookMs[manner]);
    if (manner === 'bad') throw new MiroliveError('SOURCE_NOT_MEDIA', 'it is none');
  }

  #parts(): RoomParts {
    return {
      keep: async () => {
        this.opened.push({ what: 'plan', atMs: this.clock.nowMs() });
        await this.#pass(openMs);
        if (!this.keepable) throw new MiroliveError('INTERNAL', 'it cannot be kept');
        const id = newId('b');
        this.#kept.add(id);
        return this.#planned(id, null);
      },
      publish: async (source) => {
        this.opened.push({ what: 'publisher', atMs: this.clock.nowMs() });
        const isGone: IsGone = (one) => one.kind === 'publisher' && this.away.has(one.key);
        if (await this.actor.takePublisher(source, isGone)) return;
        const id = newId('b');
        const broadcast = await this.actor.start({ id, by: 'publisher' }, async () => {
          await this.#looked('good');
          if (!this.publishable) throw new MiroliveError('INTERNAL', 'it cannot be put on air');
          return this.#planned(id, source);
        });
        await this.actor.live(broadcast);
      },
      openProgramme: async (options) => {
        this.opened.push({ what: 'programme', atMs: this.clock.nowMs() });
        options.signal.addEventListener('abort', () => this.givenUp++);
        await this.#opened();
        if (!this.process) throw new MiroliveError('INTERNAL', 'no process');
        return new ScriptedProgramme(this, options);
      },
      openMedia: async (_broadcast, from, onLost) => {
        this.opened.push({ what: 'media', atMs: this.clock.nowMs() });
        await this.#opened();
        if (!this.worker) throw new MiroliveError('NO_WORKER', 'no worker');
        const resident: Resident = {
          home: 'worker',
          lost: (reason) => {
            if (this.residents.delete(resident)) onLost(reason);
          },
        };
        this.residents.add(resident);
        const port = this.nextPort();
        this.transports.set(port, from);
        const compatible = () => Promise.reject(new Error('nobody consumes it'));
        const close = () => this.residents.delete(resident);
        const media: OpenMedia = { port, producers: [], compatible, close };
        return media;
      },
    };
  }

  #planned(id: string, source: Source | null): PlannedBroadcast {
    return plannedBroadcast({ id, source });
  }

  #opened(): Promise<void> {
    return this.#pass(this.hangs ? hungMs : openMs);
  }

  #pass(ms: number): Promise<void> {
    return new Promise((resolve) => this.clock.after(ms, resolve));
  }
}

/** A director of few words: whatever is wanted and good is on air in a moment. */
export class ScriptedProgramme implements OpenProgramme {
  readonly port: number;
  readonly options: OpeningOptions;
  wanted: Wanted;
  /** How often it was told what is wanted. */
  told = 0;
  /** The candidates that it was told something of. */
  readonly looked: string[];
  /** Where it plays to; null: it was not told yet. */
  peer: number | null = null;
  readonly process = {};
  readonly #room: ScriptedRoom;
  readonly #resident: Resident;
  #live = false;
  #closed = false;
  readonly #placed = new Map<string, number>();

  constructor(room: ScriptedRoom, options: OpeningOptions) {
    this.#room = room;
    this.port = room.nextPort();
    this.options = options;
    this.wanted = options.snapshot.wanted;
    this.looked = Object.keys(options.looked);
    this.#resident = {
      home: 'process',
      lost: (reason) => {
        if (!this.#end()) return;
        options.listener.gone(reason);
        // What was under way comes late.
        room.clock.after(firstFrameMs, () => options.listener.seen({ ...this.#seen(), switches: -1 }));
      },
    };
    room.residents.add(this.#resident);
    room.programmes.add(this);
  }

  async connect(port: number): Promise<boolean> {
    if (!this.#room.connectable) {
      if (this.#end()) this.options.listener.gone('it cannot be connected');
      return false;
    }
    this.peer = port;
    this.#soon();
    return true;
  }

  async poster(): Promise<null> {
    return null;
  }

  want(wanted: Wanted, looked: Looked): void {
    this.told++;
    this.looked.push(...Object.keys(looked));
    if (this.#room.deaf || wanted.revision <= this.wanted.revision) return;
    this.wanted = wanted;
    this.#soon();
  }

  async close(): Promise<void> {
    const { clock, residents, closeMs } = this.#room;
    if (!this.#end() || closeMs === 0) return;
    residents.add(this.#resident);
    await new Promise<void>((resolve) => clock.after(closeMs, resolve));
    residents.delete(this.#resident);
  }

  /** Its source is at its end. */
  finish(): void {
    if (this.#end()) this.options.listener.event({ type: 'ended', message: null, stats: noStats });
  }

  #end(): boolean {
    if (this.#closed) return false;
    this.#closed = true;
    this.#room.residents.delete(this.#resident);
    this.#room.programmes.delete(this);
    return true;
  }

  #soon(): void {
    this.#room.clock.after(firstFrameMs, () => this.look());
  }

  look(): void {
    if (this.#closed || this.peer === null || this.#room.mute) return;
    const { listener } = this.options;
    const main = this.wanted.chain.find(({ name }) => name === 'main');
    if (main && !plays(main)) {
      if (this.#end()) listener.event({ type: 'ended', message: noise, stats: noStats });
      return;
    }
    for (const { id, place } of this.wanted.chain) if (place) this.#placed.set(id, place.serial);
    if (!this.#live) {
      this.#live = true;
      listener.event({ type: 'live' });
    }
    listener.seen(this.#seen());
  }

  #seen(): Seen {
    const { chain, slate, revision } = this.wanted;
    const awaySince = ({ source }: WantedCandidate) =>
      source.kind === 'publisher' ? this.#room.away.get(source.key) : undefined;
    const best = slate ? undefined : chain.find((one) => plays(one) && awaySince(one) === undefined);
    const isOf = (one: WantedCandidate): CandidateState => {
      const sinceMs = awaySince(one);
      if (sinceMs !== undefined) return { state: 'away', reason: 'nobody sends', sinceMs };
      if (!plays(one)) return { state: 'blocked', reason: noise, againMs: null };
      return { state: one === best ? 'onAir' : 'ready' };
    };
    return seenBy({
      ...{ generation: this.options.generation, revision, atMs: this.#room.clock.wallMs() },
      ...{ onAir: best?.id ?? null, live: this.#live },
      candidates: chain.map((one) => {
        const placed = this.#placed.get(one.id) ?? 0;
        return seenCandidate(one.id, isOf(one), { index: 0, positionMs: 1000, endMs: 100_000, placed });
      }),
    });
  }
}
