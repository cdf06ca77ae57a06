import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeFolder } from '../../src/files/make-folder.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

test('makeFolder makes what is missing, with its mode, and leaves what is there', async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, 'a', 'b');
  makeFolder(path, 0o700);
  makeFolder(path, 0o755);
  expect([path, join(folder.path, 'a')].map((one) => statSync(one).mode & 0o777)).toEqual([0o700, 0o700]);
});

test('makeFolder says why it cannot: a file in the way, or no such place', async () => {
  await using folder = await temporaryFolder();
  const file = join(folder.path, 'file');
  writeFileSync(file, '');
  expect(() => makeFolder(file, 0o700)).toThrow('EEXIST');
  expect(() => makeFolder(join(file, 'below'), 0o700)).toThrow(/ENOTDIR|EEXIST/);
  expect(() => makeFolder('/proc/nothing/below', 0o700)).toThrow('ENOENT');
});
