import { expect, test } from 'vitest';
import { control } from '../../../src/contract/control.ts';
import { callDeed } from '../../../src/daemon/api/deeds.ts';

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
