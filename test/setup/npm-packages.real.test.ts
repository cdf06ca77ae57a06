import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { installNpmPackages } from '../../scripts/setup/npm-packages.mjs';

test('installNpmPackages leaves the packages of another checkout alone, to which node_modules leads', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'mirolive-packages-test-'));
  using _ = { [Symbol.dispose]: () => rmSync(folder, { recursive: true }) };
  const [other, root] = [join(folder, 'other'), join(folder, 'root')];
  for (const path of [join(other, 'left-pad'), root]) mkdirSync(path, { recursive: true });
  writeFileSync(join(root, 'package-lock.json'), '{}');
  symlinkSync(other, join(root, 'node_modules'));

  await expect(installNpmPackages(root)).rejects.toMatchObject({
    message: `${join(root, 'node_modules')} is a link, and what it leads to is not what this checkout needs`,
    next: `rm ${join(root, 'node_modules')}`,
  });
  expect(await readdir(other)).toEqual(['left-pad']);
});
