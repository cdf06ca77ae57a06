import { readdirSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** What stands between the name of a database and the moment at which it was set aside. */
export const asideMark = '.damaged-';

/**
 * Removes what was set aside of a database: it has addresses too. The newest stays, for who wants to know what has damaged it, until it is too old as well.
 *
 * @param beforeMs written last before this moment, since 1970
 */
export function forgetAside(file: string, beforeMs: number): void {
  const folder = dirname(file);
  const names = readdirSync(folder)
    .filter((name) => name.startsWith(basename(file) + asideMark))
    .toSorted();
  for (const [at, name] of names.entries()) {
    const path = join(folder, name);
    const { mtimeMs = 0 } = statSync(path, { throwIfNoEntry: false }) ?? {};
    if (at < names.length - 1 || mtimeMs < beforeMs) rmSync(path, { force: true });
  }
}
