import type { Logger } from 'pino';
import type { Clock, Timer } from '../../contract/clock.ts';
import type { Config } from '../../contract/config.ts';
import type { LogLevelState } from '../../contract/log.ts';
import type { LogLevelName } from '../../contract/log-levels.ts';

export interface LogLevelOptions {
  readonly log: Pick<Logger, 'level' | 'info'>;
  readonly config: Pick<Config, 'log'>;
  readonly clock: Clock;
}

/** How much the log says: what the configuration wants, or for a while what somebody does who looks for something. */
export class LogLevel {
  readonly #options: LogLevelOptions;
  #other: {
    readonly level: LogLevelName;
    readonly untilMs: number | null;
    readonly timer: Timer | null;
  } | null = null;

  constructor(options: LogLevelOptions) {
    this.#options = options;
  }

  get state(): LogLevelState {
    const configured = this.#options.config.log.level;
    const untilMs = this.#other?.untilMs ?? null;
    return {
      level: this.#other?.level ?? configured,
      configured,
      until: untilMs === null ? null : new Date(untilMs).toISOString(),
    };
  }

  /** @param level null: as configured @param forMs null: until it is set again */
  set(level: LogLevelName | null, forMs: number | null): LogLevelState {
    const { clock } = this.#options;
    this.#other?.timer?.cancel();
    this.#other =
      level === null
        ? null
        : {
            level,
            untilMs: forMs === null ? null : clock.wallMs() + forMs,
            timer: forMs === null ? null : clock.after(forMs, () => this.set(null, null)),
          };
    this.#apply();
    return this.state;
  }

  /** The configuration was read again: what it says holds, unless something else does for a while. */
  configured(): void {
    if (this.#other?.untilMs === null) this.#other = null;
    this.#apply();
  }

  close(): void {
    this.#other?.timer?.cancel();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #apply(): void {
    const { log } = this.#options;
    const { level, until } = this.state;
    if (log.level === level) return;
    // Said while it can be: at a level that is no less than before.
    log.info({ level, until }, 'the log changes its level');
    log.level = level;
  }
}
