import { expect, test } from 'vitest';
import { MediaClock } from '../../../../src/ingest/media/rtp-in/media-clock.ts';
import { Feed } from '../../../../src/ingest/process/splicer/feed.ts';
import { LiveOffset } from '../../../../src/ingest/process/splicer/live-offset.ts';
import { Timeline } from '../../../../src/ingest/process/splicer/timeline.ts';
import { pseudoRandom } from '../../../helpers/pseudo-random.ts';

/** First bytes of Opus packets, by how long they last, in ms. */
const heads = [
  { packetMs: 2.5, head: [0xe4] },
  { packetMs: 5, head: [0xec] },
  { packetMs: 10, head: [0xf4] },
  { packetMs: 20, head: [0xfc] },
  { packetMs: 40, head: [0xff, 2] },
  { packetMs: 60, head: [0xff, 3] },
  { packetMs: 120, head: [0xff, 6] },
];

test.each(heads)('live sound in packets of $packetMs ms leaves whole', ({ packetMs, head }) => {
  const below = pseudoRandom(3);
  const feed = new Feed(['audio'], { live: true });
  const timeline = new Timeline();
  timeline.cut(feed);
  const left: number[] = [];
  const count = 2400 / packetMs;
  for (let index = 0; index < count; index++) {
    const ptsUs = 500_000 + index * packetMs * 1000;
    feed.push({ kind: 'audio', layer: 0, ptsUs, key: true, data: Buffer.from([...head, 1]) });
    // Times of an encoder whose clock is rounded to ms come unevenly.
    left.push(...timeline.take(ptsUs + below(8000)).due.map(({ timeUs }) => timeUs));
  }
  expect(left).toHaveLength(count);
});

test('live sound that pauses while nothing is said goes on at its time', () => {
  const feed = new Feed(['audio'], { live: true });
  const timeline = new Timeline();
  timeline.cut(feed);
  const said = [500, 520, 540, 940, 1340, 1360, 1380];
  const left = said.flatMap((atMs) => {
    feed.push({ kind: 'audio', layer: 0, ptsUs: atMs * 1000, key: true, data: Buffer.from([0xfc, 1]) });
    return timeline.take(atMs * 1000 + 5000).due.map(({ timeUs }) => (timeUs - 5000) / 1000);
  });
  expect(left).toEqual(said);
});

test.each([
  { name: 'fast', drift: 50e-6 },
  { name: 'slow', drift: -50e-6 },
])('a publisher whose clock is $name by 50 millionths for two days stays in step', ({ drift }) => {
  const clock = new MediaClock();
  const [sound, picture] = [1, 2];
  clock.add(sound, 'audio', 48_000);
  clock.add(picture, 'video', 90_000);
  const below = pseudoRandom(7);
  let offset: LiveOffset | undefined;
  /** When it leaves, in µs, captured at a moment of the publisher's clock, in ms. */
  const leaves = (ssrc: number, atMs: number) => {
    const stamp = Math.round(atMs * (ssrc === sound ? 48 : 90)) % 2 ** 32;
    const nowUs = (atMs / (1 + drift)) * 1000 + 20_000 + below(15_000);
    clock.arrived(ssrc, stamp, nowUs);
    const ptsUs = clock.timeUs(ssrc, stamp);
    offset ??= new LiveOffset(ptsUs, nowUs);
    return { nowUs, timeUs: offset.place(ptsUs, nowUs) };
  };
  let before = leaves(sound, 0).timeUs;
  const found = { off: 0, apart: 0, least: 1e9, most: 0 };
  for (let atMs = 240; atMs < 2 * 86_400_000; atMs += 240) {
    const heard = leaves(sound, atMs);
    const seen = leaves(picture, atMs);
    const step = (heard.timeUs - before) / 1000;
    before = heard.timeUs;
    found.least = Math.min(found.least, step);
    found.most = Math.max(found.most, step);
    found.off = Math.max(found.off, Math.abs(heard.timeUs - heard.nowUs));
    found.apart = Math.max(found.apart, Math.abs(seen.timeUs - heard.timeUs));
    if (atMs % 60_000 === 0)
      for (const ssrc of [sound, picture])
        clock.report(
          ssrc,
          3.9e15 + (atMs / (1 + drift)) * 1000,
          Math.round(atMs * (ssrc === sound ? 48 : 90)) % 2 ** 32,
        );
  }
  expect(found.off).toBeLessThan(150_000);
  expect(found.apart).toBeLessThan(40_000);
  expect(found.least).toBeGreaterThanOrEqual(240 - 20.1);
  expect(found.most).toBeLessThanOrEqual(240 + 20.1);
});
