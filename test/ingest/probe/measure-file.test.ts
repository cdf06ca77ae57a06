import { expect, test } from 'vitest';
import { comesBy, readPackets } from '../../../src/ingest/probe/measure-file.ts';

test.each([
  { name: 'a short file', mediaS: 12, bytes: 900_000, ended: true, tookS: 0.3, expected: 'either' },
  { name: 'a short file of sound', mediaS: 20, bytes: 100_000, ended: true, tookS: 0.3, expected: 'either' },
  { name: 'a long file', mediaS: 40, bytes: 9_000_000, ended: false, tookS: 1, expected: 'file' },
  {
    name: 'a long file that comes slowly',
    mediaS: 17,
    bytes: 4_000_000,
    ended: false,
    tookS: 2,
    expected: 'file',
  },
  { name: 'a camera', mediaS: 1.8, bytes: 900_000, ended: false, tookS: 2, expected: 'live' },
  {
    name: 'a radio station with its burst',
    mediaS: 22,
    bytes: 88_000,
    ended: false,
    tookS: 2,
    expected: 'live',
  },
  {
    name: 'a server with seconds in hand',
    mediaS: 12,
    bytes: 9_000_000,
    ended: false,
    tookS: 2,
    expected: 'live',
  },
  { name: 'a file of 20 s', mediaS: 20, bytes: 900_000, ended: true, tookS: 0.3, expected: 'file' },
  {
    name: 'a radio station that closes behind its burst',
    mediaS: 22,
    bytes: 88_000,
    ended: true,
    tookS: 0.4,
    expected: 'either',
  },
  {
    name: 'a live source that breaks off',
    mediaS: 2.5,
    bytes: 900_000,
    ended: true,
    tookS: 1.5,
    expected: 'live',
  },
  { name: 'nothing', mediaS: 0, bytes: 0, ended: true, tookS: 0.1, expected: 'live' },
])('of what says no length $name comes as $expected', ({ expected, ...read }) => {
  expect(comesBy(read)).toBe(expected);
});

test('what was read is told by packets in any order, and whatever has no time is left out', () => {
  expect(readPackets('10.0,100\n9.5,20\nN/A,7\n12.25,30\n12.5,')).toEqual({ mediaS: 2.75, bytes: 150 });
  expect(readPackets('')).toEqual({ mediaS: 0, bytes: 0 });
});
