import type { Logger } from 'pino';
import { type Clock, every, type Timer } from '../../contract/clock.ts';
import type { Config } from '../../contract/config.ts';
import { forgetAside } from '../hooks/forget-aside.ts';
import { outboxFile } from '../hooks/open-webhooks.ts';
import { LogScrubber } from './log-scrubber.ts';

/** How often it is looked for those that have become too old, in ms. */
const lookEveryMs = 600_000;

export interface OldAddressesOptions {
  readonly config: Pick<Config, 'privacy'>;
  /** Path of the log where it is a file of JSON; null: it is none. */
  readonly logFile: string | null;
  /** Of the state. */
  readonly folder: string;
  readonly clock: Clock;
  readonly log: Pick<Logger, 'warn'>;
}

/** Has addresses that are older than `privacy.keepAddresses` go from what has no thread of its own to see to that: the log, and what was damaged of the outbox. */
export class OldAddresses {
  readonly #options: OldAddressesOptions;
  readonly #scrubber: LogScrubber | null;
  readonly #timer: Timer;

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
    const { config, folder, clock, log } = this.#options;
    try {
      forgetAside(outboxFile(folder), clock.wallMs() - config.privacy.keepAddresses);
    } catch (error) {
      log.warn({ err: error }, 'a damaged outbox that is too old stays for now');
    }
    await this.#scrubber?.look();
  }

  async close(): Promise<void> {
    this.#timer.cancel();
    await this.#scrubber?.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
