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
  #looking = Promise.resolve();
  #timer: Timer | undefined;
  #closed = false;

  constructor(options: RoomWatchOptions) {
    this.#options = options;
  }

  /** Looks at what the configuration names now. */
  look(): void {
    this.#timer?.cancel();
    this.#looking = this.#looking.then(() => this.#look());
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#timer?.cancel();
    await this.#looking;
  }

  async #look(): Promise<void> {
    if (this.#closed) return;
    const { config, find, health, log, clock } = this.#options;
    const problems = Map.groupBy(await find(config), ({ room }) => room);
    const before = this.#missing;
    this.#missing = new Map([...problems.keys()].map((room) => [room, (before.get(room) ?? 0) + 1]));
    for (const [room, found] of problems) {
      const reason = found.map(({ error }) => error.message).join('; ');
      health.lost(partOf(room), { reason, failures: this.#missing.get(room) ?? 1, nextTryMs: roomLookMs });
      for (const { error } of before.has(room) ? [] : found)
        log.warn({ room, ...error.toJSON() }, `room ${room}: ${error.message}`);
    }
    for (const room of before.keys()) if (!problems.has(room)) health.found(partOf(room));
    if (problems.size > 0 && !this.#closed) this.#timer = clock.after(roomLookMs, () => this.look());
  }
}

function partOf(room: string): string {
  return `rooms.${room}`;
}
