import type { Logger } from 'pino';
import { writeRun } from '../state/schedule-runs.ts';
import type { StateStore } from '../state/state-store.ts';
import type { Run } from './run.ts';

export interface UnwrittenRunsOptions {
  readonly store: Pick<StateStore, 'write'>;
  readonly log: Pick<Logger, 'error'>;
}

/** How runs are now, until that is in the state. What cannot be written is done all the same: a full disk silences nobody. */
export class UnwrittenRuns {
  readonly #options: UnwrittenRunsOptions;
  /** By schedule and moment, as each is now. */
  readonly #runs = new Map<string, Run>();
  #isTold = false;

  constructor(options: UnwrittenRunsOptions) {
    this.#options = options;
  }

  add(run: Run): void {
    this.#runs.set(`${run.schedule} ${run.atMs}`, run);
  }

  /** Writes all of them, where that is possible. */
  write(): void {
    if (this.#runs.size === 0) return;
    const runs = [...this.#runs.values()];
    try {
      this.#options.store.write((database) => {
        for (const run of runs) writeRun(database, run);
      });
      this.#runs.clear();
      this.#isTold = false;
    } catch (err) {
      if (!this.#isTold) this.#tell(err, runs);
      this.#isTold = true;
    }
  }

  #tell(err: unknown, runs: readonly Run[]): void {
    const names = [...new Set(runs.map(({ name }) => name))].join(', ');
    this.#options.log.error(
      { err, schedules: names },
      'how runs of schedules are cannot be written down; it is when it can be',
    );
  }
}
