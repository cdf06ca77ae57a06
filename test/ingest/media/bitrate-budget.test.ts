import { array, assert, integer, property, record } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BitrateBudget, mostFramesPerSecond } from '../../../src/ingest/media/bitrate-budget.ts';

const limitBps = 20_000_000;
const bytesOf = (mbit: number) => (mbit * 1_000_000) / 8;

interface Spent {
  readonly atMs: number;
  readonly bytes: number;
}

/** So much in each of so many steps. */
function steady(mbps: number, { forMs = 60_000, stepMs = 40, fromMs = 0 } = {}): Spent[] {
  return Array.from({ length: forMs / stepMs }, (_, index) => {
    return { atMs: fromMs + index * stepMs, bytes: bytesOf((mbps * stepMs) / 1000) };
  });
}

/** When it was over first, in ms; null: never. */
function overAtMs(spent: readonly Spent[]): number | null {
  const budget = new BitrateBudget(limitBps);
  for (const { atMs, bytes } of spent) {
    budget.spend(atMs, bytes, 1);
    if (budget.isOver) return atMs;
  }
  return null;
}

describe('BitrateBudget', () => {
  test.each([
    { name: 'half of it', spent: steady(10), between: null },
    { name: 'all of it', spent: steady(19.9), between: null },
    { name: 'twice as much', spent: steady(40), between: [2400, 2600] },
    { name: 'a little more', spent: steady(21), between: [4600, 5000] },
    { name: 'a hundred times as much', spent: steady(2000), between: [0, 80] },
    {
      name: 'a key frame as large as two seconds, every three',
      spent: steady(10).map((one, index) => (index % 75 === 0 ? { ...one, bytes: bytesOf(20) } : one)),
      between: null,
    },
    {
      name: 'what a network held back for two seconds, at once',
      spent: [...steady(10, { forMs: 10_000 }), { atMs: 12_000, bytes: bytesOf(20) }],
      between: null,
    },
    {
      name: 'more, after an hour of nothing',
      spent: [...steady(10, { forMs: 10_000 }), ...steady(40, { fromMs: 3_600_000 })],
      between: [3_602_400, 3_602_600],
    },
    {
      name: 'time that stands still',
      spent: steady(10).map((one) => ({ ...one, atMs: 0 })),
      between: [0, 0],
    },
    {
      name: 'time that begins again',
      spent: [...steady(19, { fromMs: 600_000 }), ...steady(19)],
      between: null,
    },
    {
      name: 'time that goes back a little, again and again',
      spent: steady(10).map((one) => ({ ...one, atMs: 10_000 + (one.atMs % 4000) })),
      between: [12_000, 14_000],
    },
  ])('$name', ({ spent, between }) => {
    const atMs = overAtMs(spent);
    if (between === null) return expect(atMs).toBeNull();
    expect(atMs).toBeGreaterThanOrEqual(between[0] as number);
    expect(atMs).toBeLessThanOrEqual(between[1] as number);
  });

  test('many small frames are too much as well', () => {
    const frames = (perSecond: number) => {
      const budget = new BitrateBudget(limitBps);
      for (let count = 0; count < 20 * perSecond; count++) budget.spend((count * 1000) / perSecond, 10, 1);
      return budget.isOver;
    };
    expect([frames(60 + 47), frames(mostFramesPerSecond - 1), frames(mostFramesPerSecond * 1.1)]).toEqual([
      ...[false, false, true],
    ]);
  });

  test('whatever comes and when: never over below the limit in each five seconds, never late above it', () => {
    const step = record({
      afterMs: integer({ min: 0, max: 3000 }),
      kilobytes: integer({ min: 0, max: 5000 }),
    });
    assert(
      property(array(step, { maxLength: 100 }), (steps) => {
        const budget = new BitrateBudget(limitBps);
        const seen: Spent[] = [];
        let atMs = 0;
        for (const { afterMs, kilobytes } of steps) {
          atMs += afterMs;
          seen.push({ atMs, bytes: kilobytes * 1000 });
          budget.spend(atMs, kilobytes * 1000, 1);
          const within = (ms: number) =>
            seen.filter((one) => atMs - one.atMs < ms).reduce((sum, { bytes }) => sum + bytes, 0);
          const allowed = bytesOf(100);
          if (budget.isOver) expect(within(5000)).toBeGreaterThan(allowed);
          else expect(within(4750)).toBeLessThanOrEqual(allowed);
        }
      }),
      { numRuns: 300, seed: 8 },
    );
  });
});
