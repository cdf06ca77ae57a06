import { mkdir, readdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { pruneFolders } from '../../../src/daemon/ops/compile-cache.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

test('of the compiled code the newest three builds are kept, and the own one however old it is', async () => {
  await using folder = await temporaryFolder();
  for (const [day, name] of ['own', 'b', 'c', 'd', 'e'].entries()) {
    const path = join(folder.path, name);
    await mkdir(join(path, 'v24'), { recursive: true });
    await writeFile(join(path, 'v24', 'code'), name);
    await utimes(path, day * 86_400, day * 86_400);
  }
  await pruneFolders(folder.path, 'own');
  expect((await readdir(folder.path)).sort()).toEqual(['d', 'e', 'own']);
  await pruneFolders(join(folder.path, 'none'), 'own');
});
