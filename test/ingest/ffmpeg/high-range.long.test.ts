import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ffmpegArgs } from '../../../src/ingest/ffmpeg/args.ts';
import { planFor } from '../../../src/ingest/plan/plan.ts';
import { probeFile } from '../../../src/ingest/probe/probe-file.ts';
import { fileInput } from '../../helpers/media/file-input.ts';
import { planOptions } from '../../helpers/plan-options.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mirolive-range-'));
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** A colour as 10 bit of BT.2100: the white and the red of BT.709 at 203 cd/m², the white of usual screens (ITU-R BT.2408). */
const colours = {
  PQ: { white: [572, 512, 512], red: [382, 430, 615] },
  HLG: { white: [721, 512, 512], red: [371, 399, 728] },
} as const;
const transfers = { PQ: 'smpte2084', HLG: 'arib-std-b67' } as const;

describe('A picture in HDR goes out in BT.709', () => {
  test.each(['PQ', 'HLG'] as const)('%s', async (range) => {
    const white = await shown(range, 'white');
    expect(white.reasons).toContain(`HDR (${range}) → BT.709`);
    expect(white.colours).toEqual(['bt709', 'bt709', 'bt709']);
    for (const part of white.rgb) expect(part).toBeGreaterThan(200);
    const { rgb } = await shown(range, 'red');
    expect(rgb[0]).toBeGreaterThan(180);
    expect(Math.max(rgb[1] ?? 255, rgb[2] ?? 255)).toBeLessThan(16);
  });

  test('where nothing of its matrix is said, too', async () => {
    const { rgb } = await shown('PQ', 'white', ['-color_trc', transfers.PQ]);
    for (const part of rgb) expect(part).toBeGreaterThan(200);
  });
});

test('A picture in RGB, as of a screen, has the colours that browsers take it to have', async () => {
  const path = join(folder, 'rgb.mkv');
  const red = [200, 60, 30];
  const made = ['-f', 'lavfi', '-i', 'color=0xc83c1e:size=320x180:rate=25:duration=0.2,format=rgb24'];
  await execa('ffmpeg', ['-v', 'error', ...made, '-c:v', 'libx264rgb', '-qp', '0', path]);
  const { rgb } = await shownOf(path);
  for (const [index, part] of red.entries()) expect(Math.abs((rgb[index] ?? 0) - part)).toBeLessThan(5);
});

test('Without zscale and tonemap its plan says that it stays pale', async () => {
  const path = await made('PQ', 'white');
  const probe = await probeFile(path, { ffprobe: 'ffprobe', timeoutMs: 60_000, roots: [] });
  const { video } = planFor(probe, { ...planOptions, toneMaps: false });
  expect(video?.reasons).toContain('HDR (PQ), which stays pale: ffmpeg has no zscale and tonemap');
  expect(video?.toneMap).toBeUndefined();
});

async function made(
  range: keyof typeof colours,
  colour: 'white' | 'red',
  says = ['-color_primaries', 'bt2020', '-color_trc', transfers[range], '-colorspace', 'bt2020nc'],
): Promise<string> {
  const path = join(folder, `${range}-${colour}.mp4`);
  await execa('ffmpeg', [
    ...['-v', 'error', '-y', '-f', 'lavfi', '-i', 'color=gray:size=320x180:rate=25:duration=0.2'],
    ...['-vf', `format=yuv420p10le,geq=${colours[range][colour].join(':')}`],
    ...['-c:v', 'libx264', '-bf', '0', ...says, path],
  ]);
  return path;
}

/** What a screen of BT.709 shows of it. */
async function shown(range: keyof typeof colours, colour: 'white' | 'red', says?: string[]) {
  return await shownOf(await made(range, colour, says));
}

async function shownOf(path: string) {
  const probe = await probeFile(path, { ffprobe: 'ffprobe', timeoutMs: 60_000, roots: [] });
  const plan = planFor(probe, planOptions);
  const nut = join(folder, 'played.nut');
  await execa('ffmpeg', ffmpegArgs(plan, fileInput(path)), { stdin: 'ignore', stdout: { file: nut } });
  const entries = ['-show_entries', 'stream=color_space,color_transfer,color_primaries'];
  const said = await execa('ffprobe', ['-v', 'error', ...entries, '-of', 'csv=p=0', nut]);
  const { stdout } = await execa(
    'ffmpeg',
    [
      ...['-v', 'error', '-i', nut, '-frames:v', '1'],
      ...['-vf', 'scale=320:180:in_color_matrix=bt709,format=rgb24', '-f', 'rawvideo', 'pipe:1'],
    ],
    { encoding: 'buffer' },
  );
  return {
    reasons: plan.video?.reasons,
    colours: said.stdout.trim().split(','),
    rgb: [...stdout.subarray(0, 3)],
  };
}
