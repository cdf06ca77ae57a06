import { expect, test } from 'vitest';
import type { Plan } from '../../../src/contract/plan.ts';
import { planFor } from '../../../src/ingest/plan/plan.ts';
import { publishAdvice } from '../../../src/ingest/plan/publish-advice.ts';
import { planOptions } from '../../helpers/plan-options.ts';

/** H.264 as OBS sends it, with what differs. */
function plan(differs: Record<string, unknown>): Plan {
  const video = {
    ...{ index: 0, codec: 'h264', profile: 'High', width: 1280, height: 720, rotation: 0, fps: 30 },
    ...{ pixelFormat: 'yuv420p', interlaced: false, squarePixels: true, bFrames: false },
    ...{ maxKeyframeIntervalMs: 1000, bitrateBps: 2_500_000, ...differs },
  };
  const container = { path: 'cam1', format: 'flv', durationMs: null, startMs: 0, sizeBytes: null };
  return planFor({ ...container, bitrateBps: null, video, audioTracks: [] }, planOptions);
}

test.each([
  { name: 'nothing where it is copied', differs: {}, expected: null },
  { name: 'key frames', differs: { maxKeyframeIntervalMs: 8300 }, expected: 'Keyframe Interval to 1 s' },
  {
    name: 'B-frames, and of key frames that nobody has measured',
    differs: { bFrames: true, maxKeyframeIntervalMs: null },
    expected: 'Keyframe Interval to 1 s and B-frames to 0 (with x264 by its options: bframes=0)',
  },
  {
    name: 'both, as with the defaults of OBS',
    differs: { bFrames: true, maxKeyframeIntervalMs: 8300 },
    expected: 'Keyframe Interval to 1 s and B-frames to 0 (with x264 by its options: bframes=0)',
  },
  { name: 'another codec', differs: { codec: 'hevc' }, expected: 'Video Encoder to one for H.264' },
  { name: 'nothing where no setting helps', differs: { interlaced: true }, expected: null },
])('a publisher is advised of $name', ({ differs, expected }) => {
  expect(publishAdvice(plan(differs))).toBe(
    expected && `In OBS set ${expected}, and the picture costs no transcode`,
  );
});

test('a publisher by WebRTC whose picture has B-frames is advised of them', () => {
  const { video } = plan({});
  const advice = publishAdvice({ video: video && { ...video, bFrames: true }, audio: null });
  expect(advice).toMatch(/^It sends B-frames, .*: set B-frames to 0 /);
});

test.each([
  { bitrateBps: null, expected: null },
  { bitrateBps: 15_000_000, expected: null },
  {
    bitrateBps: 15_270_000,
    expected: 'It sends 15.3 Mbit/s, and so does each viewer get: set the encoder to at most 15 Mbit/s',
  },
  {
    bitrateBps: 43_200_000,
    expected: 'It sends 43.2 Mbit/s, and so does each viewer get: set the encoder to at most 15 Mbit/s',
  },
])('a publisher whose copied picture was measured at $bitrateBps is advised: $expected', (measured) => {
  const { video, audio } = plan({});
  const copied = video && { ...video, bitrateBps: measured.bitrateBps };
  expect(publishAdvice({ video: copied, audio })).toBe(measured.expected);
});
