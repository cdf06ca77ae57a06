import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Plan, Probe } from '../../../src/contract/plan.ts';
import { ffmpegArgs, timeOffsetMs } from '../../../src/ingest/ffmpeg/args.ts';
import { NutReader } from '../../../src/ingest/media/nut/nut-reader.ts';
import { planFor } from '../../../src/ingest/plan/plan.ts';
import { probeFile } from '../../../src/ingest/probe/probe-file.ts';
import { fileInput } from '../../helpers/media/file-input.ts';
import { flashRecipes, measureFlashes } from '../../helpers/media/flashes.ts';
import { tone } from '../../helpers/media/recipes.ts';
import { makeMedia, sample } from '../../helpers/media/sample-files.ts';
import { samples } from '../../helpers/media/samples.ts';
import { planOptions } from '../../helpers/plan-options.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mirolive-played-'));
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe('ffmpeg plays each sample by its plan to its end', () => {
  test.each(samples)('$name', async ({ name, expect: expected }) => {
    const { nut, probe, plan } = await play(await sample(name));
    expect({ video: decided(plan.video), audio: decided(plan.audio) }).toEqual({
      video: decided(expected.video),
      audio: decided(expected.audio),
    });
    expect(plan.video?.codec).toBe(expected.video?.codec);
    expect(probe.video && [probe.video.width, probe.video.height]).toEqual(expected.video?.size ?? null);
    const asked = 'stream=codec_name,width,height,pix_fmt,profile:packet=pts_time,flags,stream_index';
    const { streams, packets } = await ffprobe(nut, '-show_entries', asked);
    const codecs = streams.map((stream) => stream.codec_name);
    expect(codecs).toEqual([
      ...(expected.video ? [expected.video.codec] : []),
      ...(expected.audio ? ['opus'] : []),
    ]);
    if (expected.audio) expect(await pitchHz(nut)).toBeCloseTo(expected.audio.toneHz, -1);
    if (expected.video) {
      const [width, height] = expected.video.size.map((length) => length - (length % 2));
      expect(streams[0]).toMatchObject({ width, height, pix_fmt: 'yuv420p' });
    }
    if (expected.video?.action === 'transcode') expect(streams[0]?.profile).toBe('Constrained Baseline');
    for (const index of codecs.keys()) {
      const times = packets.filter((packet) => packet.stream_index === index).map(timeOf);
      expect(times[0]).toBeGreaterThan(-30);
      expect(times[0]).toBeLessThan(50);
      expect(times.at(-1)).toBeGreaterThan((probe.durationMs ?? 0) - 200);
      expect(times).toEqual(times.toSorted((a, b) => a - b));
    }
    if (expected.video) {
      const keys = packets
        .filter((packet) => packet.stream_index === 0 && packet.flags.startsWith('K'))
        .map(timeOf);
      const longest = Math.max(...keys.slice(1).map((at, i) => at - (keys[i] ?? 0)));
      expect(longest).toBeLessThan(expected.video.action === 'copy' ? 2500 : 1150);
    }
    // Sequence parameter set, picture parameter set, picture (ITU-T H.264, table 7-1).
    if (expected.video?.codec === 'h264') {
      const frames = new NutReader().push(await readFile(nut));
      const keys = frames.filter((frame) => frame.kind === 'video' && frame.key);
      expect(keys.length).toBeGreaterThan(3);
      for (const { data } of keys) expect(unitTypes(data)).toEqual(expect.arrayContaining([7, 8, 5]));
    }
  });

  test('at its own times, where they vary', async () => {
    const path = await sample('variable-frame-rate.mp4');
    const { nut } = await play(path);
    const source = await ffprobe(path, '-select_streams', 'v', '-show_entries', 'packet=pts_time');
    const played = await ffprobe(nut, '-select_streams', 'v', '-show_entries', 'packet=pts_time');
    const expected = source.packets.map((packet) => Number(packet.pts_time) * 1000).sort((a, b) => a - b);
    expect(played.packets.length).toBe(expected.length);
    for (const [i, packet] of played.packets.entries())
      expect(timeOf(packet)).toBeCloseTo(expected[i] ?? 0, 0);
  });
});

describe('ffmpeg keeps picture and sound together', () => {
  test.each(flashRecipes)('in $name', async (recipe) => {
    const path = await makeMedia(recipe.name, recipe);
    const source = await measureFlashes(path);
    const { nut, probe } = await play(path);
    const played = await measureFlashes(nut);
    const moved = (at: number) => at - probe.startMs + timeOffsetMs;
    expectTimes(played.flashes, source.flashes.map(moved));
    expectTimes(played.beeps, source.beeps.map(moved));
    expect(source.flashes.length).toBe(5);
    expect(source.beeps.length).toBeGreaterThanOrEqual(3);
  });

  test.each([
    'copied.mp4',
    'priming-and-b-frames.mp4',
    'late-sound.mp4',
    'late-start.ts',
    'negative-start.mkv',
    'copied-vp9.webm',
  ])('in %s from 2.5 s on', async (name) => {
    const recipe = flashRecipes.find((one) => one.name === name);
    if (!recipe) throw new Error(`there is no recipe ${name}`);
    const path = await makeMedia(name, recipe);
    const source = await measureFlashes(path);
    const { nut, probe } = await play(path, 2500);
    const played = await measureFlashes(nut);
    const moved = (at: number) => at - probe.startMs - 2500 + timeOffsetMs;
    const after = (at: number) => at >= timeOffsetMs + 200;
    expectTimes(played.flashes.filter(after), source.flashes.map(moved).filter(after));
    expectTimes(played.beeps.filter(after), source.beeps.map(moved).filter(after));
    expect(played.flashes.length).toBeGreaterThanOrEqual(3);
  });
});

test('goes along with a jump of its times by two hours, and makes no silence for it', async () => {
  const [before, path] = [join(folder, 'before.mkv'), join(folder, 'jump.mkv')];
  const media = ['-f', 'lavfi', '-i', 'testsrc=s=160x90:r=25:d=4', ...tone(440, 4)];
  const coded = ['-c:v', 'libx264', '-preset', 'ultrafast', '-bf', '0', '-g', '25', '-c:a', 'aac'];
  await execa('ffmpeg', ['-v', 'error', ...media, ...coded, '-y', before]);
  const later = "setts=ts='if(gte(TS*TB,2),TS+7200/TB,TS)'";
  const moved = ['-map', '0', '-c', 'copy', '-bsf:v', later, '-bsf:a', later];
  await execa('ffmpeg', ['-v', 'error', '-i', before, ...moved, '-y', path]);
  const { nut } = await play(path);
  const { packets } = await ffprobe(nut, '-select_streams', 'a', '-show_packets');
  const times = packets.map(timeOf);
  expect(times.length).toBeLessThan(210);
  const steps = times.slice(1).map((at, index) => at - (times[index] as number));
  expect(steps.filter((step) => Math.abs(step - 20) > 1)).toEqual([expect.closeTo(7_200_020, -2)]);
});

/** How high the sound is: of its fifth second, which has a steady tone. */
async function pitchHz(path: string): Promise<number> {
  const args = ['-v', 'error', '-i', path, '-vn', '-ss', '4', '-t', '1', '-ac', '1', '-ar', '48000'];
  const { stdout } = await execa('ffmpeg', [...args, '-f', 's16le', 'pipe:1'], { encoding: 'buffer' });
  const samples = new Int16Array(stdout.buffer, stdout.byteOffset, stdout.length / 2);
  const crossings = samples.filter((value, index) => value >= 0 && (samples[index - 1] ?? 0) < 0).length;
  return (crossings / samples.length) * 48_000;
}

/** What a plan does with a track, and why. */
function decided(track: { readonly action: string; readonly reasons: readonly string[] } | null) {
  return track && { action: track.action, reasons: track.reasons };
}

/** Plays a file by its plan into a NUT file; fails if ffmpeg does. */
async function play(path: string, startMs?: number): Promise<{ nut: string; probe: Probe; plan: Plan }> {
  const probe = await probeFile(path, { ffprobe: 'ffprobe', timeoutMs: 60_000, roots: [] });
  const plan = planFor(probe, planOptions);
  const nut = join(folder, 'played.nut');
  const args = ffmpegArgs(plan, fileInput(path), startMs === undefined ? {} : { startMs });
  await execa('ffmpeg', args, { stdin: 'ignore', stdout: { file: nut } });
  return { nut, probe, plan };
}

interface Packet {
  readonly stream_index: number;
  readonly pts_time: string;
  readonly flags: string;
}

interface Stream {
  readonly codec_name: string;
  readonly profile?: string;
}

async function ffprobe(path: string, ...show: string[]): Promise<{ streams: Stream[]; packets: Packet[] }> {
  const { stdout } = await execa('ffprobe', ['-v', 'error', '-of', 'json', ...show, '-i', path]);
  return JSON.parse(stdout);
}

function timeOf(packet: Packet): number {
  return Number(packet.pts_time) * 1000 - timeOffsetMs;
}

/** The types of the NAL units in Annex B data. */
function unitTypes(data: Buffer): number[] {
  const types: number[] = [];
  for (let at = data.indexOf('000001', 0, 'hex'); at >= 0; at = data.indexOf('000001', at + 3, 'hex')) {
    types.push((data[at + 3] ?? 0) & 0x1f);
  }
  return types;
}

/** 3 ms: a container may round to milliseconds, and a beep is not loud at once. */
function expectTimes(found: number[], expected: number[]): void {
  expect(found.length).toBe(expected.length);
  for (const [i, at] of found.entries()) {
    expect(Math.abs(at - (expected[i] ?? 0)), `${found} against ${expected}`).toBeLessThanOrEqual(3);
  }
}
