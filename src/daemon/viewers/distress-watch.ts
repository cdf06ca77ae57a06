import { type Clock, every, type Timer } from '../../contract/clock.ts';
import type { Event } from '../../contract/events.ts';
import type { Suffering } from '../../contract/models.ts';
import type { ProgrammeState } from '../../contract/programme-state.ts';
import type { EventHub } from '../event-hub.ts';
import type { Room } from '../rooms/room.ts';
import { goneWords, stillCounted } from './all-clear.ts';
import { type Distress, distressAfter, noDistress } from './distress.ts';
import { causeAfter, type LastingCause } from './lasting-cause.ts';
import type { Strain } from './likely-cause.ts';
import { nextStep } from './next-step.ts';
import { type OnAirName, RecentTroubles, troubleNow } from './source-trouble.ts';
import {
  countSufferers,
  mostSuffered,
  networksThatSuffer,
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

/** Why viewers of a room have it bad. */
export interface Standing extends Told {
  /** `many`: it was told. */
  readonly of: 'many' | 'few';
  /** How many get no media, and are between two tries. */
  readonly between: number;
}

/** A room of which something is to be remembered. */
interface Kept {
  readonly distress: Distress;
  /** Why those who have it bad do, however few they are; null: nobody has had it bad yet. */
  readonly likely: LastingCause | null;
  /** null: nothing was told. */
  readonly announced: Announced | null;
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

  /** Why viewers of a room have it bad, as it is now, and whether that was told since they are many; null: nobody has. */
  of(room: string): Standing | null {
    const { likely, announced, between } = this.#rooms.get(room) ?? unknown;
    if (likely === null) return null;
    return { of: announced ? 'many' : 'few', ...toldOf(likely, room), between };
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
      const { name, viewers } = room;
      const kept = before.get(name) ?? unknown;
      const wasTold = kept.announced !== null;
      const counted = countSufferers(wasTold ? untilReached(viewers) : viewers);
      const distress = distressAfter(kept.distress, counted, nowMs);
      const isTold = distress.kind === 'told';
      const likely = this.#likely(room, strainOf(room.workerPid), kept.likely, isTold);
      if (distress === noDistress && likely === null) continue;
      if (wasTold && !isTold) this.#over(name, viewers, kept.hadItBad);
      this.#rooms.set(name, {
        ...{ distress, likely, between: away.get(name)?.length ?? 0 },
        announced: isTold && likely ? this.#tell(room, likely, kept.announced) : null,
        hadItBad: isTold ? stillCounted(kept.hadItBad, viewers) : unknown.hadItBad,
      });
    }
    // Of a room that is gone nobody waits for the end.
    for (const [name, { announced, hadItBad }] of before)
      if (announced && !this.#rooms.has(name)) this.#over(name, [], hadItBad);
  }

  /** Why it is so now. @param isTold it is not over yet, though nobody may have it bad at the moment: that has no other cause */
  #likely(room: WatchedRoom, strain: Strain, before: Kept['likely'], isTold: boolean): Kept['likely'] {
    const { name, viewers, renditions, onAir, mediaPort } = room;
    const nowMs = this.#options.clock.nowMs();
    const most = mostSuffered(viewers);
    if (most === null) return isTold ? before : null;
    const programme = room.programme();
    const known = {
      ...{ who: whoSuffers(viewers, renditions), most, network: onlyNetwork(viewers) },
      ...{ networks: networksThatSuffer(viewers), strain, mediaPort },
      trouble: (programme && troubleNow(programme)) ?? this.#troubles.of(name, onAir, nowMs),
    };
    return causeAfter(before, known, viewers, nowMs);
  }

  /** Announced where it was not, or where it is another cause. */
  #tell(room: WatchedRoom, likely: LastingCause, before: Announced | null): Announced {
    const { cause } = likely;
    const atMs = this.#options.clock.nowMs();
    if (before && (before.cause === cause || atMs - before.atMs < otherCauseMs)) return before;
    this.#announce(room, toldOf(likely, room.name), likely.most);
    return { cause, atMs };
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

const unknown: Kept = {
  ...{ distress: noDistress, likely: null, announced: null },
  ...{ between: 0, hadItBad: new Set() },
};

function toldOf({ cause, reason, next, most }: LastingCause, room: string): Told {
  return { cause, reason, hint: nextStep(next, room, most) };
}

/** Who comes again in a moment has not gone. */
function withAway<R extends WatchedRoom>(room: R, away: readonly Sufferer[]): R {
  return away.length === 0 ? room : { ...room, viewers: [...room.viewers, ...away] };
}
