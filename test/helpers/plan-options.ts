import { x264Encoder } from '../../src/ingest/ffmpeg/h264-encoder.ts';
import type { PlanOptions } from '../../src/ingest/plan/plan-options.ts';

/** What the defaults of the configuration ask of a plan. */
export const planOptions: PlanOptions = {
  audioTrack: null,
  maxKeyframeIntervalMs: 2500,
  maxBitrateBps: 6_000_000,
  codec: null,
  renditions: ['source'],
  ladder: null,
  encoder: x264Encoder,
  toneMaps: true,
  capacity: null,
};
