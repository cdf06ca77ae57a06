import { describe, expect, test } from 'vitest';
import { Pace } from '../../../src/ingest/media/pace.ts';

/** Times that are so far apart, in ms. */
const every = (ms: number, count: number, fromMs = 0) =>
  Array.from({ length: count }, (_, at) => fromMs + at * ms);

describe('Pace waits', () => {
  test.each([
    { name: 'for what has just begun', atMs: [0, 0, 0], expected: 10_000 },
    { name: 'for pictures of which too few came', atMs: [0, 5000, 10_000], expected: 10_000 },
    { name: 'for nothing of what came all the time for a moment', atMs: every(40, 7), expected: 0 },
    { name: 'for pictures of which the first two came soon', atMs: [0, 200, 1200], expected: 10_000 },
    { name: 'for the next but one of pictures a second apart', atMs: [0, 1000, 2010, 3010], expected: 2020 },
    { name: 'for the next but one of pictures five seconds apart', atMs: every(5000, 4), expected: 10_000 },
    {
      name: 'for what comes at once',
      atMs: [0, 60, 1000, 1030, 2000, 2099, 3000, 3001],
      expected: 2000,
    },
    { name: 'for nothing of pictures that come all the time', atMs: every(40, 20), expected: 0 },
    { name: 'for nothing of sound', atMs: every(20, 30), expected: 0 },
    { name: 'for nothing where one came late', atMs: [...every(40, 20), ...every(40, 4, 2000)], expected: 0 },
    { name: 'for less where pictures have become more', atMs: [0, 1000, 2000, 3000, 3100], expected: 0 },
  ])('$name', ({ atMs, expected }) => {
    const pace = new Pace();
    for (const ms of atMs) pace.note(ms);
    expect(pace.usualMs).toBe(expected);
  });
});
