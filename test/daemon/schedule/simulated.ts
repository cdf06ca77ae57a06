import { DatabaseSync } from 'node:sqlite';
import { MiroliveError } from '../../../src/contract/errors.ts';
import type { Event } from '../../../src/contract/events.ts';
import { lasts, type ScheduleSpec } from '../../../src/contract/schedule.ts';
import { EventHub } from '../../../src/daemon/event-hub.ts';
import type { Trouble } from '../../../src/daemon/health.ts';
import { noStats } from '../../../src/daemon/rooms/broadcast.ts';
import type { PutOver } from '../../../src/daemon/rooms/put-over.ts';
import { type Beginning, type Begun, sourceOf } from '../../../src/daemon/schedule/doing.ts';
import {
  emptyRoom,
  heldBy,
  isCovered,
  isThere,
  type RoomView,
  replaceable,
} from '../../../src/daemon/schedule/room-view.ts';
import type { Put, Run } from '../../../src/daemon/schedule/run.ts';
import { Schedules } from '../../../src/daemon/schedule/schedules.ts';
import { migrate } from '../../../src/daemon/state/migrations.ts';
import { writeSchedule } from '../../../src/daemon/state/schedules.ts';
import { VirtualClock } from '../../helpers/virtual-clock.ts';

const maker = { kind: 'socket', user: 'anna' } as const;

/** What happened, by the clock on the wall: `begin`, `end`, and the events of schedules. */
export interface Deed {
  readonly what: string;
  readonly at: string;
}

/** Rooms and a state as schedules see them; the daemon may die, the clock jump, and the machine sleep. */
export class SimulatedRooms {
  readonly clock: VirtualClock;
  readonly database = new DatabaseSync(':memory:');
  readonly deeds: Deed[] = [];
  /** Runs that began: each once. */
  readonly begun: string[] = [];
  readonly ended: string[] = [];
  readonly missed: string[] = [];
  /** Why they were missed. */
  readonly reasons: string[] = [];
  /** What is told of parts of the daemon now. */
  readonly degraded = new Map<string, string>();
  /** Errors in the log. */
  readonly logged: string[] = [];
  /** What was on air before is there again. */
  restored = true;
  /** The state cannot be read just now. */
  unreadable = false;
  /** Nothing can be written just now. */
  full = false;
  /** So long it takes to look at a source, in ms. */
  lookMs = 0;
  /** Happens while a run is being begun. */
  beginning: ((run: Run) => Promise<void>) | null = null;
  /** Why nothing can be taken away just now. */
  stuck: Error | null = null;
  /** Sources that cannot be played just now. */
  broken = false;
  readonly #rooms = new Map<string, RoomView>();
  #schedules: Schedules | null = null;
  #hub: EventHub;
  #ids = 0;

  constructor(from: string) {
    this.clock = new VirtualClock(1000, Date.parse(from));
    this.#hub = new EventHub(this.clock);
    migrate(this.database);
  }

  get schedules(): Schedules {
    if (!this.#schedules) throw new Error('the daemon is dead');
    return this.#schedules;
  }

  /** A room: nothing is on air there but what is put there. */
  view(room: string): RoomView {
    return this.#rooms.get(room) ?? emptyRoom;
  }

  set(room: string, view: Partial<RoomView>): void {
    this.#rooms.set(room, { ...this.view(room), ...view });
  }

  write(name: string, spec: ScheduleSpec): void {
    writeSchedule(this.database, { name, spec, maker }, null, this.clock.wallMs());
    this.#schedules?.takeUp([]);
  }

  /** Kept broadcasts are there again with it. */
  start({ begins = true } = {}): void {
    this.#hub = new EventHub(this.clock);
    this.#hub.listen((event) => this.#hear(event));
    const store = {
      read: <T>(query: (database: DatabaseSync) => T) => {
        if (this.unreadable) throw new MiroliveError('STATE_UNAVAILABLE', 'the state cannot be read');
        return query(this.database);
      },
      write: <T>(act: (database: DatabaseSync) => T) => {
        if (this.full) throw new MiroliveError('STATE_UNAVAILABLE', 'the disk is full');
        return act(this.database);
      },
      change: <T>(_: unknown, act: (database: DatabaseSync) => T) => act(this.database),
    };
    this.degraded.clear();
    const health = {
      lost: (part: string, { reason }: Trouble) => void this.degraded.set(part, reason),
      found: (part: string) => void this.degraded.delete(part),
    };
    this.#schedules = new Schedules({
      ...{ clock: this.clock, store, hub: this.#hub, health },
      log: { error: (_: unknown, words?: string) => void this.logged.push(words ?? '') },
      ...{ view: (room) => this.view(room), doing: this, chance: () => 0.5 },
      isRestored: () => this.restored,
      rooms: () => [...this.#rooms.keys()],
      adopt: (room, _, entry) => {
        if (!entry) return;
        const { id, schedule, atMs } = entry;
        const { takes, runs } = this.view(room);
        const others = takes.filter((one) => one.id !== id);
        this.set(room, { takes: others, runs: [...runs, { id, schedule, atMs }] });
      },
    });
    if (begins) this.#schedules.begin();
  }

  kill(): void {
    this.#schedules?.close();
    this.#schedules = null;
  }

  async begin(run: Run, { puts, over, note, signal }: Beginning): Promise<Begun> {
    if (!lasts(run.what)) return { is: 'on', put: null, above: false };
    const daemon = this.#schedules;
    const held = heldBy(this.view(run.room), puts);
    if (held) return { is: 'held', reason: held };
    await this.beginning?.(run);
    await this.#looked(daemon);
    if (signal.aborted) throw new MiroliveError('SUPERSEDED', 'it is not wanted any more');
    if (this.broken) throw new MiroliveError('SOURCE_NOT_FOUND', 'there is no file talk.mp4');
    if (replaceable(this.view(run.room), over)) this.stop(run.room, 'replaced');
    const { broadcast } = this.view(run.room);
    const id = String(this.#ids++)
      .padStart(10, 'a')
      .replace(/\d/g, (digit) => 'bcdefghijk'[Number(digit)] ?? '');
    const put: Put = broadcast
      ? { kind: 'run', broadcast, id: `c-${id}` }
      : { kind: 'broadcast', id: `b-${id}` };
    note(put);
    const { runs } = this.view(run.room);
    if (put.kind === 'broadcast')
      this.set(run.room, { broadcast: put.id, free: false, scheduled: sourceOf(run.what) });
    else if (put.kind === 'run')
      this.set(run.room, { runs: [...runs, { id: put.id, schedule: run.name, atMs: run.atMs }] });
    this.begun.push(nameOf(run));
    this.#note(`begin ${run.name}`);
    return { is: 'on', put, above: put.kind === 'run' };
  }

  async end(run: Run, put: Put, ending: readonly Put[]): Promise<boolean> {
    if (this.stuck) throw this.stuck;
    const view = this.view(run.room);
    if (isThere(put, view)) {
      if (put.kind === 'broadcast' && isCovered(view, ending)) return false;
      if (put.kind === 'broadcast') this.stop(run.room, 'stopped');
      else if (put.kind === 'run') this.set(run.room, { runs: view.runs.filter(({ id }) => id !== put.id) });
    }
    return true;
  }

  /** Takes off air what is on air in a room. */
  stop(room: string, reason: 'stopped' | 'ended' | 'failed' | 'replaced'): void {
    const { broadcast } = this.view(room);
    if (!broadcast) return;
    this.#rooms.delete(room);
    const at = this.#hub.now;
    this.#hub.announce({
      type: 'broadcast.ended',
      broadcast,
      room,
      reason,
      startedAt: at,
      message: null,
      stats: noStats,
    });
  }

  /** What a run has above a programme is over. */
  over(room: string, end: PutOver['end']): void {
    const [over, ...runs] = this.view(room).runs;
    this.set(room, { runs });
    this.schedules.putOver({ id: over?.id ?? '', end });
  }

  /** What a daemon is about to do ends with it. */
  async #looked(daemon: Schedules | null): Promise<void> {
    const lives = () => daemon === this.#schedules;
    if (this.lookMs === 0 && lives()) return;
    await new Promise<void>((done) => {
      this.clock.after(this.lookMs, () => lives() && done());
    });
  }

  #hear(event: Event): void {
    if (event.type === 'schedule.missed') this.missed.push(`${event.schedule} ${event.run}`);
    if (event.type === 'schedule.missed') this.reasons.push(event.reason);
    if (event.type === 'schedule.missed') this.#note(`missed ${event.schedule} ${event.count}`);
    if (event.type === 'schedule.ended') {
      this.ended.push(`${event.schedule} ${event.run}`);
      this.#note(`${event.reason === 'stopped' ? 'stopped' : 'end'} ${event.schedule}`);
    }
    if (event.type === 'schedule.waiting') this.#note(`waits ${event.schedule}: ${event.reason}`);
    if (event.type === 'schedule.failed') this.#note(`fails ${event.schedule}`);
  }

  #note(what: string): void {
    this.deeds.push({ what, at: new Date(this.clock.wallMs()).toISOString().slice(0, 16) });
  }
}

function nameOf({ name, atMs }: Run): string {
  return `${name} ${new Date(atMs).toISOString()}`;
}
