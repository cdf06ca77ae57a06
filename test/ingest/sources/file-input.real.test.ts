import { execFile } from 'node:child_process';
import { chmod, copyFile, mkdir, readFile, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Pipeline } from '../../../src/ingest/ffmpeg/pipeline.ts';
import { openSourceFile } from '../../../src/ingest/probe/source-file.ts';
import { openFile } from '../../../src/ingest/sources/file-input.ts';
import { Sources } from '../../../src/ingest/sources/sources.ts';
import { sample } from '../../helpers/media/sample-files.ts';
import { planOptions } from '../../helpers/plan-options.ts';
import { sourcesOptions } from '../../helpers/sources-options.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';
import { playedFrames } from '../played-frames.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let root: string;
let link: string;
let outside: string;

beforeEach(async () => {
  folder = await temporaryFolder();
  root = join(folder.path, 'root');
  link = join(root, 'talk.mp4');
  outside = join(folder.path, 'outside.mp4');
  await mkdir(root);
  await copyFile(await sample('talk.mp4'), join(root, 'inside.mp4'));
  await copyFile(await sample('portrait-rotated.mp4'), outside);
  await symlink('inside.mp4', link);
});

afterEach(() => folder[Symbol.asyncDispose]());

describe('a symbolic link that is swapped', () => {
  test('after the check leads ffprobe nowhere else', async () => {
    const ffprobe = await swapping('ffprobe');
    await using sources = await Sources.create({ ...sourcesOptions, ffprobe, roots: [root] });
    const { probe } = await sources.prepare(file(link), planOptions);
    expect(probe.video).toMatchObject({ width: 1280, height: 720 });
    await expect(sources.prepare(file(link), planOptions)).rejects.toMatchObject({
      code: 'SOURCE_FORBIDDEN',
    });
    await pointTo('inside.mp4');
    expect(await sources.durationMs(file(link), new AbortController().signal)).toBe(10_000);
  });

  test('after the check leads ffmpeg nowhere else, and is looked at anew for each start', async () => {
    await using sources = await Sources.create({ ...sourcesOptions, roots: [root] });
    const { plan } = await sources.prepare(file(link), planOptions);
    const input = await sources.open(file(link));
    await pointTo(outside);
    // The one outside has 240 pictures.
    await playedFrames(input, plan, 300);
    await expect(sources.open(file(link))).rejects.toMatchObject({ code: 'SOURCE_FORBIDDEN' });
  });

  test('while it is checked opens what is inside, or nothing', async () => {
    const inside = await stat(join(root, 'inside.mp4'));
    let over = false;
    const swaps = (async () => {
      while (!over) for (const target of [outside, 'inside.mp4']) await pointTo(target);
    })();
    const seen = new Set<string>();
    for (let round = 0; round < 2000; round += 1) {
      try {
        const { handle } = await openSourceFile(link, { roots: [root] });
        const { ino } = await handle.stat();
        await handle.close();
        seen.add(ino === inside.ino ? 'inside' : 'outside');
      } catch (error) {
        seen.add((error as { code: string }).code);
      }
    }
    over = true;
    await swaps;
    expect([...seen].sort()).toEqual(['SOURCE_FORBIDDEN', 'inside']);
  });
});

describe('an opened file', () => {
  test('is played on where its name is given to another one', async () => {
    await using sources = await Sources.create(sourcesOptions);
    const path = join(root, 'inside.mp4');
    const { plan } = await sources.prepare(file(path), planOptions);
    const input = await sources.open(file(path));
    await rename(outside, path);
    expect((await playedFrames(input, plan, 300)).length).toBeGreaterThanOrEqual(300);
  });

  test('is begun where it is wanted', async () => {
    await using input = await openFile(join(root, 'inside.mp4'), { roots: [root] });
    const frames: number[] = [];
    await using pipeline = Pipeline.start({
      ffmpeg: 'ffmpeg',
      args: [
        ...['-nostdin', '-v', 'error', '-copyts', '-ss', '6', ...input.parts[0].options],
        ...['-i', input.parts[0].location, '-map', '0:v', '-c', 'copy', '-f', 'nut', 'pipe:1'],
      ],
      aside: input.aside,
      stallTimeoutMs: 15_000,
      onFrames: (more) => frames.push(...more.map(({ ptsUs }) => ptsUs)),
    });
    expect(await pipeline.ended).toEqual({ kind: 'finished' });
    expect(Math.min(...frames)).toBe(6_000_000);
  });

  test('is called by its name in what ffmpeg says of it', async () => {
    const path = join(root, 'broken.mp4');
    await writeFile(path, 'no media');
    await using input = await openFile(path, { roots: [] });
    await using pipeline = Pipeline.start({
      ffmpeg: 'ffmpeg',
      args: ['-nostdin', ...input.parts[0].options, '-i', input.parts[0].location, '-f', 'nut', 'pipe:1'],
      aside: input.aside,
      stallTimeoutMs: 15_000,
      onFrames: () => {},
    });
    const end = await pipeline.ended;
    expect(end).toMatchObject({ kind: 'failed', message: expect.stringContaining(`${path}: Invalid data`) });
    expect(JSON.stringify(end)).not.toContain('/proc/');
  });

  test('is known by its name where its first bytes tell nothing', async () => {
    const [bare, path] = [join(root, 'bare.flac'), join(root, 'covered.flac')];
    await run('ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', 'sine=d=2', '-c:a', 'flac', bare]);
    await writeFile(path, Buffer.concat([id3Tag(2 * 1024 * 1024), await readFile(bare)]));
    await using sources = await Sources.create({ ...sourcesOptions, ownFolder: folder.path });
    expect((await sources.prepare(file(path), planOptions)).probe).toMatchObject({
      format: 'flac',
      audioTracks: [{ codec: 'flac' }],
    });
  });
});

test('a link that others could lead elsewhere is not used', async () => {
  const [path, linkFolder] = [join(root, 'sound.mp3'), join(folder.path, 'links')];
  await copyFile(await sample('sound-with-cover.mp3'), path);
  const location = async () => {
    await using input = await openFile(path, { roots: [], linkFolder });
    return input.parts[0].location;
  };
  expect(await location()).toBe(`file:${linkFolder}/file.mp3`);
  await chmod(linkFolder, 0o777);
  expect(await location()).toBe('file:/proc/self/fd/3');
});

const run = promisify(execFile);

function file(path: string) {
  return { kind: 'file', path, loop: false, audioTrack: null } as const;
}

/** An empty tag of that length (https://id3.org/id3v2.4.0-structure, 3.1). */
function id3Tag(length: number): Buffer {
  const sizes = [21, 14, 7, 0].map((bits) => (length >> bits) & 0x7f);
  return Buffer.concat([Buffer.from('ID3'), Buffer.from([4, 0, 0, ...sizes]), Buffer.alloc(length)]);
}

async function pointTo(target: string): Promise<void> {
  const next = `${link}.next`;
  await rm(next, { force: true });
  await symlink(target, next);
  await rename(next, link);
}

/** The program, once the link leads outside. */
async function swapping(program: string): Promise<string> {
  const path = join(folder.path, program);
  await writeFile(path, `#!/bin/sh\nln -sfn '${outside}' '${link}'\nexec ${program} "$@"\n`, { mode: 0o755 });
  return path;
}
