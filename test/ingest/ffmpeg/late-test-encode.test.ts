import { expect, test, vi } from 'vitest';
import { x264Encoder } from '../../../src/ingest/ffmpeg/h264-encoder.ts';
import { testEncode } from '../../../src/ingest/ffmpeg/test-encode.ts';

const ended = vi.hoisted(() => ({ timedOut: true }));
vi.mock('execa', () => ({
  execa: async () => ({ ...ended, failed: true, stdout: Buffer.alloc(0), stderr: Buffer.from('no device') }),
}));

test.each([
  [true, { reason: 'it takes more than 20 s for a second of picture', late: true }],
  [false, { reason: 'no device' }],
])('A test encode that fails tells whether it was only late: %s', async (timedOut, expected) => {
  ended.timedOut = timedOut;
  expect(await testEncode('ffmpeg', x264Encoder, new AbortController().signal)).toEqual(expected);
});
