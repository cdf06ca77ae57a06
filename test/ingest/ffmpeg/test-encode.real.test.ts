import { describe, expect, test } from 'vitest';
import type { VideoEncoder } from '../../../src/contract/plan.ts';
import { x264Encoder } from '../../../src/ingest/ffmpeg/h264-encoder.ts';
import { testEncode } from '../../../src/ingest/ffmpeg/test-encode.ts';

const tryOut = (encoder: VideoEncoder, ffmpeg = 'ffmpeg') =>
  testEncode(ffmpeg, encoder, new AbortController().signal);

describe('testEncode', () => {
  test('gives the processor time of a million pixels', async () => {
    const outcome = await tryOut(x264Encoder);
    // From a fast desktop to a slow single-board computer.
    expect(outcome).toEqual({ secondsPerMegapixel: expect.closeTo(0.25, 0) });
  });

  test('gives the reason where there is no such ffmpeg', async () => {
    expect(await tryOut(x264Encoder, '/nowhere/ffmpeg')).toEqual({ reason: expect.stringContaining('nice') });
  });
});
