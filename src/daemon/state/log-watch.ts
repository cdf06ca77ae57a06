import { stat } from 'node:fs/promises';
import { type Clock, every, type Timer } from '../../contract/clock.ts';

/** A log of the state (SQLite's WAL) that is larger is brought into the state itself, and shortened at the next change, in bytes. */
export const largeLogBytes = 4 * 1024 * 1024;
/** How often it is looked at, in ms. */
export const logLookMs = 30_000;

export interface LogWatchOptions {
  /** Path of the database. */
  readonly file: string;
  readonly clock: Clock;
  readonly snapshots: { settle(): void };
  /** Default: `largeLogBytes`. */
  readonly largeBytes?: number;
}

/** Keeps the log of the state small, without anybody who waits: it is looked at apart, and shortened by the thread that writes snapshots. */
export function watchLog({ file, clock, snapshots, largeBytes = largeLogBytes }: LogWatchOptions): Timer {
  return every(clock, logLookMs, async () => {
    const size = await stat(`${file}-wal`).then(
      (found) => found.size,
      // There is none: the state says itself why.
      () => 0,
    );
    if (size > largeBytes) snapshots.settle();
  });
}
