import type { Logger } from 'pino';
import type { Clock, Timer } from '../../contract/clock.ts';
import type { Config } from '../../contract/config.ts';
import type { Health } from '../health.ts';
import type { RoomProblem } from './room-problems.ts';

/** While something that a room needs is wrong, it is looked at again so often, in ms: each look may start ffprobe. */
export const roomLookMs = 60_000;

export interface RoomWatchOptions {
  readonly config: Config;
  readonly find: (config: Config) => Promise<readonly RoomProblem[]>;
  readonly health: Pick<Health, 'lost' | 'found'>;
  readonly log: Logger;
  readonly clock: Clock;
}

/** Tells whoever watches the daemon what rooms name, and cannot have: a slate, a fallback. A room goes on air without it. */
export class RoomWatch {
  readonly #options: RoomWatchOptions;
  /** How often in a row something of a room was missing. */
  #missing = new Map<string, number>();
  /** What an earlier look finds is outdated: a disk that is dead may keep it for ever. */
  #looks = 0;
  #timer: Timer | undefined;

  constructor(options: RoomWatchOptions) {
    this.#options = options;
  }

  /** Looks at what the configuration names now. */
  look(): void {
    const { config, find } = this.#options;
    const look = ++this.#looks;
    this.#timer?.cancel();
    void find(config).then((problems) => look === this.#looks && this.#tell(problems));
  }

  /** Nothing is told any more, and nobody waits for a look. */
  close(): void {
    this.#looks++;
    this.#timer?.cancel();
  }

  #tell(found: readonly RoomProblem[]): void {
    const { health, log, clock } = this.#options;
    const problems = Map.groupBy(found, ({ room }) => room);
    const before = this.#missing;
    this.#missing = new Map([...problems.keys()].map((room) => [room, (before.get(room) ?? 0) + 1]));
    for (const [room, failures] of this.#missing) {
      const errors = (problems.get(room) ?? []).map(({ error }) => error);
      const reason = errors.map(({ message }) => message).join('; ');
      health.lost(partOf(room), { reason, failures, nextTryMs: roomLookMs });
      for (const error of before.has(room) ? [] : errors)
        log.warn({ room, ...error.toJSON() }, `room ${room}: ${error.message}`);
    }
    for (const room of before.keys()) if (!problems.has(room)) health.found(partOf(room));
    if (problems.size > 0) this.#timer = clock.after(roomLookMs, () => this.look());
  }
}

function partOf(room: string): string {
  return `rooms.${room}`;
}
