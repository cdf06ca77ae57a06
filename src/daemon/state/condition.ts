import { statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { damageOf } from './database-files.ts';
import { databaseFile, isGone } from './state-files.ts';

/** How the state is found; `new`: there never was one. */
export type Condition =
  | { readonly is: 'usable' | 'new' | 'gone' }
  | { readonly is: 'damaged'; readonly problem: string };

/** How long another program may hold it, in ms. */
const busyTimeoutMs = 200;

/** @param whole read all of it: it may be a part of it that is needed first in a week */
export function conditionOf(folder: string, { whole }: { readonly whole: boolean }): Condition {
  const file = databaseFile(folder);
  const { size } = statSync(file, { throwIfNoEntry: false }) ?? {};
  if (size === undefined) return { is: isGone(folder) ? 'gone' : 'new' };
  // A new one has its name only when it is whole.
  if (size === 0) return { is: 'damaged', problem: 'it is empty' };
  if (!whole) return { is: 'usable' };
  using database = new DatabaseSync(file, { timeout: busyTimeoutMs });
  const problem = damageOf(database);
  return problem === null ? { is: 'usable' } : { is: 'damaged', problem };
}
