import type { Logger } from 'pino';
import type { Health } from '../health.ts';
import type { UnreadSchedule } from '../state/schedules.ts';

/** Schedules that are written down and cannot be read: each is told until it can, or another one is in its place. */
export class UnreadSchedules {
  readonly #health: Pick<Health, 'lost' | 'found'>;
  readonly #log: Pick<Logger, 'error'>;
  #problems = new Map<string, string>();

  constructor(health: Pick<Health, 'lost' | 'found'>, log: Pick<Logger, 'error'>) {
    this.#health = health;
    this.#log = log;
  }

  /** Those that there are now. */
  set(unread: readonly UnreadSchedule[]): void {
    const before = this.#problems;
    this.#problems = new Map(unread.map(({ name, problem }) => [name, problem]));
    for (const name of before.keys()) if (!this.#problems.has(name)) this.#health.found(partOf(name));
    for (const [name, problem] of this.#problems) if (before.get(name) !== problem) this.#tell(name, problem);
  }

  /** Why one cannot be read; undefined: it can, or there is none. */
  problem(name: string): string | undefined {
    return this.#problems.get(name);
  }

  #tell(name: string, problem: string): void {
    const reason = `it cannot be read, and does not run: ${problem}; put another in its place (mirolive schedule add ${name} …), or start again the version that it is of`;
    this.#log.error({ schedule: name }, `schedule ${name}: ${reason}`);
    this.#health.lost(partOf(name), { reason, failures: 1, nextTryMs: null });
  }
}

function partOf(name: string): string {
  return `schedule ${name}`;
}
