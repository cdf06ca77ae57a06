import { execa } from 'execa';
import { expect, test } from 'vitest';
import type { MediaFrame } from '../../../../src/ingest/media/media-frame.ts';
import { FrameReader } from '../../../../src/ingest/media/nut/frame-reader.ts';
import { sizeOfKeyFrame } from '../../../../src/ingest/media/rtp-in/size-of-key-frame.ts';
import { CompatibleEncoder } from '../../../../src/ingest/process/compatible/compatible-encoder.ts';

/** Three seconds with a key frame each second. */
async function coded(encoder: readonly string[]): Promise<readonly MediaFrame[]> {
  const { stdout } = await execa(
    'ffmpeg',
    [
      ...['-v', 'error', '-f', 'lavfi', '-i', 'testsrc2=s=640x480:r=10:d=3,format=yuv420p', '-g', '10'],
      ...[...encoder, '-f', 'nut', '-'],
    ],
    { encoding: 'buffer', env: { SVT_LOG: '1' } },
  );
  return new FrameReader().push(Buffer.from(stdout));
}

test.each([
  { from: 'h264', to: 'vp8', encoder: ['-c:v', 'libx264', '-bf', '0'] },
  { from: 'vp8', to: 'h264', encoder: ['-c:v', 'libvpx', '-deadline', 'realtime', '-cpu-used', '8'] },
  { from: 'vp9', to: 'vp8', encoder: ['-c:v', 'libvpx-vp9', '-deadline', 'realtime', '-cpu-used', '8'] },
  {
    from: 'av1',
    to: 'h264',
    encoder: ['-c:v', 'libsvtav1', '-preset', '12', '-svtav1-params', 'pred-struct=1'],
  },
] as const)('makes $to of $from, each picture at its own time', async ({ from, to, encoder }) => {
  const given = await coded(encoder);
  const got: MediaFrame[] = [];
  const all = Promise.withResolvers<void>();
  // It has an hour behind it.
  const fromMs = 3_600_000;
  await using made = new CompatibleEncoder({
    ...{ ffmpeg: 'ffmpeg', from, to, size: { width: 320, height: 240 } },
    onPicture: (picture) => {
      got.push(picture);
      // One at the end may be held back, as nothing follows.
      if (got.length === given.length - 1) all.resolve();
    },
  });
  for (const { data, ptsUs } of given) made.write(data, fromMs + ptsUs / 1000);
  await all.promise;
  const times = given.slice(0, -1).map(({ ptsUs }) => Math.round(fromMs + ptsUs / 1000));
  expect(got.slice(0, times.length).map(({ ptsUs }) => Math.round(ptsUs / 1000))).toEqual(times);
  const [first] = got;
  expect(first?.key).toBe(true);
  expect(sizeOfKeyFrame(to, first?.data ?? Buffer.alloc(0))).toEqual({ width: 320, height: 240 });
  expect(got.filter(({ key }) => key).length).toBe(2);
});
