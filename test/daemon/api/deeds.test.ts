import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type CallName, calls } from '../../../src/contract/api.ts';
import { control } from '../../../src/contract/control.ts';
import { callDeed, isToBeTold } from '../../../src/daemon/api/deeds.ts';

const items = [
  { source: { kind: 'url', url: 'https://a:secret@b.example/1' } },
  { source: { kind: 'slate' } },
];

test.each([
  [{ type: 'replace', items }, { items: 2 }],
  [
    { type: 'add', items, at: 1 },
    { items: 2, at: 1 },
  ],
  [{ type: 'take', source: items[0]?.source }, { source: 'https://b.example/1' }],
  [{ type: 'volume', percent: 50 }, { percent: 50 }],
])('of a command it is told what was done, and nothing of what it plays: %j', (given, details) => {
  const input = { room: 'lobby', command: control.parse(given) };
  const who = { kind: 'daemon' } as const;
  expect(callDeed('control', input, undefined, 'ok', who)).toMatchObject({
    ...{ what: `control.${given.type}`, room: 'lobby' },
    details,
  });
});

/** Where deeds are written with what they are of. */
const sources = globSync('src/daemon/**/*.ts')
  .filter((file) => !file.includes('/api/'))
  .map((file) => readFileSync(file, 'utf8').replaceAll(/\bPick<[^>]*>/g, ''));
const isWritten = (name: string) =>
  sources.some((text) => /store\.change\(/.test(text) && text.includes(`'${name}'`));
const changing = (Object.keys(calls) as CallName[]).filter((name) => calls[name].method !== 'GET');

test('what is written with its deed in one transaction is told once', () => {
  const found = changing.filter(isWritten);
  expect(found).toContain('createLink');
  expect(found.filter((name) => isToBeTold(name, 'ok'))).toEqual([]);
  expect(found.filter((name) => !isToBeTold(name, 'STATE_UNAVAILABLE'))).toEqual([]);
  // Of others nothing is left out but questions, and `apply`, which writes all that it does by another way.
  const untold = changing.filter((name) => !isToBeTold(name, 'ok') && !found.includes(name));
  expect(untold.sort()).toEqual(['apply', 'doctor', 'planApply', 'probe', 'scan']);
});
