import { MiroliveError } from '../../contract/errors.ts';
import { readAllSchedules, type ScheduleRow } from '../state/schedules.ts';
import type { StateStore } from '../state/state-store.ts';
import type { UnreadSchedules } from './unread-schedules.ts';

/** The schedules that there are: those of the state, read once and after each change, and the parts of rooms' days. */
export class ScheduleRows {
  readonly #store: Pick<StateStore, 'read'>;
  readonly #unread: UnreadSchedules;
  #rows: ScheduleRow[] = [];
  /** What rooms have by themselves. */
  #dayparts: ScheduleRow[] = [];
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

  /** Reads them, unless they are. @throws MiroliveError STATE_UNAVAILABLE */
  load(): void {
    if (!this.#isRead) this.read();
  }

  /** Reads them anew. @throws MiroliveError STATE_UNAVAILABLE */
  read(): void {
    const { rows, unread } = this.#store.read(readAllSchedules);
    this.#rows = rows;
    this.#isRead = true;
    this.#unread.set(unread);
  }

  /** Rooms have other parts. What is decided of a part stays decided. */
  setDayparts(rows: readonly ScheduleRow[]): void {
    const before = new Map(this.#dayparts.map((row) => [row.id, row]));
    this.#dayparts = rows.map((row) => ({
      ...row,
      decidedUntilMs: before.get(row.id)?.decidedUntilMs ?? row.decidedUntilMs,
    }));
  }

  /** Takes up what is decided of each. */
  decide(decided: (row: ScheduleRow) => ScheduleRow): void {
    this.#rows = this.#rows.map(decided);
    this.#dayparts = this.#dayparts.map(decided);
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
}
