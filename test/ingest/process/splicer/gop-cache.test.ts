import { describe, expect, test } from 'vitest';
import { GopCache } from '../../../../src/ingest/process/splicer/gop-cache.ts';
import { video } from './frames.ts';

/** Key frames 240 ms apart and a picture each 40 ms, up to a moment; nothing is later than its time. */
function sentTo(untilMs: number, { intervalMs = 240, bytes = 0 } = {}): GopCache {
  const repetition = new GopCache();
  for (let at = 0; at <= untilMs; at += 40) repetition.note(video(at, at % intervalMs === 0, bytes), at);
  return repetition;
}

const times = (repetition: GopCache, nowMs: number) =>
  repetition.take(nowMs).map(({ ptsUs }) => ptsUs / 1000);

describe('GopCache', () => {
  test.each([
    {
      name: 'the last key frame and what followed',
      untilMs: 380,
      nowMs: 385,
      expected: [240, 280, 320, 360],
    },
    { name: 'a key frame that has just left', untilMs: 240, nowMs: 241, expected: [240] },
    { name: 'nothing where the next key frame is near', untilMs: 440, nowMs: 445, expected: [] },
    {
      name: 'the last pictures where the next key frame is overdue',
      untilMs: 440,
      nowMs: 3000,
      expected: [240, 280, 320, 360, 400, 440],
    },
    { name: 'nothing before the first picture', untilMs: -1, nowMs: 0, expected: [] },
    {
      name: 'the first key frame, although no second one has come',
      untilMs: 40,
      nowMs: 60,
      expected: [0, 40],
    },
  ])('gives $name', ({ untilMs, nowMs, expected }) => {
    expect(times(sentTo(untilMs), nowMs)).toEqual(expected);
  });

  test('gives nothing where it would be more than 8 pictures', () => {
    expect(times(sentTo(280, { intervalMs: 2000 }), 285)).toHaveLength(8);
    expect(times(sentTo(320, { intervalMs: 2000 }), 325)).toEqual([]);
  });

  test('gives nothing where it would be more than 64 KiB', () => {
    expect(times(sentTo(360, { bytes: 16_384 }), 365)).toHaveLength(4);
    expect(times(sentTo(360, { bytes: 16_385 }), 365)).toEqual([]);
  });

  test('gives nothing again before 250 ms have passed, however many ask', () => {
    const repetition = sentTo(320);
    expect(times(repetition, 325)).toHaveLength(3);
    expect(times(repetition, 326)).toEqual([]);
    for (const at of [360, 400, 440, 480, 520, 560]) repetition.note(video(at, at === 480), at);
    expect(times(repetition, 574)).toEqual([]);
    expect(times(repetition, 575)).toEqual([480, 520, 560]);
  });

  test('gives nothing where a stream does not begin with a key frame', () => {
    const repetition = new GopCache();
    repetition.note(video(40), 40);
    expect(repetition.take(50)).toEqual([]);
  });
});
