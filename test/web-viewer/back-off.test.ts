import { expect, test } from 'vitest';
import { backOffMs, spread } from '../../src/web-viewer/back-off.ts';

test.each([
  { failures: 0, soonestMs: 500, latestMs: 1000 },
  { failures: 1, soonestMs: 1000, latestMs: 2000 },
  { failures: 2, soonestMs: 2000, latestMs: 4000 },
  { failures: 3, soonestMs: 4000, latestMs: 8000 },
  { failures: 4, soonestMs: 5000, latestMs: 10_000 },
  { failures: 2000, soonestMs: 5000, latestMs: 10_000 },
])('after $failures failures the next try comes in $soonestMs to $latestMs ms', (expected) => {
  expect(backOffMs(expected.failures, 0, 1)).toBe(expected.soonestMs);
  expect(backOffMs(expected.failures, 1, 1)).toBe(expected.latestMs);
});

test.each([
  { viewers: 1, latestMs: 1000 },
  { viewers: 200, latestMs: 1500 },
  { viewers: 600, latestMs: 3500 },
  { viewers: 5000, latestMs: 3500 },
])('$viewers viewers come back within $latestMs ms, once', ({ viewers, latestMs }) => {
  expect(backOffMs(0, 0, viewers)).toBe(500);
  expect(backOffMs(0, 1, viewers)).toBe(latestMs);
  expect(backOffMs(1, 1, viewers)).toBe(2000);
});

test('those whom a daemon tells when to come back are spread as wide', () => {
  expect([spread(2000, 1000, 1, 1), spread(2000, 1000, 400, 1)]).toEqual([3000, 4000]);
});
