import { isDeepStrictEqual } from 'node:util';
import { backOffDelayMs } from '../../contract/back-off.ts';
import { asMiroliveError, type ErrorCode, MiroliveError } from '../../contract/errors.ts';
import { occurrenceNow, occurrences } from '../../contract/schedule/occurrences.ts';
import { lasts, type Occurrence, type ScheduledCall, scheduledWords } from '../../contract/schedule.ts';
import type { ScheduleRow } from '../state/schedules.ts';
import { type Due, newRun, nextStepMs, overNow, type Step, steps } from './decide.ts';
import type { Doing } from './doing.ts';
import { sourceOf } from './doing.ts';
import { type Lost, lossOf, type News } from './loss.ts';
import { isThere } from './room-view.ts';
import { isAbove, isLive, type Put, type Run } from './run.ts';
import { type Live, RunBook, type RunBookOptions } from './run-book.ts';

/** What waits for persons, or for what is above it, is looked at again after so long, in ms. */
const holdMs = 5000;
/** Tried again after 2, 4, 8 s and so on, up to a minute. */
const patience = { firstMs: 2000, growth: 2, ceilingMs: 60_000, heldMs: 10_000, jitter: 0.2 };
/** What runs had on air before they were known is among so many that are over. */
const mostEarly = 100;
/** It is not there any more. */
const gone: readonly ErrorCode[] = ['ROOM_IDLE', 'BROADCAST_NOT_FOUND', 'SUPERSEDED'];
/** Another try would go the same way. */
const final: readonly ErrorCode[] = ['NOT_ALLOWED', 'INVALID_REQUEST'];

export interface RunnerOptions extends RunBookOptions {
  readonly doing: Pick<Doing, 'begin' | 'end'>;
  readonly chance: () => number;
  /** Something has come to its end: it is decided anew. */
  readonly look: () => void;
}

/** Does what is decided of runs. */
export class Runner {
  readonly #options: RunnerOptions;
  readonly #book: RunBook;
  /** What was told before it was known which runs go on; null: that is known. */
  #early: News[] | null = [];
  #steppedMs = Number.NEGATIVE_INFINITY;

  constructor(options: RunnerOptions) {
    this.#options = options;
    this.#book = new RunBook(options);
  }

  get runs(): readonly Run[] {
    return this.#book.live.map(({ run }) => run);
  }

  /**
   * Goes on with what an earlier daemon has begun, as schedules are by now.
   *
   * @param scheduleOf what a run is of; null: that is gone, undefined: it is not known
   * @throws MiroliveError STATE_UNAVAILABLE
   */
  resume(scheduleOf: (run: Run) => ScheduleRow | null | undefined): void {
    const early = this.#early ?? [];
    this.#book.resume((put) => early.some((news) => lossOf(put, news) !== null));
    this.#early = null;
    for (const news of early) this.hear(news);
    for (const { run, wasOn } of this.#book.live.filter(({ byHand }) => !byHand)) {
      const row = scheduleOf(run);
      if (wasOn || row === undefined) continue;
      if (row === null) this.drop(run.schedule, 'it was removed');
      // A person may have begun it all the same.
      else if (row.paused && hourOf(run, row)) this.drop(run.schedule, 'it is paused');
      else if (!isOf(run, row)) this.respec(row);
    }
  }

  /** What is in rooms of runs goes on, or ends: once it is known what is due. */
  own(): void {
    this.#book.own();
  }

  /** Takes what is due, or what a person begins, and tells what was missed. */
  take(row: ScheduleRow, due: Due, { byHand = false } = {}): void {
    this.#book.claim(row, due, byHand);
  }

  /** Does what is to be done by now; gives when there is something again, in ms since 1970. */
  step(nowMs: number): number {
    const { live } = this.#book;
    // The clock was put back: nobody waits until it is there again.
    if (nowMs < this.#steppedMs) for (const one of live) one.againMs = Number.NEGATIVE_INFINITY;
    this.#steppedMs = nowMs;
    this.#book.write();
    for (const one of live) one.byClock ||= one.clockFromMs <= this.#options.clock.nowMs();
    for (const one of live) this.#sweep(one);
    this.#book.forget();
    for (const step of steps(live, nowMs)) void this.#act(step, nowMs);
    this.#book.forget();
    return nextStepMs(live, nowMs);
  }

  /** What a run has put on air is over, or what it was put above. */
  hear(news: News): void {
    this.#early = this.#early && [...this.#early, news].slice(-mostEarly);
    for (const live of this.#book.live) {
      const lost = live.run.put && lossOf(live.run.put, news);
      if (!lost) continue;
      this.#settled(live);
      live.lost = lost;
      if (!live.busy) this.#lose(live, lost);
    }
    this.#book.forget();
  }

  /** What waits is to be as its schedule is now; what that has no longer at this moment is given up. */
  respec(row: ScheduleRow): void {
    for (const live of this.#book.live) {
      const { schedule, outcome } = live.run;
      if (schedule !== row.id || outcome !== 'waiting') continue;
      if (live.busy) live.changed = row;
      else this.#respec(live, row);
    }
    this.#book.forget();
  }

  #respec(live: Live, row: ScheduleRow): void {
    const { atMs } = live.run;
    const run = live.byHand ? occurrenceNow(row.spec, atMs) : hourOf(live.run, row);
    if (run) {
      live.againMs = Number.NEGATIVE_INFINITY;
      this.#book.change(live, newRun(row, run));
    } else this.#book.over(live, 'stopped', 'its schedule has changed');
  }

  /** Something has happened in a room: what only waits for that is looked at again. */
  hurry(room: string): void {
    for (const live of this.#book.live)
      if (live.run.room === room && live.failures === 0) live.againMs = Number.NEGATIVE_INFINITY;
  }

  /** A person ends these runs. Gives whether nothing of them is there any more: what persons have above a run's own broadcast keeps that. */
  async stop(runs: readonly Run[]): Promise<boolean> {
    const nowMs = this.#options.clock.wallMs();
    const lives = this.#book.live.filter(({ run }) => runs.includes(run));
    for (const live of lives) {
      live.stopped = true;
      this.#endsBy(live, nowMs);
      live.giveUp.abort();
    }
    const idle = lives.filter(({ busy }) => !busy);
    await Promise.all(
      idle.map((of) => this.#act(of.run.put ? { do: 'end', of } : { do: 'drop', of, reason: '' }, nowMs)),
    );
    this.#options.look();
    return lives.every(({ run, busy }) => busy || !isLive(run));
  }

  /** Gives up what has not begun: its schedule rests, or is gone. */
  drop(schedule: string, reason: string): void {
    for (const live of this.#book.live) {
      if (live.run.schedule !== schedule || live.run.outcome !== 'waiting') continue;
      if (live.busy) live.unwanted = reason;
      else this.#book.over(live, 'stopped', reason);
    }
    this.#book.forget();
  }

  async #act({ do: what, of: live, ...step }: Step<Live>, nowMs: number): Promise<void> {
    if (what === 'drop') return this.#drop(live, 'reason' in step ? step.reason : '');
    live.busy = true;
    live.lost = null;
    try {
      if (what === 'begin') await this.#begin(live);
      else if (what === 'end') await this.#end(live, nowMs);
      else await this.#yield(live, 'reason' in step ? step.reason : '');
    } catch (thrown) {
      const error = asMiroliveError(thrown);
      if (error.code === 'SHUTTING_DOWN') return;
      // Why it is over is known better than what the call for it met with.
      if (live.lost) return;
      if (what !== 'begin') this.#notEnded(live, error);
      else if (live.stopped || error.code === 'SUPERSEDED') this.#book.over(live, 'stopped');
      // Somebody was quicker: it goes above that.
      else if (error.code === 'ROOM_BUSY') this.#book.wait(live, error.message, patience.firstMs);
      else this.#failed(live, error);
    } finally {
      live.busy = false;
      if (live.lost && isLive(live.run)) this.#lose(live, live.lost);
      if (live.unwanted !== null) this.#giveUp(live, live.unwanted);
      if (live.changed && live.run.outcome === 'waiting') this.#respec(live, live.changed);
      live.changed = null;
      this.#options.look();
    }
  }

  /** Its schedule was taken away while it was being begun: what came of it ends now. */
  #giveUp(live: Live, reason: string): void {
    live.unwanted = null;
    const { outcome } = live.run;
    if (outcome === 'waiting') this.#book.over(live, 'stopped', reason);
    if (outcome === 'running') this.#book.change(live, { endsAtMs: this.#options.clock.wallMs() });
  }

  async #begin(live: Live): Promise<void> {
    const { view, doing, clock } = this.#options;
    const book = this.#book;
    const { room, atMs } = live.run;
    const note = (put: Put) => book.change(live, { put });
    const over = overNow(book.live, clock.wallMs());
    const elapsed = () => clock.wallMs() - atMs;
    if (isRelease(live.run.what)) this.#endTaken(live.run);
    live.giveUp = new AbortController();
    const begun = await doing.begin(live.run, {
      elapsed,
      signal: live.giveUp.signal,
      puts: putsOf(book.live),
      over: putsOf(over),
      kept: live.kept,
      note,
    });
    if (begun.is === 'held') return this.#hold(live, begun.reason);
    if (begun.is === 'over') return this.#drop(live, 'it would be over by now');
    const { put, above } = begun;
    if (live.lost && live.lost.is !== 'ended') return;
    if (put && !live.lost && !isThere(put, view(room)))
      throw new MiroliveError('PIPELINE_FAILED', 'it was over at once');
    const { what, endsAtMs } = live.run;
    live.sinceMs = clock.nowMs();
    book.change(live, { put, reason: null, outcome: put ? 'running' : 'ended' });
    const endsAt = endsAtMs === null ? null : new Date(endsAtMs).toISOString();
    book.tell(live.run, { type: 'schedule.started', words: scheduledWords(what), endsAt, above });
  }

  async #end(live: Live, nowMs: number): Promise<void> {
    const { doing, clock } = this.#options;
    const { put } = live.run;
    const ending = overNow(this.#book.live, nowMs);
    const puts = putsOf(ending);
    // What is below it, and only waits for it, ends first: nobody is to see it for a moment.
    const base = put && isAbove(put) ? put.broadcast : null;
    const below = ending.find(
      ({ run, busy }) => !busy && run.put?.kind === 'broadcast' && run.put.id === base,
    );
    for (const one of below ? [below, live] : [live]) {
      one.busy = true;
      try {
        const gone = one.run.put === null || (await doing.end(one.run, one.run.put, puts));
        if (gone) this.#book.over(one, 'ended');
        else one.againMs = clock.wallMs() + holdMs;
      } finally {
        one.busy = one === live;
      }
    }
  }

  async #yield(live: Live, reason: string): Promise<void> {
    const { run } = live;
    if (run.put) await this.#options.doing.end(run, run.put, []);
    this.#book.wait(live, reason, 0);
  }

  /** `take programme` at an hour: what schedules have taken there before ends by that. */
  #endTaken({ room, atMs }: Run): void {
    for (const live of this.#book.live)
      if (live.run.room === room && live.run.atMs < atMs && isTaken(live.run)) this.#endsBy(live, atMs);
  }

  #endsBy(live: Live, ms: number): void {
    const { endsAtMs } = live.run;
    this.#book.change(live, { endsAtMs: Math.min(endsAtMs ?? ms, ms) });
    live.againMs = Number.NEGATIVE_INFINITY;
  }

  /** What is on air for a while is well: what failed before is forgotten. */
  #settled(live: Live): void {
    if (this.#options.clock.nowMs() - live.sinceMs < patience.heldMs) return;
    live.failures = 0;
    live.told = null;
  }

  /** A slate that is not there any more was taken away by a person. */
  #sweep(live: Live): void {
    const { put, outcome, room } = live.run;
    if (outcome !== 'running' || live.busy || !put) return;
    if (put.kind === 'slate' && !isThere(put, this.#options.view(room))) this.#book.over(live, 'stopped');
    else this.#settled(live);
  }

  /** What it had on air is there no more. */
  #lose(live: Live, lost: Lost): void {
    const { what, endsAtMs } = live.run;
    const isAtEnd = endsAtMs !== null && endsAtMs <= this.#options.clock.wallMs();
    // A publisher may come again.
    const isWhole = lost.is === 'ended' && sourceOf(what)?.kind !== 'publisher';
    if (isAtEnd || isWhole || lost.is === 'replaced') this.#book.over(live, 'ended');
    else if (lost.is === 'stopped') this.#book.over(live, 'stopped');
    else if (lost.is === 'failed') this.#failed(live, new MiroliveError('PIPELINE_FAILED', lost.message));
    else {
      live.kept = live.run.put;
      this.#book.wait(live, 'what was on air there is over', 0);
    }
  }

  /** What could not be taken away is tried again, unless it is gone. */
  #notEnded(live: Live, error: MiroliveError): void {
    if (gone.includes(error.code)) {
      this.#book.over(live, 'ended');
      return;
    }
    const { name: schedule, room } = live.run;
    if (live.stuck !== error.message)
      this.#options.log.error(
        { err: error, schedule, room },
        'what a schedule has put on air cannot be ended',
      );
    live.stuck = error.message;
    live.againMs = this.#options.clock.wallMs() + holdMs;
  }

  #drop(live: Live, reason: string): void {
    if (live.stopped) this.#book.over(live, 'stopped');
    else if (live.failures > 0) this.#book.over(live, 'failed', reason);
    else if (live.wasOn) this.#book.over(live, 'ended');
    else this.#book.missed(live, reason);
  }

  #hold(live: Live, reason: string): void {
    if (live.told !== reason) this.#book.tell(live.run, { type: 'schedule.waiting', reason });
    live.told = reason;
    this.#book.wait(live, reason, holdMs);
  }

  #failed(live: Live, { code, message, hint }: MiroliveError): void {
    const { run } = live;
    const again = lasts(run.what) && !final.includes(code);
    if (live.told !== message)
      this.#book.tell(run, { type: 'schedule.failed', reason: message, hint, again });
    live.told = message;
    if (again)
      this.#book.wait(live, message, backOffDelayMs(++live.failures, this.#options.chance(), patience));
    else this.#book.change(live, { outcome: 'failed', reason: message, put: null });
  }
}

function hourOf({ atMs }: Run, { spec }: ScheduleRow): Occurrence | undefined {
  return occurrences(spec, atMs - 1, atMs, 1)[0];
}

function isOf({ room, what, priority }: Run, { spec }: ScheduleRow): boolean {
  return room === spec.room && priority === spec.priority && isDeepStrictEqual(what, spec.what);
}

function isRelease({ call, params }: ScheduledCall): boolean {
  return call === 'control' && params.command.type === 'release';
}

/** Whether it stands above a programme, or is to: in a room where nothing else is on air that is the programme. */
function isTaken({ put, what: { call, params } }: Run): boolean {
  return (put !== null && isAbove(put)) || (call === 'control' && params.command.type === 'take');
}

function putsOf(lives: readonly Live[]): Put[] {
  return lives.flatMap(({ run }) => run.put ?? []);
}
