import { x264Encoder } from '../../src/ingest/ffmpeg/h264-encoder.ts';
import type { PlanOptions } from '../../src/ingest/plan/plan-options.ts';

/** What the defaults of the configuration ask of a plan, but for its sound, which stays as it comes. */
export const planOptions: PlanOptions = {
  audioTrack: null,
  maxKeyframeIntervalMs: 2500,
  maxBitrateBps: 6_000_000,
  codec: null,
  renditions: ['source'],
  ladder: null,
  encoder: x264Encoder,
  toneMaps: true,
  loudness: 'off',
  capacity: null,
};
