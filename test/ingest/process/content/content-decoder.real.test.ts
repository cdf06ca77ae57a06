import { execa } from 'execa';
import { expect, test } from 'vitest';
import { FrameReader } from '../../../../src/ingest/media/nut/frame-reader.ts';
import { ContentDecoder } from '../../../../src/ingest/process/content/content-decoder.ts';
import { isBlack } from '../../../../src/ingest/process/content/picture-look.ts';
import { SoundMeter } from '../../../../src/ingest/process/content/sound-look.ts';

/** Four seconds, the picture black from the second one on, the sound cut off at full scale, with a key frame each second. */
async function coded(encoder: readonly string[]) {
  const picture = 'testsrc2=s=320x180:r=5:d=4,drawbox=c=black:t=fill:enable=gte(t\\,1),format=yuv420p';
  const sound = 'aevalsrc=2*sin(880*PI*t)|2*sin(880*PI*t):s=48000:d=4';
  const { stdout } = await execa(
    'ffmpeg',
    [
      ...['-v', 'error', '-f', 'lavfi', '-i', picture, '-f', 'lavfi', '-i', sound, '-g', '5', ...encoder],
      ...['-c:a', 'libopus', '-f', 'nut', '-'],
    ],
    { encoding: 'buffer', env: { SVT_LOG: '1' } },
  );
  return new FrameReader().push(Buffer.from(stdout)).filter(({ key }) => key);
}

test.each([
  { codec: 'h264', encoder: ['-c:v', 'libx264', '-bf', '0'] },
  { codec: 'vp8', encoder: ['-c:v', 'libvpx'] },
  { codec: 'vp9', encoder: ['-c:v', 'libvpx-vp9', '-deadline', 'realtime', '-cpu-used', '8'] },
  { codec: 'av1', encoder: ['-c:v', 'libsvtav1', '-preset', '12'] },
] as const)(
  'key frames of $codec and Opus are seen and heard at their moments',
  async ({ codec, encoder }) => {
    const frames = await coded(encoder);
    const pictures: { readonly black: boolean; readonly atMs: number }[] = [];
    const meter = new SoundMeter(2);
    const looks: unknown[] = [];
    const all = Promise.withResolvers<void>();
    const settle = () => pictures.length >= 3 && looks.length >= 3 && all.resolve();
    await using decoder = new ContentDecoder({
      ...{ ffmpeg: 'ffmpeg', video: codec, audio: true },
      onPicture: (points, atMs) => {
        pictures.push({ black: isBlack(points), atMs });
        settle();
      },
      onSound: (samples) => {
        const look = meter.push(samples);
        if (look) looks.push(look);
        settle();
      },
    });
    // It has an hour behind it: times are kept beyond what a block holds.
    const fromMs = 3_600_000;
    for (const { kind, ptsUs, data } of frames) decoder.write([{ kind, atMs: fromMs + ptsUs / 1000, data }]);
    await all.promise;
    expect(pictures.slice(0, 3).map(({ black }) => black)).toEqual([false, true, true]);
    const [first, second] = pictures;
    expect(first?.atMs).toBeGreaterThanOrEqual(fromMs);
    expect(Math.round(((second?.atMs ?? 0) - (first?.atMs ?? 0)) / 100)).toBe(10);
    for (const look of looks.slice(0, 3)) expect(look).toMatchObject({ silent: false, clipping: true });
  },
);

test('a picture is seen before another follows it', async () => {
  const seen: number[] = [];
  let next = Promise.withResolvers<void>();
  await using decoder = new ContentDecoder({
    ...{ ffmpeg: 'ffmpeg', video: 'h264', audio: false, onSound: () => {} },
    onPicture: (_, atMs) => {
      seen.push(atMs);
      next.resolve();
    },
  });
  const [picture] = (await coded(['-c:v', 'libx264', '-bf', '0'])).filter(({ kind }) => kind === 'video');
  const write = (atMs: number) =>
    decoder.write([{ kind: 'video', atMs, data: picture?.data ?? Buffer.alloc(0) }]);
  for (let atMs = 0; atMs < 100_000; atMs += 1000) {
    write(atMs);
    while (atMs % 4000 === 0 && seen.at(-1) !== atMs) {
      next = Promise.withResolvers();
      await next.promise;
    }
  }
});

test('what is no picture does not keep it from decoding what follows', async () => {
  const seen = Promise.withResolvers<void>();
  await using decoder = new ContentDecoder({
    ...{ ffmpeg: 'ffmpeg', video: 'h264', audio: false },
    onPicture: () => seen.resolve(),
    onSound: () => {},
  });
  const pictures = (await coded(['-c:v', 'libx264', '-bf', '0'])).filter(({ kind }) => kind === 'video');
  decoder.write([{ kind: 'video', atMs: 0, data: Buffer.from('no picture') }]);
  for (const [at, { data }] of pictures.entries())
    decoder.write([{ kind: 'video', atMs: 1000 * (at + 1), data }]);
  await seen.promise;
});

test('it says that it has ended where there is no such program, and takes what it is given then', async () => {
  const decoder = new ContentDecoder({
    ...{ ffmpeg: '/nowhere/ffmpeg', video: 'h264', audio: true, onPicture: () => {}, onSound: () => {} },
  });
  await decoder.ended;
  decoder.write([{ kind: 'video', atMs: 0, data: Buffer.alloc(10) }]);
  await decoder.close();
  await decoder.close();
});
