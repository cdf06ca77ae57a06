import type { Clock } from '../../contract/clock.ts';
import { occurrences } from '../../contract/schedule/occurrences.ts';
import {
  type ListedOccurrence,
  type Occurrence,
  type ScheduleSpec,
  scheduledWords,
} from '../../contract/schedule.ts';
import type { ScheduleRow } from '../state/schedules.ts';
import type { Coming } from './coming.ts';
import { type Ahead, runsAhead } from './preflight.ts';

const dayMs = 86_400_000;
/** Of each schedule, in one answer. */
const maxOccurrences = 1000;

/** The next run of a schedule. */
interface NextRun {
  readonly row: ScheduleRow;
  readonly atMs: number;
}

export interface CalendarOptions {
  readonly clock: Clock;
  readonly coming: Coming;
  /** All that are known, those that are parts of the day too. */
  readonly rows: () => readonly ScheduleRow[];
  /** Those of a room. */
  readonly inRoom: (room: string) => readonly ScheduleRow[];
}

/** What comes, and when. */
export class Calendar {
  readonly #options: CalendarOptions;

  constructor(options: CalendarOptions) {
    this.#options = options;
  }

  /** What those that are not paused do in a time, the first first. @param fromMs in ms since 1970 */
  occurrences(fromMs: number, days: number, room?: string): ListedOccurrence[] {
    const found = this.#options
      .rows()
      .filter(({ paused, spec }) => !paused && (room === undefined || spec.room === room))
      .flatMap((row) =>
        occurrences(row.spec, fromMs, fromMs + days * dayMs, maxOccurrences).map((one) => ({ row, ...one })),
      );
    return found
      .toSorted((one, other) => one.atMs - other.atMs)
      .map(({ row, endsAtMs, atMs }) => ({
        ...{ ...wordsOf({ row, atMs }), priority: row.spec.priority },
        endsAt: timesOf({ atMs, endsAtMs }).endsAt,
      }));
  }

  /** What begins next in a room where nothing is on air; null: nothing. */
  nextFor(room: string): { readonly atMs: number; readonly spec: ScheduleSpec } | null {
    const begins = this.#options.inRoom(room).filter(({ spec }) => spec.what.call === 'startBroadcast');
    const [first] = this.#next(begins);
    return first ? { atMs: first.atMs, spec: first.row.spec } : null;
  }

  /** What begins next in any room; null: nothing. */
  nextRun(): Pick<ListedOccurrence, 'schedule' | 'room' | 'words' | 'at'> | null {
    const [first] = this.#next(this.#options.rows());
    return first ? wordsOf(first) : null;
  }

  /** What begins next in a room, whatever it does there; null: nothing. */
  nextIn(room: string): Pick<ListedOccurrence, 'words' | 'at'> | null {
    const [first] = this.#next(this.#options.inRoom(room));
    return first ? wordsOf(first) : null;
  }

  /** The runs that are so near that what they need is looked at. */
  ahead(nowMs: number): Ahead[] {
    return runsAhead(this.#options.rows(), nowMs, (row) => this.#options.coming.after(row, nowMs));
  }

  #next(rows: readonly ScheduleRow[]): NextRun[] {
    const { clock, coming } = this.#options;
    const nowMs = clock.wallMs();
    return rows
      .filter(({ paused }) => !paused)
      .flatMap((row) => {
        const next = coming.after(row, nowMs);
        return next ? [{ row, atMs: next.atMs }] : [];
      })
      .toSorted((one, other) => one.atMs - other.atMs);
  }
}

function wordsOf({ row: { name, spec }, atMs }: NextRun) {
  return {
    schedule: name,
    room: spec.room,
    words: scheduledWords(spec.what),
    at: new Date(atMs).toISOString(),
  };
}

/** When a run is, as the contract tells it. */
export function timesOf({ atMs, endsAtMs }: Occurrence): { at: string; endsAt: string | null } {
  const iso = (ms: number) => new Date(ms).toISOString();
  return { at: iso(atMs), endsAt: endsAtMs === null ? null : iso(endsAtMs) };
}
