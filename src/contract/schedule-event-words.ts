import type { Event } from './events.ts';

type ScheduleEvent = Extract<Event, { readonly type: `schedule.${string}` }>;

/** Whether an event is about a schedule. */
export function isScheduleEvent(event: Event): event is ScheduleEvent {
  return event.type.startsWith('schedule.');
}

/** What becomes of a schedule, but for its room. @param when gives a moment in the words of who reads it */
export function scheduleEventWords(event: ScheduleEvent, when = (at: string) => at): string {
  const { schedule } = event;
  switch (event.type) {
    case 'schedule.changed':
      return `schedule ${schedule} was ${event.what}`;
    case 'schedule.started': {
      const above = event.above ? ', above what was on air' : '';
      return `schedule ${schedule} begins: ${event.words}${above}${event.endsAt === null ? '' : `, until ${when(event.endsAt)}`}`;
    }
    case 'schedule.ended':
      return `schedule ${schedule} ${event.reason === 'stopped' ? 'was stopped' : 'has ended'}`;
    case 'schedule.waiting':
      return `schedule ${schedule} waits: ${event.reason}`;
    case 'schedule.failed':
      return `schedule ${schedule} cannot be on air${event.again ? ' for now' : ''}: ${event.reason}; next: ${event.hint}`;
    case 'schedule.trouble':
      return `schedule ${schedule} would not be on air at ${when(event.run)}: ${event.reason}; next: ${event.hint}`;
    case 'schedule.well':
      return `schedule ${schedule} would be on air at ${when(event.run)} again`;
    case 'schedule.missed':
      return `schedule ${schedule} missed ${event.count === 1 ? `its run of ${when(event.run)}` : `${event.count} runs, the last of ${when(event.run)}`}: ${event.reason}`;
  }
}
