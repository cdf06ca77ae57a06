import { type Clock, every, type Timer } from '../../contract/clock.ts';
import type { Health } from '../health.ts';
import type { LogSink } from './log-sink.ts';

/** How often it is looked at what goes to a disk, and tried again where that failed, in ms. */
export const diskLookMs = 5000;

/** What to do about a state that is lost. */
const cure = 'restore a backup (mirolive state check), or go on without it (mirolive state accept)';

/** What is kept on a disk: it says itself what is wrong with it. */
interface Kept {
  /** null: nothing. */
  readonly problem: string | null;
  /** How often in a row. */
  readonly failures: number;
  retry(): void;
}

export interface DiskWatchOptions {
  readonly state: Kept & {
    /** What is lost of it, in words; null: nothing. */
    readonly lost: string | null;
  };
  readonly log: Pick<LogSink, 'state' | 'retry'>;
  readonly health: Pick<Health, 'lost' | 'found'>;
  readonly clock: Clock;
}

/** State and log that cannot be written end nothing: whoever watches the daemon hears of it, and when they can be again. */
export function watchDisk({ state, log, health, clock }: DiskWatchOptions): Timer {
  const look = (part: string, { problem, failures }: Omit<Kept, 'retry'>) => {
    if (problem === null) health.found(part);
    else health.lost(part, { reason: problem, failures, nextTryMs: diskLookMs });
  };
  const lookAtLost = () => {
    if (state.lost === null) health.found('lost state');
    else health.lost('lost state', { reason: `${state.lost}: ${cure}`, failures: 1, nextTryMs: null });
  };
  lookAtLost();
  return every(clock, diskLookMs, () => {
    state.retry();
    look('state', state);
    lookAtLost();
    log.retry();
    const { problem, dropped } = log.state;
    look('log lines', { problem: problem && `the log cannot be written: ${problem}`, failures: dropped });
  });
}
