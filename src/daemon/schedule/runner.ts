import type { Logger } from 'pino';
import { backOffDelayMs } from '../../contract/back-off.ts';
import type { Clock } from '../../contract/clock.ts';
import { asMiroliveError, type ErrorCode, MiroliveError } from '../../contract/errors.ts';
import type { Event } from '../../contract/events.ts';
import { occurrences } from '../../contract/schedule/occurrences.ts';
import { lasts, scheduledWords } from '../../contract/schedule.ts';
import type { NewEvent } from '../event-hub.ts';
import { claimRun, readLiveRuns, writeRun } from '../state/schedule-runs.ts';
import { decideUntil, type ScheduleRow } from '../state/schedules.ts';
import type { StateStore } from '../state/state-store.ts';
import { type Due, type LiveRun, newRun, nextStepMs, overNow, type Step, steps } from './decide.ts';
import type { Doing } from './doing.ts';
import { sourceOf } from './doing.ts';
import { isThere, type RoomView } from './room-view.ts';
import { isLive, type Put, type Run } from './run.ts';

/** What waits for persons, or for what is above it, is looked at again after so long, in ms. */
const holdMs = 5000;
/** Tried again after 2, 4, 8 s and so on, up to a minute. */
const patience = { firstMs: 2000, growth: 2, ceilingMs: 60_000, heldMs: 10_000, jitter: 0.2 };
/** Another try would go the same way. */
const final: readonly ErrorCode[] = ['NOT_ALLOWED', 'INVALID_REQUEST'];

export interface RunnerOptions {
  readonly clock: Clock;
  readonly store: Pick<StateStore, 'read' | 'write'>;
  readonly log: Pick<Logger, 'error'>;
  readonly announce: (event: NewEvent) => void;
  readonly view: (room: string) => RoomView;
  readonly doing: Pick<Doing, 'begin' | 'end'>;
  readonly chance: () => number;
  /** Something has come to its end: it is decided anew. */
  readonly look: () => void;
}

/** A run that is to be on air, or is. */
class Live implements LiveRun {
  run: Run;
  busy = false;
  againMs = Number.NEGATIVE_INFINITY;
  failures = 0;
  /** Since when it is on air, by the clock of what passes. */
  sinceMs = Number.POSITIVE_INFINITY;
  /** What was told of it last: the same is not told again. */
  told: string | null = null;
  /** Why what it put there was over before that was known to be there. */
  lost: string | null = null;

  constructor(run: Run) {
    this.run = run;
  }
}

/** Does what is decided of runs, and remembers how they are: first on the disk, then in the room. */
export class Runner {
  readonly #options: RunnerOptions;
  readonly #live: Live[] = [];
  #steppedMs = Number.NEGATIVE_INFINITY;

  constructor(options: RunnerOptions) {
    this.#options = options;
  }

  get runs(): readonly Run[] {
    return this.#live.map(({ run }) => run);
  }

  /** Goes on with what an earlier daemon has begun. What is there is not begun twice. @throws MiroliveError STATE_UNAVAILABLE */
  resume(): void {
    const { store, log } = this.#options;
    const unread = (run: object) =>
      log.error(run, 'a run that goes on cannot be read: what it has put on air stays until it is stopped');
    for (const run of store.read((database) => readLiveRuns(database, unread))) {
      const { put } = run;
      const there = put !== null && isThere(put, this.#options.view(run.room));
      const live = new Live({ ...run, outcome: there ? 'running' : 'waiting', put: there ? put : null });
      this.#live.push(live);
      if (lasts(run.what)) this.#save(live);
      else this.#missed(live, 'the daemon ended in the midst of it: it may be done');
    }
  }

  /** Claims what is due, so that nobody does it again, and tells what was missed. */
  take(row: ScheduleRow, { run, missed, more, decidedUntilMs }: Due): void {
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
    }
    const last = missed.at(-1);
    if (last && told > 0) {
      const count = more || missed.length > mostRemembered ? missed.length : told;
      const { reason } = last;
      this.#tell(last, { type: 'schedule.missed', count, reason: reason ?? '' });
    }
    if (run && claimed && !this.#live.some((one) => isSame(one.run, run))) this.#live.push(new Live(run));
  }

  /** Does what is to be done by now; gives when there is something again, in ms since 1970. */
  step(nowMs: number): number {
    // The clock was put back: nobody waits until it is there again.
    if (nowMs < this.#steppedMs) for (const one of this.#live) one.againMs = Number.NEGATIVE_INFINITY;
    this.#steppedMs = nowMs;
    for (const one of this.#live) this.#sweep(one);
    this.#forget();
    for (const step of steps(this.#live, nowMs)) void this.#act(step, nowMs);
    this.#forget();
    return nextStepMs(this.#live, nowMs);
  }

  /** A broadcast is over: what was to be on air there is over with it where a person has stopped it, else it is begun again. */
  broadcastEnded({ broadcast, reason, message }: Extract<Event, { type: 'broadcast.ended' }>): void {
    if (reason === 'shutdown') return;
    for (const live of this.#live) {
      const { put, what } = live.run;
      const isOwn = put?.kind === 'broadcast' && put.id === broadcast;
      if (!isOwn && !(put && put.kind !== 'broadcast' && put.broadcast === broadcast)) continue;
      live.lost = message ?? reason;
      this.#settled(live);
      if (live.busy) continue;
      const awaited = !isOwn || reason === 'failed' || sourceOf(what)?.kind === 'publisher';
      const { endsAtMs } = live.run;
      const isReplaced = isOwn && reason === 'replaced';
      if (isReplaced || (endsAtMs !== null && endsAtMs <= this.#options.clock.wallMs()))
        this.#over(live, 'ended');
      else if (reason === 'stopped' || reason === 'replaced') this.#over(live, 'stopped');
      else if (!awaited) this.#over(live, 'ended');
      else if (reason === 'failed')
        this.#failed(live, new MiroliveError('PIPELINE_FAILED', message ?? 'it failed'));
      else this.#wait(live, 'what was on air there is over', 0);
    }
    this.#forget();
  }

  /** What waits is to be as its schedule is now; what that has no longer at this moment is given up. */
  respec(row: ScheduleRow): void {
    for (const live of this.#live) {
      const { schedule, atMs, outcome } = live.run;
      if (schedule !== row.id || outcome !== 'waiting' || live.busy) continue;
      const [run] = occurrences(row.spec, atMs - 1, atMs, 1);
      if (!run) this.#over(live, 'stopped', 'its schedule has changed');
      else {
        live.againMs = Number.NEGATIVE_INFINITY;
        this.#change(live, newRun(row, run));
      }
    }
    this.#forget();
  }

  /** Something has happened in a room: what only waits for that is looked at again. */
  hurry(room: string): void {
    for (const live of this.#live)
      if (live.run.room === room && live.failures === 0) live.againMs = Number.NEGATIVE_INFINITY;
  }

  /** Gives up what has not begun: its schedule rests, or is gone. */
  drop(schedule: string, reason: string): void {
    for (const live of this.#live)
      if (live.run.schedule === schedule && live.run.outcome === 'waiting' && !live.busy)
        this.#over(live, 'stopped', reason);
    this.#forget();
  }

  async #act({ do: what, of: live, ...step }: Step<Live>, nowMs: number): Promise<void> {
    if (what === 'drop') return this.#drop(live, 'reason' in step ? step.reason : '');
    live.busy = true;
    live.lost = null;
    try {
      await (what === 'begin' ? this.#begin(live) : this.#end(live, nowMs));
    } catch (thrown) {
      const error = asMiroliveError(thrown);
      if (error.code === 'SHUTTING_DOWN') return;
      if (what === 'end') this.#over(live, 'ended');
      else if (error.code === 'SUPERSEDED') this.#over(live, 'stopped', error.message);
      else this.#failed(live, error);
    } finally {
      live.busy = false;
      this.#options.look();
    }
  }

  async #begin(live: Live): Promise<void> {
    const { view, doing, clock } = this.#options;
    const { room, atMs } = live.run;
    const before = view(room);
    const note = (put: Put) => this.#change(live, { put });
    const over = overNow(this.#live, clock.wallMs());
    const elapsed = () => clock.wallMs() - atMs;
    const begun = await doing.begin(live.run, {
      elapsed,
      puts: putsOf(this.#live),
      over: putsOf(over),
      note,
    });
    if (begun.is === 'held') return this.#hold(live, begun.reason);
    if (begun.is === 'over') return this.#missed(live, 'it would be over by now');
    const { put, above } = begun;
    if (live.lost === 'stopped') return this.#over(live, 'stopped');
    if (put && !isThere(put, view(room)))
      throw new MiroliveError('PIPELINE_FAILED', live.lost ?? 'it was over at once');
    const { what, endsAtMs } = live.run;
    live.sinceMs = clock.nowMs();
    for (const other of this.#live) if (other !== live) this.#cover(other, live.run, before);
    this.#change(live, { put, reason: null, outcome: put ? 'running' : 'ended' });
    const endsAt = endsAtMs === null ? null : iso(endsAtMs);
    this.#tell(live.run, { type: 'schedule.started', words: scheduledWords(what), endsAt, above });
  }

  async #end(live: Live, nowMs: number): Promise<void> {
    const { doing, clock } = this.#options;
    const { put } = live.run;
    const ending = overNow(this.#live, nowMs);
    const puts = putsOf(ending);
    // What is below it, and only waits for it, ends first: nobody is to see it for a moment.
    const below = ending.find(
      ({ run, busy }) =>
        !busy && put?.kind === 'take' && run.put?.kind === 'broadcast' && run.put.id === put.broadcast,
    );
    for (const one of below ? [below, live] : [live]) {
      one.busy = true;
      const gone = one.run.put === null || (await doing.end(one.run, one.run.put, puts));
      if (gone) this.#over(one, 'ended');
      else one.againMs = clock.wallMs() + holdMs;
      one.busy = one === live;
    }
  }

  /** A take, and the slate, give way to what is above them: that they are to be there is remembered. */
  #cover(other: Live, by: Run, before: RoomView): void {
    const { room, put, outcome } = other.run;
    if (room !== by.room || outcome !== 'running' || !put || put.kind === 'broadcast') return;
    if (isThere(put, before) && !isThere(put, this.#options.view(room)))
      this.#wait(other, `schedule ${by.name} has the room`, 0);
  }

  /** What is on air for a while is well: what failed before is forgotten. */
  #settled(live: Live): void {
    if (this.#options.clock.nowMs() - live.sinceMs < patience.heldMs) return;
    live.failures = 0;
    live.told = null;
  }

  /** What a person has ended is over; what another run has come above gives way to that for a while. */
  #sweep(live: Live): void {
    const { put, outcome, room } = live.run;
    if (outcome !== 'running' || live.busy) return;
    const view = this.#options.view(room);
    if (put && isThere(put, view)) {
      this.#settled(live);
      return;
    }
    const above =
      put?.kind === 'take' && this.#live.find(({ run }) => isTakeOf(run, room) && isThere(run.put, view));
    if (above) this.#wait(live, `schedule ${above.run.name} has the room`, 0);
    else this.#over(live, put?.kind === 'slate' ? 'stopped' : 'ended');
  }

  #drop(live: Live, reason: string): void {
    if (live.failures > 0) this.#over(live, 'failed', reason);
    else this.#missed(live, reason);
  }

  #missed(live: Live, reason: string): void {
    this.#change(live, { outcome: 'missed', reason, put: null });
    this.#tell(live.run, { type: 'schedule.missed', count: 1, reason });
  }

  #hold(live: Live, reason: string): void {
    if (live.told !== reason) this.#tell(live.run, { type: 'schedule.waiting', reason });
    live.told = reason;
    if (live.run.reason !== reason) this.#wait(live, reason, holdMs);
    else live.againMs = this.#options.clock.wallMs() + holdMs;
  }

  #failed(live: Live, { code, message, hint }: MiroliveError): void {
    const { run } = live;
    const again = lasts(run.what) && !final.includes(code);
    if (live.told !== message) this.#tell(run, { type: 'schedule.failed', reason: message, hint, again });
    live.told = message;
    if (again) this.#wait(live, message, backOffDelayMs(++live.failures, this.#options.chance(), patience));
    else this.#change(live, { outcome: 'failed', reason: message, put: null });
  }

  #wait(live: Live, reason: string, ms: number): void {
    live.againMs = this.#options.clock.wallMs() + ms;
    this.#change(live, { outcome: 'waiting', reason, put: null });
  }

  #over(live: Live, outcome: 'ended' | 'stopped' | 'failed', reason: string | null = null): void {
    const wasOn = live.run.outcome === 'running';
    this.#change(live, { outcome, reason, put: null });
    if (wasOn && outcome !== 'failed') this.#tell(live.run, { type: 'schedule.ended', reason: outcome });
  }

  #change(live: Live, changes: Partial<Run>): void {
    live.run = { ...live.run, ...changes };
    this.#save(live);
  }

  /** What cannot be written is done all the same: a full disk silences nobody. */
  #save({ run }: Live): void {
    try {
      this.#options.store.write((database) => writeRun(database, run));
    } catch (err) {
      this.#options.log.error(
        { err, schedule: run.name },
        'how a run of a schedule is cannot be written down',
      );
    }
  }

  #forget(): void {
    for (const live of this.#live.filter(({ run, busy }) => !busy && !isLive(run)))
      this.#live.splice(this.#live.indexOf(live), 1);
  }

  #tell({ name, room, atMs }: Run, event: RunEvent): void {
    this.#options.announce({ ...event, schedule: name, room, run: iso(atMs) } as NewEvent);
  }
}

/** Of runs that were missed so many are remembered one by one. */
const mostRemembered = 20;

type RunEvent = NewEvent extends infer E
  ? E extends { readonly run: string }
    ? Omit<E, 'schedule' | 'room' | 'run'>
    : never
  : never;

function putsOf(lives: readonly Live[]): Put[] {
  return lives.flatMap(({ run }) => run.put ?? []);
}

function isTakeOf(run: Run, room: string): run is Run & { readonly put: Put } {
  return run.room === room && run.outcome === 'running' && run.put?.kind === 'take';
}

function isSame(one: Run, other: Run): boolean {
  return one.schedule === other.schedule && one.atMs === other.atMs;
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
