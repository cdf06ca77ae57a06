import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ffmpegArgs } from '../../../src/ingest/ffmpeg/args.ts';
import { FrameReader } from '../../../src/ingest/media/nut/frame-reader.ts';
import { planFor } from '../../../src/ingest/plan/plan.ts';
import { probeFile } from '../../../src/ingest/probe/probe-file.ts';
import { resized } from '../../../src/ingest/process/players/resized.ts';
import { fileInput } from '../../helpers/media/file-input.ts';
import { planOptions } from '../../helpers/plan-options.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mirolive-resized-'));
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** A second of white in each size, one behind the other in one MPEG-TS. */
async function made(options: readonly string[], ...sizes: string[]): Promise<string> {
  const parts: Buffer[] = [];
  for (const [index, size] of sizes.entries()) {
    const { stdout } = await execa(
      'ffmpeg',
      [
        ...['-v', 'error', '-f', 'lavfi', '-i', `color=white:size=${size}:rate=25:duration=1`],
        ...['-c:v', 'libx264', '-pix_fmt', 'yuv420p', '-g', '25', ...options],
        ...['-output_ts_offset', `${index}`, '-f', 'mpegts', 'pipe:1'],
      ],
      { encoding: 'buffer' },
    );
    parts.push(Buffer.from(stdout));
  }
  const path = join(folder, 'resized.ts');
  await writeFile(path, Buffer.concat(parts));
  return path;
}

async function played(path: string) {
  const probe = await probeFile(path, { ffprobe: 'ffprobe', timeoutMs: 60_000, roots: [] });
  const plan = planFor(probe, planOptions);
  const nut = join(folder, 'played.nut');
  await execa('ffmpeg', ffmpegArgs(plan, fileInput(path)), { stdin: 'ignore', stdout: { file: nut } });
  return { plan, nut, frames: new FrameReader().push(await readFile(nut)) };
}

test('a copied picture that changes its size is told in its new one', async () => {
  const { plan, frames } = await played(await made(['-bf', '0'], '320x180', '180x320'));
  expect(plan.video).toMatchObject({ action: 'copy', width: 320, height: 180 });
  const sizes = frames.flatMap((frame) => resized(plan, frame) ?? []);
  expect(sizes.map(({ video }) => [video?.action, video?.width, video?.height])).toEqual([
    ['copy', 180, 320],
  ]);
});

test('a transcoded picture that changes its shape is shown whole, and not stretched', async () => {
  const { plan, nut } = await played(await made(['-bf', '2'], '320x180', '180x320'));
  expect(plan.video).toMatchObject({ action: 'transcode', width: 320, height: 180 });
  const { stdout } = await execa(
    'ffmpeg',
    ['-v', 'error', '-i', nut, '-vf', 'format=gray', '-f', 'rawvideo', 'pipe:1'],
    { encoding: 'buffer' },
  );
  const middle = (picture: number) => {
    const row = Buffer.from(stdout).subarray((picture * 180 + 90) * 320, (picture * 180 + 91) * 320);
    return row.filter((grey) => grey > 128).length;
  };
  expect(middle(5)).toBe(320);
  // 180 lines of a picture of 180x320 are 101 wide.
  expect(middle(45)).toBeGreaterThan(96);
  expect(middle(45)).toBeLessThan(106);
});

test('of a copied picture with intra refresh only what is whole counts as a key frame', async () => {
  const path = await made(['-bf', '0', '-x264-params', 'intra-refresh=1:keyint=10'], '320x180');
  const { plan, frames } = await played(path);
  expect(plan.video?.action).toBe('copy');
  expect(frames.map(({ key }) => key)).toEqual(frames.map((_, index) => index === 0));
  expect(frames.filter(({ refreshes }) => refreshes).length).toBeGreaterThan(0);
});
