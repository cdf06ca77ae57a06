import type { Daypart } from './dayparts.ts';
import type { Source } from './models.ts';
import { type ScheduleSpec, scheduleSpec } from './schedule.ts';

/** Below what is scheduled, unless somebody wants it to be. */
const daypartPriority = 10;

/**
 * A part of a room's day as what it is: a schedule that the room has.
 *
 * @param zone that of its times
 * @param source as it is played: what has an end begins again
 */
export function daypartSpec(room: string, part: Daypart, zone: string, source: Source): ScheduleSpec {
  const { from, to, days, name } = part;
  const [hour, minute] = from.split(':').map(Number);
  return scheduleSpec.parse({
    room,
    // Sunday is 0, and Monday 1.
    when: { cron: `${minute} ${hour} * * ${days.map((day) => dayNumbers[day]).join()}`, zone },
    end: { until: to },
    what: { call: 'startBroadcast', params: { source, ...(name !== undefined && { name }) } },
    priority: daypartPriority,
  });
}

const dayNumbers = { sun: 0, mon: 1, tue: 2, wed: 3, thu: 4, fri: 5, sat: 6 } as const;

/** What its runs are called. */
export function daypartName({ from }: Pick<Daypart, 'from'>): string {
  return `daypart-${from.replace(':', '')}`;
}
