import type { Logger } from 'pino';
import { MarkFile } from '../../ingest/child/mark-file.ts';
import type { IngestPool } from '../../ingest/pool/ingest-pool.ts';
import type { EventHub } from '../event-hub.ts';
import type { Health } from '../health.ts';
import type { Broadcast } from './broadcast.ts';
import type { End } from './errors.ts';
import type { ActorListener } from './room.ts';

export interface RelayOptions {
  readonly hub: EventHub;
  readonly log: Logger;
  readonly health: Pick<Health, 'lost' | 'found' | 'need'>;
}

const unmarkedHint = { hint: 'Let it write in /dev/shm, or in its temporary folder' };

/** Tells operators what becomes of rooms, their broadcasts, and the processes that play them. */
export class Relay {
  readonly #options: RelayOptions;

  constructor(options: RelayOptions) {
    this.#options = options;
  }

  /** Hears what happens in a room. */
  listenTo(room: string): Omit<ActorListener, 'settled'> {
    const { log, health } = this.#options;
    const part = `room ${room}`;
    return {
      begun: (broadcast) => this.#follow(broadcast),
      live: (broadcast) => this.#live(broadcast),
      ended: (broadcast, end) => this.#ended(broadcast, end),
      trouble: (what, trouble) =>
        log.warn({ room, what, ...trouble }, `room ${room}: ${what}: ${trouble.reason}`),
      missing: (trouble) => (trouble ? health.lost(part, trouble) : health.found(part)),
    };
  }

  /** Hears of the processes that programmes run in. @param marks such as those processes have; null: there is no place for any */
  watch(ingest: IngestPool, marks = MarkFile.create()): void {
    const { hub, log, health } = this.#options;
    if (!marks) log.warn(unmarkedHint, 'a source that ends its process is not found out, nor set aside');
    marks?.close();
    health.need('ingest', () => ingest.processes.length > 0);
    ingest.on('quarantined', ({ room, words, error }) => {
      hub.announce({ type: 'source.quarantined', room, words, reason: error.message, hint: error.hint });
    });
    ingest.on('failed', ({ request, id, error }) => {
      log.error({ err: error, request, id }, `${request} of ${id} failed: ${error.message}`);
    });
    ingest.on('died', ({ pid, message }) => hub.announce({ type: 'ingest.died', pid, message }));
    ingest.on('guardDied', ({ pid, message }) => hub.announce({ type: 'guard.died', pid, message }));
  }

  /** Passes on what its programme tells from now on. */
  #follow(broadcast: Broadcast): void {
    const { hub } = this.#options;
    const place = placeOf(broadcast);
    broadcast.on('programme', (event) => {
      if (event.type === 'live' || event.type === 'ended' || event.type === 'items') return;
      if (event.type === 'stats') {
        const viewers = broadcast.room.viewers.length;
        hub.announce({ ...place, type: 'broadcast.stats', stats: event.stats, viewers });
        return;
      }
      hub.announce({ ...place, ...event });
    });
  }

  /** Its first frames have left. */
  #live(broadcast: Broadcast): void {
    const value = broadcast.model();
    this.#options.hub.announce({ type: 'broadcast.started', ...placeOf(broadcast), value });
  }

  #ended(broadcast: Broadcast, { reason, message }: End): void {
    this.#options.hub.announce({
      ...placeOf(broadcast),
      type: 'broadcast.ended',
      startedAt: broadcast.model().startedAt,
      reason,
      message,
      stats: broadcast.stats,
    });
  }
}

function placeOf({ id, room }: Broadcast): { broadcast: string; room: string } {
  return { broadcast: id, room: room.name };
}
