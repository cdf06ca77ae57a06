import { truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readSourceFile } from '../../../src/ingest/probe/source-file.ts';
import { temporaryFolder } from '../../helpers/state.ts';

test('what is read of a file is read while it is one of the calls of its mount', async () => {
  await using folder = temporaryFolder();
  const path = join(folder.path, 'poster.png');
  await writeFile(path, 'what is in it');
  const asked: string[] = [];
  const calls = {
    async run<T>(of: string, act: () => Promise<T>): Promise<T> {
      asked.push(of);
      const given = await act();
      await truncate(path);
      return given;
    },
  };
  expect(String(await readSourceFile(path, 7, undefined, calls))).toBe('what is');
  expect(asked).toEqual([path]);
});
