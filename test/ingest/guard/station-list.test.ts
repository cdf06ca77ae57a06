import { expect, test } from 'vitest';
import { addressesIn, type ListKind } from '../../../src/ingest/guard/station-list.ts';

test.each<{ kind: ListKind; text: string; addresses: string[] }>([
  { kind: 'm3u', text: '# why\r\n a.mp3 \r\n\r\nb.mp3', addresses: ['a.mp3', 'b.mp3'] },
  { kind: 'pls', text: '[playlist]\r\n file10 = b c \nFile2=a\nTitle2=t', addresses: ['a', 'b c'] },
  { kind: 'pls', text: '[playlist]\nFile1=\nFile=a\nFileX=a', addresses: [] },
  { kind: 'asx', text: `<asx><Ref\n HREF = ' a?b&amp;c ' /><ref href=""/>`, addresses: ['a?b&c'] },
  {
    kind: 'asx',
    text: `<asx><ref x="1" href="it's"/><refs href="b"/><ref nohref="c"/>`,
    addresses: ["it's"],
  },
])('a list of $kind names addresses: $text', ({ kind, text, addresses }) => {
  expect(addressesIn(text, kind)).toEqual(addresses);
});

// Work that grows with the square of their lengths would take minutes to hours.
const many = 1_000_000;
test.each<{ name: string; kind: ListKind; text: string }>([
  { name: 'spaces behind an address', kind: 'pls', text: `[playlist]\nFile1=a${' '.repeat(many)}x` },
  {
    name: 'spaces before =',
    kind: 'pls',
    text: `[playlist]\n${`File1${' '.repeat(100)}`.repeat(many / 100)}`,
  },
  { name: 'empty lines', kind: 'pls', text: `[playlist]${'\n '.repeat(many)}` },
  { name: 'elements that do not end', kind: 'asx', text: `<asx ${'<ref '.repeat(many)}` },
  { name: 'an attribute many times', kind: 'asx', text: `<asx><ref ${'href '.repeat(many)}` },
  { name: 'spaces in an attribute', kind: 'asx', text: `<asx><ref href="a${' '.repeat(many)}x` },
])('of a long list of $kind without an end ($name) nothing is taken', ({ kind, text }) => {
  expect(addressesIn(text, kind)).toEqual([]);
});

test('of a long list the first addresses are taken, and none that is cut off', () => {
  const line = `http://a.example/${'x'.repeat(83)}`;
  const taken = addressesIn(`${line}\n`.repeat(100_000), 'm3u');
  expect(taken).toHaveLength(Math.floor((64 * 1024) / (line.length + 1)));
  expect(new Set(taken)).toEqual(new Set([line]));
});
