import { MiroliveError } from '../../contract/errors.ts';
import { type KnownSpecs, readAllSchedules, type ScheduleRow } from '../state/schedules.ts';
import type { StateStore } from '../state/state-store.ts';
import type { Run } from './run.ts';
import type { UnreadSchedules } from './unread-schedules.ts';

/** The schedules that there are: those of the state, read once and after each change, and the parts of rooms' days. */
export class ScheduleRows {
  readonly #store: Pick<StateStore, 'read'>;
  readonly #unread: UnreadSchedules;
  readonly #specs: KnownSpecs = new Map();
  #rows: readonly ScheduleRow[] = [];
  /** What rooms have by themselves. */
  #dayparts: readonly ScheduleRow[] = [];
  /** null: to be found anew. */
  #byRoom: ReadonlyMap<string, readonly ScheduleRow[]> | null = null;
  #isRead = false;

  constructor(store: Pick<StateStore, 'read'>, unread: UnreadSchedules) {
    this.#store = store;
    this.#unread = unread;
  }

  /** Those of the state, by their names; none before they are read. */
  get written(): readonly ScheduleRow[] {
    return this.#rows;
  }

  get dayparts(): readonly ScheduleRow[] {
    return this.#dayparts;
  }

  get all(): readonly ScheduleRow[] {
    return [...this.#rows, ...this.#dayparts];
  }

  /** Those of a room: many ask at once, each for its own. */
  inRoom(room: string): readonly ScheduleRow[] {
    this.#byRoom ??= Map.groupBy(this.all, ({ spec }) => spec.room);
    return this.#byRoom.get(room) ?? [];
  }

  /** What a run is of; null: that is gone, undefined: it cannot be read, or is a part of the day that is not known yet. */
  of({ schedule, name }: Pick<Run, 'schedule' | 'name'>): ScheduleRow | null | undefined {
    const row = this.all.find(({ id }) => id === schedule);
    const isUnknown = schedule.startsWith('d-') || this.#unread.problem(name) !== undefined;
    return row ?? (isUnknown ? undefined : null);
  }

  /** Reads them, unless they are. @throws MiroliveError STATE_UNAVAILABLE */
  load(): void {
    if (!this.#isRead) this.read();
  }

  /** Reads them anew. @throws MiroliveError STATE_UNAVAILABLE */
  read(): void {
    const { rows, unread } = this.#store.read((database) => readAllSchedules(database, this.#specs));
    const ids = new Set(rows.map(({ id }) => id));
    for (const id of this.#specs.keys()) if (!ids.has(id)) this.#specs.delete(id);
    this.#set(rows, this.#dayparts);
    this.#isRead = true;
    this.#unread.set(unread);
  }

  /** Rooms have other parts. What is decided of a part stays decided. */
  setDayparts(rows: readonly ScheduleRow[]): void {
    const before = new Map(this.#dayparts.map((row) => [row.id, row]));
    const dayparts = rows.map((row) => ({
      ...row,
      decidedUntilMs: before.get(row.id)?.decidedUntilMs ?? row.decidedUntilMs,
    }));
    this.#set(this.#rows, dayparts);
  }

  /** Takes up what is decided of each. */
  decide(decided: (row: ScheduleRow) => ScheduleRow): void {
    this.#set(this.#rows.map(decided), this.#dayparts.map(decided));
  }

  /** @throws MiroliveError SCHEDULE_NOT_FOUND, STATE_UNAVAILABLE */
  known(name: string): ScheduleRow {
    this.load();
    const row = this.#rows.find((one) => one.name === name);
    if (row) return row;
    const problem = this.#unread.problem(name);
    const reason = problem ? `schedule ${name} cannot be read: ${problem}` : `there is no schedule ${name}`;
    throw new MiroliveError('SCHEDULE_NOT_FOUND', reason, { details: { name } });
  }

  #set(rows: readonly ScheduleRow[], dayparts: readonly ScheduleRow[]): void {
    this.#rows = rows;
    this.#dayparts = dayparts;
    this.#byRoom = null;
  }
}
