import type { Logger } from 'pino';
import { type Clock, every, pause, type Timer } from '../../contract/clock.ts';
import type { Config } from '../../contract/config.ts';
import { forgetAside } from '../hooks/forget-aside.ts';
import { outboxFile } from '../hooks/open-webhooks.ts';
import { mayKeepAddresses } from './kept-addresses.ts';
import type { LogMemory } from './log-memory.ts';
import { LogScrubber } from './log-scrubber.ts';

/** How often it is looked for those that have become too old, in ms. */
const lookEveryMs = 600_000;
/** So many lines in memory are looked at in one go, and the main thread has other things to do between two, in ms. */
const [mostLines, restMs] = [200, 20];

export interface OldAddressesOptions {
  readonly config: Pick<Config, 'privacy'>;
  /** Path of the log where it is a file of JSON; null: it is none. */
  readonly logFile: string | null;
  /** The newest lines of it. */
  readonly lines: Pick<LogMemory, 'scrub'>;
  /** Looks after what else is remembered of viewers. */
  readonly tidy: () => void;
  /** Of the state. */
  readonly folder: string;
  readonly clock: Clock;
  readonly log: Pick<Logger, 'warn'>;
}

/** Has addresses that are older than `privacy.keepAddresses` go from what has no thread of its own to see to that: the log, in its file and in memory, and what was damaged of the outbox. */
export class OldAddresses {
  readonly #options: OldAddressesOptions;
  readonly #scrubber: LogScrubber | null;
  readonly #timer: Timer;
  readonly #closing = new AbortController();

  constructor(options: OldAddressesOptions) {
    this.#options = options;
    const { logFile, config, clock, log } = options;
    const keepAddressesMs = () => config.privacy.keepAddresses;
    this.#scrubber =
      logFile === null ? null : new LogScrubber({ file: logFile, keepAddressesMs, clock, log });
    this.#timer = every(clock, lookEveryMs, () => void this.look());
  }

  /** Resolves when those that are too old now are gone. */
  async look(): Promise<void> {
    const { config, folder, tidy, clock, log } = this.#options;
    tidy();
    try {
      forgetAside(outboxFile(folder), clock.wallMs() - config.privacy.keepAddresses);
    } catch (error) {
      log.warn({ err: error }, 'a damaged outbox that is too old stays for now');
    }
    await this.#lookAtLines();
    await this.#scrubber?.look();
  }

  async close(): Promise<void> {
    this.#timer.cancel();
    this.#closing.abort();
    await this.#scrubber?.close();
  }

  async #lookAtLines(): Promise<void> {
    const { config, lines, clock } = this.#options;
    const { signal } = this.#closing;
    const isKept = mayKeepAddresses(config.privacy.keepAddresses, clock.wallMs());
    while (!signal.aborted && lines.scrub(isKept, mostLines)) await pause(clock, restMs, signal);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
