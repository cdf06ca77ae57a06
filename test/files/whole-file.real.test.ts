import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { writeWholeFile } from '../../src/files/whole-file.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

it('is whole in the place of another, and leaves nothing beside it where it cannot be', async () => {
  await using folder = await temporaryFolder();
  const file = join(folder.path, 'report.html');
  writeFileSync(file, 'before');
  writeWholeFile(file, 'after', 0o600);
  const taken = join(folder.path, 'taken');
  mkdirSync(taken);
  expect(() => writeWholeFile(taken, 'after', 0o600)).toThrow(/EISDIR/);
  expect(readdirSync(folder.path).toSorted()).toEqual(['report.html', 'taken']);
  expect(readFileSync(file, 'utf8')).toBe('after');
});
