import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { writeBundle } from '../../../src/cli/bundle/write-bundle.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

const gathered = [{ name: 'version.json', text: '{}\n' }];
const at = new Date(0);

afterEach(() => {
  vi.restoreAllMocks();
});

test('a bundle is its owner’s alone, and nothing else is left beside it', async () => {
  await using folder = await temporaryFolder();
  const file = join(folder.path, 'fault.tar.gz');
  const { bytes } = await writeBundle({ file, name: 'fault', at }, gathered);
  expect(readdirSync(folder.path)).toEqual(['fault.tar.gz']);
  expect(statSync(file)).toMatchObject({ size: bytes, mode: 0o100600 });
});

test('where writing fails nothing is left, and another folder is the way out', async () => {
  await using folder = await temporaryFolder();
  await failWrites(folder.path);
  const file = join(folder.path, 'fault.tar.gz');
  await expect(writeBundle({ file, name: 'fault', at }, gathered)).rejects.toMatchObject({
    code: 'USAGE',
    message: expect.stringContaining('ENOSPC'),
    hint: expect.stringMatching(/^Name a file in a folder .* mirolive doctor --bundle \/tmp\/fault.tar.gz$/),
  });
  expect(readdirSync(folder.path)).toEqual([]);
});

test('a file that is there stays what it was', async () => {
  await using folder = await temporaryFolder();
  const file = join(folder.path, 'fault.tar.gz');
  writeFileSync(file, 'own');
  await expect(writeBundle({ file, name: 'fault', at }, gathered)).rejects.toMatchObject({
    hint: `Name a file that is not there yet: mirolive doctor --bundle ${file}.new`,
  });
  expect(readFileSync(file, 'utf8')).toBe('own');
  expect(readdirSync(folder.path)).toEqual(['fault.tar.gz']);
});

test('a folder that is none is told as that', async () => {
  await using folder = await temporaryFolder();
  mkdirSync(join(folder.path, 'own'));
  const file = join(folder.path, 'own', 'none', 'fault.tar.gz');
  await expect(writeBundle({ file, name: 'fault', at }, gathered)).rejects.toMatchObject({
    hint: expect.stringContaining('in a folder that can be written'),
  });
});

/** The disk is full, once some of it is written. */
async function failWrites(folder: string): Promise<void> {
  await using some = await open(join(folder, '..'), 'r');
  const handles = Object.getPrototypeOf(some) as typeof some;
  vi.spyOn(handles, 'writeFile').mockImplementation(async () => {
    throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
  });
}
