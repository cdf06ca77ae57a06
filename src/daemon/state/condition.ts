import { statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { damageOf } from './database-files.ts';
import { databaseFile, isGone } from './state-files.ts';
import { inProcessSoon } from './state-process.ts';

/** How the state is found; `new`: there never was one. */
export type Condition =
  | { readonly is: 'new' | 'gone' }
  | { readonly is: 'damaged'; readonly problem: string }
  /** @param unread what is in it was to be read whole, and that takes longer than a start may wait */
  | { readonly is: 'usable'; readonly unread: boolean };

/** How long another program may hold it, in ms. */
const busyTimeoutMs = 200;

export interface ExaminationOptions {
  /** Read all of it: it may be a part of it that is needed first in a week. */
  readonly whole: boolean;
  /** One up to this size is read in this process, in bytes: that takes less than it takes to begin another. */
  readonly smallBytes?: number;
  /** So long it is waited for what takes longer, in ms. */
  readonly waitMs?: number;
}

export function conditionOf(
  folder: string,
  { whole, smallBytes = 16 * 1024 * 1024, waitMs = 3000 }: ExaminationOptions,
): Condition {
  const file = databaseFile(folder);
  const { size } = statSync(file, { throwIfNoEntry: false }) ?? {};
  if (size === undefined) return { is: isGone(folder) ? 'gone' : 'new' };
  // A new one has its name only when it is whole.
  if (size === 0) return { is: 'damaged', problem: 'it is empty' };
  const problem = !whole ? null : size <= smallBytes ? damageIn(file) : damageSoon(folder, waitMs);
  return problem ? { is: 'damaged', problem } : { is: 'usable', unread: problem === undefined };
}

function damageIn(file: string): string | null {
  using database = new DatabaseSync(file, { timeout: busyTimeoutMs });
  return damageOf(database);
}

function damageSoon(folder: string, waitMs: number): string | null | undefined {
  return inProcessSoon('damage', folder, waitMs) as string | null | undefined;
}
