import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { VideoEncoder } from '../../../src/contract/plan.ts';
import { x264Encoder } from '../../../src/ingest/ffmpeg/h264-encoder.ts';
import { testEncode } from '../../../src/ingest/ffmpeg/test-encode.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

const tryOut = (encoder: VideoEncoder, ffmpeg = 'ffmpeg') =>
  testEncode(ffmpeg, encoder, new AbortController().signal);

describe('testEncode', () => {
  test('gives the processor time of a million pixels', async () => {
    const outcome = await tryOut(x264Encoder);
    // From a fast desktop to a slow single-board computer.
    expect(outcome).toEqual({ secondsPerMegapixel: expect.closeTo(0.25, 0) });
  });

  test('tells of one that was only late', async () => {
    await using folder = await temporaryFolder();
    const ffmpeg = join(folder.path, 'ffmpeg');
    await writeFile(ffmpeg, '#!/bin/sh\nexec sleep 600\n', { mode: 0o755 });
    const { signal } = new AbortController();
    expect(await testEncode(ffmpeg, x264Encoder, signal, 100)).toEqual({
      ...{ reason: 'it takes more than 0.1 s for a second of picture', late: true },
    });
  });

  test('gives the reason where there is no such ffmpeg', async () => {
    expect(await tryOut(x264Encoder, '/nowhere/ffmpeg')).toEqual({ reason: expect.stringContaining('nice') });
  });
});
