import { expect, test } from 'vitest';
import type { Plan } from '../../../../src/contract/plan.ts';
import type { MediaFrame } from '../../../../src/ingest/media/media-frame.ts';
import { SourceRate } from '../../../../src/ingest/process/players/source-rate.ts';
import { transcoded } from './scripted-pipelines.ts';

const { video } = transcoded;
const copied: Plan = { ...transcoded, video: video && { ...video, action: 'copy', bitrateBps: null } };

/** Seconds of pictures at so many Mbit/s, 25 of them a second, in this layer. */
function pictures(seconds: number, mbps: number, layer = 0, fromS = 0): MediaFrame[] {
  return Array.from({ length: seconds * 25 }, (_, index) => ({
    ...{ kind: 'video', layer, ptsUs: fromS * 1_000_000 + index * 40_000, key: index % 25 === 0 },
    data: Buffer.alloc((mbps * 1_000_000) / 8 / 25),
  }));
}

test.each([
  { name: 'below its limit', frames: pictures(20, 19), layers: 1, limitBps: 20_000_000, excess: null },
  {
    name: 'above its limit',
    ...{ frames: pictures(20, 21), layers: 1, limitBps: 20_000_000 },
    excess: 'expected at most 20 Mbit/s and 640 frames per second (limits.sourceBitrate), got more',
  },
  { name: 'without a limit', frames: pictures(20, 90), layers: 1, limitBps: null, excess: null },
  {
    name: 'that is below its limit, with renditions that are made of it',
    ...{ frames: [...pictures(20, 19, 1), ...pictures(20, 9)], layers: 2, limitBps: 20_000_000 },
    excess: null,
  },
])('of a source $name: $excess', ({ frames, layers, limitBps, excess }) => {
  const rate = new SourceRate(layers, limitBps);
  for (const frame of frames) rate.see(frame);
  expect(rate.excess).toBe(excess);
});

test.each([
  { name: 'much, and copied', mbps: 30, plan: copied, measured: true },
  { name: 'much, and transcoded', mbps: 30, plan: transcoded, measured: false },
  { name: 'not much', mbps: 14, plan: copied, measured: false },
])('the rate of a picture is told once where it is much: $name', ({ mbps, plan, measured }) => {
  const rate = new SourceRate(1, 50_000_000);
  const told: Plan[] = [];
  for (const frame of pictures(20, mbps)) {
    rate.see(frame);
    const found = rate.measured(plan);
    if (found) told.push(found);
  }
  expect(told).toHaveLength(measured ? 1 : 0);
  if (measured) expect(told[0]?.video?.bitrateBps).toBeCloseTo(mbps * 1_000_000, -6);
});

test.each([
  { name: 'that stays so', parts: [[60, 30]], told: [30] },
  {
    name: 'that becomes much less',
    parts: [
      [60, 30],
      [60, 8],
    ],
    told: [30, 8],
  },
  {
    name: 'for a moment',
    parts: [
      [20, 8],
      [3, 40],
      [20, 8],
    ],
    told: [],
  },
  {
    name: 'that changes each second',
    parts: Array.from({ length: 300 }, (_, at) => [1, at % 2 ? 60 : 1]),
    told: [27],
  },
  {
    name: 'that changes each 20 s is told twice a minute at most',
    parts: Array.from({ length: 6 }, (_, at) => [20, at % 2 ? 8 : 30]),
    told: [30, 19, 8, 13],
  },
])('the rate of a copied picture $name is told as $told', ({ parts, told }) => {
  const rate = new SourceRate(1, null);
  const said: number[] = [];
  let fromS = 0;
  for (const [seconds = 0, mbps = 0] of parts) {
    for (const frame of pictures(seconds, mbps, 0, fromS)) {
      rate.see(frame);
      const bps = rate.measured(copied)?.video?.bitrateBps;
      if (bps) said.push(Math.round(bps / 1_000_000));
    }
    fromS += seconds;
  }
  expect(said).toEqual(told);
});
