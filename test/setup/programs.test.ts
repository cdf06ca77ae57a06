import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

test.each([
  ['loads the tables of Unicode with it, which takes longer than most commands', /\bIntl\.Segmenter\b/],
  ['asks where it lies, which it would be told wrong', /\b__(?:dirname|filename)\b/],
  ['is had by import() without its names', /^export default require_/m],
])('no package in the built programs %s: such a one is left in node_modules', (_, sign) => {
  const files = globSync('dist/**/*.js');
  expect(files).not.toEqual([]);
  expect(files.filter((file) => sign.test(readFileSync(file, 'utf8')))).toEqual([]);
});
