import { expect, test } from 'vitest';
import type { Plan } from '../../../../src/contract/plan.ts';
import type { MediaFrame } from '../../../../src/ingest/media/media-frame.ts';
import { SourceRate } from '../../../../src/ingest/process/players/source-rate.ts';
import { transcoded } from './scripted-pipelines.ts';

const { video } = transcoded;
const copied: Plan = { ...transcoded, video: video && { ...video, action: 'copy', bitrateBps: null } };

/** Seconds of pictures at so many Mbit/s, 25 of them a second, in this layer. */
function pictures(seconds: number, mbps: number, layer = 0): MediaFrame[] {
  return Array.from({ length: seconds * 25 }, (_, index) => ({
    ...{ kind: 'video', layer, ptsUs: index * 40_000, key: index % 25 === 0 },
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
  if (measured) expect(told[0]?.video?.bitrateBps).toBeGreaterThan(15_000_000);
});
