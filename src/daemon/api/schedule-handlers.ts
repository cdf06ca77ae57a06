import { systemClock } from '../../contract/clock.ts';
import { missing, type Surroundings } from '../schedule/inspect.ts';
import type { Schedules } from '../schedule/schedules.ts';
import type { Handlers } from './handler-table.ts';

/** Has a call wait until what an earlier daemon had on air is there again, though not for ever. */
type Settled = <I extends unknown[], R>(handle: (...input: I) => R) => (...input: I) => Promise<Awaited<R>>;

/** What the calls for schedules do. */
export function scheduleHandlers(
  schedules: Schedules,
  around: Pick<Surroundings, 'check' | 'checkFile'>,
  settled: Settled,
) {
  return {
    addSchedule: async ({ name, spec }, { caller, wanted }) => {
      const added = schedules.add(name, spec, caller);
      wanted(added);
      return { ...added, warning: await missing(spec, around) };
    },
    listSchedules: ({ room }) => schedules.list(room),
    getSchedule: ({ name }) => schedules.get(name),
    removeSchedule: ({ name }, { caller }) => schedules.remove(name, caller),
    pauseSchedule: ({ name, paused }, { caller }) => schedules.pause(name, paused, caller),
    stopSchedule: settled(({ name, room }) => schedules.stop(name, room)),
    runSchedule: settled(({ name }) => schedules.run(name)),
    nextOccurrences: ({ room, fromMs, days }) =>
      schedules.occurrences(fromMs ?? systemClock.wallMs(), days, room),
  } satisfies Partial<Handlers>;
}
