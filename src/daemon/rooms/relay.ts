import type { Logger } from 'pino';
import { announcedSource } from '../../contract/source-words.ts';
import { MarkFile } from '../../ingest/child/mark-file.ts';
import type { IngestPool } from '../../ingest/pool/ingest-pool.ts';
import type { EventHub } from '../event-hub.ts';
import type { FolderEvent } from '../folders/room-folders.ts';
import type { Health } from '../health.ts';
import { broadcastModel, type RoomFacts } from './broadcast.ts';
import type { ActorListener, Room } from './room.ts';

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
  listenTo(place: RoomFacts): Omit<ActorListener, 'settled' | 'putOver'> {
    const { hub, log, health } = this.#options;
    const room = place.name;
    const part = `room ${room}`;
    return {
      live: (broadcast) => {
        const model = broadcastModel(broadcast, place);
        const value = { ...model, source: announcedSource(model.source) };
        hub.announce({ type: 'broadcast.started', broadcast: broadcast.id, room, value });
      },
      back: ({ id: broadcast }) => hub.announce({ type: 'broadcast.back', broadcast, room }),
      heard: ({ id: broadcast }, event) => {
        if (event.type === 'live' || event.type === 'ended' || event.type === 'items') return;
        const told =
          event.type === 'stats'
            ? ({ type: 'broadcast.stats', stats: event.stats, viewers: place.viewers.length } as const)
            : event;
        hub.announce({ broadcast, room, ...told });
      },
      sought: ({ id: broadcast }, place) =>
        hub.announce({ type: 'programme.sought', broadcast, room, ...place }),
      ended: ({ id: broadcast, startedAt, stats }, { reason, message }) =>
        hub.announce({ type: 'broadcast.ended', broadcast, room, startedAt, reason, message, stats }),
      trouble: (what, trouble) =>
        log.warn({ room, what, ...trouble }, `room ${room}: ${what}: ${trouble.reason}`),
      missing: (trouble) => (trouble ? health.lost(part, trouble) : health.found(part)),
    };
  }

  /** Tells what becomes of a folder that is played in a room. */
  folder({ name: room, broadcast }: Pick<Room, 'name' | 'broadcast'>, event: FolderEvent): void {
    if (broadcast) this.#options.hub.announce({ broadcast: broadcast.id, room, ...event });
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
    ingest.on('died', ({ pid, rooms, message }) =>
      hub.announce({ type: 'ingest.died', pid, rooms: [...rooms], message }),
    );
    ingest.on('guardDied', ({ pid, message }) => hub.announce({ type: 'guard.died', pid, message }));
  }
}
