import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MiroliveError } from '../../../../src/contract/errors.ts';
import type { VideoCodec } from '../../../../src/contract/plan.ts';
import type { MediaFrame } from '../../../../src/ingest/media/media-frame.ts';
import type { DirectorOptions } from '../../../../src/ingest/process/director/director-options.ts';
import { IngestContext } from '../../../../src/ingest/process/ingest-context.ts';
import { Routes } from '../../../../src/ingest/process/players/routes.ts';
import { cardLayout } from '../../../../src/ingest/process/slate/card-layout.ts';
import { makeCards, makeSlate, type SlateOptions } from '../../../../src/ingest/process/slate/make-slate.ts';
import { makeStill } from '../../../../src/ingest/process/slate/make-still.ts';
import { loopedFrames, type Slate } from '../../../../src/ingest/process/slate/slate.ts';
import { fileInput } from '../../../helpers/media/file-input.ts';
import { aac, h264, picture, tone } from '../../../helpers/media/recipes.ts';
import { makeMedia, sample } from '../../../helpers/media/sample-files.ts';
import { planOptions } from '../../../helpers/plan-options.ts';
import { sourcesOptions } from '../../../helpers/sources-options.ts';
import { temporaryFolder } from '../../../helpers/temporary-folder.ts';
import { ScriptedDaemon } from '../scripted-daemon.ts';
import { oggFile, videoFile } from './coded-files.ts';

const card = { title: 'lobby', text: 'We will be right back' };
const options = { ffmpeg: 'ffmpeg', ffprobe: 'ffprobe', codec: 'h264' as const };

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mirolive-slate-'));
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe('a card', () => {
  test.each(['h264', 'vp8', 'vp9', 'av1'] as const)(
    'of %s is a second of a few kB, that decodes without a fault as often as it is repeated',
    async (codec) => {
      const slate = await makeSlate({ ...options, codec, content: { kind: 'card', ...card } });
      const video = of(slate, 'video');
      expect(slate.durationUs).toBe(1_000_000);
      expect(video.map(({ key }) => key)).toEqual([true, ...Array(19).fill(false)]);
      expect(video.map(({ ptsUs }) => ptsUs)).toEqual(Array.from({ length: 20 }, (_, i) => i * 50_000));
      expect(of(slate, 'audio').length).toBe(50);
      expect(bytes(slate)).toBeLessThan(20_000);
      const pictures = await decoded(codec, repeated(slate, 'video', 3));
      expect(pictures.length).toBe(60);
      // A picture that is the same each time; what differs inside a repetition is not to be seen.
      expect(new Set([pictures[0], pictures[20], pictures[40]]).size).toBe(1);
    },
  );

  test('shows whatever words it is given, as they are', async () => {
    const words = `It's 5:00, [100%] {pts}\\n; "a" 'b' %{localtime} = \\ ,`;
    const written = join(folder, 'words.txt');
    await writeFile(written, words);
    const slate = await makeSlate({ ...options, content: { kind: 'card', title: '', text: words } });
    const [shown = Buffer.alloc(0)] = await luma('h264', of(slate, 'video'));
    const [line] = cardLayout('', words, { width: 1280, height: 720 });
    const place = `fontsize=${line?.fontSize}:x=(w-text_w)/2:y=${line?.baseline}-ascent`;
    const filter = `drawtext=font=DejaVu Sans:textfile=${written}:expansion=none:fontcolor=0xa3adc0:${place}`;
    const expected = await raw([
      ...['-f', 'lavfi', '-i', 'color=c=0x0d111b:s=1280x720:r=1:d=1'],
      ...['-vf', `${filter},format=yuv420p`],
    ]);
    const below = 1280 * 380;
    expect(psnr(shown.subarray(below, 1280 * 720), expected.subarray(below, 1280 * 720))).toBeGreaterThan(38);
  });

  test.each([
    { title: 'Зал 1', text: 'سنعود قريباً' },
    { title: '\u001b[31m', text: '\n\t' },
    { title: 'x'.repeat(500), text: 'long '.repeat(400) },
    { title: '', text: '' },
  ])('can be made of $title', async (words) => {
    const slate = await makeSlate({ ...options, content: { kind: 'card', ...words } });
    expect(of(slate, 'video').length).toBe(20);
  });

  test('of several, each is a second with its own words, and all decode one behind the other', async () => {
    const cards = ['0:02', '0:01', '0:01'].map((left) => ({ title: "It's [next]", text: `in ${left}` }));
    const slates = await makeCards(cards, { ffmpeg: 'ffmpeg', codec: 'h264' });
    const pictures = slates.map((slate) => of(slate, 'video'));
    for (const own of pictures) {
      expect(own.map(({ key }) => key)).toEqual([true, ...Array(19).fill(false)]);
      expect(own[0]?.ptsUs).toBe(0);
    }
    const inOrder = pictures.flatMap((own, second) =>
      own.map((frame) => ({ ...frame, ptsUs: frame.ptsUs + second * 1_000_000 })),
    );
    expect((await decoded('h264', inOrder)).length).toBe(60);
    const shown = await Promise.all(pictures.map(async (own) => (await luma('h264', own))[0] as Buffer));
    const [two, one, again] = shown as [Buffer, Buffer, Buffer];
    const [titles, texts] = [[0, 1280 * 370] as const, [1280 * 370, 1280 * 720] as const];
    expect(psnr(two.subarray(...titles), one.subarray(...titles))).toBeGreaterThan(45);
    expect(psnr(one, again)).toBeGreaterThan(45);
    // A digit is a small part of it.
    expect(psnr(two.subarray(...texts), one.subarray(...texts))).toBeLessThan(42);
  });

  test('without words, where ffmpeg cannot draw them, is its ground', async () => {
    const unable = join(folder, 'ffmpeg');
    await writeFile(unable, '#!/bin/sh\ncase "$*" in *drawtext*) exit 1;; esac\nexec ffmpeg "$@"\n', {
      mode: 0o755,
    });
    const slate = await makeSlate({ ...options, ffmpeg: unable, content: { kind: 'card', ...card } });
    expect(of(slate, 'video').length).toBe(20);
  });
});

describe('an image', () => {
  test('is the cover of a file of sound', async () => {
    const path = await sample('sound-with-cover.mp3');
    const slate = await makeSlate({ ...options, content: { kind: 'cover', path, track: 1 } });
    expect(of(slate, 'video').length).toBe(20);
    await expect(makeSlate({ ...options, content: { kind: 'cover', path, track: 2 } })).rejects.toMatchObject(
      { code: 'SLATE_NOT_USABLE' },
    );
  });

  test('stands in the middle of the ground, as large as it fits', async () => {
    const path = await still('tall.png', 'color=c=white:s=300x600');
    const slate = await makeSlate({ ...options, content: { kind: 'image', path } });
    const [shown = Buffer.alloc(0)] = await luma('h264', of(slate, 'video'));
    const at = (x: number, y: number) => shown[y * 1280 + x] ?? 0;
    expect(at(640, 4)).toBeGreaterThan(225);
    expect(at(640, 715)).toBeGreaterThan(225);
    expect(at(440, 360)).toBeLessThan(60);
    expect(at(840, 360)).toBeLessThan(60);
  });

  test.each(['photo.jpg', 'photo.webp'])('may be a %s', async (name) => {
    const path = await still(name, 'testsrc2=s=640x360');
    expect((await makeSlate({ ...options, content: { kind: 'image', path } })).durationUs).toBe(1_000_000);
  });
});

describe('a clip', () => {
  test('keeps its shape, its length and its sound, with a key frame each second', async () => {
    const path = await makeMedia('clip.mp4', {
      args: [...picture('320x180', 3), ...tone(600, 3), ...h264(90), ...aac],
    });
    const slate = await makeSlate({ ...options, content: { kind: 'clip', path } });
    expect(slate.durationUs).toBe(3_000_000);
    const keys = of(slate, 'video').filter(({ key }) => key);
    expect(keys.map(({ ptsUs }) => Math.round(ptsUs / 1e6))).toEqual([0, 1, 2]);
    expect((await luma('h264', of(slate, 'video')))[0]?.length).toBe((320 * 180 * 3) / 2);
    const samples = await heard(repeated(slate, 'audio', 2));
    expect(samples.length / 2 / 48_000).toBeCloseTo(6, 1);
    // The tone goes on over the seam.
    const seam = samples.subarray(2 * 48_000 * 2.9, 2 * 48_000 * 3.1);
    for (let from = 0; from + 960 <= seam.length; from += 960) {
      expect(Math.max(...seam.subarray(from, from + 960))).toBeGreaterThan(1000);
    }
  });

  test('without sound is silent', async () => {
    const path = await makeMedia('silent.mp4', { args: [...picture('320x180', 2), ...h264(30)] });
    const slate = await makeSlate({ ...options, content: { kind: 'clip', path } });
    expect((await heard(of(slate, 'audio'))).every((sample) => sample === 0)).toBe(true);
  });
});

test.each(['png', 'jpg', 'webp'])(
  'an image of %s has the colours that browsers take it to have',
  async (kind) => {
    const path = join(folder, `red.${kind}`);
    const red = ['-f', 'lavfi', '-i', 'color=0xc83c1e:size=320x180:duration=0.1,format=rgb24'];
    await execa('ffmpeg', ['-v', 'error', '-y', ...red, '-frames:v', '1', path]);
    const slate = await makeSlate({ ...options, content: { kind: 'image', path } });
    const [shown = Buffer.alloc(0)] = await luma('h264', of(slate, 'video'));
    // BT.709 (ITU-R BT.709-6, 3.2, in 8 bit): 16 + 219 × (0.2126 × 200 + 0.7152 × 60 + 0.0722 × 30) / 255; it would be 100 by BT.601.
    expect(Math.abs((shown[1280 * 360 + 640] ?? 0) - 91)).toBeLessThan(4);
  },
);

describe('what cannot be a slate is refused:', () => {
  const cases: { name: string; content: () => Promise<SlateOptions['content']>; message: RegExp }[] = [
    {
      name: 'an image that is not there',
      content: async () => ({ kind: 'image', path: '/nowhere/slate.png' }),
      message: /^there is no file \/nowhere\/slate\.png/,
    },
    {
      name: 'an image that is text',
      content: async () => ({ kind: 'image', path: await file('text.png', 'hello') }),
      message: /^expected a PNG, JPEG, WebP or GIF image, but .*text\.png is none$/,
    },
    {
      name: 'an image that is cut off',
      content: async () => ({ kind: 'image', path: await file('cut.png', '\x89PNG\r\n\x1a\n\0\0\0\rIHDR') }),
      message: /^no slate could be made of .*cut\.png: /,
    },
    {
      name: 'a clip with sound only',
      content: async () => ({ kind: 'clip', path: await makeMedia('tone.wav', { args: tone(440, 1) }) }),
      message: /^expected a clip with a picture, but .*tone\.wav has only sound$/,
    },
    {
      name: 'a clip that is too long',
      content: async () => ({
        kind: 'clip',
        path: await makeMedia('long.mkv', {
          args: ['-f', 'lavfi', '-i', 'color=s=64x64:r=1:d=130', '-c:v', 'libx264', '-preset', 'ultrafast'],
        }),
      }),
      message: /^expected a clip of at most 120 s, but .*long\.mkv is of 130 s$/,
    },
  ];
  test.each(cases)('$name', async ({ content, message }) => {
    await expect(makeSlate({ ...options, content: await content() })).rejects.toMatchObject({
      code: 'SLATE_NOT_USABLE',
      message: expect.stringMatching(message),
      hint: expect.stringMatching(/: (?:file|ls -l) \//),
    });
  });

  test('what comes of its file is worked on marked, and it is not made of one that is set aside', async () => {
    const path = await sample('talk.mp4');
    const worked: string[] = [];
    const content = { kind: 'clip', path } as const;
    const marking = (of: string) => (work: () => void) => {
      worked.push(of);
      work();
    };
    await makeSlate({ ...options, content, slice: marking });
    expect(new Set(worked)).toEqual(new Set([path]));
    const aside = (): never => {
      throw new MiroliveError('SOURCE_QUARANTINED', 'talk was set aside');
    };
    await expect(makeSlate({ ...options, content, slice: aside })).rejects.toThrow('talk was set aside');
  });

  test('without ffmpeg there is none at all', async () => {
    const made = makeSlate({ ...options, ffmpeg: '/nowhere/ffmpeg', content: { kind: 'card', ...card } });
    await expect(made).rejects.toMatchObject({ code: 'FFMPEG_NOT_FOUND' });
  });
});

test('rooms share the slate that is the same, and one that fails is the card of each until it can be made', async () => {
  await using context = await IngestContext.create(sourcesOptions, new Routes(new ScriptedDaemon().asker));
  await using folder = await temporaryFolder();
  const path = join(folder.path, 'slate.png');
  const slateOf = (room: string) =>
    context.slate({
      ...{ room, ffmpeg: 'ffmpeg', rules: planOptions, card: { title: room, text: '' } },
      slate: { kind: 'image', path },
    } as DirectorOptions);
  const [lobby, hall] = await Promise.all(['lobby', 'hall'].map(slateOf));
  expect([lobby?.problem, hall?.problem]).toEqual(Array(2).fill(`there is no file ${path}`));
  expect(lobby?.frames[0]?.data).not.toEqual(hall?.frames[0]?.data);
  await copyFile(await still('mended.png', 'color=c=white:s=300x600'), path);
  const mended = await slateOf('lobby');
  expect(mended.problem).toBeUndefined();
  expect(await slateOf('hall')).toBe(mended);
});

describe('a still', () => {
  test('is the picture at its place in the source', async () => {
    const path = await sample('talk.mp4');
    const slate = await makeStill({
      ...{ ffmpeg: 'ffmpeg', codec: 'h264', size: { width: 1280, height: 720 }, track: 0, atMs: 4000 },
      input: fileInput(path),
    });
    const [shown = Buffer.alloc(0)] = await luma('h264', of(slate, 'video'));
    const expected = await raw(['-i', path, '-vf', "select='gte(t,3.999)',format=yuv420p"]);
    const before = await raw(['-i', path, '-vf', "select='gte(t,3)',format=yuv420p"]);
    expect(psnr(shown, expected)).toBeGreaterThan(33);
    expect(psnr(shown, before)).toBeLessThan(30);
  });

  test('is not there behind the end', async () => {
    const input = fileInput(await sample('talk.mp4'));
    const size = { width: 1280, height: 720 };
    const made = makeStill({ ffmpeg: 'ffmpeg', codec: 'h264', size, track: 0, atMs: 60_000, input });
    await expect(made).rejects.toThrow();
  });
});

function of({ frames }: Slate, kind: MediaFrame['kind']): MediaFrame[] {
  return frames.filter((frame) => frame.kind === kind);
}

function bytes({ frames }: Slate): number {
  return frames.reduce((sum, { data }) => sum + data.length, 0);
}

/** One track of so many repetitions. */
function repeated(slate: Slate, kind: MediaFrame['kind'], times: number): MediaFrame[] {
  return loopedFrames(slate, 0, [kind])
    .take(of(slate, kind).length * times)
    .toArray();
}

/** A checksum for each picture; fails where the decoder complains. */
async function decoded(codec: VideoCodec, pictures: readonly MediaFrame[]): Promise<string[]> {
  const { demuxer, bytes } = videoFile(codec, pictures);
  const { stdout, stderr } = await execa(
    'ffmpeg',
    [
      '-v',
      'warning',
      '-xerror',
      '-f',
      demuxer,
      '-i',
      'pipe:0',
      '-fps_mode',
      'passthrough',
      '-f',
      'framemd5',
      '-',
    ],
    { input: bytes },
  );
  expect(stderr).toBe('');
  return stdout
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.slice(line.lastIndexOf(',') + 1).trim());
}

/** The decoded pictures, 4:2:0: luma first. */
async function luma(codec: VideoCodec, pictures: readonly MediaFrame[]): Promise<Buffer[]> {
  const { demuxer, bytes } = videoFile(codec, pictures);
  return [await raw(['-f', demuxer, '-i', 'pipe:0'], bytes)];
}

/** The first picture that ffmpeg gives by these arguments. */
async function raw(args: readonly string[], input = Buffer.alloc(0)): Promise<Buffer> {
  const { stdout } = await execa(
    'ffmpeg',
    ['-v', 'error', ...args, '-frames:v', '1', '-f', 'rawvideo', '-'],
    {
      encoding: 'buffer',
      input,
    },
  );
  return Buffer.from(stdout);
}

/** How alike two pictures are, in dB: over 35 hardly anybody sees a difference. */
function psnr(a: Buffer, b: Buffer): number {
  expect(a.length).toBe(b.length);
  let squares = 0;
  for (const [index, value] of a.entries()) squares += (value - (b[index] ?? 0)) ** 2;
  return squares === 0 ? Number.POSITIVE_INFINITY : 10 * Math.log10((255 ** 2 * a.length) / squares);
}

/** The samples that a listener hears. */
async function heard(sounds: readonly MediaFrame[]): Promise<Int16Array> {
  const { stdout } = await execa('ffmpeg', ['-v', 'error', '-i', 'pipe:0', '-f', 's16le', '-'], {
    encoding: 'buffer',
    input: oggFile(sounds),
  });
  return new Int16Array(Uint8Array.from(stdout).buffer);
}

async function still(name: string, source: string): Promise<string> {
  return await makeMedia(name, { args: ['-f', 'lavfi', '-i', source, '-frames:v', '1'] });
}

async function file(name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text, 'latin1');
  return path;
}
