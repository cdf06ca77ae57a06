import { describe, expect, test } from 'vitest';
import { LiveOffset } from '../../../../src/ingest/process/splicer/live-offset.ts';

const s = 1_000_000;

/** Places pictures of 25 a second that come by a clock of the source's own, from 0 to `seconds`; gives how far each is from now, in ms. */
function errors(seconds: number, arrivesUs: (ptsUs: number) => number): number[] {
  const offset = new LiveOffset(0, arrivesUs(0));
  const found: number[] = [];
  for (let ptsUs = 0; ptsUs <= seconds * s; ptsUs += 40_000) {
    const nowUs = arrivesUs(ptsUs);
    found.push((offset.place(ptsUs, nowUs) - nowUs) / 1000);
  }
  return found;
}

describe('LiveOffset', () => {
  test.each([
    { name: 'an exact clock', arrives: (pts: number) => pts, within: 0 },
    {
      name: 'a way that is uneven',
      arrives: (pts: number) => pts + ((pts / 40_000) % 5) * 30_000,
      within: 121,
    },
    { name: 'a clock that is slow by 0.1 %', arrives: (pts: number) => pts * 1.001, within: 90 },
    { name: 'a clock that is fast by 0.1 %', arrives: (pts: number) => pts * 0.999, within: 90 },
  ])('keeps to the wall clock over an hour with $name', ({ arrives, within }) => {
    expect(Math.max(...errors(3600, arrives).map(Math.abs))).toBeLessThanOrEqual(within);
  });

  test('moves by whole packets of sound only', () => {
    const offset = new LiveOffset(0, 0);
    const moves = new Set<number>();
    for (let pts = 0, before = 0; pts < 600 * s; pts += 20_000) {
      const placed = offset.place(pts, pts * 1.0005);
      if (pts > 0) moves.add(placed - before - 20_000);
      before = placed;
    }
    expect([...moves].every((move) => move % 20_000 === 0)).toBe(true);
    expect(moves.size).toBeGreaterThan(1);
  });

  test.each([
    { name: 'forward', jumpUs: 7200 * s },
    { name: 'back', jumpUs: -7200 * s },
  ])('follows a source that jumps $name by hours at once', ({ jumpUs }) => {
    const offset = new LiveOffset(10_000 * s, 0);
    expect(offset.place(10_001 * s, s)).toBe(s);
    expect(offset.place(10_001 * s + jumpUs + 40_000, s + 40_000)).toBe(s + 40_000);
    expect(offset.place(10_001 * s + jumpUs + 80_000, s + 80_000)).toBe(s + 80_000);
  });

  test('does not move where a burst follows a stop', () => {
    const offset = new LiveOffset(0, 0);
    for (let pts = 0; pts < s; pts += 40_000) offset.place(pts, pts);
    const burst = [...Array(15).keys()].map((index) => s + index * 40_000);
    expect(burst.map((pts) => offset.place(pts, 1.6 * s))).toEqual(burst);
    expect(offset.place(1.64 * s, 1.64 * s)).toBe(1.64 * s);
  });
});
