import { expect, test } from 'vitest';
import type { VideoCodec } from '../../../../src/contract/plan.ts';
import { sizeOfKeyFrame } from '../../../../src/ingest/media/rtp-in/size-of-key-frame.ts';
import { picture } from '../../../helpers/media/recipes.ts';
import { makeMedia } from '../../../helpers/media/sample-files.ts';
import { pseudoRandom } from '../../../helpers/pseudo-random.ts';
import { copiedFrames } from '../../media.ts';

const annexB = ['-flags:v', '-global_header'];
const x264 = ['-c:v', 'libx264', '-preset', 'veryfast', ...annexB];
const sizes = ['320x180', '1280x720', '426x240', '258x148'];

const encoders: readonly { name: string; codec: VideoCodec; args: readonly string[] }[] = [
  { name: 'H.264 baseline', codec: 'h264', args: [...x264, '-profile:v', 'baseline', '-pix_fmt', 'yuv420p'] },
  { name: 'H.264 high', codec: 'h264', args: [...x264, '-profile:v', 'high', '-pix_fmt', 'yuv420p'] },
  {
    name: 'H.264 with scaling lists',
    codec: 'h264',
    args: [...x264, '-x264-params', 'cqm=jvt', '-pix_fmt', 'yuv420p'],
  },
  {
    name: 'H.264 interlaced',
    codec: 'h264',
    args: [...x264, '-flags:v', '-global_header+ildct', '-x264-params', 'tff=1', '-pix_fmt', 'yuv420p'],
  },
  { name: 'H.264 4:4:4', codec: 'h264', args: [...x264, '-profile:v', 'high444', '-pix_fmt', 'yuv444p'] },
  { name: 'VP8', codec: 'vp8', args: ['-c:v', 'libvpx', '-deadline', 'realtime'] },
  {
    name: 'VP9',
    codec: 'vp9',
    args: ['-c:v', 'libvpx-vp9', '-deadline', 'realtime', '-cpu-used', '8', '-pix_fmt', 'yuv420p'],
  },
  { name: 'AV1', codec: 'av1', args: ['-c:v', 'libsvtav1', '-preset', '12', '-pix_fmt', 'yuv420p'] },
];

test.each(encoders)('sizeOfKeyFrame reads key frames of $name', async ({ codec, args }) => {
  for (const size of sizes) {
    const path = await makeMedia('sized.nut', { args: [...picture(size, 0.2), ...args] });
    const [first] = await copiedFrames(path);
    const [width, height] = size.split('x').map(Number);
    expect(sizeOfKeyFrame(codec, first?.data ?? Buffer.alloc(0))).toEqual({ width, height });
  }
});

test.each(['h264', 'vp8', 'vp9', 'av1'] as const)(
  'sizeOfKeyFrame finds none in bytes that are no key frame of %s',
  (codec) => {
    expect(sizeOfKeyFrame(codec, Buffer.alloc(0))).toBeUndefined();
    expect(sizeOfKeyFrame(codec, Buffer.from([0, 0, 0, 1, 0x41, 0x9a]))).toBeUndefined();
    expect(sizeOfKeyFrame(codec, Buffer.alloc(100))).toBeUndefined();
  },
);

test.each(encoders)('sizeOfKeyFrame ends with damaged key frames of $name', async ({ codec, args }) => {
  const path = await makeMedia('sized.nut', { args: [...picture('320x180', 0.2), ...args] });
  const [first] = await copiedFrames(path);
  const random = pseudoRandom(13);
  for (let round = 0; round < 2000; round++) {
    const frame = Buffer.from((first as { data: Buffer }).data.subarray(0, 80));
    for (let change = 1 + random(6); change > 0; change--)
      frame.writeUInt8(random(256), random(frame.length));
    const { width, height } = sizeOfKeyFrame(codec, frame.subarray(0, random(frame.length))) ?? {
      width: 1,
      height: 1,
    };
    expect(Math.min(width, height)).toBeGreaterThan(0);
  }
});
