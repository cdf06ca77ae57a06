import { describe, expect, test } from 'vitest';
import { SlowGain } from '../../../../src/ingest/process/players/slow-gain.ts';

/** What the gain is, in dB, after each second of sound of which the loudness is told, in LUFS. */
function gainsOver(loudness: readonly { readonly lufs: number; readonly s: number }[], fromDb = 0): number[] {
  const standing = { db: fromDb };
  const gain = new SlowGain(-16, standing);
  return loudness.flatMap(({ lufs, s }) =>
    Array.from({ length: s }, () => {
      for (let tenth = 0; tenth < 10; tenth++) gain.hear(lufs);
      return standing.db;
    }),
  );
}

describe('SlowGain', () => {
  test.each([
    { name: 'raises what is too quiet, by a dB each second', lufs: -26, expected: 10, afterS: 10 },
    { name: 'lowers what is too loud, by two', lufs: -9, expected: -7, afterS: 5 },
    { name: 'leaves alone what is near enough', lufs: -16.8, expected: 0, afterS: 60 },
    { name: 'raises nothing without end', lufs: -49, expected: 20, afterS: 60 },
    { name: 'leaves silence alone', lufs: -80, expected: 0, afterS: 60 },
    { name: 'and sound that is none', lufs: Number.NEGATIVE_INFINITY, expected: 0, afterS: 60 },
  ])('$name', ({ lufs, expected, afterS }) => {
    expect(gainsOver([{ lufs, s: afterS + 1 }]).at(-1)).toBeCloseTo(expected, 1);
  });

  test('never jumps', () => {
    const gains = gainsOver([
      { lufs: -40, s: 20 },
      { lufs: -6, s: 60 },
      { lufs: -30, s: 60 },
    ]);
    const steps = gains.slice(1).map((db, index) => db - (gains[index] ?? 0));
    expect(Math.max(...steps)).toBeLessThanOrEqual(1);
    expect(Math.min(...steps)).toBeGreaterThanOrEqual(-2);
  });

  test('stands still while nobody speaks, and forgets nothing meanwhile', () => {
    const gains = gainsOver([
      { lufs: -24, s: 20 },
      { lufs: -55, s: 120 },
      { lufs: -24, s: 20 },
    ]);
    expect(new Set(gains.slice(19))).toEqual(new Set([gains[19]]));
    expect(gains[19]).toBeCloseTo(8, 1);
  });

  test('is not lowered by what is damaged on its way, however loud that is', () => {
    const gains = gainsOver([
      { lufs: -16, s: 10 },
      { lufs: 72, s: 1 },
      { lufs: -16, s: 30 },
    ]);
    expect(new Set(gains)).toEqual(new Set([0]));
  });

  test('goes on where it stood', () => {
    expect(gainsOver([{ lufs: -28, s: 10 }], 12)).toEqual(Array.from({ length: 10 }, () => 12));
  });
});
