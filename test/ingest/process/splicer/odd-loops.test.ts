import { expect, test } from 'vitest';
import type { MediaFrame } from '../../../../src/ingest/media/media-frame.ts';
import { Feed } from '../../../../src/ingest/process/splicer/feed.ts';
import { Timeline } from '../../../../src/ingest/process/splicer/timeline.ts';

const s = 1_000_000;
const hourUs = 3600 * s;

interface Loop {
  readonly name: string;
  readonly fps: number;
  readonly pictures: number;
  /** Where the sound of the file begins and ends, in µs. */
  readonly soundFromUs: number;
  readonly soundToUs: number;
}

/** AAC comes in blocks of 1024 samples: the sound of a file is cut at a multiple of that. */
function blocks(count: number, rate: number): number {
  return Math.round((count * 1024 * s) / rate);
}

const loops: readonly Loop[] = [
  { name: '1.5 s at 30 a second', fps: 30, pictures: 45, soundFromUs: 0, soundToUs: blocks(65, 44_100) },
  {
    name: '29.97 a second, sound that is longer',
    fps: 30_000 / 1001,
    pictures: 300,
    soundFromUs: 0,
    soundToUs: blocks(434, 44_100),
  },
  {
    name: '29.97 a second, sound that is shorter',
    fps: 30_000 / 1001,
    pictures: 301,
    soundFromUs: 0,
    soundToUs: blocks(430, 44_100),
  },
  {
    name: '23.976 a second, sound with priming',
    fps: 24_000 / 1001,
    pictures: 1000,
    soundFromUs: -blocks(1, 48_000),
    soundToUs: blocks(1953, 48_000),
  },
  { name: '59.94 a second, 20 s', fps: 60_000 / 1001, pictures: 1199, soundFromUs: 0, soundToUs: 20 * s },
  { name: 'late sound', fps: 25, pictures: 333, soundFromUs: 0.7 * s, soundToUs: 13.3 * s },
  { name: 'a minute of 7.5 a second', fps: 7.5, pictures: 450, soundFromUs: 0, soundToUs: 60 * s + 300_000 },
];

/** The frames of a file; data says where in the file each belongs. */
function framesOf({ fps, pictures, soundFromUs, soundToUs }: Loop): MediaFrame[] {
  const frames: MediaFrame[] = [];
  const push = (kind: MediaFrame['kind'], ptsUs: number, key: boolean) =>
    frames.push({ kind, layer: 0, ptsUs, key, data: Buffer.from(`${ptsUs}`) });
  for (let index = 0; index < pictures; index++) push('video', Math.round((index * s) / fps), index === 0);
  for (let atUs = soundFromUs; atUs < soundToUs; atUs += 20_000) push('audio', atUs, true);
  return frames.sort((a, b) => a.ptsUs - b.ptsUs);
}

test.each(loops.map((loop) => [loop.name, loop] as const))(
  'An hour of loops of %s: sound stays with its picture, and time stamps with the clock',
  (_, loop) => {
    const frames = framesOf(loop);
    const timeline = new Timeline();
    const cued: Feed[] = [];
    const cue = () => {
      const feed = new Feed(['video', 'audio']);
      for (const frame of frames) feed.push(frame);
      feed.end();
      cued.push(feed);
      timeline.cue(feed);
    };
    cue();
    cue();
    const offsets = { video: Number.NaN, audio: Number.NaN };
    let worstSkewUs = 0;
    let worstLateUs = 0;
    let lastPictureUs = Number.NaN;
    let longestPictureUs = 0;
    let nowUs = 0;
    while (nowUs < hourUs) {
      const { due, finished, wakeUs } = timeline.take(nowUs);
      for (const { frame, timeUs } of due) {
        const { kind } = frame;
        offsets[kind] = timeUs - Number(frame.data.toString());
        worstLateUs = Math.max(worstLateUs, Math.abs(timeUs - nowUs));
        if (kind === 'video') {
          longestPictureUs = Math.max(longestPictureUs, timeUs - (lastPictureUs || timeUs));
          lastPictureUs = timeUs;
        }
        // At a seam one of them is of the next round already.
        const skewUs = Math.abs(offsets.video - offsets.audio);
        if (skewUs < (loop.pictures * s) / loop.fps / 2) worstSkewUs = Math.max(worstSkewUs, skewUs);
      }
      for (const _feed of finished) cue();
      // A timer of a busy machine comes up to 30 ms late.
      nowUs = (wakeUs ?? nowUs + 10_000) + ((cued.length * 7919) % 30_000);
    }
    const roundUs = (loop.pictures * s) / loop.fps;
    expect(cued.length - 2).toBeGreaterThanOrEqual(Math.floor(hourUs / (roundUs + 0.8 * s)));
    expect(worstSkewUs).toBeLessThan(80_000);
    expect(worstLateUs).toBeLessThan(100_000);
    // Loops follow one another without a hole.
    expect(longestPictureUs).toBeLessThan((1.1 * s) / loop.fps);
  },
  30_000,
);
