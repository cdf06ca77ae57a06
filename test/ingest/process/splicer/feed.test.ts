import { describe, expect, test } from 'vitest';
import type { MediaFrame } from '../../../../src/ingest/media/media-frame.ts';
import { Feed } from '../../../../src/ingest/process/splicer/feed.ts';
import { audio, drain, feedOf, ms, pictures, push, sounds, video } from './frames.ts';

const texts = (frames: MediaFrame[]) => frames.map(({ data }) => data.toString());

describe('Feed gives', () => {
  test('frames of both tracks in the order of their times', () => {
    const feed = new Feed(['video', 'audio']);
    for (const frame of [video(0, true), video(40), audio(-7), audio(13), audio(33), audio(53)])
      feed.push(frame);
    expect(feed.peek()?.ptsUs).toBe(-7 * ms);
    expect(drain(feed)).toEqual(['audio -7', 'video 0', 'audio 13', 'audio 33', 'video 40', 'audio 53']);
    expect(feed.peek()).toBeUndefined();
    expect(feed.shift()).toBeUndefined();
  });

  test.each([
    {
      name: 'no picture before the first key frame',
      frames: [video(0), video(40), video(80, true), video(120)],
      expected: ['video 80', 'video 120'],
    },
    {
      name: 'sound before the first key frame',
      frames: [audio(0), video(0), audio(20), video(40, true)],
      expected: ['audio 0', 'audio 20', 'video 40'],
    },
    {
      name: 'every picture, however uneven',
      frames: [video(0, true), video(100), video(133), video(134), video(5000), video(5001)],
      expected: ['video 0', 'video 100', 'video 133', 'video 134', 'video 5000', 'video 5001'],
    },
    {
      name: 'sound behind a pause',
      frames: [audio(0), audio(400), audio(420), audio(440)],
      expected: ['audio 0', 'audio 400', 'audio 420', 'audio 440'],
    },
    {
      name: 'nothing twice, and nothing that goes back',
      frames: [video(0, true), video(40), video(40), video(20), video(80)],
      expected: ['video 0', 'video 40', 'video 80'],
    },
  ])('$name', ({ frames, expected }) => {
    const feed = new Feed([...new Set(frames.map(({ kind }) => kind))]);
    for (const frame of frames) feed.push(frame);
    expect(drain(feed)).toEqual(expected);
  });

  test('nothing of a track that is not to come', () => {
    const feed = new Feed(['audio']);
    push(feed, [video(0, true), audio(0)]);
    expect(drain(feed)).toEqual(['audio 0']);
  });
});

/** Times of what waits of a track, in ms. */
function drainTimes(feed: Feed, kind: MediaFrame['kind']): number[] {
  const found: number[] = [];
  for (let frame = feed.shift(); frame; frame = feed.shift())
    if (frame.kind === kind) found.push(frame.ptsUs / ms);
  return found;
}

describe('Feed, where pictures come seldom,', () => {
  test.each([
    {
      name: 'sends the last one again with the sound',
      frames: [video(0, true), ...sounds(0, 3000)],
      expected: [0, 900, 1800, 2700],
    },
    {
      name: 'sends it again without sound',
      frames: [video(0, true), video(2000, true)],
      expected: [0, 900, 1800, 2000],
    },
    {
      name: 'sends nothing again that cannot be decoded alone',
      frames: [video(0, true), video(40), ...sounds(0, 3000)],
      expected: [0, 40],
    },
    {
      name: 'sends nothing again of pictures that come often',
      frames: [...pictures(0, 900), ...sounds(0, 1000)],
      expected: pictures(0, 900).map(({ ptsUs }) => ptsUs / ms),
    },
    {
      name: 'puts a picture that comes late behind its repetition',
      frames: [video(0, true), ...sounds(0, 1200), video(850), video(890), ...sounds(1200, 1300)],
      expected: [0, 900, 901, 902],
    },
    {
      name: 'sends nothing again over a jump of its times',
      frames: [video(0, true), video(60_000, true)],
      expected: [0, 60_000],
    },
  ])('$name', ({ frames, expected }) => {
    for (const live of [false, true]) {
      const feed = new Feed(['video', 'audio'], { live });
      feed.goOnAir();
      for (const frame of frames) feed.push(frame);
      expect(drainTimes(feed, 'video')).toEqual(expected);
    }
  });

  test('shows the last key frame where pictures stop while the sound goes on, until there is another one', () => {
    const feed = new Feed(['video', 'audio']);
    push(feed, [...pictures(0, 1000), ...sounds(0, 7300)]);
    push(feed, [video(8000), video(8040, true), video(8080), ...sounds(7300, 8100)]);
    const found = drain(feed).filter((text) => text.startsWith('video'));
    const repeated = Array.from({ length: 7 }, () => 'video 0');
    expect(found.slice(25)).toEqual([...repeated, 'video 8040', 'video 8080']);
  });

  test('shows no picture again for sound that is read apart, however far ahead, but for that of its own reader', () => {
    const feed = feedOf([...pictures(0, 1000), ...sounds(0, 1000), video(1000, true)], false);
    feed.replaceSound(sounds(500, 6000));
    feed.passBy(audio(1020));
    push(feed, [...pictures(1040, 2000).slice(1), video(2000, true)]);
    feed.passBy(audio(4000));
    const own = Array.from({ length: 50 }, (_, index) => index * 40).filter((at) => at !== 1040);
    expect(drainTimes(feed, 'video')).toEqual([...own, 2000, 2900]);
  });

  test('is not held to be full of one picture, and is over with its sound', () => {
    const feed = new Feed(['video', 'audio']);
    push(feed, [video(0, true), ...sounds(0, 20_000), video(20_000, true), ...sounds(20_000, 20_100)]);
    for (let frame = feed.peek(); frame && frame.ptsUs < 20_000 * ms; frame = feed.peek()) feed.shift();
    expect(feed.full).toBe(false);
    push(feed, sounds(20_100, 30_400));
    expect(feed.endUs).toBe(30_400 * ms);
  });
});

describe('Feed goes on in the midst', () => {
  const whole = [...pictures(0, 2000), ...sounds(-7, 2000)];
  /** What came before a failure: pictures and sound up to some time, of which the first `left` frames have left. */
  const cases = [
    { name: 'where both tracks came abreast', pictureToMs: 1000, soundToMs: 1000, left: 0 },
    { name: 'where sound lags', pictureToMs: 1000, soundToMs: 700, left: 0 },
    { name: 'where the picture lags', pictureToMs: 700, soundToMs: 1000, left: 0 },
    { name: 'where some have left', pictureToMs: 1000, soundToMs: 700, left: 20 },
    { name: 'after one picture', pictureToMs: 10, soundToMs: 500, left: 0 },
  ];

  test.each(cases)('by a copy from before, $name', ({ pictureToMs, soundToMs, left }) => {
    const feed = feedOf([...pictures(0, pictureToMs), ...sounds(-7, soundToMs)], false);
    const found = Array.from({ length: left }, () => feed.shift()?.data.toString() ?? '');
    feed.resume();
    // Other rounding moves times by less than half a millisecond.
    push(
      feed,
      whole.map((frame) => ({ ...frame, ptsUs: frame.ptsUs + 400 })),
    );
    expect([...found, ...drain(feed)]).toEqual(drain(feedOf(whole)));
  });

  test.each(cases)(
    'by an encoder from behind the last picture, $name',
    ({ pictureToMs, soundToMs, left }) => {
      const feed = feedOf([...pictures(0, pictureToMs), ...sounds(-7, soundToMs)], false);
      const found = Array.from({ length: left }, () => feed.shift()?.data.toString() ?? '');
      const lastMs = (feed.resume() ?? 0) / ms;
      expect(lastMs % 40).toBe(0);
      const soundMs = lastMs + 1 - 6.5;
      push(feed, [...pictures(lastMs + 40, 2000), ...sounds(soundMs, 2000)]);
      const all = [...found, ...drain(feed)];
      const isPicture = (text: string) => text.startsWith('video');
      expect(all.filter(isPicture)).toEqual(texts(pictures(0, 2000)));
      const at = all.filter((text) => !isPicture(text)).map((text) => Number(text.split(' ')[1]));
      const steps = at.slice(1).map((time, index) => time - (at[index] ?? 0));
      expect(Math.min(...steps)).toBeGreaterThanOrEqual(15);
      expect(Math.max(...steps)).toBeLessThanOrEqual(61);
    },
  );

  test('with a key frame, where pictures that wait have to go', () => {
    const feed = feedOf([...pictures(0, 1000), ...sounds(0, 500)], false);
    expect(feed.resume()).toBe(480 * ms);
    push(feed, [video(520, true), video(560)]);
    expect(
      drain(feed)
        .filter((text) => text.startsWith('video'))
        .slice(-3),
    ).toEqual(['video 480', 'video 520', 'video 560']);
  });

  test('without waiting for a track that ended long ago', () => {
    const feed = feedOf([...pictures(0, 5000), ...sounds(0, 1000)], false);
    expect(feed.resume()).toBe(4960 * ms);
    expect(feed.queuedToUs).toBe(4960 * ms);
  });

  test('behind the last repetition, where pictures are rare', () => {
    const feed = feedOf([video(0, true), ...sounds(0, 4000)], false);
    expect(feed.resume()).toBe(3600 * ms);
    push(feed, [video(0, true), ...sounds(3000, 6000), video(6000, true)]);
    expect(drainTimes(feed, 'video')).toEqual([0, 900, 1800, 2700, 3600, 4500, 5400, 6000]);
    expect(feed.endUs).toBeGreaterThanOrEqual(6000 * ms);
  });

  test('behind the sound, where the only picture cannot be repeated', () => {
    const feed = feedOf([video(0, true), video(40), ...sounds(0, 4000)], false);
    expect(feed.resume()).toBe(3980 * ms);
  });

  test('anew, where nothing has come', () => {
    const feed = new Feed(['video', 'audio'], { fromUs: 60_000 * ms });
    expect(feed.resume()).toBeUndefined();
    expect(feed.fromUs).toBe(60_000 * ms);
  });

  test('without losing count of its bytes', () => {
    const feed = new Feed(['video', 'audio']);
    for (let round = 0; round < 40; round++) {
      push(feed, [video(0, true), audio(0), video(40, false, 4_000_000), video(80, false, 4_000_000)]);
      feed.resume();
    }
    expect(feed.full).toBe(false);
  });
});

describe('Feed is', () => {
  test.each([
    {
      name: 'not ready while a track has not begun',
      frames: pictures(0, 400),
      kinds: 2,
      ready: false,
      full: false,
    },
    {
      name: 'ready when both have',
      frames: [...pictures(0, 40), ...sounds(0, 20)],
      kinds: 2,
      ready: true,
      full: false,
    },
    {
      name: 'ready when one is not waited for',
      frames: pictures(0, 1040),
      kinds: 2,
      ready: true,
      full: false,
    },
    {
      name: 'full with two seconds of both',
      frames: [...pictures(0, 2040), ...sounds(0, 2000)],
      kinds: 2,
      ready: true,
      full: true,
    },
    {
      name: 'full with two seconds of one and half a second of the other',
      frames: [...pictures(0, 2040), ...sounds(0, 520)],
      kinds: 2,
      ready: true,
      full: true,
    },
    {
      name: 'not full while one starves',
      frames: [...pictures(0, 8000), ...sounds(0, 400)],
      kinds: 2,
      ready: true,
      full: false,
    },
    { name: 'full with ten seconds of one', frames: pictures(0, 10_000), kinds: 2, ready: true, full: true },
    {
      name: 'full with two seconds of its only track',
      frames: pictures(0, 2000),
      kinds: 1,
      ready: true,
      full: true,
    },
    {
      name: 'full and ready with great pictures',
      frames: [0, 40, 80].map((at) => video(at, true, 30_000_000)),
      kinds: 2,
      ready: true,
      full: true,
    },
  ])('$name', ({ frames, kinds, ready, full }) => {
    const feed = new Feed(kinds === 2 ? ['video', 'audio'] : ['video']);
    push(feed, frames);
    expect({ ready: feed.ready, full: feed.full }).toEqual({ ready, full });
    drain(feed);
    expect(feed.full).toBe(false);
    expect(feed.bufferedUs).toBe(0);
  });

  test.each([
    { name: 'with the picture', frames: [...pictures(0, 1000), ...sounds(0, 1000)], endMs: 1000 },
    {
      name: 'with the picture, where sound is a little longer',
      frames: [...pictures(0, 1000), ...sounds(0, 1400)],
      endMs: 1000,
    },
    {
      name: 'with the sound, where it is much longer',
      frames: [...pictures(0, 1000), ...sounds(0, 3000)],
      endMs: 3000,
    },
    {
      name: 'with the picture, where sound is shorter',
      frames: [...pictures(0, 1000), ...sounds(0, 300)],
      endMs: 1000,
    },
    { name: 'with the sound alone', frames: sounds(0, 300), endMs: 300 },
    { name: 'after a usual time, where it is one picture', frames: [video(0, true)], endMs: 40 },
    { name: 'after a usual time, where it is one packet of sound', frames: [audio(0)], endMs: 20 },
    { name: 'after as long as the last two were apart', frames: [video(0, true), video(3000)], endMs: 6000 },
  ])('over $name', ({ frames, endMs }) => {
    const feed = feedOf(frames);
    expect(feed.endUs).toBe(endMs * ms);
    drain(feed);
    expect(feed.endUs).toBe(endMs * ms);
  });

  test('barren only if it was to play from the beginning', () => {
    expect(feedOf([]).barren).toBe(true);
    expect(feedOf([], false).barren).toBe(false);
    expect(feedOf([], true, 5000).barren).toBe(false);
    expect(feedOf([video(0)]).barren).toBe(true);
    const played = feedOf([video(0, true)]);
    drain(played);
    expect(played.barren).toBe(false);
  });
});

describe('Feed comes again', () => {
  test('with the same frames, if it is short', () => {
    const frames = [...pictures(0, 300), ...sounds(-7, 290)];
    const feed = feedOf(frames);
    drain(feed);
    const again = feed.again();
    expect(again?.ended).toBe(true);
    expect(again && drain(again)).toEqual(drain(feedOf(frames)));
    expect(again?.again()?.bufferedUs).toBe(320 * ms);
  });

  test.each([
    { name: 'is long', feed: () => feedOf(pictures(0, 1100)) },
    { name: 'is large', feed: () => feedOf([video(0, true, 9_000_000)]) },
    { name: 'is not over', feed: () => feedOf(pictures(0, 300), false) },
    { name: 'began in the midst', feed: () => feedOf(pictures(600, 900), true, 600) },
    { name: 'gave nothing', feed: () => feedOf([]) },
    {
      name: 'was interrupted',
      feed: () => {
        const feed = feedOf(pictures(0, 300), false);
        feed.resume();
        feed.end();
        return feed;
      },
    },
  ])('not, if it $name', ({ feed }) => {
    expect(feed().again()).toBeUndefined();
  });
});
