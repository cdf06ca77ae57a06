import { describe, expect, test } from 'vitest';
import type { MediaFrame } from '../../../../src/ingest/media/media-frame.ts';
import { Filler } from '../../../../src/ingest/process/slate/filler.ts';
import { silence } from '../../../../src/ingest/process/slate/silence.ts';
import { loopedFrames, type Slate } from '../../../../src/ingest/process/slate/slate.ts';
import { SlateFeed } from '../../../../src/ingest/process/slate/slate-feed.ts';
import { slateOfFrames } from '../../../../src/ingest/process/slate/slate-of-frames.ts';
import { audio, pictures, sounds } from '../splicer/frames.ts';

/** Two pictures of 50 ms, and sound. */
const short: Slate = slateOfFrames(pictures(0, 100, 50), 20);

describe('slateOfFrames', () => {
  const cases: {
    name: string;
    frames: MediaFrame[];
    fps: number;
    durationMs: number;
    /** Times of the packets of sound, in ms. */
    heardMs: number[];
    silentMs: number[];
  }[] = [
    {
      name: 'fills a picture without sound with silence',
      ...{ frames: pictures(0, 100, 50), fps: 20, durationMs: 100 },
      ...{ heardMs: [], silentMs: [0, 20, 40, 60, 80] },
    },
    {
      name: 'keeps sound that an encoder begins early, and leaves room for it at the end',
      ...{ frames: [...pictures(0, 80, 40), ...sounds(-7, 200)], fps: 25, durationMs: 80 },
      ...{ heardMs: [-7, 13, 33, 53], silentMs: [] },
    },
    {
      name: 'goes on silently where the sound ends early',
      ...{ frames: [...pictures(0, 80, 40), ...sounds(-7, 30)], fps: 25, durationMs: 80 },
      ...{ heardMs: [-7, 13], silentMs: [33, 53] },
    },
    {
      name: 'is silent where the sound has a hole',
      ...{
        frames: [...pictures(0, 160, 40), ...sounds(0, 40), ...sounds(105, 160)],
        fps: 25,
        durationMs: 160,
      },
      ...{ heardMs: [0, 20, 105, 125, 145], silentMs: [40, 60, 80] },
    },
    {
      name: 'is silent until the sound begins',
      ...{ frames: [...pictures(0, 80, 40), audio(45)], fps: 25, durationMs: 80 },
      ...{ heardMs: [45], silentMs: [5, 25, 65] },
    },
    {
      name: 'is cut to whole packets of sound',
      ...{ frames: pictures(0, 99, 33), fps: 30, durationMs: 100 },
      ...{ heardMs: [], silentMs: [0, 20, 40, 60, 80] },
    },
  ];
  test.each(cases)('$name', ({ frames, fps, durationMs, heardMs, silentMs }) => {
    const slate = slateOfFrames(frames, fps);
    expect(slate.durationUs).toBe(durationMs * 1000);
    const quiet = silence(0, 1)[0]?.data;
    const times = (silent: boolean) =>
      slate.frames.filter(({ kind, data }) => kind === 'audio' && (data === quiet) === silent).map(inMs);
    expect(times(false)).toEqual(heardMs);
    expect(times(true)).toEqual(silentMs);
    expect(slate.frames.map(inMs)).toEqual(slate.frames.map(inMs).toSorted((a, b) => a - b));
  });
});

describe('loopedFrames', () => {
  test('repeats from any time on, with times that only grow and a key frame at each beginning', () => {
    const frames = loopedFrames(short, 1_000_000, ['video']).take(5).toArray();
    expect(frames.map(inMs)).toEqual([1000, 1050, 1100, 1150, 1200]);
    expect(frames.map(({ key }) => key)).toEqual([true, false, true, false, true]);
  });
});

describe('SlateFeed', () => {
  test('has its first key frame at once, and is filled again when frames have left', () => {
    const slate = new SlateFeed(short);
    const { feed } = slate;
    expect([feed.ready, feed.full, feed.peek()?.key]).toEqual([true, true, true]);
    const left: number[] = [];
    while (left.length < 1000) {
      const frame = feed.shift();
      if (frame?.kind === 'audio') left.push(inMs(frame));
    }
    expect(left).toEqual(Array.from({ length: 1000 }, (_, index) => index * 20));
    expect(feed.full).toBe(true);
  });
});

describe('Filler', () => {
  test('gives silence as far as the source is', () => {
    const filler = Filler.sound(5000);
    expect(filler.upTo(5000).map(inMs)).toEqual([]);
    expect(filler.upTo(45_000).map(inMs)).toEqual([5, 25]);
    expect(filler.upTo(45_000).map(inMs)).toEqual([]);
    expect(filler.upTo(45_001).map(inMs)).toEqual([45]);
  });

  test('gives the pictures of a slate as far as the source is', () => {
    const filler = Filler.picture(short, 0);
    expect(filler.upTo(110_000).map(({ kind, key, ptsUs }) => [kind, key, ptsUs / 1000])).toEqual([
      ['video', true, 0],
      ['video', false, 50],
      ['video', true, 100],
    ]);
  });
});

function inMs({ ptsUs }: MediaFrame): number {
  return ptsUs / 1000;
}
