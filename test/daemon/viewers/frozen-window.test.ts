import { expect, test } from 'vitest';
import { FrozenWindow } from '../../../src/daemon/viewers/frozen-window.ts';

/** Reports each 5 s; what the last one gives. */
function percent(frozenMs: readonly number[], everyMs = 5000): number | undefined {
  const window = new FrozenWindow();
  return frozenMs.map((ms, at) => window.percent({ atMs: at * everyMs, frozenMs: ms })).at(-1);
}

test.each([
  { name: 'nothing', reports: [0, 0, 0], expected: 0 },
  { name: 'three seconds since it came', reports: [0, 1000, 3000], expected: 5 },
  { name: 'what stood still before its first report', reports: [600], expected: 1 },
  {
    name: 'three seconds that are over for a minute',
    reports: [0, 3000, ...Array(12).fill(3000)],
    expected: 0,
  },
  { name: 'three seconds that are not', reports: [0, 0, 3000, ...Array(11).fill(3000)], expected: 5 },
  { name: 'a page that counts anew', reports: [50_000, 600], expected: 1 },
  { name: 'more than there was time', reports: [0, 86_400_000], expected: 100 },
])('FrozenWindow gives $expected % for $name', ({ reports, expected }) => {
  expect(percent(reports)).toBe(expected);
});

test('FrozenWindow looks back no further for a page that reports all the time', () => {
  const reports = [...Array(1000).fill(0), ...Array(7000).fill(3000)];
  expect(percent(reports, 10)).toBe(0);
});
