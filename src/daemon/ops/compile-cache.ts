import { readdir, rm, stat } from 'node:fs/promises';
import { flushCompileCache, getCompileCacheDir } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { ownBuild } from '../../contract/installation.ts';

/** Builds whose compiled code is kept, this one among them: as many as are themselves. */
const kept = 3;

/**
 * Keeps what was compiled for this start, which Node does only at the end of a process that is not killed, and removes the code of
 * builds of long ago: a megabyte each. A daemon that still runs from one of them only begins its processes later.
 */
export async function tidyCompileCache(): Promise<void> {
  flushCompileCache();
  const folder = getCompileCacheDir();
  // In it, Node has one for each of its versions.
  const own = folder && dirname(folder);
  if (!own || basename(own) !== ownBuild) return;
  await pruneFolders(dirname(own), basename(own));
}

/** Removes what is in the folder but the newest of it, and `own`. Whatever fails costs no more than disk. */
export async function pruneFolders(folder: string, own: string): Promise<void> {
  const others = (await readdir(folder).catch(() => [])).filter((name) => name !== own);
  const aged = await Promise.all(
    others.map(async (name) => ({
      name,
      ms: await stat(join(folder, name)).then(
        ({ mtimeMs }) => mtimeMs,
        () => 0,
      ),
    })),
  );
  const old = aged.sort((a, b) => b.ms - a.ms).slice(kept - 1);
  for (const { name } of old) await rm(join(folder, name), { recursive: true, force: true }).catch(() => {});
}
