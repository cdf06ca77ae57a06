import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { probe as probeSchema } from '../../../src/contract/plan.ts';
import { type ProbeFileOptions, probeFile } from '../../../src/ingest/probe/probe-file.ts';
import { probeInput } from '../../../src/ingest/probe/probe-input.ts';
import { brokenFiles, cut, named, oddNames } from '../../helpers/media/broken-files.ts';
import { fileInput } from '../../helpers/media/file-input.ts';
import { makeMedia, sample } from '../../helpers/media/sample-files.ts';
import { childrenOf } from '../processes.ts';

const options: ProbeFileOptions = { ffprobe: 'ffprobe', timeoutMs: 60_000, roots: [] };
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mirolive-probe-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

test('probeInput reads what ffprobe says where that is marked', async () => {
  const path = await sample('talk.mp4');
  let depth = 0;
  let pieces = 0;
  const slice = (work: () => void) => {
    depth++;
    pieces++;
    work();
    depth--;
  };
  await using input = fileInput(path);
  const found = await probeInput(input, { path, sizeBytes: null }, { ...options, slice });
  expect([found.format, depth, pieces]).toEqual(['mov,mp4,m4a,3gp,3g2,mj2', 0, 3]);
  const broken = join(folder, 'broken.mp4');
  await writeFile(broken, 'nothing');
  await using other = fileInput(broken);
  await expect(probeInput(other, { path: broken, sizeBytes: null }, { ...options, slice })).rejects.toThrow();
  expect(depth).toBe(0);
});

describe('probeFile tells what is inside', () => {
  test('a talk', async () => {
    const path = await sample('talk.mp4');
    const found = await probeFile(path, options);
    expect(found).toEqual({
      path,
      format: 'mov,mp4,m4a,3gp,3g2,mj2',
      durationMs: 10_000,
      startMs: 0,
      sizeBytes: expect.any(Number),
      bitrateBps: expect.any(Number),
      video: {
        index: 0,
        codec: 'h264',
        profile: 'High',
        width: 1280,
        height: 720,
        rotation: 0,
        fps: 30,
        pixelFormat: 'yuv420p',
        interlaced: false,
        squarePixels: true,
        bFrames: false,
        maxKeyframeIntervalMs: 1000,
        bitrateBps: expect.any(Number),
      },
      audioTracks: [
        {
          track: 0,
          index: 1,
          codec: 'aac',
          channels: 2,
          sampleRateHz: 48_000,
          language: 'und',
          title: null,
          default: true,
          ofPicture: true,
          bitrateBps: expect.any(Number),
        },
      ],
    });
    expect(probeSchema.parse(found)).toEqual(found);
  });

  test('several audio tracks, by number and language', async () => {
    const { audioTracks } = await probeFile(await sample('three-audio-tracks.mkv'), options);
    expect(audioTracks.map((audio) => [audio.track, audio.index, audio.language, audio.default])).toEqual([
      [0, 1, 'eng', false],
      [1, 2, 'deu', true],
      [2, 3, 'fra', false],
    ]);
  });

  test('a phone video that is turned', async () => {
    const { video } = await probeFile(await sample('portrait-rotated.mp4'), options);
    expect(video).toMatchObject({ rotation: 90, width: 360, height: 640 });
  });

  test('wide pixels, as the size that is shown', async () => {
    const { video } = await probeFile(await sample('anamorphic.mp4'), options);
    expect(video).toMatchObject({ squarePixels: false, width: 853, height: 480 });
  });

  test('a start before 0', async () => {
    expect(await probeFile(await sample('negative-start.mkv'), options)).toMatchObject({ startMs: -7 });
  });

  test('interlaced fields', async () => {
    const { video } = await probeFile(await sample('mpeg2-interlaced.ts'), options);
    expect(video).toMatchObject({ interlaced: true, fps: 25, maxKeyframeIntervalMs: null });
  });

  test('a cover, which is not a picture', async () => {
    expect(await probeFile(await sample('sound-with-cover.mp3'), options)).toMatchObject({
      video: null,
      cover: 1,
    });
  });

  test.each([
    ['talk.mp4', 'cut.mp4'],
    ['negative-start.mkv', 'cut.mkv'],
    ['h264-interlaced.ts', 'cut.ts'],
  ] as const)('%s that was cut off, as far as it goes', async (name, to) => {
    const path = await cut(await sample(name), join(folder, to), 0.5);
    expect(await probeFile(path, options)).toMatchObject({
      video: { codec: 'h264' },
      audioTracks: [{ track: 0 }],
    });
  });

  test.each([
    { name: 'seldom.ts', late: [], rate: '1/7' },
    { name: 'late.mkv', late: ['-itsoffset', '6'], rate: '25' },
  ])('a picture that is known late: $name', async ({ name, late, rate }) => {
    const picture = [...late, '-f', 'lavfi', '-i', `testsrc2=size=160x90:rate=${rate}`];
    const coded = ['-c:v', 'libx264', '-bf', '0', '-g', '1', '-pix_fmt', 'yuv420p', '-fps_mode', 'vfr'];
    const path = await makeMedia(name, {
      args: [...picture, '-f', 'lavfi', '-i', 'sine', '-t', '15', ...coded, '-c:a', 'aac'],
    });
    expect(await probeFile(path, options)).toMatchObject({
      video: { codec: 'h264', profile: 'High', pixelFormat: 'yuv420p' },
      audioTracks: [{ track: 0 }],
    });
  });

  test.each(oddNames)('a file named %j', async (name) => {
    const path = await named(folder, name);
    expect(await probeFile(path, options)).toMatchObject({ path, video: { codec: 'h264', bFrames: false } });
  });
});

describe('probeFile refuses', () => {
  test.each(brokenFiles)('$title', async ({ make, code, message }) => {
    const path = await make(folder);
    const error = await probeFile(path, options).catch((reason) => reason);
    expect(error).toMatchObject({ code, message: expect.stringContaining(message.replace('PATH', path)) });
  });

  test('a socket', async () => {
    const path = join(folder, 'socket.mp4');
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(path, resolve));
    await expect(probeFile(path, options)).rejects.toMatchObject({ code: 'SOURCE_NOT_A_FILE' });
    await new Promise((resolve) => server.close(resolve));
  });

  test.each(['talk.mp4', 'http://127.0.0.1/talk.mp4', 'concat:/a|/b', '-', '/a\0b', ''])(
    '%j, which is no absolute path',
    async (path) => {
      await expect(probeFile(path, options)).rejects.toMatchObject({
        code: 'INVALID_REQUEST',
        message: `expected an absolute path of a file, got ${JSON.stringify(path)}`,
      });
    },
  );

  test.each(['the file', 'its folder'])('what its user may not read: %s', async (what) => {
    const path = await named(join(folder, 'private'), 'talk.mp4');
    await chmod(what === 'the file' ? path : join(folder, 'private'), 0);
    await chmod(folder, 0o755);
    await asNobody(async () => {
      await expect(probeFile(path, options)).rejects.toMatchObject({
        code: 'SOURCE_FORBIDDEN',
        message: `${path} may not be read by the user of this process`,
      });
    });
    await chmod(join(folder, 'private'), 0o700);
  });

  test('a file outside the roots, also by a link or by dots', async () => {
    const path = await named(join(folder, 'outside'), 'talk.mp4');
    const root = join(folder, 'root');
    await mkdir(root);
    await symlink(path, join(root, 'link.mp4'));
    for (const way of [path, join(root, 'link.mp4'), `${root}/../outside/talk.mp4`]) {
      await expect(probeFile(way, { ...options, roots: [root, join(folder, 'none')] })).rejects.toMatchObject(
        {
          code: 'SOURCE_FORBIDDEN',
          message: `${way} is not below media.roots (${root}, ${join(folder, 'none')})`,
        },
      );
    }
  });

  test('nothing that is inside a root, whose name is a link or begins with dots', async () => {
    const path = await named(join(folder, 'real', '..dots'), '..talk.mp4');
    await symlink(join(folder, 'real'), join(folder, 'root'));
    const roots = [join(folder, 'none'), join(folder, 'root')];
    expect(await probeFile(path, { ...options, roots })).toMatchObject({ path });
  });

  test('to work without ffprobe', async () => {
    const error = await probeFile(await sample('talk.mp4'), { ...options, ffprobe: 'no-such-ffprobe' }).catch(
      (e) => e,
    );
    expect(error).toMatchObject({
      code: 'FFMPEG_NOT_FOUND',
      message: 'expected ffprobe at no-such-ffprobe, but it cannot be run',
    });
  });
});

describe('probeFile ends its ffprobe', () => {
  test('when time is over', async () => {
    const path = await sample('talk.mp4');
    const ffprobe = await endlessFfprobe();
    await expect(probeFile(path, { ...options, ffprobe, timeoutMs: 500 })).rejects.toMatchObject({
      code: 'SOURCE_TIMEOUT',
      message: `${path} was not probed within 500 ms`,
    });
    expect(await childrenOf(process.pid, ffprobe)).toEqual([]);
  });

  test('when nobody waits any more', async () => {
    const ffprobe = await endlessFfprobe();
    const leaving = new AbortController();
    const { signal } = leaving;
    const probing = probeFile(await sample('talk.mp4'), { ...options, ffprobe, signal });
    const ended = expect(probing).rejects.toMatchObject({ name: 'AbortError' });
    await expect.poll(() => childrenOf(process.pid, ffprobe)).toHaveLength(1);
    leaving.abort();
    await ended;
    expect(await childrenOf(process.pid, ffprobe)).toEqual([]);
  });
});

/** A program that neither answers nor ends, and keeps its name. */
async function endlessFfprobe(): Promise<string> {
  const ffprobe = join(folder, 'ffprobe');
  await writeFile(ffprobe, '#!/bin/bash\nexec -a "$0" sleep 60\n', { mode: 0o755 });
  return ffprobe;
}

/** Root may read everything: what root runs here, runs with the rights of nobody. */
async function asNobody(run: () => Promise<void>): Promise<void> {
  if (process.geteuid?.() !== 0) return await run();
  process.seteuid?.(65_534);
  try {
    await run();
  } finally {
    process.seteuid?.(0);
  }
}
