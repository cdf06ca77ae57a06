import { execa } from 'execa';
import { describe, expect, test } from 'vitest';
import { type VideoCodec, videoCodec } from '../../../src/contract/plan.ts';
import { ffmpegArgs } from '../../../src/ingest/ffmpeg/args.ts';
import type { MediaFrame } from '../../../src/ingest/media/media-frame.ts';
import { NutReader } from '../../../src/ingest/media/nut/nut-reader.ts';
import { planFor } from '../../../src/ingest/plan/plan.ts';
import { probeFile } from '../../../src/ingest/probe/probe-file.ts';
import { fileInput } from '../../helpers/media/file-input.ts';
import { aac, h264, picture, type Recipe, tone } from '../../helpers/media/recipes.ts';
import { makeMedia } from '../../helpers/media/sample-files.ts';
import { planOptions } from '../../helpers/plan-options.ts';

const seconds = 3;
const recipe = (rate: number, ...video: string[]): Recipe => ({
  args: [...picture('854x480', seconds, rate), ...tone(440, seconds), ...video, ...aac],
});

describe('ffmpeg makes every rendition of', () => {
  test.each([
    { name: 'copied-25.mp4', recipe: recipe(25, ...h264(50)), keys: [0, 2] },
    { name: 'copied-60.mp4', recipe: recipe(60, ...h264(60)), keys: [0, 1, 2] },
    { name: 'ntsc.mp4', recipe: recipe(30_000 / 1001, ...h264(50, 2)), keys: [0, 1, 2] },
    { name: 'twice-ntsc.mp4', recipe: recipe(60_000 / 1001, ...h264(90, 2)), keys: [0, 1, 2] },
  ])('$name on one time line, with key frames at the same times', async ({ name, recipe, keys }) => {
    const [low = [], middle = [], top = []] = await layers(await makeMedia(name, recipe), null);
    const near = (whole: readonly number[]) => whole.map((at) => expect.closeTo(at, 1));
    expect(keyTimes(top)).toEqual(near(keys));
    expect(keyTimes(middle)).toEqual(near([0, 1, 2]));
    expect(keyTimes(low)).toEqual(near(Array.from({ length: seconds * 4 }, (_, index) => index / 4)));
    const all = new Set(times(top));
    for (const lower of [low, middle]) {
      expect(times(lower).filter((at) => !all.has(at))).toEqual([]);
      expect(lower.length).toBeGreaterThan((seconds * 30) / 1.21);
      expect(lower.length).toBeLessThanOrEqual(seconds * 30 + 1);
    }
    expect(keyTimes(low)).toEqual(expect.arrayContaining(keyTimes(middle)));
  });

  test.each(videoCodec.options)('a broadcast in %s', async (codec) => {
    const file = await makeMedia('mjpeg.mkv', recipe(25, '-c:v', 'mjpeg', '-q:v', '6'));
    const made = await layers(file, codec);
    expect(made.length).toBe(3);
    for (const layer of made) expect(layer.length).toBe(seconds * 25);
    expect(made.map((layer) => keyTimes(layer).length)).toEqual([seconds * 4, seconds, seconds]);
  });
});

/** The pictures of each layer, the lowest first. */
async function layers(path: string, codec: VideoCodec | null): Promise<MediaFrame[][]> {
  const probe = await probeFile(path, { ffprobe: 'ffprobe', timeoutMs: 60_000, roots: [] });
  const plan = planFor(probe, { ...planOptions, codec, renditions: ['source', '360p', '240p'] });
  const { stdout } = await execa('ffmpeg', ffmpegArgs(plan, fileInput(path)), {
    stdin: 'ignore',
    encoding: 'buffer',
  });
  const frames = new NutReader().push(Buffer.from(stdout)).filter(({ kind }) => kind === 'video');
  const count = 1 + Math.max(...frames.map(({ layer }) => layer));
  return Array.from({ length: count }, (_, layer) => frames.filter((frame) => frame.layer === layer));
}

/** Times after the first second of the stream, in ms. */
function times(frames: readonly MediaFrame[]): number[] {
  return frames.map(({ ptsUs }) => Math.round(ptsUs / 1000) - 100_000);
}

function keyTimes(frames: readonly MediaFrame[]): number[] {
  return times(frames.filter(({ key }) => key)).map((ms) => ms / 1000);
}
