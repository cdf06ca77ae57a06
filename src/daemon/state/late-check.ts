import type { Timer } from '../../contract/clock.ts';
import type { Health } from '../health.ts';
import { inProcess } from './state-process.ts';

const part = 'check of the state';

export interface LateCheckOptions {
  readonly store: { readonly folder: string; readonly unread: boolean };
  readonly health: Pick<Health, 'lost' | 'found'>;
}

/** Reads a state whole that was too large for a start to wait for, in a process of its own, and tells what is wrong with it. */
export function checkLate({ store, health }: LateCheckOptions): Timer {
  const ended = new AbortController();
  const told = (reason: string) => {
    if (!ended.signal.aborted) health.lost(part, { reason, failures: 1, nextTryMs: null });
  };
  if (store.unread)
    inProcess('damage', store.folder, ended.signal).then(
      (damage) =>
        damage !== null &&
        told(`the state is damaged: ${damage}: end the daemon, then: mirolive state restore latest --yes`),
      (error: Error) => told(`the state was not read whole: ${error.message}: mirolive state check`),
    );
  return { cancel: () => ended.abort() };
}
