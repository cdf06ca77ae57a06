import { expect, test } from 'vitest';
import { newestOf, StillLists } from '../../../src/ingest/guard/still-lists.ts';
import { VirtualClock } from '../../helpers/virtual-clock.ts';

const list = (first: number, count = 3, more = '') =>
  [
    ...['#EXTM3U', '#EXT-X-TARGETDURATION:6', `#EXT-X-MEDIA-SEQUENCE:${first}`],
    ...Array.from({ length: count }, (_, at) => `#EXTINF:6.0,\nhttp://host/s${first + at}.ts?token=1`),
    more,
  ].join('\n');

test.each([
  { name: 'a live list', text: list(7), expected: { segment: '10 http://host/s9.ts', targetMs: 6000 } },
  { name: 'a list with an end', text: list(7, 3, '#EXT-X-ENDLIST'), expected: null },
  { name: 'a list of lists', text: '#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\nlow.m3u8\n', expected: null },
  { name: 'an empty list', text: list(0, 0), expected: null },
])('the newest segment of $name', ({ text, expected }) => {
  expect(newestOf(text)).toEqual(expected);
});

test('StillLists refuses a list that is opened anew and has nothing new, until it has', async () => {
  const clock = new VirtualClock();
  const lists = new StillLists(clock);
  const look = (first: number, isOpen = false, name = 'a') =>
    lists.look(name, list(first), isOpen)?.message ?? 'given';
  expect(look(1)).toBe('given');
  await clock.pass(18_000);
  expect(look(1)).toBe('given');
  await clock.pass(1000);
  expect([look(1, true), look(1, false, 'b')]).toEqual(['given', 'given']);
  const still = (s: number) => `the list of segments has had nothing new for ${s} s`;
  expect(look(1)).toBe(still(19));
  await clock.pass(600_000);
  expect(look(1)).toBe(still(619));
  expect(look(2)).toBe('given');
  await clock.pass(10_000);
  expect(look(2)).toBe('given');
  await clock.pass(600_000);
  // Its encoder was started anew.
  expect(look(0)).toBe('given');
});
