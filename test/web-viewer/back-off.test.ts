import { expect, test } from 'vitest';
import { backOffMs } from '../../src/web-viewer/back-off.ts';

test.each([
  { failures: 0, soonestMs: 500, latestMs: 1000 },
  { failures: 1, soonestMs: 1000, latestMs: 2000 },
  { failures: 2, soonestMs: 2000, latestMs: 4000 },
  { failures: 3, soonestMs: 4000, latestMs: 8000 },
  { failures: 4, soonestMs: 5000, latestMs: 10_000 },
  { failures: 2000, soonestMs: 5000, latestMs: 10_000 },
])('after $failures failures the next try comes in $soonestMs to $latestMs ms', (expected) => {
  expect(backOffMs(expected.failures, 0)).toBe(expected.soonestMs);
  expect(backOffMs(expected.failures, 1)).toBe(expected.latestMs);
});
