import { systemClock } from '../../contract/clock.ts';
import type { Schedules } from '../schedule/schedules.ts';
import type { Handlers } from './handler-table.ts';

/** What the calls for schedules do. */
export function scheduleHandlers(schedules: Schedules) {
  return {
    addSchedule: ({ name, spec }, { caller }) => schedules.add(name, spec, caller),
    listSchedules: ({ room }) => schedules.list(room),
    getSchedule: ({ name }) => schedules.get(name),
    removeSchedule: ({ name }, { caller }) => schedules.remove(name, caller),
    pauseSchedule: ({ name, paused }, { caller }) => schedules.pause(name, paused, caller),
    runSchedule: ({ name }) => schedules.run(name),
    nextOccurrences: ({ room, fromMs, days }) =>
      schedules.occurrences(fromMs ?? systemClock.wallMs(), days, room),
  } satisfies Partial<Handlers>;
}
