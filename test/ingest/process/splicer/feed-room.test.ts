import { describe, expect, test } from 'vitest';
import type { MediaFrame } from '../../../../src/ingest/media/media-frame.ts';
import { Feed } from '../../../../src/ingest/process/splicer/feed.ts';
import { type Placed, Timeline } from '../../../../src/ingest/process/splicer/timeline.ts';
import { VirtualClock } from '../../../helpers/virtual-clock.ts';
import { audio, ms, pictures, push, sounds, times, video } from './frames.ts';

const both = (fromMs: number, toMs: number) => [...pictures(fromMs, toMs), ...sounds(fromMs, toMs)];

/** A feed, and how often it asked for data. */
function asking(options: ConstructorParameters<typeof Feed>[1] = {}) {
  const asked = { times: 0 };
  const feed = new Feed(['video', 'audio'], { ...options, onRoom: () => void asked.times++ });
  return { feed, asked };
}

describe('Feed asks for data', () => {
  test('once, when it was full and has room', () => {
    const { feed, asked } = asking();
    push(feed, both(0, 1900));
    feed.shift();
    expect([feed.full, asked.times]).toEqual([false, 0]);
    push(feed, both(1900, 2200));
    expect([feed.full, asked.times]).toEqual([true, 0]);
    while (feed.full) feed.shift();
    feed.shift();
    expect(asked.times).toBe(1);
  });

  test('when it goes off air, and what it held is dropped', () => {
    const { feed, asked } = asking();
    push(feed, both(0, 2200));
    feed.goOnAir();
    feed.goOffAir();
    expect([feed.full, asked.times]).toEqual([false, 1]);
  });

  test('when what one track has more is dropped for an ffmpeg that is started anew', () => {
    const { feed, asked } = asking();
    push(feed, [...pictures(0, 3500), ...sounds(0, 2600)]);
    expect(feed.full).toBe(true);
    push(feed, pictures(3500, 12_000));
    while (feed.full) feed.shift();
    expect(asked.times).toBe(1);
  });

  test('of pictures and sound by themselves, where sound is read apart, until both are read by one again', () => {
    const { feed, asked } = asking();
    const full = () => [feed.fullOf('video'), feed.fullOf('audio')];
    push(feed, both(0, 2200));
    expect(full()).toEqual([true, true]);
    feed.replaceSound(sounds(100, 400));
    expect(full()).toEqual([true, false]);
    push(feed, sounds(400, 2600));
    expect(full()).toEqual([true, true]);
    while (feed.fullOf('video')) feed.shift();
    expect(full()).toEqual([false, true]);
    const before = asked.times;
    feed.shift();
    expect(asked.times).toBe(before + 1);
    push(feed, pictures(2200, 2600));
    feed.resume();
    expect(full()).toEqual([true, true]);
    push(feed, sounds(2600, 5000));
    while (feed.peek()?.ptsUs !== 2200 * ms) feed.shift();
    expect(full()).toEqual([false, false]);
  });

  test('for what follows, when it has ended, also where it is repeated from memory', () => {
    const { feed, asked } = asking();
    push(feed, both(0, 80));
    feed.end();
    while (feed.shift());
    const again = feed.again();
    while (again?.shift());
    expect(asked.times).toBe(12);
  });
});

/**
 * Live HLS: segments of 4 s with a key frame each second come as a whole, and it is begun three of them behind. Whoever reads
 * it stops while its feed is full.
 */
class SegmentReader {
  readonly feed: Feed;
  readonly #clock: VirtualClock;
  readonly #frames: Iterator<MediaFrame>;
  #next: MediaFrame;

  constructor(clock: VirtualClock, keyframeMs: number) {
    this.#clock = clock;
    this.#frames = endless(keyframeMs);
    this.#next = this.#frames.next().value;
    this.feed = new Feed(['video', 'audio'], { passes: clock, onRoom: () => this.read() });
  }

  /** To be called when a segment may have come. */
  read(): void {
    const thereUs = (Math.floor(this.#clock.nowMs() / 4000) * 4000 + 12_000) * ms;
    while (!this.feed.full && this.#next.ptsUs < thereUs) {
      this.feed.push(this.#next);
      this.#next = this.#frames.next().value;
    }
  }
}

function* endless(keyframeMs: number): Generator<MediaFrame, never> {
  for (let atMs = 0; ; atMs += 40)
    yield* [video(atMs, atMs % keyframeMs === 0), audio(atMs), audio(atMs + 20)];
}

describe.each([{ keyframeMs: 1000 }, { keyframeMs: 4000 }])(
  'live HLS with key frames $keyframeMs ms apart',
  ({ keyframeMs }) => {
    const clock = new VirtualClock(0);
    const { feed, read } = reading(clock, keyframeMs);

    test('is read on at its pace while something else is on air', async () => {
      const held: number[] = [];
      for (let second = 0; second < 3600; second++) {
        await clock.pass(1000);
        read();
        if (feed.ready) held.push(feed.startUs ?? 0);
      }
      expect(held.length).toBeGreaterThan(3500);
      // Its place grows with the clock, at most a group of pictures and a second aside.
      const behindMs = held.map((us, index) => (index + 1) * 1000 - us / ms);
      expect(Math.max(...behindMs)).toBeLessThan(keyframeMs + 2000);
      expect(Math.min(...behindMs)).toBeGreaterThan(-keyframeMs - 2000);
    });

    test('comes back at once, and without a gap', async () => {
      const timeline = new Timeline();
      timeline.cut(feed);
      const left: Placed[] = [];
      const fromMs = clock.nowMs();
      for (let index = 0; index < 3000; index++) {
        left.push(...timeline.take((clock.nowMs() - fromMs + 1000) * ms).due);
        await clock.pass(20);
        read();
      }
      const seen = left.filter(({ frame }) => frame.kind === 'video');
      expect([seen[0]?.frame.key, seen.length > 1490]).toEqual([true, true]);
      expect(new Set(apart(seen.map(({ timeUs }) => timeUs)))).toEqual(new Set([40 * ms]));
      expect(new Set(apart(seen.map(({ frame }) => frame.ptsUs)))).toEqual(new Set([40 * ms]));
    });

    test('is read so far ahead on air that a piece may be seconds late', () => {
      expect(feed.bufferedUs).toBeGreaterThanOrEqual(6000 * ms);
    });

    test('goes off air and comes back again', async () => {
      feed.goOffAir();
      for (const _ of times(0, 6000, 1000)) {
        await clock.pass(1000);
        read();
      }
      expect([feed.ready, feed.peek()?.kind]).toEqual([true, 'video']);
      expect(clock.timers).toBe(1);
      feed.end();
      expect(clock.timers).toBe(0);
    });
  },
);

function reading(clock: VirtualClock, keyframeMs: number) {
  const reader = new SegmentReader(clock, keyframeMs);
  return { feed: reader.feed, read: () => reader.read() };
}

function apart(values: readonly number[]): number[] {
  return values.slice(1).map((value, index) => value - (values[index] ?? 0));
}
