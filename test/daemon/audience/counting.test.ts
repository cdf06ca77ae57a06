import { expect, test } from 'vitest';
import {
  bucketOf,
  firstPictureBuckets,
  percentile,
} from '../../../src/daemon/audience/first-picture-buckets.ts';
import {
  figuresText,
  noFigures,
  readFigures,
  together,
} from '../../../src/daemon/audience/minute-figures.ts';
import { reportRange } from '../../../src/daemon/audience/report-range.ts';
import { minutesUntil, RoomTally, type Watcher } from '../../../src/daemon/audience/room-tally.ts';
import { browserFamily, newFreezes } from '../../../src/daemon/audience/watcher-of.ts';

const minute = 60_000;

test.each([
  { name: 'nothing', wallMs: 90_000, ms: 0, expected: [] },
  { name: 'within a minute', wallMs: 90_000, ms: 10_000, expected: [[1, 10_000]] },
  {
    name: 'over a border',
    wallMs: 70_000,
    ms: 30_000,
    expected: [
      [0, 20_000],
      [1, 10_000],
    ],
  },
  { name: 'up to a border', wallMs: 120_000, ms: 60_000, expected: [[1, 60_000]] },
  {
    name: 'over two',
    wallMs: 130_000,
    ms: 80_000,
    expected: [
      [0, 10_000],
      [1, 60_000],
      [2, 10_000],
    ],
  },
])('minutesUntil: $name', ({ wallMs, ms, expected }) => {
  expect(minutesUntil(wallMs, ms).map((one) => [one.minute, one.ms])).toEqual(expected);
});

test('minutesUntil counts an hour at most of a process that stood still', () => {
  const found = minutesUntil(1_000_000_000, 86_400_000);
  expect(found.reduce((sum, { ms }) => sum + ms, 0)).toBe(60 * minute);
});

const watcher: Watcher = { kind: 'page', browser: 'Firefox', playing: true, rank: null, counts: true };

test.each([
  { name: 'forward', jumpMs: 86_400_000 },
  { name: 'back', jumpMs: -86_400_000 },
])('RoomTally counts as long as it took where the clock is put $name', ({ jumpMs }) => {
  const startMs = 100 * 86_400_000;
  const nothing = { id: '', title: null };
  const tally = new RoomTally({ nowMs: 0, wallMs: startMs }, nothing);
  tally.set('one', watcher);
  tally.pass({ nowMs: 10_000, wallMs: startMs + 10_000 }, nothing);
  tally.pass({ nowMs: 20_000, wallMs: startMs + 20_000 + jumpMs }, nothing);
  const minutes = tally.take();
  expect(minutes.map(({ figures }) => figures.watchedMs)).toEqual([10_000, 10_000]);
  expect((minutes[1]?.minute ?? 0) - (minutes[0]?.minute ?? 0)).toBe(jumpMs / minute);
});

test('RoomTally has nobody of today in the minute of a visit that is over long since', () => {
  const talk = { id: 'b-aaaaaaaaaa', title: 'The talk' };
  const nothing = { id: '', title: null };
  const tally = new RoomTally({ nowMs: 0, wallMs: 100 * minute }, nothing);
  for (const id of ['one', 'two', 'three']) tally.set(id, watcher);
  tally.take();
  tally.left(10 * minute, talk);
  tally.left(100 * minute, talk);
  tally.left(100 * minute, nothing);
  expect(
    tally
      .take()
      .map(({ minute: at, broadcast, figures }) => [
        at,
        broadcast.id,
        figures.there,
        figures.peak,
        figures.left,
      ]),
  ).toEqual([
    [10, talk.id, 0, 0, 1],
    [100, talk.id, 0, 0, 1],
    [100, '', 3, 3, 1],
  ]);
  // It comes on air again.
  tally.left(100 * minute, talk);
  tally.pass({ nowMs: 1000, wallMs: 100 * minute + 1000 }, talk);
  expect(tally.take().find(({ broadcast }) => broadcast.id === talk.id)?.figures.peak).toBe(3);
});

test.each([
  [0, 0],
  [250, 0],
  [251, 1],
  [60_000, 12],
  [60_001, 13],
])('a first picture after %i ms is in bucket %i', (ms, bucket) => {
  expect(bucketOf(ms)).toBe(bucket);
});

test.each([
  { name: 'none', counts: [], share: 0.5, expected: null },
  { name: 'one', counts: [0, 1], share: 0.5, expected: 375 },
  { name: 'half of two buckets', counts: [5, 5], share: 0.5, expected: 250 },
  { name: 'within a bucket', counts: [0, 0, 0, 4], share: 0.25, expected: 813 },
  {
    name: 'longer than a minute',
    counts: firstPictureBuckets.map(() => 0).concat(3),
    share: 0.5,
    expected: 60_000,
  },
])('percentile of $name', ({ counts, share, expected }) => {
  expect(percentile(counts, share)).toBe(expected);
});

test('figures add up, whatever they are split into, and are read as they were written', () => {
  const one = { ...noFigures(2), joined: 1, peak: 3, watchedMs: 10, firstPictures: [1], kinds: { page: 10 } };
  const other = { ...noFigures(7), left: 1, freezes: 4, firstPictures: [0, 2], kinds: { whep: 5, page: 1 } };
  const sum = together(one, other);
  expect(sum).toMatchObject({ there: 2, joined: 1, left: 1, peak: 7, freezes: 4, firstPictures: [1, 2] });
  expect(sum.kinds).toEqual({ page: 11, whep: 5 });
  expect(readFigures(figuresText(sum))).toEqual(sum);
  expect(together(together(one, other), one)).toEqual({ ...together(one, together(other, one)) });
});

test.each([
  ['Chrome 126 on Android', 'Chrome on Android'],
  ['OBS 30.1', 'OBS'],
  ['Samsung Internet 25 on Android', 'Samsung Internet on Android'],
  [null, 'other'],
])('browserFamily of %s', (name, expected) => {
  expect(browserFamily(name)).toBe(expected);
});

test.each([
  { before: null, now: null, sinceMs: 5000, expected: 0 },
  { before: null, now: 2, sinceMs: 5000, expected: 2 },
  { before: 5, now: 3, sinceMs: 5000, expected: 0 },
  { before: 0, now: 1_000_000, sinceMs: 300, expected: 2 },
])('newFreezes $before → $now after $sinceMs ms', ({ before, now, sinceMs, expected }) => {
  expect(newFreezes(before, now, sinceMs)).toBe(expected);
});

test.each([
  { name: 'an hour and a half', minutes: 90, step: 1 },
  { name: 'a day', minutes: 1440, step: 15 },
  { name: 'a month', minutes: 43_200, step: 720 },
  { name: 'ten years', minutes: 5_256_000, step: 52_560 },
])('reportRange takes steps of $step minutes for $name', ({ minutes, step }) => {
  const fromMinute = 20_000_000;
  const range = reportRange({}, { fromMinute, untilMinute: fromMinute + minutes }, 0);
  expect(range.step).toBe(step);
  expect(range.untilMinute).toBe(fromMinute + minutes);
  expect(range.fromMinute).toBeGreaterThan(fromMinute - 60);
});
