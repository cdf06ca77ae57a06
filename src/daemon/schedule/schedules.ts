import { isDeepStrictEqual } from 'node:util';
import type { Logger } from 'pino';
import type { Clock, Timer } from '../../contract/clock.ts';
import { MiroliveError } from '../../contract/errors.ts';
import type { Event } from '../../contract/events.ts';
import type { Principal } from '../../contract/principal.ts';
import { principalWord } from '../../contract/principal-word.ts';
import { endOf, nextOccurrence, occurrences } from '../../contract/schedule/occurrences.ts';
import {
  type ListedOccurrence,
  publicCall,
  type Schedule,
  type ScheduleSpec,
  scheduledWords,
} from '../../contract/schedule.ts';
import type { EventHub, NewEvent } from '../event-hub.ts';
import type { Health } from '../health.ts';
import type { Deed } from '../state/audit-log.ts';
import { readLastRun } from '../state/schedule-runs.ts';
import {
  pauseSchedule,
  readAllSchedules,
  removeSchedule,
  type ScheduleRow,
  writeSchedule,
} from '../state/schedules.ts';
import type { StateStore } from '../state/state-store.ts';
import { Coming } from './coming.ts';
import { due, newRun } from './decide.ts';
import type { Doing } from './doing.ts';
import { type Ahead, runsAhead } from './preflight.ts';
import type { RoomView } from './room-view.ts';
import type { Run } from './run.ts';
import { Runner } from './runner.ts';
import { UnreadSchedules } from './unread-schedules.ts';

/** The wall clock may jump, and the machine sleep: it is looked at again by then, in ms. */
const lookEveryMs = 60_000;
/** What happens in a room comes in bursts. */
const settleMs = 200;
const dayMs = 86_400_000;
/** Of each schedule, in one answer. */
const maxOccurrences = 1000;

export interface SchedulesOptions {
  readonly clock: Clock;
  readonly store: Pick<StateStore, 'read' | 'write' | 'change'>;
  readonly log: Pick<Logger, 'error'>;
  readonly hub: Pick<EventHub, 'announce' | 'listen'>;
  readonly health: Pick<Health, 'lost' | 'found'>;
  readonly view: (room: string) => RoomView;
  readonly doing: Pick<Doing, 'begin' | 'end'>;
  readonly chance: () => number;
}

/** Which schedule was changed, and how. */
export type ScheduleChange = Pick<Extract<Event, { type: 'schedule.changed' }>, 'room' | 'schedule' | 'what'>;

/** What is to happen at its hour. They are held in memory; a change is written first, and where that fails nothing has changed. */
export class Schedules {
  readonly #options: SchedulesOptions;
  readonly #runner: Runner;
  readonly #coming = new Coming();
  readonly #unread: UnreadSchedules;
  #rows: ScheduleRow[] = [];
  /** What rooms have by themselves. */
  #dayparts: ScheduleRow[] = [];
  #state: 'idle' | 'open' | 'closed' = 'idle';
  #isRead = false;
  /** Runs of an earlier daemon go on. */
  #isResumed = false;
  #timer: Timer | undefined;
  /** When it is looked at next, by the clock of what passes. */
  #lookAtMs = Number.POSITIVE_INFINITY;
  #unlisten = () => {};

  constructor(options: SchedulesOptions) {
    this.#options = options;
    this.#unread = new UnreadSchedules(options.health, options.log);
    const announce = (event: NewEvent) => options.hub.announce(event);
    this.#runner = new Runner({ ...options, announce, look: () => this.#look() });
  }

  /** Goes on with what is in the state; once what earlier daemons had on air is there again. */
  begin(): void {
    if (this.#state !== 'idle') return;
    this.#state = 'open';
    this.#unlisten = this.#options.hub.listen((event) => this.#hear(event));
    this.#look();
  }

  /** Somebody has changed these in the state. Told once it is taken up: whoever hears of it looks at what comes now. @throws MiroliveError STATE_UNAVAILABLE */
  takeUp(changed: readonly ScheduleChange[]): void {
    const before = this.#rows;
    this.#read();
    for (const { id, spec } of before) {
      const now = this.#rows.find((row) => row.id === id);
      if (!now || now.paused) this.#runner.drop(id, now ? 'it is paused' : 'it was removed');
      else if (!isDeepStrictEqual(now.spec, spec)) this.#runner.respec(now);
    }
    this.#look();
    for (const one of changed) this.#options.hub.announce({ type: 'schedule.changed', ...one });
  }

  /** Rooms are to play something else by themselves. What is decided of a part stays decided. */
  setDayparts(rows: readonly ScheduleRow[]): void {
    const before = new Map(this.#dayparts.map((row) => [row.id, row]));
    this.#dayparts = rows.map((row) => ({
      ...row,
      decidedUntilMs: before.get(row.id)?.decidedUntilMs ?? row.decidedUntilMs,
    }));
    for (const id of before.keys())
      if (!rows.some((row) => row.id === id)) this.#runner.drop(id, 'it is no part of the day any more');
    this.#look();
  }

  /** The runs that are so near that what they need is looked at. */
  ahead(nowMs: number): Ahead[] {
    return runsAhead(this.#all(), nowMs, (row) => this.#coming.after(row, nowMs));
  }

  list(room?: string): Schedule[] {
    this.#load();
    return this.#rows
      .filter(({ spec }) => room === undefined || spec.room === room)
      .map((row) => this.#model(row));
  }

  /** @throws MiroliveError SCHEDULE_NOT_FOUND */
  get(name: string): Schedule {
    return this.#model(this.#known(name));
  }

  /** @throws MiroliveError SCHEDULE_EXISTS, INVALID_REQUEST, STATE_UNAVAILABLE */
  add(name: string, spec: ScheduleSpec, maker: Principal): Schedule {
    this.#load();
    const nowMs = this.#options.clock.wallMs();
    if (this.#rows.some((row) => row.name === name))
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
    const row = this.#known(name);
    const model = this.#model(row);
    this.#change('removeSchedule', 'removed', row, by, (database) => removeSchedule(database, name));
    return model;
  }

  /** @throws MiroliveError SCHEDULE_NOT_FOUND, STATE_UNAVAILABLE */
  pause(name: string, paused: boolean, by: Principal): Schedule {
    const row = this.#known(name);
    const nowMs = this.#options.clock.wallMs();
    if (row.paused !== paused)
      this.#change('pauseSchedule', paused ? 'paused' : 'resumed', row, by, (database) =>
        pauseSchedule(database, name, paused, nowMs),
      );
    return this.get(name);
  }

  /** Runs it now, once. @throws MiroliveError SCHEDULE_NOT_FOUND, SCHEDULE_RUNNING */
  run(name: string): Schedule {
    const row = this.#known(name);
    if (this.#runner.runs.some(({ schedule }) => schedule === row.id))
      throw new MiroliveError('SCHEDULE_RUNNING', `a run of schedule ${name} goes on already`, {
        details: { name },
      });
    const atMs = this.#options.clock.wallMs();
    const run = newRun(row, { atMs, endsAtMs: endOfNow(row.spec, atMs) });
    this.#runner.take(row, { run, missed: [], more: false, decidedUntilMs: row.decidedUntilMs });
    this.#look();
    return this.get(name);
  }

  /** What those that are not paused do in a time, the first first. @param toMs as `fromMs` in ms since 1970 */
  occurrences(fromMs: number, days: number, room?: string): ListedOccurrence[] {
    this.#load();
    const found = this.#all()
      .filter(({ paused, spec }) => !paused && (room === undefined || spec.room === room))
      .flatMap((row) =>
        occurrences(row.spec, fromMs, fromMs + days * dayMs, maxOccurrences).map((one) => ({ row, ...one })),
      );
    return found
      .toSorted((one, other) => one.atMs - other.atMs)
      .map(({ row: { name, spec }, atMs, endsAtMs }) => ({
        ...{ schedule: name, room: spec.room, words: scheduledWords(spec.what), priority: spec.priority },
        ...{ at: iso(atMs), endsAt: endsAtMs === null ? null : iso(endsAtMs) },
      }));
  }

  /** What begins next in a room where nothing is on air; null: nothing, or what was on air is not there again yet. */
  nextFor(room: string): { readonly atMs: number; readonly spec: ScheduleSpec } | null {
    if (this.#state !== 'open') return null;
    const nowMs = this.#options.clock.wallMs();
    const coming = this.#all().flatMap((row) => {
      if (row.paused || row.spec.room !== room || row.spec.what.call !== 'startBroadcast') return [];
      const next = this.#coming.after(row, nowMs);
      return next ? [{ atMs: next.atMs, spec: row.spec }] : [];
    });
    return coming.toSorted((one, other) => one.atMs - other.atMs)[0] ?? null;
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
    if (event.type === 'broadcast.ended') this.#runner.broadcastEnded(event);
    if (!/^(?:broadcast|programme)\.(?:started|ended|changed|switched)$/.test(event.type)) return;
    if (!('room' in event) || !this.#runner.runs.some(({ room }) => room === event.room)) return;
    this.#runner.hurry(event.room ?? '');
    if (this.#lookAtMs > this.#options.clock.nowMs() + settleMs) this.#lookAfter(settleMs);
  }

  #look(): void {
    if (this.#state === 'closed' || this.#state === 'idle') return;
    const { clock, log } = this.#options;
    const nowMs = clock.wallMs();
    let nextMs = nowMs + lookEveryMs;
    try {
      this.#load();
      if (!this.#isResumed) this.#runner.resume();
      this.#isResumed = true;
      this.#rows = this.#rows.map((row) => this.#decide(row, nowMs));
      this.#dayparts = this.#dayparts.map((row) => this.#decide(row, nowMs));
      const coming = this.#all().flatMap((row) =>
        row.paused ? [] : (this.#coming.after(row, nowMs)?.atMs ?? []),
      );
      nextMs = Math.min(nextMs, this.#runner.step(nowMs), ...coming);
    } catch (err) {
      log.error({ err }, 'what is scheduled is not known for now');
    }
    this.#lookAfter(nextMs - nowMs);
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

  /** @throws MiroliveError STATE_UNAVAILABLE */
  #load(): void {
    if (!this.#isRead) this.#read();
  }

  #read(): void {
    const { rows, unread } = this.#options.store.read(readAllSchedules);
    this.#rows = rows;
    this.#isRead = true;
    this.#unread.set(unread);
  }

  #all(): ScheduleRow[] {
    return [...this.#rows, ...this.#dayparts];
  }

  #known(name: string): ScheduleRow {
    this.#load();
    const row = this.#rows.find((one) => one.name === name);
    if (row) return row;
    const problem = this.#unread.problem(name);
    const reason = problem ? `schedule ${name} cannot be read: ${problem}` : `there is no schedule ${name}`;
    throw new MiroliveError('SCHEDULE_NOT_FOUND', reason, { details: { name } });
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
      ...{ maker: principalWord(row.maker), createdAt: iso(createdAtMs) },
      next: next && timesOf(next),
      last: last && { ...timesOf(last), outcome: last.outcome, reason: last.reason },
    };
  }
}

/** When a run that begins just now ends: it is no longer than its next one, whatever time of the day that ends at. */
function endOfNow(spec: ScheduleSpec, nowMs: number): number | null {
  const endsAtMs = endOf(spec, nowMs);
  const next = nextOccurrence(spec, nowMs);
  if (endsAtMs === null || !next || next.endsAtMs === null) return endsAtMs;
  return Math.min(endsAtMs, nowMs + next.endsAtMs - next.atMs);
}

function timesOf({ atMs, endsAtMs }: Pick<Run, 'atMs' | 'endsAtMs'>): { at: string; endsAt: string | null } {
  return { at: iso(atMs), endsAt: endsAtMs === null ? null : iso(endsAtMs) };
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
