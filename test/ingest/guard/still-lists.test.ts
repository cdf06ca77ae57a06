import { expect, test } from 'vitest';
import { newestOf, type OpenLists, StillLists } from '../../../src/ingest/guard/still-lists.ts';
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
  { name: 'a list that is complete', text: list(7, 3, '#EXT-X-PLAYLIST-TYPE:VOD'), expected: null },
  {
    ...{ name: 'a list of recordings', text: list(7, 3, '#EXT-X-PLAYLIST-TYPE:EVENT\r\n\r\n') },
    expected: { segment: '10 http://host/s9.ts', targetMs: 6000 },
  },
  { name: 'a list of lists', text: '#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\nlow.m3u8\n', expected: null },
  { name: 'an empty list', text: list(0, 0), expected: null },
])('the newest segment of $name', ({ text, expected }) => {
  expect(newestOf(text)).toEqual(expected);
});

test('StillLists refuses a list that is opened anew and has nothing new, until it has', async () => {
  const clock = new VirtualClock();
  const lists = new StillLists(clock);
  const first = lists.open('a');
  const look = (sequence: number, of = lists.open('a'), name = 'a') =>
    of.look(name, list(sequence))?.message ?? 'given';
  expect(look(1, first)).toBe('given');
  await clock.pass(18_000);
  expect(look(1)).toBe('given');
  await clock.pass(1000);
  expect([look(1, first), look(1, lists.open('a'), 'b')]).toEqual(['given', 'given']);
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

interface Looked {
  readonly name: string;
  /** Addresses that each opening asks for, with what comes before and after a minute; the second one is opened then. */
  readonly first: readonly (readonly [address: string, before: number, after: number])[];
  readonly second: readonly (readonly [address: string, sequence: number])[];
  readonly source?: string;
  readonly given: readonly boolean[];
}

test.each<Looked>([
  {
    ...{ name: 'another name for whoever asks', first: [['/a?session=1', 1, 1]] },
    ...{ second: [['/a?session=2', 1]], given: [false] },
  },
  {
    ...{ name: 'two channels of two addresses, one of which comes to the number of the other' },
    ...{ first: [['/a?ch=1', 1, 1]], source: 'http://host/a?ch=2', second: [['/a?ch=2', 1]], given: [true] },
  },
  {
    name: 'two of one source, one of which stands still',
    first: [
      ['/a?ch=1', 1, 1],
      ['/a?ch=2', 1, 9],
    ],
    second: [
      ['/a?ch=1', 1],
      ['/a?ch=2', 10],
    ],
    given: [false, true],
  },
  {
    name: 'a redirect to another name each time',
    first: [['/a', 1, 1]],
    second: [['/a', 1]],
    given: [false],
  },
])('StillLists tells apart $name', async ({ first, second, source = 'http://host/a', given }) => {
  const clock = new VirtualClock();
  const lists = new StillLists(clock);
  let tokens = 0;
  const look = (of: OpenLists, address: string, sequence: number) => {
    const token = `/edge${address}?token=${++tokens}`;
    if (!address.includes('?')) of.leads(address, token);
    return of.look(address.includes('?') ? address : token, list(sequence)) === null;
  };
  const opened = lists.open('http://host/a');
  for (const [address, before] of first) expect(look(opened, address, before)).toBe(true);
  await clock.pass(60_000);
  // Whoever has it is given what there is.
  for (const [address, , after] of first) expect(look(opened, address, after)).toBe(true);
  const anew = lists.open(source);
  expect(second.map(([address, sequence]) => look(anew, address, sequence))).toEqual(given);
});
