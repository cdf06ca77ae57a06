import type { Occurrence, ScheduleSpec } from '../schedule.ts';
import { cronTimes } from './cron.ts';
import { instantOf, nextTimeOfDay, parseLocal } from './zone-times.ts';

type Timing = Pick<ScheduleSpec, 'when' | 'end'>;

/**
 * The runs of a schedule that begin after `afterMs` and not after `toMs`, the first first. Pure.
 *
 * @param limit no more than so many
 */
export function occurrences(spec: Timing, afterMs: number, toMs: number, limit: number): Occurrence[] {
  const found: Occurrence[] = [];
  for (const atMs of times(spec, afterMs)) {
    if (atMs > toMs || found.length >= limit) break;
    found.push({ atMs, endsAtMs: endOf(spec, atMs) });
  }
  return found;
}

/** The first run behind a moment; null: none comes any more. */
export function nextOccurrence(spec: Timing, afterMs: number): Occurrence | null {
  return occurrences(spec, afterMs, Number.POSITIVE_INFINITY, 1)[0] ?? null;
}

function* times({ when }: Timing, afterMs: number): Generator<number> {
  if ('cron' in when) {
    yield* cronTimes(when.cron, when.zone, afterMs);
  } else if ('at' in when) {
    const atMs = instantOf(when.zone, parseLocal(when.at) ?? Number.NaN);
    if (atMs > afterMs) yield atMs;
  } else {
    const fromMs = Date.parse(when.fromAt);
    const before = Math.max(-1, Math.floor((afterMs - fromMs) / when.everyMs));
    for (let next = before + 1; ; next++) yield fromMs + next * when.everyMs;
  }
}

/** A run that a person begins: it is no longer than the next one, whatever time of the day that ends at. */
export function occurrenceNow(spec: Timing, atMs: number): Occurrence {
  const endsAtMs = endOf(spec, atMs);
  const next = nextOccurrence(spec, atMs);
  if (endsAtMs === null || !next || next.endsAtMs === null) return { atMs, endsAtMs };
  return { atMs, endsAtMs: Math.min(endsAtMs, atMs + next.endsAtMs - next.atMs) };
}

/** When a run that begins at this moment is over. */
export function endOf({ when, end }: Timing, atMs: number): number | null {
  if (end === null) return null;
  if ('forMs' in end) return atMs + end.forMs;
  const [hours = 0, minutes = 0] = end.until.split(':').map(Number);
  return 'zone' in when ? nextTimeOfDay(when.zone, atMs, (hours * 60 + minutes) * 60_000) : null;
}
