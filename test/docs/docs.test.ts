import { existsSync, readFileSync } from 'node:fs';
import { glob } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { generatedDocs } from '../../scripts/docs.ts';
import { config } from '../../src/contract/config.ts';

const pages: string[] = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md'];
for await (const page of glob('docs/**/*.md')) pages.push(page);

test.each(Object.entries(generatedDocs()))(
  'docs/%s is what the contract says (node scripts/docs.ts)',
  (name, text) => {
    expect(readFileSync(join('docs', name), 'utf8')).toBe(text);
  },
);

test.each(pages)('every link of %s leads somewhere', (page) => {
  const links = [...readFileSync(page, 'utf8').matchAll(/\]\((?!https?:)([^)#]+)/g)].map(
    ([, link = '']) => link,
  );
  expect(links.filter((link) => !existsSync(join(dirname(page), link)))).toEqual([]);
});

test('docs/configuration.md names every key', () => {
  const text = readFileSync('docs/configuration.md', 'utf8');
  const defaults = config.parse({});
  const keys = Object.entries(defaults).flatMap(([section, values]) =>
    Object.keys(values).map((key) => `${section}.${key}`),
  );
  expect(keys.filter((key) => !text.includes(`\`${key}\``))).toEqual([]);
});
