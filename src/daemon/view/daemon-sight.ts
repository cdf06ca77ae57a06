import type { Clock } from '../../contract/clock.ts';
import type { DegradedPart } from '../../contract/models.ts';
import type { ListedPublisher } from '../../contract/publishing.ts';
import type { View, ViewedDaemon } from '../../contract/view/view.ts';
import type { ViewedRoom } from '../../contract/view/viewed-room.ts';
import { isFigure } from '../event-figures.ts';
import type { EventHub } from '../event-hub.ts';
import type { Desk } from '../rooms/desk.ts';
import type { Room } from '../rooms/room.ts';
import type { WorkerPool } from '../sfu/worker-pool.ts';
import type { KeptPlace } from './disk-look.ts';
import { knownProcesses } from './known-processes.ts';
import { LoopLag } from './loop-lag.ts';
import { MachineLook } from './machine-look.ts';
import type { Looked, Sight } from './observer.ts';
import { ProcessTable } from './process-table.ts';
import { type RoomSight, roomStates } from './room-states.ts';
import { wants } from './wants.ts';

export interface DaemonSightOptions {
  readonly desk: Pick<Desk, 'rooms' | 'ingest' | 'guardPid' | 'onSettled'>;
  readonly pool: Pick<WorkerPool, 'slots'>;
  readonly hub: EventHub;
  readonly clock: Clock;
  readonly facts: () => ViewedDaemon;
  readonly publishers: () => readonly ListedPublisher[];
  /** What a schedule begins next in a room. */
  readonly scheduled: (room: string) => { readonly words: string; readonly at: string } | null;
  /** Why viewers of a room suffer, be it a single one; null: nobody does. */
  readonly distress: (room: string) => RoomSight['distress'];
  /** How slow a room's ffmpeg is; null: it keeps up. */
  readonly slow: (room: string) => RoomSight['slow'];
  /** What the daemon writes to, and where. */
  readonly places: () => readonly KeptPlace[];
}

/** What there is to be seen of a daemon. */
export class DaemonSight implements Sight {
  readonly #options: DaemonSightOptions;
  readonly #lag = new LoopLag();
  readonly #machine = new MachineLook();
  readonly #processes = new ProcessTable();

  constructor(options: DaemonSightOptions) {
    this.#options = options;
  }

  watch(changed: (room: string | null) => void): () => void {
    const { desk, hub } = this.#options;
    this.#lag.start();
    desk.onSettled = changed;
    const leave = hub.listen((event) => {
      if (!isFigure(event)) changed('room' in event ? event.room : null);
    });
    return () => {
      leave();
      desk.onSettled = () => {};
      this.#lag.stop();
    };
  }

  look(before: View | null, looked: Looked): View {
    const all = looked.rooms === null || !before;
    const daemon = all ? this.#options.facts() : before.daemon;
    const rooms = this.#rooms(before, looked, daemon.degraded);
    return {
      ...{ daemon, rooms, viewers: this.#viewers(looked) },
      machine: looked.figures || !before ? this.#lookAtMachine() : before.machine,
      processes: looked.figures || !before ? this.#lookAtProcesses(daemon) : before.processes,
    };
  }

  #rooms(before: View | null, looked: Looked, degraded: readonly DegradedPart[]): View['rooms'] {
    const publishers = this.#options.publishers();
    const told = this.#options.desk.rooms.map((room) => {
      const { name } = room;
      const known = before && Object.hasOwn(before.rooms, name) ? before.rooms[name] : undefined;
      const isSame = known && looked.rooms && !looked.rooms.has(name);
      return [name, isSame ? known : this.#room(room, known, looked, degraded, publishers)] as const;
    });
    return Object.fromEntries(told);
  }

  #room(
    room: Room,
    before: ViewedRoom | undefined,
    looked: Looked,
    degraded: readonly DegradedPart[],
    publishers: readonly ListedPublisher[],
  ): ViewedRoom {
    const { name, onAir: broadcast } = room;
    const sight = {
      ...{
        name,
        entry: room.entry,
        watchUrl: room.watchUrl,
        title: room.sign.title,
        broadcast,
        viewers: room.viewers,
      },
      programme: broadcast && room.actor.programmeState(broadcast.id, false),
      renditions: room.broadcast?.renditions ?? [],
      publishers: publishers.filter((one) => one.room === name),
      missing: degraded.find(({ part }) => part === `room ${name}`) ?? null,
      scheduled: this.#options.scheduled(name),
      distress: this.#options.distress(name),
      slow: this.#options.slow(name),
    };
    const isSame = before?.broadcast?.id === broadcast?.id;
    const known = isSame ? before?.figures : null;
    return {
      ...roomStates(sight, before, wants(looked.wants.whole, name)),
      figures: (!looked.figures && known) || (broadcast?.stats ?? null),
      levels: !looked.figures && isSame ? (before?.levels ?? null) : (room.broadcast?.levels ?? null),
    };
  }

  #viewers({ wants: { viewers } }: Looked): View['viewers'] {
    const told = this.#options.desk.rooms.flatMap((room) =>
      wants(viewers, room.name) && room.viewers.length > 0
        ? [[room.name, Object.fromEntries(room.viewers.map((viewer) => [viewer.id, viewer]))] as const]
        : [],
    );
    return Object.fromEntries(told);
  }

  #lookAtMachine(): View['machine'] {
    const { clock, hub, places } = this.#options;
    return this.#machine.look(clock.nowMs(), hub.now, places(), this.#lag.look());
  }

  #lookAtProcesses({ rtmp }: ViewedDaemon): View['processes'] {
    const { desk, pool, clock } = this.#options;
    return this.#processes.look(knownProcesses({ desk, pool, rtmpPid: rtmp?.pid }), clock.nowMs());
  }
}
