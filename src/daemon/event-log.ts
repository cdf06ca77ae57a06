import type { Logger } from 'pino';
import type { Event } from '../contract/events.ts';
import { isScheduleEvent, scheduleEventWords } from '../contract/schedule-event-words.ts';
import type { EventHub } from './event-hub.ts';
import { eventLevels } from './event-levels.ts';

/** Writes what happens into the log, each line with the `type` of its event. */
export function logEvents(hub: EventHub, log: Logger): void {
  hub.listen((event) => {
    const level = eventLevels[event.type];
    if (level !== null) log[level](fieldsOf(event), messageOf(event));
  });
}

/** Without what the log itself says (`pid` is the daemon's own there), and what is long. */
function fieldsOf({ at: _, ...event }: Event): Record<string, unknown> {
  switch (event.type) {
    case 'broadcast.started': {
      const { value, ...rest } = event;
      return { ...rest, name: value.name };
    }
    case 'broadcast.ended': {
      const { stats: _stats, ...rest } = event;
      return rest;
    }
    case 'publisher.joined':
      return { type: event.type, ...event.publisher };
    case 'rtmp.died':
    case 'rtmp.back':
    case 'ingest.died':
    case 'guard.died':
    case 'worker.died': {
      const { pid, ...rest } = event;
      return { ...rest, [`${event.type.split('.')[0]}Pid`]: pid };
    }
    default:
      return event;
  }
}

function messageOf(event: Event): string {
  if (isScheduleEvent(event)) return scheduleEventWords(event);
  switch (event.type) {
    case 'broadcast.started':
      return `on air: ${event.value.name}`;
    case 'broadcast.ended':
      return `broadcast ended: ${event.message ?? event.reason}`;
    case 'programme.switched':
      return `on air now: ${event.to.words} (${event.to.entry})`;
    case 'rtmp.died':
      return 'the RTMP server died; it is started anew';
    case 'ingest.died':
      return 'an ingest process died; it is started anew';
    case 'guard.died':
      return 'the source guard died; it is started anew';
    case 'worker.died':
      return 'a mediasoup worker died; it is started anew';
    case 'source.quarantined':
      return event.reason;
    case 'daemon.degraded':
      return `degraded: ${event.part}: ${event.reason}`;
    case 'daemon.recovered':
      return `recovered: ${event.part}`;
    case 'webhook.ended':
      return `webhook ${event.webhook} has ended: ${event.reason}`;
    default:
      return event.type;
  }
}
