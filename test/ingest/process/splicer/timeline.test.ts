import { describe, expect, test } from 'vitest';
import { Feed } from '../../../../src/ingest/process/splicer/feed.ts';
import { Timeline } from '../../../../src/ingest/process/splicer/timeline.ts';
import { audio, feedOf, ms, pictures, push, sounds, video } from './frames.ts';

/** The first frame leaves so late. */
const leadMs = 400;

/** Runs a timeline by a clock of its own. */
class Clock {
  readonly timeline = new Timeline();
  readonly sent: { kind: string; source: string; atMs: number; nowMs: number }[] = [];
  readonly finished: { feed: Feed; nowMs: number }[] = [];
  nowMs = 0;
  wakeMs: number | undefined;

  /** Looks now; what happens is noted. */
  look(): void {
    const step = this.timeline.take(this.nowMs * ms);
    for (const { frame, timeUs } of step.due) {
      const note = {
        kind: frame.kind,
        source: frame.data.toString(),
        atMs: round(timeUs / ms),
        nowMs: this.nowMs,
      };
      this.sent.push(note);
    }
    for (const feed of step.finished) this.finished.push({ feed, nowMs: this.nowMs });
    this.wakeMs = step.wakeUs === undefined ? undefined : step.wakeUs / ms;
  }

  /** Looks whenever the timeline wants it, up to a moment. */
  runTo(endMs: number): void {
    this.look();
    while (this.wakeMs !== undefined && this.wakeMs <= endMs) {
      expect(this.wakeMs).toBeGreaterThan(this.nowMs);
      this.nowMs = this.wakeMs;
      this.look();
    }
    this.nowMs = endMs;
    this.look();
  }

  at(kind: 'video' | 'audio'): number[] {
    return this.sent.filter((one) => one.kind === kind).map(({ atMs }) => atMs);
  }
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}

function cued(...feeds: Feed[]): Clock {
  const clock = new Clock();
  for (const feed of feeds) clock.timeline.cue(feed);
  return clock;
}

function steps(atMs: number[]): number[] {
  return [...new Set(atMs.slice(1).map((at, index) => round(at - (atMs[index] ?? 0))))];
}

describe('Timeline', () => {
  test('sends each frame at its moment, from a lead on', () => {
    const clock = cued(feedOf([...pictures(5000, 5200), ...sounds(4993, 5200)]));
    clock.runTo(2000);
    expect(clock.sent.every(({ atMs, nowMs }) => nowMs === Math.max(atMs, 0))).toBe(true);
    expect(clock.at('video')).toEqual([400, 440, 480, 520, 560]);
    expect(clock.at('audio')[0]).toBe(393);
    expect(steps(clock.at('audio'))).toEqual([20]);
  });

  test('is silent without a feed', () => {
    const clock = cued();
    clock.runTo(1000);
    expect(clock).toMatchObject({ sent: [], finished: [], wakeMs: undefined });
  });

  test('ends a feed when its last picture has been shown', () => {
    const feed = feedOf([...pictures(0, 200), ...sounds(0, 200)]);
    const clock = cued(feed);
    clock.runTo(leadMs + 199);
    expect(clock.finished).toEqual([]);
    clock.runTo(3000);
    expect(clock.finished).toEqual([{ feed, nowMs: leadMs + 200 }]);
  });

  test.each([
    { name: 'pictures and sound', frames: [...pictures(0, 400), ...sounds(0, 400)] },
    { name: 'pictures alone', frames: pictures(0, 400) },
    { name: 'sound alone', frames: sounds(0, 400) },
    { name: 'a single picture', frames: [video(0, true)] },
    { name: 'sound that is shorter', frames: [...pictures(0, 400), ...sounds(0, 100)] },
    { name: 'sound that runs on a little', frames: [...pictures(0, 400), ...sounds(0, 700)] },
    { name: 'sound that begins before', frames: [...pictures(0, 400), ...sounds(-60, 340)] },
    { name: 'times far from nothing', frames: [...pictures(900_000, 900_400), ...sounds(900_000, 900_400)] },
  ])('joins feeds of $name without a gap', ({ frames }) => {
    const clock = cued(...Array.from({ length: 20 }, () => feedOf(frames)));
    clock.runTo(20_000);
    expect(clock.finished.length).toBe(20);
    const picturesAt = clock.at('video');
    if (picturesAt.length > 0) {
      expect(steps(picturesAt)).toEqual([40]);
      expect(picturesAt.length).toBe(20 * frames.filter(({ kind }) => kind === 'video').length);
    }
    expectGrowing(clock);
    if (frames.every(({ kind }) => kind === 'audio')) expect(steps(clock.at('audio'))).toEqual([20]);
  });

  test('plays on the sound that is much longer than the picture', () => {
    const clock = cued(feedOf([...pictures(0, 200), ...sounds(0, 2000)]), feedOf(pictures(0, 200)));
    clock.runTo(5000);
    expect(clock.at('audio').length).toBe(100);
    expect(clock.at('video')[5]).toBe(leadMs + 2000);
  });

  test('cuts sound that runs on, and does not send it late', () => {
    const clock = cued(feedOf([...pictures(0, 200), ...sounds(0, 500)]));
    clock.runTo(5000);
    expect(clock.at('audio').length).toBe(10);
  });

  test('sends no sound twice where the next feed begins with sound before its picture', () => {
    const frames = [...pictures(0, 400), ...sounds(-100, 400)];
    const clock = cued(feedOf(frames), feedOf(frames));
    clock.runTo(5000);
    expectGrowing(clock);
    const second = clock.sent
      .filter(({ kind }) => kind === 'audio')
      .map(({ source }) => source)
      .slice(25);
    expect(second[0]).toBe('audio 0');
  });

  test('joins feeds without a gap where it is looked at late', () => {
    const clock = cued(...Array.from({ length: 4 }, () => feedOf([...pictures(0, 200), ...sounds(0, 200)])));
    for (const lookMs of [leadMs + 20, leadMs + 490, leadMs + 900]) {
      clock.nowMs = lookMs;
      clock.look();
    }
    expect(clock.finished.length).toBe(4);
    expect(steps(clock.at('video'))).toEqual([40]);
    expect(steps(clock.at('audio'))).toEqual([20]);
  });

  test('begins a feed that comes late at once', () => {
    const clock = cued(feedOf(pictures(0, 200)));
    clock.runTo(3000);
    clock.timeline.cue(feedOf(pictures(0, 200)));
    clock.runTo(6000);
    expect(clock.at('video')).toEqual([400, 440, 480, 520, 560, 3000, 3040, 3080, 3120, 3160]);
  });

  test('joins a feed that comes in the last moment', () => {
    const clock = cued(feedOf(pictures(0, 200)));
    clock.runTo(leadMs + 190);
    clock.timeline.cue(feedOf(pictures(0, 200)));
    clock.runTo(6000);
    expect(steps(clock.at('video'))).toEqual([40]);
  });

  test('waits for a feed that has not begun, and passes one that gives nothing', () => {
    const slow = new Feed(['video']);
    const clock = cued(feedOf(pictures(0, 200)), feedOf([]), slow, feedOf(pictures(0, 200)));
    clock.runTo(2000);
    expect(clock.finished.length).toBe(2);
    expect(clock.at('video').length).toBe(5);
    push(slow, pictures(0, 200));
    slow.end();
    clock.runTo(9000);
    expect(clock.at('video').slice(5)).toEqual([2000, 2040, 2080, 2120, 2160, 2200, 2240, 2280, 2320, 2360]);
  });

  test('goes on from now where the source was away, and keeps picture and sound together', () => {
    const feed = feedOf([...pictures(0, 200), ...sounds(0, 200)], false);
    const clock = cued(feed);
    clock.runTo(5000);
    push(feed, [...pictures(200, 400), ...sounds(200, 400)]);
    clock.runTo(9000);
    expect(clock.at('video').slice(5)).toEqual([5000, 5040, 5080, 5120, 5160]);
    expect(clock.at('audio').slice(10, 13)).toEqual([5000, 5020, 5040]);
    expectGrowing(clock);
  });

  test('catches up where the source was away for a moment', () => {
    const feed = feedOf(pictures(0, 200), false);
    const clock = cued(feed);
    clock.runTo(leadMs + 600);
    push(feed, pictures(200, 800));
    clock.runTo(9000);
    expect(steps(clock.at('video'))).toEqual([40]);
  });

  test('loses nothing where it is not asked for long', () => {
    const clock = cued(feedOf([...pictures(0, 1000), ...sounds(0, 1000)]));
    clock.runTo(leadMs);
    clock.nowMs = 5000;
    clock.look();
    clock.runTo(9000);
    expect(clock.at('video').length).toBe(25);
    expect(clock.at('audio').length).toBe(50);
    expectGrowing(clock);
  });

  test('plays sound that begins late at its time', () => {
    const clock = cued(feedOf([...pictures(0, 4000), ...sounds(2500, 4000)]));
    clock.runTo(9000);
    expect(clock.at('audio')[0]).toBe(leadMs + 2500);
  });

  test('plays a picture that begins late at its time', () => {
    const clock = cued(feedOf([...sounds(0, 4000), ...pictures(2500, 4000)], false));
    clock.runTo(9000);
    const [sound = 0] = clock.at('audio');
    expect((clock.at('video')[0] ?? 0) - sound).toBe(2500);
    expect(clock.at('audio').length).toBe(200);
  });

  test('ends a feed at once that turns out to be over', () => {
    const feed = feedOf(pictures(0, 200), false);
    const clock = cued(feed);
    clock.runTo(2000);
    expect(clock.finished).toEqual([]);
    feed.end();
    clock.look();
    expect(clock.finished.length).toBe(1);
  });

  test('puts one packet behind the other, whatever comes', () => {
    let state = 1;
    const random = (limit: number) => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
      return (state >>> 8) % limit;
    };
    for (let round = 0; round < 60; round++) {
      const clock = new Clock();
      for (let feeds = 0; feeds < 12; feeds++) {
        const from = random(100_000);
        const seen = pictures(from, from + random(600), 1 + random(90));
        const heard = sounds(from - 300 + random(600), from + random(900));
        const feed = feedOf([...seen, ...heard, audio(from)]);
        clock.timeline.cue(feed);
        clock.runTo(clock.nowMs + random(700));
      }
      clock.runTo(clock.nowMs + 20_000);
      expect(clock.finished.length).toBe(12);
      expectGrowing(clock);
    }
  });
});

/** Times of each track grow, and no frame leaves before its time. */
function expectGrowing(clock: Clock): void {
  for (const kind of ['video', 'audio'] as const) {
    const at = clock.at(kind);
    expect(at).toEqual([...new Set(at)].sort((a, b) => a - b));
  }
  expect(clock.sent.filter(({ atMs, nowMs }) => atMs > nowMs + 0.01)).toEqual([]);
}
