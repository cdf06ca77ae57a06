import type { Logger } from 'pino';
import type { ConfigFile } from '../contract/config-file.ts';
import { asMiroliveError } from '../contract/errors.ts';
import type { ChangedKey } from '../contract/reloaded.ts';
import type { Health } from './health.ts';

export interface ReloadingOptions {
  readonly readConfig: () => Promise<ConfigFile>;
  readonly reopenLog: () => void;
  /** Takes up what may change while the daemon runs. */
  readonly reconfigure: (read: ConfigFile) => ChangedKey[];
  readonly health: Pick<Health, 'lost' | 'found'>;
  readonly log: Pick<Logger, 'info' | 'warn' | 'error'>;
}

/** Opens the log's file anew, and takes from the configuration what may change. What is wrong there changes nothing, and is told as long as it is. */
export class Reloading {
  readonly #options: ReloadingOptions;
  readonly #failures = new Map<string, number>();
  /** One after the other: what was read last must not be undone by what was read before. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: ReloadingOptions) {
    this.#options = options;
  }

  /** @throws MiroliveError INVALID_CONFIG */
  reload(): Promise<ChangedKey[]> {
    const next = this.#last.then(() => this.#reload());
    this.#last = next.catch(() => {});
    return next;
  }

  async #reload(): Promise<ChangedKey[]> {
    const { readConfig, reopenLog, reconfigure, log } = this.#options;
    // A log that stays where it was is told of, and is no reason to leave the configuration as it was.
    await this.#attempt('log', async () => reopenLog()).catch(() => {});
    return await this.#attempt('configuration', async () => {
      const found = reconfigure(await readConfig());
      const restart = found.flatMap(({ key, holds }) => (holds === 'restart' ? [key] : []));
      const changed = found.flatMap(({ key, holds }) => (holds === 'restart' ? [] : [key]));
      log.info({ changed }, 'the configuration is read again');
      if (restart.length > 0) log.warn({ keys: restart }, `needs a restart to change: ${restart.join(', ')}`);
      return found;
    });
  }

  async #attempt<T>(part: string, doing: () => Promise<T>): Promise<T> {
    const { health, log } = this.#options;
    try {
      const done = await doing();
      this.#failures.delete(part);
      health.found(part);
      return done;
    } catch (thrown) {
      const { code, message, hint } = asMiroliveError(thrown);
      const reason = message.replaceAll('\n', '; ');
      const failures = (this.#failures.get(part) ?? 0) + 1;
      this.#failures.set(part, failures);
      health.lost(part, { reason, failures, nextTryMs: null });
      log.error({ code, hint }, `reload: what was there before holds: ${reason}`);
      throw thrown;
    }
  }
}
