import type { Logger } from 'pino';
import type { ProgrammeEvent } from '../../ingest/process/director/director-options.ts';
import type { EventHub } from '../event-hub.ts';
import type { Broadcast } from './broadcast.ts';
import type { End } from './errors.ts';

export interface RelayOptions {
  readonly hub: EventHub;
  readonly log: Logger;
}

/** Tells operators what becomes of broadcasts. */
export class Relay {
  readonly #options: RelayOptions;

  constructor(options: RelayOptions) {
    this.#options = options;
  }

  /** Passes on what its programme tells from now on. */
  follow(broadcast: Broadcast): void {
    const { hub, log } = this.#options;
    const place = placeOf(broadcast);
    broadcast.on('programme', (event) => {
      if (event.type === 'live' || event.type === 'ended') return;
      if (event.type === 'stats') {
        const viewers = broadcast.room.viewers.length;
        hub.announce({ ...place, type: 'broadcast.stats', stats: event.stats, viewers });
        return;
      }
      if (event.type !== 'pipeline.started') log[levelOf(event)]({ ...place, ...event }, event.type);
      hub.announce({ ...place, ...event });
    });
  }

  /** Its first frames have left. */
  live(broadcast: Broadcast): void {
    const value = broadcast.model();
    this.#options.hub.announce({ type: 'broadcast.started', ...placeOf(broadcast), value });
  }

  ended(broadcast: Broadcast, { reason, message }: End): void {
    const { hub, log } = this.#options;
    const place = placeOf(broadcast);
    log.info({ ...place, reason, message }, 'broadcast ended');
    hub.announce({ ...place, type: 'broadcast.ended', reason, message, stats: broadcast.stats });
  }
}

function placeOf({ id, room }: Broadcast): { broadcast: string; room: string } {
  return { broadcast: id, room: room.name };
}

/** What an operator should see in the log, and what is as it should be. */
function levelOf({ type }: ProgrammeEvent): 'warn' | 'info' {
  return ['pipeline.failed', 'pipeline.overloaded', 'source.away', 'playlist.skipped'].includes(type)
    ? 'warn'
    : 'info';
}
