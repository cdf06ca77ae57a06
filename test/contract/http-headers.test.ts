import { expect, test } from 'vitest';
import { readHeader } from '../../src/contract/header-words.ts';
import { httpHeaders } from '../../src/contract/http-headers.ts';
import { issueSentence } from '../../src/contract/schema-words.ts';
import { publicSource } from '../../src/contract/source-words.ts';

test.each([
  ['Referer: https://a.example/', ['Referer', 'https://a.example/']],
  ['X-A:b', ['X-A', 'b']],
  ['X-A: \t b c ', ['X-A', 'b c']],
  ['X-A:', ['X-A', '']],
  ['X A: b', null],
  ['nothing', null],
  [': b', null],
])('readHeader makes of %j: %j', (line, expected) => {
  expect(readHeader(line)).toEqual(expected);
});

test.each([
  [{ 'X Y': 's3cret' }, 'expected the name of a header, such as Referer, got keys with values'],
  [{ host: 's3cret' }, "expected a header other than host, which is the daemon's own, got keys with values"],
  [
    { 'X-Y': 's3cret\r\nHost: b' },
    'expected one line of at most 4096 characters as the value of X-Y, got keys with values',
  ],
  [
    Object.fromEntries(Array.from({ length: 21 }, (_, index) => [`X-${index}`, ''])),
    'expected at most 20 headers, got keys with values',
  ],
])('what is wrong with headers is told without their values', (headers, expected) => {
  const { error } = httpHeaders.safeParse(headers);
  expect(error?.issues.map((issue) => issueSentence(issue, headers))).toEqual([expected]);
});

test('of headers only the names are shown', () => {
  const address = {
    kind: 'url',
    url: 'https://a.example/x',
    live: null,
    loop: false,
    audioTrack: null,
  } as const;
  const source = { ...address, headers: { 'X-Token': 's3cret' } };
  const shown = { ...address, headers: { 'X-Token': '…' } };
  expect(publicSource(source)).toEqual(shown);
  const item = { id: 'i-aaaaaaaaaa', title: null, fromMs: 0, toMs: null, forMs: null };
  const list = { kind: 'playlist', loop: false, shuffle: false, seed: 1 } as const;
  expect(publicSource({ ...list, items: [{ ...item, source }] })).toMatchObject({
    items: [{ source: shown }],
  });
});
