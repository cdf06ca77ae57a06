import { nextOccurrence } from '../../contract/schedule/occurrences.ts';
import type { Occurrence } from '../../contract/schedule.ts';
import type { ScheduleRow } from '../state/schedules.ts';

/** The next run of each schedule, found once: patterns take their time. */
export class Coming {
  readonly #known = new WeakMap<
    ScheduleRow['spec'],
    { readonly afterMs: number; readonly next: Occurrence | null }
  >();

  /** The first run behind a moment; null: none comes any more. */
  after({ spec }: ScheduleRow, afterMs: number): Occurrence | null {
    const known = this.#known.get(spec);
    const holds = known && known.afterMs <= afterMs && (known.next === null || afterMs < known.next.atMs);
    if (holds) return known.next;
    const next = nextOccurrence(spec, afterMs);
    this.#known.set(spec, { afterMs, next });
    return next;
  }

  /** Whether a run has come since a schedule was decided, or the clock was put back. */
  isDue(row: ScheduleRow, nowMs: number): boolean {
    if (nowMs < row.decidedUntilMs) return true;
    const next = this.after(row, row.decidedUntilMs);
    return next !== null && next.atMs <= nowMs;
  }
}
