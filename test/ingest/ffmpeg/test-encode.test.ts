import { expect, test } from 'vitest';
import { measureEncoding } from '../../../src/ingest/ffmpeg/test-encode.ts';

test('measureEncoding gives the processor time of a million pixels', async () => {
  const seconds = await measureEncoding('ffmpeg', new AbortController().signal);
  // From a fast desktop to a slow single-board computer.
  expect(seconds).toBeGreaterThan(0.001);
  expect(seconds).toBeLessThan(0.5);
});

test('measureEncoding gives nothing where there is no such ffmpeg', async () => {
  expect(await measureEncoding('/nowhere/ffmpeg', new AbortController().signal)).toBeNull();
});
