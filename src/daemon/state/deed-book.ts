import type { Logger } from 'pino';
import type { Clock, Timer } from '../../contract/clock.ts';
import type { Deed } from './audit-log.ts';
import type { StateStore } from './state-store.ts';

/** Deeds are written together, this long after the first, in ms: an encoder that flaps costs no more. */
const writeAfterMs = 500;
/** So many are written at once, whatever the time. */
const maxWaiting = 1000;

export interface DeedBookOptions {
  readonly store: Pick<StateStore, 'noteDeeds'>;
  readonly clock: Clock;
  readonly log: Pick<Logger, 'error'>;
}

/** Takes deeds that are done already: nobody waits for the disk, and where they cannot be written the log has them. */
export class DeedBook {
  readonly #options: DeedBookOptions;
  #waiting: Deed[] = [];
  #timer: Timer | undefined;

  constructor(options: DeedBookOptions) {
    this.#options = options;
  }

  note(deed: Deed): void {
    const { clock } = this.#options;
    this.#waiting.push({ ...deed, atMs: clock.wallMs() });
    if (this.#waiting.length >= maxWaiting) this.write();
    else this.#timer ??= clock.after(writeAfterMs, () => this.write());
  }

  /** Writes what is not written yet. */
  write(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    const deeds = this.#waiting;
    this.#waiting = [];
    if (deeds.length === 0) return;
    try {
      this.#options.store.noteDeeds(deeds);
    } catch (err) {
      this.#options.log.error({ err, deeds }, 'these deeds cannot be written into the audit log');
    }
  }

  close(): void {
    this.write();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
