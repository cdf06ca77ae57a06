import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { gather } from '../../../src/cli/bundle/gather.ts';
import { machineParts } from '../../../src/cli/bundle/machine-parts.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

const mostCharacters = 4 * 1024 * 1024;
const mostLogBytes = 2 * 1024 * 1024;
const key = ['-----BEGIN PRIVATE KEY-----', 'PLANTED', 'PLANTED', '-----END PRIVATE KEY-----'].join('\n');

/** What stands before the cut, and what behind it. */
const cuts: readonly (readonly [string, string, string])[] = [
  ['a JSON line', '{"token":"', 'PLANTED","room":"lobby"}'],
  ['a header', 'Authorization: Bearer ', 'PLANTED-123456'],
  ['the first line of a private key', '-----BEGIN PRIVATE', ` KEY-----\n${key.slice(28)}`],
  ['a line of a private key', '-----BEGIN PRIVATE KEY-----\nPLA', 'NTED\nPLANTED\n-----END PRIVATE KEY-----'],
];

/** A text whose last so many characters begin where it was cut. */
function cutText(before: string, behind: string, most: number): string {
  const end = `${behind}\nlast\n`;
  return `first\n${before}${end.padEnd(most - 5, '.')}\nend\n`;
}

async function told(name: string, value: unknown): Promise<string> {
  const [one] = await gather([{ name, get: async () => value }]);
  return one !== undefined && 'text' in one ? one.text : '';
}

test.each(cuts)('a text that is cut in %s tells nothing of it', async (_, before, behind) => {
  const text = await told('log-file.txt', cutText(before, behind, mostCharacters));
  expect(text).not.toMatch(/PLANTED|NTED/);
  expect(text).toContain('last\n');
});

test.each(cuts)('a log whose end begins in %s tells nothing of it', async (_, before, behind) => {
  await using folder = await temporaryFolder();
  const file = join(folder.path, 'mirolive.log');
  const configFile = join(folder.path, 'mirolive.yaml');
  writeFileSync(file, cutText(before, behind, mostLogBytes));
  writeFileSync(configFile, `log: { file: ${file} }\n`);
  const parts = machineParts({ configFile, pid: () => Promise.reject(new Error('no daemon')) });
  const [one] = await gather(parts.filter(({ name }) => name === 'log-file.txt'));
  const text = one !== undefined && 'text' in one ? one.text : '';
  expect(text).not.toMatch(/PLANTED|NTED/);
  expect(text).toContain('last\n');
});

test('lines that are JSON are told by their keys, others by their forms', async () => {
  const lines = [
    ...['{"room":"lobby","credentials":{"user":"PLANTED","pass":["PLANTED"]}}', key],
    ...['viewer 203.0.113.7 has --token PLANTED', '{"token": "PLANTED'],
  ];
  expect(await told('log-file.txt', lines.slice(0, 3).join('\n'))).toBe(
    '{"room":"lobby","credentials":{"user":"…","pass":["…"]}}\n…\nviewer – has --token …',
  );
  expect(await told('log-file.txt', lines[3])).toBe('{"token": "…');
});

test('a text of one line that was cut is none', async () => {
  expect(await told('log-file.txt', 'PLANTED'.repeat(mostCharacters / 7 + 1))).toBe('');
});
