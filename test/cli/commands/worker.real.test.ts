import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';
import { mirolive } from '../mirolive.ts';

it('mirolive worker build names what is missing to build one, and ends with 1', async () => {
  await using folder = await temporaryFolder();
  // All that the command itself takes.
  for (const name of ['readlink', 'uname']) await symlink(`/usr/bin/${name}`, join(folder.path, name));
  const env = { PATH: folder.path, MIROLIVE_CACHE_DIR: folder.path };
  const { exitCode, stderr } = await mirolive(['worker', 'build'], { env });
  expect(exitCode, stderr).toBe(1);
  expect(stderr).toMatch(
    /^error: this system has no apt-get, and these are missing \(Debian's names\): g\+\+ cmake ninja-build/m,
  );
  expect(stderr).toMatch(
    /^ {2}next: .*install them with your system’s package manager, then run this again/m,
  );
});
