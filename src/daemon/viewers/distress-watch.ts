import { type Clock, every, type Timer } from '../../contract/clock.ts';
import type { Event } from '../../contract/events.ts';
import type { Suffering } from '../../contract/models.ts';
import type { ProgrammeState } from '../../contract/programme-state.ts';
import type { EventHub } from '../event-hub.ts';
import type { Room } from '../rooms/room.ts';
import { goneWords, stillCounted } from './all-clear.ts';
import { type Distress, distressAfter, noDistress } from './distress.ts';
import { likelyCause, type Strain } from './likely-cause.ts';
import { nextStep } from './next-step.ts';
import { type OnAirName, RecentTroubles, troubleNow } from './source-trouble.ts';
import {
  countSufferers,
  mostSuffered,
  onlyNetwork,
  type Sufferer,
  untilReached,
  whoSuffers,
} from './who-suffers.ts';

/** How often rooms are looked at, in ms. */
const lookMs = 1000;
/** That it has another cause by now is told so long after the last one, in ms. */
const otherCauseMs = 60_000;

/** A room as it is looked at. */
export type WatchedRoom = Pick<Room, 'name'> & {
  readonly viewers: readonly Sufferer[];
  /** The layers of the picture, the lowest first. */
  readonly renditions: readonly string[];
  /** The process of its media worker. */
  readonly workerPid: number | undefined;
  /** Where that has UDP and TCP for media. */
  readonly mediaPort: number | undefined;
  /** null: nothing. */
  readonly onAir: OnAirName | null;
  /** How what is on air is; null: nothing is. */
  readonly programme: () => ProgrammeState | null;
};

export interface DistressWatchOptions {
  readonly rooms: () => readonly WatchedRoom[];
  /** Who has got no media for too long, and is between two tries, by room. */
  readonly between: () => ReadonlyMap<string, readonly Sufferer[]>;
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
  readonly told: (Told & { readonly announced: Announced }) | null;
  /** How many get no media, and are between two tries. */
  readonly between: number;
  /** Who had it bad since then. */
  readonly hadItBad: ReadonlySet<string>;
}

/** The cause that was announced last. */
interface Announced {
  readonly cause: Told['cause'];
  readonly atMs: number;
}

/** Looks whether many viewers of a room have it bad, and tells that, why it is so, and that it is over. */
export class DistressWatch {
  readonly #options: DistressWatchOptions;
  readonly #timer: Timer;
  readonly #leave: () => void;
  #rooms = new Map<string, Kept>();
  readonly #troubles = new RecentTroubles();

  constructor(options: DistressWatchOptions) {
    this.#options = options;
    this.#leave = options.hub.listen((event) => this.#hear(event));
    this.#timer = every(options.clock, lookMs, () => this.#look());
  }

  /** Why many of a room's viewers have it bad, as it is now; null: nothing was told of them that still is so. */
  of(room: string): (Told & { readonly between: number }) | null {
    const { told, between } = this.#rooms.get(room) ?? unknown;
    return told && { cause: told.cause, reason: told.reason, hint: told.hint, between };
  }

  close(): void {
    this.#timer.cancel();
    this.#leave();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #hear(event: Event): void {
    const { rooms, clock } = this.#options;
    const onAirIn = (room: string) => rooms().find(({ name }) => name === room)?.onAir ?? null;
    this.#troubles.note(event, onAirIn, clock.nowMs());
  }

  #look(): void {
    const { rooms, between, strain, clock } = this.#options;
    const nowMs = clock.nowMs();
    const away = between();
    const now = rooms().map((room) => withAway(room, away.get(room.name) ?? []));
    const pids = [...new Set(now.flatMap(({ workerPid }) => workerPid ?? []))];
    const strainOf = strain(pids);
    const before = this.#rooms;
    this.#rooms = new Map();
    for (const room of now) {
      const { viewers } = room;
      const { distress, told, hadItBad } = before.get(room.name) ?? unknown;
      const after = distressAfter(distress, countSufferers(told ? untilReached(viewers) : viewers), nowMs);
      if (after === noDistress) continue;
      const isTold = after.kind === 'told';
      if (told && !isTold) this.#over(room.name, viewers, hadItBad);
      this.#rooms.set(room.name, {
        distress: after,
        told: isTold ? this.#tell(room, strainOf(room.workerPid), told) : null,
        between: away.get(room.name)?.length ?? 0,
        hadItBad: isTold ? stillCounted(hadItBad, viewers) : unknown.hadItBad,
      });
    }
    // Of a room that is gone nobody waits for the end.
    for (const [name, { told, hadItBad }] of before)
      if (told && !this.#rooms.has(name)) this.#over(name, [], hadItBad);
  }

  /** Why it is so now: announced where that was not, or where it is another one. */
  #tell(room: WatchedRoom, strain: Strain, before: Kept['told']): NonNullable<Kept['told']> {
    const { name, viewers, renditions, onAir, mediaPort } = room;
    const nowMs = this.#options.clock.nowMs();
    const most = mostSuffered(viewers);
    // Nobody has it bad at the moment: that has no other cause.
    if (most === null && before) return before;
    const programme = room.programme();
    const { cause, reason, next } = likelyCause({
      ...{ who: whoSuffers(viewers, renditions), most: most ?? 'loss', network: onlyNetwork(viewers) },
      ...{ strain, mediaPort },
      trouble: (programme && troubleNow(programme)) ?? this.#troubles.of(name, onAir, nowMs),
    });
    const told = { cause, reason, hint: nextStep(next, name, most ?? 'loss') };
    const announced = before?.announced;
    const isKnown = announced && (announced.cause === cause || nowMs - announced.atMs < otherCauseMs);
    if (isKnown) return { ...told, announced };
    this.#announce(room, told, most ?? 'loss');
    return { ...told, announced: { cause, atMs: nowMs } };
  }

  #announce({ name: room, viewers, renditions }: WatchedRoom, told: Told, most: Suffering): void {
    const { viewers: all, suffering } = countSufferers(viewers);
    this.#options.hub.announce({
      ...{ type: 'viewer.suffers', room, viewers: all, suffering, most },
      ...{ address: null, rendition: null, ...whoSuffers(viewers, renditions), ...told },
    });
  }

  #over(room: string, viewers: readonly Sufferer[], hadItBad: ReadonlySet<string>): void {
    const { viewers: all, suffering } = countSufferers(viewers);
    const reason = goneWords(hadItBad, viewers);
    this.#options.hub.announce({ type: 'viewer.recovered', room, viewers: all, suffering, reason });
  }
}

const unknown: Kept = { distress: noDistress, told: null, between: 0, hadItBad: new Set() };

/** Who comes again in a moment has not gone. */
function withAway<R extends WatchedRoom>(room: R, away: readonly Sufferer[]): R {
  return away.length === 0 ? room : { ...room, viewers: [...room.viewers, ...away] };
}
