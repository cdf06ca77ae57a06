import type { Report, ReportFigures } from '../../contract/report.ts';
import { percentile } from './first-picture-buckets.ts';
import { type MinuteFigures, noFigures, together } from './minute-figures.ts';
import { minuteMs } from './room-tally.ts';

const hourMs = 3_600_000;
/** Who has watched for less tells nothing of a rate, in ms of all together. */
const leastCountedMs = 10_000;

/** Minutes of a report, since 1970: the last one is not in it. */
export interface ReportRange {
  readonly fromMinute: number;
  readonly untilMinute: number;
  /** How many are an interval. */
  readonly step: number;
}

/** Counted minutes as a report tells them. @param nowMs what is to come has no average yet; since 1970 */
export function reportOf(
  { fromMinute, untilMinute, step }: ReportRange,
  counted: ReadonlyMap<number, MinuteFigures>,
  nowMs: number,
): Pick<Report, 'from' | 'until' | 'stepMs' | 'total' | 'browsers' | 'kinds' | 'intervals'> {
  const places = Array.from({ length: Math.ceil((untilMinute - fromMinute) / step) }, (_, at) => at);
  const endMs = Math.min(nowMs, untilMinute * minuteMs);
  const startMs = fromMinute * minuteMs;
  const all = places.map((at) => counted.get(at) ?? noFigures());
  const total = all.reduce(together, noFigures(all[0]?.there));
  return {
    ...{ from: iso(startMs), until: iso(untilMinute * minuteMs), stepMs: step * minuteMs },
    total: figuresOf(total, endMs - startMs),
    ...{ browsers: watchedWith(total.browsers), kinds: watchedWith(total.kinds) },
    intervals: all.map((figures, at) => {
      const beginMs = startMs + at * step * minuteMs;
      const ms = Math.min(beginMs + step * minuteMs, endMs) - beginMs;
      return { at: iso(beginMs), ...figuresOf(figures, ms) };
    }),
  };
}

function figuresOf(figures: MinuteFigures, ms: number): ReportFigures {
  const { there, joined, left, peak, presentMs, watchedMs, rankedMs, bestMs, countedMs, freezes } = figures;
  const { firstPictures } = figures;
  const [p50Ms, p95Ms] = [percentile(firstPictures, 0.5), percentile(firstPictures, 0.95)];
  const count = firstPictures.reduce((sum, one) => sum + one, 0);
  return {
    ...{ there, joined, left, peak },
    average: ms <= 0 ? 0 : Math.min(peak, rounded(presentMs / ms, 100)),
    minutesWatched: rounded(watchedMs / minuteMs, 10),
    freezesPerHour: countedMs < leastCountedMs ? null : rounded(freezes / (countedMs / hourMs), 10),
    bestShare: rankedMs === 0 ? null : Math.min(1, rounded(bestMs / rankedMs, 1000)),
    firstPicture: p50Ms === null || p95Ms === null ? null : { count, p50Ms, p95Ms },
  };
}

function watchedWith(times: Readonly<Record<string, number>>): Report['browsers'] {
  return Object.entries(times)
    .toSorted(([, one], [, other]) => other - one)
    .map(([name, ms]) => ({ name, minutesWatched: rounded(ms / minuteMs, 10) }));
}

function rounded(value: number, parts: number): number {
  return Math.round(value * parts) / parts;
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
