import { type Clock, every, type Timer } from '../../contract/clock.ts';
import type { Event } from '../../contract/events.ts';
import type { EventHub } from '../event-hub.ts';
import type { Room } from '../rooms/room.ts';
import { type Distress, distressAfter, noDistress } from './distress.ts';
import { likelyCause, type Strain } from './likely-cause.ts';
import { troubleWords } from './source-trouble.ts';
import { countSufferers, mostSuffered, type Sufferer, whoSuffers } from './who-suffers.ts';

/** How often rooms are looked at, in ms. */
const lookMs = 1000;
/** What went wrong longer ago than this, in ms, is no cause of what is now. */
const troubleMs = 60_000;

/** A room as it is looked at. */
export type WatchedRoom = Pick<Room, 'name'> & {
  readonly viewers: readonly Sufferer[];
  /** The layers of the picture, the lowest first. */
  readonly renditions: readonly string[];
  /** The process of its media worker. */
  readonly workerPid: number | undefined;
};

export interface DistressWatchOptions {
  readonly rooms: () => readonly WatchedRoom[];
  /** How hard the server works; to be asked at each look. */
  readonly strain: (pids: readonly number[]) => (workerPid: number | undefined) => Strain;
  readonly hub: EventHub;
  readonly clock: Clock;
}

/** What is told of a room. */
export type Told = Pick<Extract<Event, { type: 'viewer.suffers' }>, 'cause' | 'reason' | 'hint'>;

/** A room of which something is to be remembered. */
interface Kept {
  readonly distress: Distress;
  readonly told: Told | null;
}

/** Looks whether many viewers of a room have it bad, and tells that, why it is so, and that it is over. */
export class DistressWatch {
  readonly #options: DistressWatchOptions;
  readonly #timer: Timer;
  readonly #leave: () => void;
  #rooms = new Map<string, Kept>();
  /** What went wrong last with what is on air in each room. */
  readonly #troubles = new Map<string, { readonly atMs: number; readonly words: string }>();

  constructor(options: DistressWatchOptions) {
    this.#options = options;
    this.#leave = options.hub.listen((event) => this.#hear(event));
    this.#timer = every(options.clock, lookMs, () => this.#look());
  }

  /** What was told of a room's viewers; null: nothing that still is so. */
  of(room: string): Told | null {
    return this.#rooms.get(room)?.told ?? null;
  }

  close(): void {
    this.#timer.cancel();
    this.#leave();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #hear(event: Event): void {
    const words = troubleWords(event);
    if (words !== null && 'room' in event && typeof event.room === 'string')
      this.#troubles.set(event.room, { atMs: this.#options.clock.nowMs(), words });
  }

  #look(): void {
    const { rooms, strain, clock } = this.#options;
    const nowMs = clock.nowMs();
    for (const [room, { atMs }] of this.#troubles) if (nowMs - atMs > troubleMs) this.#troubles.delete(room);
    const now = rooms();
    const pids = [...new Set(now.flatMap(({ workerPid }) => workerPid ?? []))];
    const strainOf = strain(pids);
    const before = this.#rooms;
    this.#rooms = new Map();
    for (const room of now) {
      const { distress, told } = before.get(room.name) ?? { distress: noDistress, told: null };
      const counted = countSufferers(room.viewers);
      const after = distressAfter(distress, counted, nowMs);
      if (after === noDistress) continue;
      const isTold = after.kind === 'told';
      const kept = {
        distress: after,
        told: isTold ? (told ?? this.#tell(room, strainOf(room.workerPid))) : null,
      };
      if (told && !isTold) this.#over(room.name, counted);
      this.#rooms.set(room.name, kept);
    }
    // Of a room that is gone nobody waits for the end.
    for (const [name, { told }] of before)
      if (told && !this.#rooms.has(name)) this.#over(name, { viewers: 0, suffering: 0 });
  }

  #tell({ name: room, viewers, renditions }: WatchedRoom, strain: Strain): Told {
    const most = mostSuffered(viewers) ?? 'loss';
    const who = whoSuffers(viewers, renditions);
    const trouble = this.#troubles.get(room)?.words ?? null;
    const { cause, reason } = likelyCause({ who, most, strain, trouble });
    const hint = `See who: mirolive viewers list --room ${room} --sort ${most === 'frozen' ? 'freezes' : 'loss'}`;
    const { viewers: all, suffering } = countSufferers(viewers);
    this.#options.hub.announce({
      ...{ type: 'viewer.suffers', room, viewers: all, suffering, most },
      ...{ address: null, rendition: null, ...who, cause, reason, hint },
    });
    return { cause, reason, hint };
  }

  #over(
    room: string,
    { viewers, suffering }: { readonly viewers: number; readonly suffering: number },
  ): void {
    this.#options.hub.announce({ type: 'viewer.recovered', room, viewers, suffering });
  }
}
