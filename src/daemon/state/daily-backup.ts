import { type Clock, every, type Timer } from '../../contract/clock.ts';
import type { HealthListener } from '../../ingest/child/restarts.ts';
import { dailyBackupsIn } from './state-files.ts';
import { inProcess } from './state-process.ts';

const part = 'backup of the state';
/** How old the newest backup may be, in ms. */
const dayMs = 86_400_000;
/** How often it is looked at that, in ms. */
const lookEveryMs = 15 * 60_000;

export interface DailyBackupOptions {
  readonly store: { readonly folder: string; readonly problem: string | null; readonly lost: string | null };
  readonly clock: Clock;
  readonly health: HealthListener;
}

/** Keeps a backup of each day, made by a process of its own. */
export function keepDailyBackups({ store, clock, health }: DailyBackupOptions): Timer {
  let isBusy = false;
  let failures = 0;
  const told = (reason: string | null) => {
    isBusy = false;
    failures = reason === null ? 0 : failures + 1;
    if (reason === null) health.found(part);
    else health.lost(part, { reason, failures, nextTryMs: lookEveryMs });
  };
  return every(clock, lookEveryMs, () => {
    // What is lost must not push out what it can be had back from.
    if (isBusy || store.problem !== null || store.lost !== null) return;
    const [newest] = dailyBackupsIn(store.folder);
    if (newest && clock.wallMs() - Date.parse(newest.at) < dayMs) return;
    isBusy = true;
    inProcess('backup', store.folder).then(
      () => told(null),
      (error: Error) => told(error.message),
    );
  });
}
