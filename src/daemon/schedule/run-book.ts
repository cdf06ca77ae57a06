import type { Logger } from 'pino';
import type { Clock } from '../../contract/clock.ts';
import { lasts } from '../../contract/schedule.ts';
import type { RunEntry } from '../../contract/snapshot.ts';
import type { NewEvent } from '../event-hub.ts';
import { claimRun, readLiveRuns } from '../state/schedule-runs.ts';
import { decideUntil, type ScheduleRow } from '../state/schedules.ts';
import type { StateStore } from '../state/state-store.ts';
import { type Due, isAhead, type LiveRun, liesAhead, mostAheadMs } from './decide.ts';
import { entryOf } from './doing.ts';
import type { Lost } from './loss.ts';
import { ownerless } from './ownerless.ts';
import { isThere, type RoomView } from './room-view.ts';
import { isLive, type Put, type Run } from './run.ts';
import { UnwrittenRuns } from './unwritten-runs.ts';

export interface RunBookOptions {
  readonly clock: Clock;
  readonly store: Pick<StateStore, 'read' | 'write'>;
  readonly log: Pick<Logger, 'error'>;
  readonly announce: (event: NewEvent) => void;
  readonly view: (room: string) => RoomView;
  /** All rooms that there are. */
  readonly rooms: () => readonly string[];
  /** Tells a room what there is a run's, above a broadcast, or, with null, that itself. */
  readonly adopt: (room: string, broadcast: string, entry: RunEntry | null) => void;
}

/** A run that is to be on air, or is. */
export class Live implements LiveRun {
  run: Run;
  /** A person has begun it, at no hour of its schedule. */
  readonly byHand: boolean;
  byClock: boolean;
  /** By then the clock of a machine that has started is put right, by that of what passes. */
  clockFromMs = Number.POSITIVE_INFINITY;
  busy = false;
  againMs = Number.NEGATIVE_INFINITY;
  failures = 0;
  /** Since when it is on air, by the clock of what passes. */
  sinceMs = Number.POSITIVE_INFINITY;
  /** What was told of it last: the same is not told again. */
  told: string | null = null;
  /** Why it could not be taken away last; null: nobody tried. */
  stuck: string | null = null;
  /** It is on air, or was. */
  wasOn: boolean;
  /** What its schedule is by now, told while it was being begun. */
  changed: ScheduleRow | null = null;
  /** Why nobody wants it any more, told while it was being begun. */
  unwanted: string | null = null;
  /** Why what it has put there last is there no more. */
  lost: Lost | null = null;
  /** What it had above a broadcast that is over: what keeps the room on air may have kept it. */
  kept: Put | null = null;
  /** A person has ended it. */
  stopped = false;
  /** Gives up what is being looked at for it. */
  giveUp = new AbortController();

  constructor(run: Run, { byHand = false, byClock = true } = {}) {
    this.run = run;
    this.byHand = byHand;
    this.byClock = byClock && !byHand;
    this.wasOn = run.outcome === 'running';
  }
}

/** The runs that go on, and how each is: remembered on the disk first, and told. */
export class RunBook {
  readonly #options: RunBookOptions;
  readonly #live: Live[] = [];
  readonly #unwritten: UnwrittenRuns;
  /** What could not be read has something on air, nobody knows what. */
  #isUnread = false;

  constructor(options: RunBookOptions) {
    this.#options = options;
    this.#unwritten = new UnwrittenRuns(options);
  }

  get live(): readonly Live[] {
    return this.#live;
  }

  /**
   * Goes on with what an earlier daemon has begun. What is there is not begun twice.
   *
   * @param isTold what it has put there was there again, and is over by now: that is heard next
   * @throws MiroliveError STATE_UNAVAILABLE
   */
  resume(isTold: (put: Put) => boolean): void {
    const { store, log, clock } = this.#options;
    const unread = (run: object) => {
      this.#isUnread = true;
      log.error(run, 'a run that goes on cannot be read: what it has put on air stays until it is stopped');
    };
    for (const run of store.read((database) => readLiveRuns(database, unread))) {
      // A person has begun it since.
      if (this.#live.some((one) => isSame(one.run, run))) continue;
      const { put } = run;
      const view = this.#options.view(run.room);
      const there = put !== null && (isThere(put, view) || isTold(put));
      const live = new Live(run, { byClock: !liesAhead(run, clock.wallMs()) });
      live.clockFromMs = clock.nowMs() + mostAheadMs;
      live.run = {
        ...run,
        outcome: there ? 'running' : 'waiting',
        put: there ? this.#adopted(run, put) : null,
      };
      this.#live.push(live);
      if (lasts(run.what)) this.#save(live);
      else this.missed(live, 'the daemon ended in the midst of it: it may be done');
    }
  }

  /** What an earlier daemon has left in rooms goes on with the run that waits for it, or ends now: nobody else would end it. */
  own(): void {
    if (this.#isUnread) return;
    for (const room of this.#options.rooms())
      for (const { put, heir, schedule } of ownerless(room, this.#options.view(room), this.#runs)) {
        const live = this.#live.find(({ run }) => run === heir);
        if (live) this.change(live, { put, outcome: 'running', reason: null });
        else this.#end(room, put, schedule);
      }
  }

  /** What an older daemon has put there as a person's is its own. */
  #adopted(run: Run, put: Put): Put {
    if (put.kind === 'broadcast') this.#options.adopt(run.room, put.id, null);
    if (put.kind !== 'take') return put;
    this.#options.adopt(run.room, put.broadcast, entryOf(run, put.id));
    return { ...put, kind: 'run' };
  }

  /** Claims what is due, so that nobody does it again, and tells what was missed. */
  claim(row: ScheduleRow, { run, missed, more, decidedUntilMs }: Due, byHand: boolean): void {
    let claimed = run !== null;
    let told = missed.length;
    try {
      this.#options.store.write((database) => {
        claimed = run !== null && claimRun(database, run);
        told = missed.slice(-mostRemembered).filter((one) => claimRun(database, one)).length;
        decideUntil(database, row.id, decidedUntilMs);
      });
    } catch (err) {
      this.#options.log.error({ err, schedule: row.name }, 'a run of a schedule cannot be written down');
      if (run) this.#unwritten.add(run);
    }
    const last = missed.at(-1);
    if (last && told > 0) {
      const count = more || missed.length > mostRemembered ? missed.length : told;
      const { reason } = last;
      this.tell(last, { type: 'schedule.missed', count, reason: reason ?? '' });
    }
    if (run && claimed && !this.#live.some((one) => isSame(one.run, run)))
      this.#live.push(new Live(run, { byHand }));
  }

  missed(live: Live, reason: string): void {
    this.change(live, { outcome: 'missed', reason, put: null });
    this.tell(live.run, { type: 'schedule.missed', count: 1, reason });
  }

  /** It is tried again, in so many ms. */
  wait(live: Live, reason: string, ms: number): void {
    live.againMs = this.#options.clock.wallMs() + ms;
    if (live.run.outcome !== 'waiting' || live.run.reason !== reason || live.run.put !== null)
      this.change(live, { outcome: 'waiting', reason, put: null });
  }

  over(live: Live, outcome: 'ended' | 'stopped' | 'failed', reason: string | null = null): void {
    const came = live.stopped ? 'stopped' : outcome;
    // It was begun by a wrong clock: what was only missed may yet begin.
    const comes = isAhead(live, this.#options.clock.wallMs());
    this.change(live, { outcome: comes ? 'missed' : came, reason, put: null });
    if (live.wasOn && came !== 'failed') this.tell(live.run, { type: 'schedule.ended', reason: came });
  }

  change(live: Live, changes: Partial<Run>): void {
    live.run = { ...live.run, ...changes };
    live.wasOn ||= live.run.outcome === 'running';
    this.#save(live);
  }

  tell({ name, room, atMs }: Run, event: RunEvent): void {
    this.#options.announce({
      ...event,
      ...{ schedule: name, room, run: new Date(atMs).toISOString() },
    } as NewEvent);
  }

  /** Those that are over are known from the disk. */
  forget(): void {
    for (const live of this.#live.filter(({ run, busy }) => !busy && !isLive(run)))
      this.#live.splice(this.#live.indexOf(live), 1);
  }

  /** Writes down what could not be. */
  write(): void {
    this.#unwritten.write();
  }

  get #runs(): readonly Run[] {
    return this.#live.map(({ run }) => run);
  }

  /** It is of a run whose end has come; which one that was is not known, nor what it played. */
  #end(room: string, put: Put, schedule: string | null): void {
    const { clock, log } = this.#options;
    log.error({ room, schedule }, 'what a schedule has put on air is of no run that goes on: it ends now');
    const nowMs = clock.wallMs();
    const what = { call: 'control', params: { command: { type: 'slate', on: true } } } as const;
    const run: Run = {
      ...{ schedule: ownerlessId, name: schedule ?? ownerlessId, room, what, maker: { kind: 'daemon' } },
      ...{ priority: 0, atMs: nowMs, endsAtMs: nowMs, outcome: 'running', reason: null, put },
    };
    this.#live.push(new Live(run));
  }

  #save({ run }: Live): void {
    if (run.schedule !== ownerlessId) this.#unwritten.add(run);
    this.write();
  }
}

/** Stands for the schedule of what nobody has. */
const ownerlessId = 'ownerless';
/** Of runs that were missed so many are remembered one by one. */
const mostRemembered = 20;

type RunEvent = NewEvent extends infer E
  ? E extends { readonly run: string }
    ? Omit<E, 'schedule' | 'room' | 'run'>
    : never
  : never;

function isSame(one: Run, other: Run): boolean {
  return one.schedule === other.schedule && one.atMs === other.atMs;
}
