import { describe, expect, test } from 'vitest';
import type { MediaFrame } from '../../../../src/ingest/media/media-frame.ts';
import { SlateFeed } from '../../../../src/ingest/process/slate/slate-feed.ts';
import { slateOfFrames } from '../../../../src/ingest/process/slate/slate-of-frames.ts';
import { type Placed, Timeline } from '../../../../src/ingest/process/splicer/timeline.ts';
import { pseudoRandom } from '../../../helpers/pseudo-random.ts';
import { feedOf, pictures, sounds } from './frames.ts';

const hourUs = 3_600_000_000;

/** Lets an hour pass on a clock that is looked at every 5 to 45 ms; gives all that left, with how late it was, in µs. */
function anHour(timeline: Timeline, refill = () => {}): (Placed & { lateUs: number })[] {
  const below = pseudoRandom(11);
  const left: (Placed & { lateUs: number })[] = [];
  for (let nowUs = 0; nowUs < hourUs; nowUs += 5000 + below(40_000)) {
    for (const placed of timeline.take(nowUs).due) left.push({ ...placed, lateUs: nowUs - placed.timeUs });
    refill();
  }
  return left;
}

const of = (left: readonly (Placed & { lateUs: number })[], kind: MediaFrame['kind']) =>
  left.filter(({ frame }) => frame.kind === kind);

describe('after an hour', () => {
  test('a slate is where it should be, to the microsecond', () => {
    const timeline = new Timeline();
    const slate = new SlateFeed(slateOfFrames(pictures(0, 1000, 50), 20));
    timeline.cut(slate.feed);
    const left = anHour(timeline);
    for (const [kind, stepUs] of [
      ['video', 50_000],
      ['audio', 20_000],
    ] as const) {
      const frames = of(left, kind);
      const firstUs = frames[0]?.timeUs ?? 0;
      expect(frames.length).toBeGreaterThan((hourUs - 2_000_000) / stepUs);
      expect(frames.every(({ timeUs }, index) => timeUs === firstUs + index * stepUs)).toBe(true);
    }
    expect(Math.max(...left.map(({ lateUs }) => lateUs).slice(-1000))).toBeLessThan(45_000);
  });

  test.each([
    { name: 'sound that ends a little early', soundToMs: 3020 },
    { name: 'sound that runs on a little', soundToMs: 3070 },
    { name: 'sound of the same length', soundToMs: 3040 },
  ])('a loop with $name keeps its sound with its picture, and the clock', ({ soundToMs }) => {
    const timeline = new Timeline();
    // As a container has it: the encoder's first packet of sound stands a little before the first picture.
    const again = () => feedOf([...pictures(0, 3040), ...sounds(-7, soundToMs)]);
    let last = again();
    timeline.cue(last);
    const left = anHour(timeline, () => {
      if (last.bufferedUs > 1_000_000) return;
      last = again();
      timeline.cue(last);
    });
    const begins = of(left, 'video').filter(({ frame }) => frame.ptsUs === 0);
    const firstUs = begins[0]?.timeUs ?? 0;
    expect(begins.length).toBeGreaterThan(1180);
    const driftUs = begins.map(({ timeUs }, round) => timeUs - firstUs - round * 3_040_000);
    expect(new Set(driftUs)).toEqual(new Set([0]));
    // The same packet of sound follows the beginning of its round at the same distance each time.
    const heard = of(left, 'audio').filter(({ frame }) => frame.ptsUs === 993_000);
    expect(heard.length).toBeGreaterThan(1180);
    expect(new Set(heard.map(({ timeUs }, round) => timeUs - (begins[round]?.timeUs ?? 0)))).toEqual(
      new Set([993_000]),
    );
    expect(Math.max(...left.slice(-1000).map(({ lateUs }) => lateUs))).toBeLessThan(45_000);
  });
});
