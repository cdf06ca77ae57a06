import { execa } from 'execa';
import { expect, test } from 'vitest';
import { ffmpegArgs } from '../../../src/ingest/ffmpeg/args.ts';
import { measureLoudness } from '../../../src/ingest/ffmpeg/loudness.ts';
import { planFor } from '../../../src/ingest/plan/plan.ts';
import { probeFile } from '../../../src/ingest/probe/probe-file.ts';
import { fileInput } from '../../helpers/media/file-input.ts';
import { h264, picture } from '../../helpers/media/recipes.ts';
import { makeMedia } from '../../helpers/media/sample-files.ts';
import { planOptions } from '../../helpers/plan-options.ts';

const tone = ['-f', 'lavfi', '-i', 'sine=frequency=440:duration=2:sample_rate=48000'];
const nothing = ['-f', 'lavfi', '-i', 'anullsrc=sample_rate=48000:channel_layout=mono:duration=2'];

/** A picture, a track with a tone, and one with silence. */
const recipe = {
  args: [
    ...[...picture('160x90', 2), ...tone, ...nothing, '-map', '0', '-map', '1', '-map', '2'],
    ...['-shortest', ...h264(30), '-c:a', 'aac'],
  ],
};

test.each([
  { audioMap: undefined, heard: [true, false] },
  { audioMap: '1+0', heard: [false, true] },
  { audioMap: '0:0+0:0', heard: [true, true] },
])('two tracks of mono become left and right: $audioMap', async ({ audioMap, heard }) => {
  const path = await makeMedia('two-mono.mp4', recipe);
  const probe = await probeFile(path, { ffprobe: 'ffprobe', timeoutMs: 20_000, roots: [] });
  const plan = planFor(probe, { ...planOptions, audioMap });
  const played = execa('ffmpeg', ffmpegArgs(plan, fileInput(path)), { encoding: 'buffer' });
  const { stdout } = await execa('ffmpeg', ['-v', 'error', '-i', '-', '-map', 'a', '-f', 'f32le', '-'], {
    ...{ input: (await played).stdout, encoding: 'buffer' },
  });
  const samples = new Float32Array(stdout.buffer.slice(stdout.byteOffset, stdout.byteOffset + stdout.length));
  const energy = [0, 1].map((side) =>
    samples.reduce((sum, sample, at) => sum + (at % 2 === side ? sample * sample : 0), 0),
  );
  expect(energy.map((one) => one > 1)).toEqual(heard);
  const { audio } = plan;
  if (!audio) throw new Error('expected sound');
  const signal = AbortSignal.timeout(60_000);
  const loudness = await measureLoudness(fileInput(path), { ffmpeg: 'ffmpeg', audio, signal });
  expect(loudness?.integratedLufs).toBeLessThan(0);
});
