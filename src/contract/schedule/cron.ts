import { Cron } from 'croner';

/**
 * Times by a pattern of five fields, or one such as `@daily`. What the clocks skip comes at once behind the jump, what comes twice
 * comes once, if it names hours; `*` and steps go by the time that passes.
 *
 * @throws Error in words where it is no such pattern
 */
function cron(pattern: string, zone: string): Cron {
  return new Cron(pattern, { timezone: zone, mode: '5-part', fixedTimeRule: 'no-wildcard' });
}

const shape = /^\s*(?:@\w+|\S+(?:\s+\S+){4})\s*$/;

/** Why it is no pattern, or never comes; null: it is one. */
export function cronProblem(pattern: string, zone: string, nowMs = 0): string | null {
  if (!shape.test(pattern)) return 'it has not five fields: minute, hour, day, month, weekday';
  try {
    return nextCron(pattern, zone, nowMs) === null ? 'it never comes' : null;
  } catch (error) {
    return (error as Error).message.replace(/^CronPattern: /, '');
  }
}

/** The first time by a pattern behind a moment; null: none comes. */
export function nextCron(pattern: string, zone: string, afterMs: number): number | null {
  return cron(pattern, zone).nextRun(new Date(afterMs))?.getTime() ?? null;
}

/** The times by a pattern behind a moment, one after the other. */
export function* cronTimes(pattern: string, zone: string, afterMs: number): Generator<number> {
  const times = cron(pattern, zone);
  for (let next = times.nextRun(new Date(afterMs)); next; next = times.nextRun(next)) yield next.getTime();
}
