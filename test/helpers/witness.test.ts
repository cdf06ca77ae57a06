import { expect, test } from 'vitest';
import { stoodStillMs } from './witness.ts';

test.each([
  { of: 'one that slept while the machine stood still', lateMs: 900, waitedMs: 1, expected: 899 },
  { of: 'one that waited for a CPU', lateMs: 900, waitedMs: 895, expected: 0 },
  { of: 'one that did both', lateMs: 900, waitedMs: 400, expected: 500 },
  { of: 'one that waited before it slept, too', lateMs: 30, waitedMs: 45, expected: 0 },
  { of: 'one that comes soon', lateMs: 20, waitedMs: 0, expected: 0 },
])('Of the lateness of $of, $expected ms are the machine', ({ lateMs, waitedMs, expected }) => {
  expect(stoodStillMs(lateMs, waitedMs)).toBe(expected);
});
