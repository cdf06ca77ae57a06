import { type Clock, every, type Timer } from '../../contract/clock.ts';
import type { HealthListener } from '../../ingest/child/restarts.ts';
import { dailyBackupsIn } from './state-files.ts';
import { inProcess } from './state-process.ts';

const part = 'backup of the state';
/** How old the newest backup may be, in ms. */
const dayMs = 86_400_000;
/** How often it is looked at that, in ms, and how long after a start the first time: one may be followed by another soon. */
const lookEveryMs = 15 * 60_000;
const firstLookMs = 60_000;

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
  const look = () => {
    // What is lost must not push out what it can be had back from.
    if (isBusy || store.problem !== null || store.lost !== null) return;
    const ages = dailyBackupsIn(store.folder).map(({ at }) => clock.wallMs() - Date.parse(at));
    // What is of a moment to come is of a clock that was wrong.
    if (ages.some((ageMs) => ageMs >= 0 && ageMs < dayMs)) return;
    isBusy = true;
    inProcess('backup', store.folder).then(
      () => told(null),
      (error: Error) => told(error.message),
    );
  };
  const first = clock.after(firstLookMs, look);
  const others = every(clock, lookEveryMs, look);
  return {
    cancel() {
      first.cancel();
      others.cancel();
    },
  };
}
