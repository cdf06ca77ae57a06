import { execa } from 'execa';
import { expect, test } from 'vitest';
import { makePoster } from '../../../../src/ingest/process/poster/make-poster.ts';

/** One coded picture of ffmpeg's, without the 44 bytes of IVF before it. */
async function keyFrame(size: string, ...encoder: string[]): Promise<Buffer> {
  const isIvf = encoder.includes('ivf');
  const source = ['-v', 'error', '-f', 'lavfi', '-i', `testsrc2=s=${size}`, '-frames:v', '1'];
  const { stdout } = await execa('ffmpeg', [...source, '-pix_fmt', 'yuv420p', ...encoder, '-'], {
    encoding: 'buffer',
    env: { SVT_LOG: '1' },
  });
  return Buffer.from(stdout).subarray(isIvf ? 44 : 0);
}

/** Its width and height, as the first frame header says (JPEG, B.2.2). */
function sizeOf(jpeg: Uint8Array | null): string | null {
  const bytes = Buffer.from(jpeg ?? []);
  const at = bytes.indexOf(Buffer.from([0xff, 0xc0]));
  return at === -1 ? null : `${bytes.readUInt16BE(at + 7)}x${bytes.readUInt16BE(at + 5)}`;
}

test.each([
  { codec: 'h264', encoder: ['-c:v', 'libx264', '-f', 'h264'] },
  { codec: 'vp8', encoder: ['-c:v', 'libvpx', '-f', 'ivf'] },
  { codec: 'vp9', encoder: ['-c:v', 'libvpx-vp9', '-f', 'ivf'] },
  { codec: 'av1', encoder: ['-c:v', 'libsvtav1', '-f', 'ivf'] },
] as const)('a key frame of $codec alone is enough for a still', async ({ codec, encoder }) => {
  expect(sizeOf(await makePoster('ffmpeg', codec, await keyFrame('320x180', ...encoder)))).toBe('320x180');
});

test('colours that are of no named matrix are those that browsers show: of BT.709', async () => {
  const red = await keyFrame('64x64', '-vf', 'drawbox=c=red:t=fill', '-c:v', 'libx264', '-f', 'h264');
  const input = (await makePoster('ffmpeg', 'h264', red)) ?? '';
  const args = [
    '-v',
    'error',
    '-i',
    'pipe:0',
    '-vf',
    'scale=1:1',
    '-f',
    'rawvideo',
    '-pix_fmt',
    'rgb24',
    '-',
  ];
  const { stdout } = await execa('ffmpeg', args, { input, encoding: 'buffer' });
  // Chromium shows 255, 24, 0; of BT.601 it would be 254, 0, 0.
  expect(stdout[1]).toBeGreaterThan(15);
});

test('a large picture is made smaller', async () => {
  const frame = await keyFrame('1920x1080', '-c:v', 'libx264', '-f', 'h264');
  expect(sizeOf(await makePoster('ffmpeg', 'h264', frame))).toBe('1280x720');
});

test.each([
  { name: 'what is no picture', ffmpeg: 'ffmpeg' },
  { name: 'an ffmpeg that is not there', ffmpeg: '/nowhere/ffmpeg' },
])('$name gives none', async ({ ffmpeg }) => {
  expect(await makePoster(ffmpeg, 'h264', Buffer.from('no picture'))).toBeNull();
});
