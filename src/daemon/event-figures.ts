import type { Event } from '../contract/events.ts';

/** Whether an event comes all the time while nothing happens: only who asks for figures is told it, and nobody afterwards. */
export function isFigure(event: Event): boolean {
  return event.type === 'broadcast.stats' || (event.type === 'pipeline.started' && event.round);
}
