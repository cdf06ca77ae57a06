import { isDeepStrictEqual } from 'node:util';
import type { Logger } from 'pino';
import type { Clock, Timer } from '../../contract/clock.ts';
import { asMiroliveError, MiroliveError } from '../../contract/errors.ts';
import type { Event } from '../../contract/events.ts';
import type { Principal } from '../../contract/principal.ts';
import { principalWord } from '../../contract/principal-word.ts';
import { nextOccurrence, occurrenceNow } from '../../contract/schedule/occurrences.ts';
import {
  type ListedOccurrence,
  publicCall,
  type Schedule,
  type ScheduleSpec,
  type StoppedRun,
  scheduledWords,
} from '../../contract/schedule.ts';
import type { EventHub, NewEvent } from '../event-hub.ts';
import type { Health } from '../health.ts';
import type { PutOver } from '../rooms/put-over.ts';
import type { Deed } from '../state/audit-log.ts';
import { readLastRun } from '../state/schedule-runs.ts';
import { pauseSchedule, removeSchedule, type ScheduleRow, writeSchedule } from '../state/schedules.ts';
import type { StateStore } from '../state/state-store.ts';
import { Calendar, timesOf } from './calendar.ts';
import { Coming } from './coming.ts';
import { due, newRun } from './decide.ts';
import type { Doing } from './doing.ts';
import type { RoomView } from './room-view.ts';
import type { RunBookOptions } from './run-book.ts';
import { Runner } from './runner.ts';
import { ScheduleRows } from './schedule-rows.ts';
import { UnreadSchedules } from './unread-schedules.ts';

/** The wall clock may jump, and the machine sleep: it is looked at again by then, in ms. */
const lookEveryMs = 60_000;
/** What an earlier daemon had on air is there again in a moment. */
const restoringMs = 1000;
/** What happens in a room comes in bursts. */
const settleMs = 200;
/** What is told where it is not known what to do. */
const part = 'schedules';

export interface SchedulesOptions {
  readonly clock: Clock;
  readonly store: Pick<StateStore, 'read' | 'write' | 'change'>;
  readonly log: Pick<Logger, 'error'>;
  readonly hub: Pick<EventHub, 'announce' | 'listen'>;
  readonly health: Pick<Health, 'lost' | 'found'>;
  readonly view: (room: string) => RoomView;
  readonly rooms: () => readonly string[];
  readonly doing: Pick<Doing, 'begin' | 'end'>;
  readonly chance: () => number;
  /** What earlier daemons had on air is there again: until then nobody knows which runs go on. */
  readonly isRestored: () => boolean;
  readonly adopt: RunBookOptions['adopt'];
}

/** Which schedule was changed, and how. */
export type ScheduleChange = Pick<Extract<Event, { type: 'schedule.changed' }>, 'room' | 'schedule' | 'what'>;

/** What is to happen at its hour. They are held in memory; a change is written first, and where that fails nothing has changed. */
export class Schedules {
  readonly #options: SchedulesOptions;
  readonly #runner: Runner;
  readonly #coming = new Coming();
  readonly #rows: ScheduleRows;
  readonly #calendar: Calendar;
  #state: 'idle' | 'open' | 'closed' = 'idle';
  /** Runs of an earlier daemon go on. */
  #isResumed = false;
  /** Looks in a row that found nothing out. */
  #failures = 0;
  #timer: Timer | undefined;
  /** When it is looked at next, by the clock of what passes. */
  #lookAtMs = Number.POSITIVE_INFINITY;
  readonly #unlisten: () => void;

  constructor(options: SchedulesOptions) {
    this.#options = options;
    this.#rows = new ScheduleRows(options.store, new UnreadSchedules(options.health, options.log));
    this.#calendar = new Calendar({
      ...{ clock: options.clock, coming: this.#coming },
      rows: () => this.#rows.all,
      inRoom: (room) => this.#rows.inRoom(room),
    });
    const announce = (event: NewEvent) => options.hub.announce(event);
    this.#runner = new Runner({ ...options, announce, look: () => this.#look() });
    this.#unlisten = options.hub.listen((event) => this.#hear(event));
  }

  /** Goes on with what is in the state; once what earlier daemons had on air is there again. */
  begin(): void {
    if (this.#state !== 'idle') return;
    this.#state = 'open';
    this.#look();
  }

  /** Somebody has changed these in the state. Told once it is taken up: whoever hears of it looks at what comes now. @throws MiroliveError STATE_UNAVAILABLE */
  takeUp(changed: readonly ScheduleChange[]): void {
    const before = this.#rows.written;
    this.#rows.read();
    const after = new Map(this.#rows.written.map((row) => [row.id, row]));
    for (const { id, spec } of before) {
      const now = after.get(id);
      if (!now || now.paused) this.#runner.drop(id, now ? 'it is paused' : 'it was removed');
      else if (!isDeepStrictEqual(now.spec, spec)) this.#runner.respec(now);
    }
    this.#look();
    for (const one of changed) this.#options.hub.announce({ type: 'schedule.changed', ...one });
  }

  /** Rooms are to play something else by themselves. */
  setDayparts(rows: readonly ScheduleRow[]): void {
    const gone = this.#rows.dayparts.filter(({ id }) => !rows.some((row) => row.id === id));
    this.#rows.setDayparts(rows);
    for (const { id } of gone) this.#runner.drop(id, 'it is no part of the day any more');
    this.#look();
  }

  /** What comes, as far as it is known. */
  get calendar(): Calendar {
    return this.#calendar;
  }

  /** What was on air is there again, and what is to happen there is known. */
  get isOpen(): boolean {
    return this.#state === 'open';
  }

  list(room?: string): Schedule[] {
    this.#rows.load();
    return this.#rows.written
      .filter(({ spec }) => room === undefined || spec.room === room)
      .map((row) => this.#model(row));
  }

  /** @throws MiroliveError SCHEDULE_NOT_FOUND */
  get(name: string): Schedule {
    return this.#model(this.#rows.known(name));
  }

  /** Where anything of a name is: the schedule, and what goes on of it, or of parts of the day. */
  roomsOf(name: string): string[] {
    this.#rows.load();
    const rows = this.#rows.written.filter((row) => row.name === name).map(({ spec }) => spec.room);
    return [...rows, ...this.#runner.runs.filter((run) => run.name === name).map(({ room }) => room)];
  }

  /** @throws MiroliveError SCHEDULE_EXISTS, INVALID_REQUEST, STATE_UNAVAILABLE */
  add(name: string, spec: ScheduleSpec, maker: Principal): Schedule {
    this.#rows.load();
    const nowMs = this.#options.clock.wallMs();
    if (this.#rows.written.some((row) => row.name === name))
      throw new MiroliveError('SCHEDULE_EXISTS', `there is a schedule ${name} already`, {
        details: { name },
      });
    if (!nextOccurrence(spec, nowMs))
      throw new MiroliveError('INVALID_REQUEST', 'expected a time that is to come, got one that is past', {
        hint: 'See what time it is there: date',
      });
    this.#change('addSchedule', 'added', { name, spec }, maker, (database) =>
      writeSchedule(database, { name, spec, maker }, null, nowMs),
    );
    return this.get(name);
  }

  /** @throws MiroliveError SCHEDULE_NOT_FOUND, STATE_UNAVAILABLE */
  remove(name: string, by: Principal): Schedule {
    const row = this.#rows.known(name);
    const model = this.#model(row);
    this.#change('removeSchedule', 'removed', row, by, (database) => removeSchedule(database, name));
    return model;
  }

  /** @throws MiroliveError SCHEDULE_NOT_FOUND, STATE_UNAVAILABLE */
  pause(name: string, paused: boolean, by: Principal): Schedule {
    const row = this.#rows.known(name);
    const nowMs = this.#options.clock.wallMs();
    if (row.paused !== paused)
      this.#change('pauseSchedule', paused ? 'paused' : 'resumed', row, by, (database) =>
        pauseSchedule(database, name, paused, nowMs),
      );
    return this.get(name);
  }

  /** Runs it now, once. @throws MiroliveError SCHEDULE_NOT_FOUND, SCHEDULE_RUNNING */
  run(name: string): Schedule {
    const row = this.#rows.known(name);
    if (this.#runner.runs.some(({ schedule }) => schedule === row.id))
      throw new MiroliveError('SCHEDULE_RUNNING', `a run of schedule ${name} goes on already`, {
        details: { name },
      });
    const atMs = this.#options.clock.wallMs();
    const run = newRun(row, occurrenceNow(row.spec, atMs));
    const due = { run, missed: [], more: false, decidedUntilMs: row.decidedUntilMs };
    this.#runner.take(row, due, { byHand: true });
    this.#look();
    return this.get(name);
  }

  /** A person ends what goes on of it; its next run comes. @throws MiroliveError SCHEDULE_NOT_FOUND, SCHEDULE_NOT_RUNNING, INVALID_REQUEST */
  async stop(name: string, room?: string): Promise<StoppedRun> {
    const runs = this.#runner.runs.filter((run) => run.name === name && run.room === (room ?? run.room));
    const [run] = runs;
    if (!run) {
      this.#rows.known(name);
      throw new MiroliveError('SCHEDULE_NOT_RUNNING', `nothing of schedule ${name} goes on`);
    }
    if (runs.some((other) => other.room !== run.room))
      throw new MiroliveError('INVALID_REQUEST', `expected a room: several have a run of ${name}`, {
        hint: `Name one: mirolive schedule stop ${name} --room ${run.room}`,
      });
    const gone = await this.#runner.stop(runs);
    return { schedule: name, room: run.room, words: scheduledWords(run.what), gone };
  }

  /** What those that are not paused do in a time, the first first. @param fromMs in ms since 1970 @throws MiroliveError STATE_UNAVAILABLE */
  occurrences(fromMs: number, days: number, room?: string): ListedOccurrence[] {
    this.#rows.load();
    return this.#calendar.occurrences(fromMs, days, room);
  }

  /** What was put above a programme, maybe by a run, is there no more. */
  putOver(over: PutOver): void {
    this.#runner.hear(over);
    if (this.#state === 'open') this.#lookAfter(settleMs);
  }

  close(): void {
    this.#state = 'closed';
    this.#timer?.cancel();
    this.#unlisten();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #hear(event: Event): void {
    if (event.type === 'broadcast.ended') this.#runner.hear(event);
    if (this.#state !== 'open') return;
    if (!/^(?:broadcast|programme)\.(?:started|ended|changed|switched)$/.test(event.type)) return;
    if (!('room' in event) || !this.#runner.runs.some(({ room }) => room === event.room)) return;
    this.#runner.hurry(event.room ?? '');
    if (this.#lookAtMs > this.#options.clock.nowMs() + settleMs) this.#lookAfter(settleMs);
  }

  #look(): void {
    if (this.#state === 'closed' || this.#state === 'idle') return;
    const { clock, health } = this.#options;
    const nowMs = clock.wallMs();
    let nextMs = nowMs + lookEveryMs;
    try {
      this.#rows.load();
      // It was read later than usual.
      if (!this.#isResumed && !this.#options.isRestored()) {
        this.#lookAfter(restoringMs);
        return;
      }
      const isFirst = !this.#isResumed;
      if (isFirst) this.#runner.resume((run) => this.#rows.of(run));
      this.#isResumed = true;
      this.#failures = 0;
      health.found(part);
      this.#rows.decide((row) => this.#decide(row, nowMs));
      if (isFirst) this.#runner.own();
      const coming = this.#rows.all.flatMap((row) =>
        row.paused ? [] : (this.#coming.after(row, nowMs)?.atMs ?? []),
      );
      nextMs = Math.min(nextMs, this.#runner.step(nowMs), ...coming);
    } catch (err) {
      this.#unknown(err);
    }
    this.#lookAfter(nextMs - nowMs);
  }

  /** What has begun is not known either: nothing that is scheduled begins, parts of the day neither. */
  #unknown(err: unknown): void {
    const { health, log } = this.#options;
    const reason = `nothing that is scheduled begins, nor dayparts, until it is known what has begun: ${asMiroliveError(err).message}`;
    if (this.#failures === 0) log.error({ err }, reason);
    health.lost(part, { reason, failures: ++this.#failures, nextTryMs: lookEveryMs });
  }

  #lookAfter(ms: number): void {
    const { clock } = this.#options;
    this.#timer?.cancel();
    this.#lookAtMs = clock.nowMs() + ms;
    this.#timer = clock.after(ms, () => this.#look());
  }

  #decide(row: ScheduleRow, nowMs: number): ScheduleRow {
    if (row.paused || !this.#coming.isDue(row, nowMs)) return row;
    const decided = due(row, nowMs);
    this.#runner.take(row, decided);
    return { ...row, decidedUntilMs: decided.decidedUntilMs };
  }

  #change(
    what: string,
    words: ScheduleChange['what'],
    { name, spec }: Pick<ScheduleRow, 'name' | 'spec'>,
    who: Principal,
    act: Parameters<StateStore['write']>[0],
  ): void {
    const { room } = spec;
    const deed: Deed = { who, what, subject: name, room, details: { words: scheduledWords(spec.what) } };
    this.#options.store.change(deed, act);
    this.takeUp([{ room, schedule: name, what: words }]);
  }

  #model(row: ScheduleRow): Schedule {
    const { id, name, spec, paused, appliedBy, createdAtMs } = row;
    const next = paused ? null : this.#coming.after(row, this.#options.clock.wallMs());
    const live = this.#runner.runs.findLast(({ schedule }) => schedule === id);
    const last = live ?? this.#options.store.read((database) => readLastRun(database, id));
    return {
      ...{
        id,
        name,
        spec: { ...spec, what: publicCall(spec.what) },
        words: scheduledWords(spec.what),
        paused,
        appliedBy,
      },
      ...{ maker: principalWord(row.maker), createdAt: new Date(createdAtMs).toISOString() },
      next: next && timesOf(next),
      last: last && { ...timesOf(last), outcome: last.outcome, reason: last.reason },
    };
  }
}
