import { expect, test } from 'vitest';
import { lookBps } from '../../../src/daemon/viewers/bandwidth-probe.ts';

test.each([
  { carriedBps: 30_000, expected: 1_000_000 },
  { carriedBps: 800_000, expected: 1_600_000 },
  { carriedBps: 2_200_000, expected: 3_880_000 },
  { carriedBps: 3_000_000, expected: 3_880_000 },
  { carriedBps: 5_000_000, expected: 6_000_000 },
])('a line that carries $carriedBps bit/s is tried with $expected', ({ carriedBps, expected }) => {
  expect(lookBps(carriedBps)).toBe(expected);
});
