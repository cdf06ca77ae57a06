import { MiroliveError } from '../../contract/errors.ts';
import { maxIntervals } from '../../contract/report.ts';
import type { ReportRange } from './report-of.ts';
import { minuteMs } from './room-tally.ts';

const hour = 60;
const day = 24 * hour;
/** Lengths of an interval that a clock has a word for, in minutes. */
const steps = [1, 2, 5, 10, 15, 30, hour, 2 * hour, 3 * hour, 6 * hour, 12 * hour, day, 7 * day, 30 * day];
/** So many fit a picture. */
const usualIntervals = 100;

/** What a report is to be about, in ms before now. */
export interface RangeAsked {
  readonly sinceMs?: number | undefined;
  readonly untilMs?: number | undefined;
  readonly stepMs?: number | undefined;
}

/**
 * Which minutes a report tells, from whole steps of the clock on.
 *
 * @param usual where nothing else is asked, in minutes since 1970; the last one is not in it
 * @throws MiroliveError INVALID_REQUEST
 */
export function reportRange(
  { sinceMs, untilMs, stepMs }: RangeAsked,
  usual: { readonly fromMinute: number; readonly untilMinute: number },
  nowMs: number,
): ReportRange {
  const from = sinceMs === undefined ? usual.fromMinute : Math.floor((nowMs - sinceMs) / minuteMs);
  const untilMinute =
    untilMs === undefined
      ? usual.untilMinute
      : Math.min(usual.untilMinute, Math.ceil((nowMs - untilMs) / minuteMs));
  if (untilMinute <= from || from < 0)
    throw new MiroliveError(
      'INVALID_REQUEST',
      'expected a time that begins before it ends, and not before 1970',
      {
        hint: 'Say since when and until when: --since 8h --until 1h',
      },
    );
  const length = untilMinute - from;
  const step =
    stepMs === undefined
      ? (steps.find((one) => length / one <= usualIntervals) ?? Math.ceil(length / usualIntervals))
      : stepMs / minuteMs;
  // Of a day's or a week's nobody knows here where they begin.
  const fromMinute = from - (from % Math.min(step, hour));
  const intervals = Math.ceil((untilMinute - fromMinute) / step);
  if (intervals > maxIntervals) {
    const least = Math.ceil(length / maxIntervals);
    throw new MiroliveError(
      'INVALID_REQUEST',
      `expected ${maxIntervals} intervals at most, got ${intervals}`,
      {
        hint: `Take longer ones: --every ${least + 1}m`,
      },
    );
  }
  return { fromMinute, untilMinute, step };
}
