import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

test('no package in the built programs asks where it lies, which it would be told wrong: such a one is left in node_modules', () => {
  const files = globSync('dist/**/*.js');
  expect(files).not.toEqual([]);
  const asking = files.filter((file) => /\b__(?:dirname|filename)\b/.test(readFileSync(file, 'utf8')));
  expect(asking).toEqual([]);
});
