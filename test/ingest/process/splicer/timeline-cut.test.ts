import { describe, expect, test } from 'vitest';
import type { MediaFrame } from '../../../../src/ingest/media/media-frame.ts';
import { Feed } from '../../../../src/ingest/process/splicer/feed.ts';
import { Timeline } from '../../../../src/ingest/process/splicer/timeline.ts';
import { feedOf, ms, pictures, push, sounds, video } from './frames.ts';

/** Looks each millisecond from one moment to before another; gives what was sent, as `source@moment`. */
function run(
  timeline: Timeline,
  fromMs: number,
  toMs: number,
): { source: string; atMs: number; nowMs: number }[] {
  const sent: { source: string; atMs: number; nowMs: number }[] = [];
  for (let nowMs = fromMs; nowMs < toMs; nowMs++) {
    for (const { frame, timeUs } of timeline.take(nowMs * ms).due)
      sent.push({ source: frame.data.toString(), atMs: timeUs / ms, nowMs });
  }
  return sent;
}

const film = (fromMs: number, toMs: number) => [...pictures(fromMs, toMs), ...sounds(fromMs, toMs)];
const live = () => new Feed(['video', 'audio'], { live: true });

describe('Timeline cuts', () => {
  test('to a feed at once, and drops what was there and what was to follow', () => {
    const timeline = new Timeline();
    timeline.cue(feedOf(film(0, 5000)));
    timeline.cue(feedOf(film(0, 5000)));
    run(timeline, 0, 1000);
    const other = feedOf(film(70_000, 71_000));
    timeline.cut(other);
    const sent = run(timeline, 1000, 9000);
    expect(sent.filter(({ source }) => source.startsWith('video')).map(({ atMs }) => atMs)[0]).toBe(1000);
    expect(sent.every(({ source }) => Number(source.split(' ')[1]) >= 70_000)).toBe(true);
  });

  test('only when the other feed is ready: until then what is on air plays on', () => {
    const timeline = new Timeline();
    timeline.cue(feedOf(film(0, 5000)));
    const other = new Feed(['video', 'audio']);
    timeline.cut(other);
    expect(run(timeline, 0, 2000).filter(({ source }) => source.startsWith('video')).length).toBe(40);
    push(other, film(0, 1000));
    const sent = run(timeline, 2001, 2999);
    expect(sent.length).toBeGreaterThan(20);
    expect(sent.every(({ source }) => Number(source.split(' ')[1]) < 1000)).toBe(true);
  });

  test('with times that grow, wherever it is done', () => {
    const timeline = new Timeline();
    const at = { video: -1, audio: -1 };
    for (let cut = 0; cut < 40; cut++) {
      timeline.cut(feedOf(film(cut * 1000, cut * 1000 + 5000)));
      for (const { source, atMs } of run(timeline, cut * 37, (cut + 1) * 37)) {
        const kind = source.startsWith('video') ? 'video' : 'audio';
        expect(atMs).toBeGreaterThan(at[kind]);
        at[kind] = atMs;
      }
    }
    expect(at.video).toBeGreaterThan(1000);
  });
});

describe('Timeline plays live', () => {
  test('each frame when it comes', () => {
    const timeline = new Timeline();
    const feed = live();
    timeline.cue(feed);
    run(timeline, 0, 1000);
    const sent: number[] = [];
    for (const frame of pictures(50_000, 51_000)) {
      feed.push(frame);
      const nowMs = 1000 + frame.ptsUs / ms - 50_000;
      for (const { timeUs } of timeline.take(nowMs * ms).due) sent.push(timeUs / ms - nowMs);
    }
    expect(sent.length).toBe(25);
    expect(new Set(sent)).toEqual(new Set([0]));
  });

  test('what waited since the last key frame at once, and the newest picture now', () => {
    const timeline = new Timeline();
    const feed = live();
    push(feed, film(0, 400));
    push(feed, film(400, 1000));
    timeline.cut(feed);
    const seen = timeline.take(5000 * ms).due.filter(({ frame }) => frame.kind === 'video');
    expect(seen[0]?.frame.data.toString()).toBe('video 400');
    expect(seen[0]?.timeUs).toBe(4900 * ms);
    expect(seen.at(-1)?.timeUs).toBe(5000 * ms);
    expect(seen.every(({ timeUs }, index) => index === 0 || timeUs > (seen[index - 1]?.timeUs ?? 0))).toBe(
      true,
    );
  });

  test('what comes in a burst at its beginning, and then nothing late for good', () => {
    const timeline = new Timeline();
    const feed = live();
    timeline.cut(feed);
    const frames = film(0, 6000).toSorted((a, b) => a.ptsUs - b.ptsUs);
    const sent: { kind: string; lateMs: number; atMs: number }[] = [];
    // Two seconds of it waited somewhere, and come within a fifth of one.
    for (let nowMs = 1000; nowMs < 5000; nowMs++) {
      const madeMs = nowMs < 1200 ? (nowMs - 1000) * 11 : nowMs + 1000;
      while ((frames[0]?.ptsUs ?? 9e9) <= madeMs * ms) feed.push(frames.shift() as MediaFrame);
      for (const { frame, timeUs } of timeline.take(nowMs * ms).due)
        sent.push({ kind: frame.kind, lateMs: nowMs - timeUs / ms, atMs: timeUs / ms });
    }
    for (const kind of ['video', 'audio']) {
      const track = sent.filter((one) => one.kind === kind);
      expect(track.every(({ lateMs }) => Math.abs(lateMs) <= 120)).toBe(true);
      const steps = track.slice(1).map(({ atMs }, index) => atMs - (track[index]?.atMs ?? 0));
      expect(Math.min(...steps)).toBeGreaterThan(kind === 'video' ? 0 : 19);
      expect(Math.max(...steps)).toBeLessThanOrEqual(100);
    }
  });

  test('and ends it when the source does', () => {
    const timeline = new Timeline();
    const feed = live();
    timeline.cue(feed);
    push(feed, film(0, 400));
    timeline.take(1000 * ms);
    feed.end();
    expect(timeline.take(1001 * ms).finished).toEqual([feed]);
    expect(timeline.waits).toBe(false);
  });

  test('a source that counts anew', () => {
    const timeline = new Timeline();
    const feed = live();
    timeline.cue(feed);
    feed.push(video(9_000_000, true));
    expect(timeline.take(1000 * ms).due.length).toBe(1);
    feed.push(video(0, true));
    const [placed] = timeline.take(1040 * ms).due;
    expect(placed?.timeUs).toBe(1040 * ms);
  });
});

describe('Feed, off air and live,', () => {
  test('keeps what came since the last key frame, and takes nothing before one', () => {
    const feed = live();
    feed.push(video(0));
    expect(feed.ready).toBe(false);
    push(feed, film(1000, 2000));
    push(feed, film(2000, 2120));
    expect(feed.startUs).toBe(2000 * ms);
    feed.goOnAir();
    push(feed, film(2120, 4120));
    expect(feed.startUs).toBe(2000 * ms);
    feed.goOffAir();
    expect(feed.ready).toBe(false);
    feed.push(video(4200));
    expect(feed.ready).toBe(false);
    feed.push(video(4240, true));
    expect(feed.ready).toBe(true);
  });
});
