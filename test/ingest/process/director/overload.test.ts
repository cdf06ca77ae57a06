import { describe, expect, test } from 'vitest';
import { OverloadWatch, type PipelineLook } from '../../../../src/ingest/process/director/overload.ts';

/** What is said in so many seconds of looks that differ in this from one that is too slow. */
function said(seconds: number, difference: (second: number) => Partial<PipelineLook>): number[] {
  const watch = new OverloadWatch();
  return Array.from({ length: seconds + 1 }, (_, second) => {
    const slow = {
      atMs: second * 1000,
      playing: 'main',
      reachedMs: second * 700,
      bufferedMs: 0,
      transcodes: true,
    };
    return watch.look({ ...slow, ...difference(second) });
  }).filter((speed) => speed !== null);
}

describe('OverloadWatch', () => {
  test.each<{
    name: string;
    seconds?: number;
    change: (second: number) => Partial<PipelineLook>;
    speeds: number[];
  }>([
    { name: 'notices an encoder at 0.7 of real time after 5 s', change: () => ({}), speeds: [0.7] },
    { name: 'says nothing before', seconds: 4, change: () => ({}), speeds: [] },
    { name: 'says it again after a minute', seconds: 66, change: () => ({}), speeds: [0.7, 0.7] },
    { name: 'says nothing of real time', change: (second) => ({ reachedMs: second * 1000 }), speeds: [] },
    { name: 'says nothing while much is read ahead', change: () => ({ bufferedMs: 1500 }), speeds: [] },
    { name: 'says nothing of a copy', change: () => ({ transcodes: false }), speeds: [] },
    { name: 'says nothing of a source that is away', change: () => ({ reachedMs: 5 }), speeds: [] },
    {
      name: 'begins anew with another source',
      change: (second) => ({ playing: second < 3 ? 'main' : 'take' }),
      seconds: 7,
      speeds: [],
    },
    {
      name: 'begins anew where a source begins again',
      change: (second) => ({ reachedMs: (second % 4) * 700 }),
      speeds: [],
    },
  ])('$name', ({ seconds = 10, change, speeds }) => {
    expect(said(seconds, change)).toEqual(speeds.map((speed) => expect.closeTo(speed)));
  });
});
