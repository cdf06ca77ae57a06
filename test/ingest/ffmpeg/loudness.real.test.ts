import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { measureLoudness, readLoudness } from '../../../src/ingest/ffmpeg/loudness.ts';
import { plainInput } from '../../../src/ingest/sources/input.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

async function measured(make: readonly string[]) {
  await using folder = await temporaryFolder();
  const location = join(folder.path, 'sound.wav');
  await execa('ffmpeg', ['-v', 'error', ...make, '-t', '5', location]);
  const input = plainInput([{ options: [], location }], { live: false });
  return await measureLoudness(input, {
    ffmpeg: 'ffmpeg',
    audio: { index: 0 },
    signal: AbortSignal.timeout(60_000),
  });
}

/** 997 Hz at full scale in one channel is −3.01 LUFS (ITU-R BS.1770-5, annex 1), so in both at −20 dB −20 LUFS. */
const tone = 'aevalsrc=0.1*sin(2*PI*997*t)|0.1*sin(2*PI*997*t):s=48000';

test('a tone of −20 dB in both channels has −20 LUFS', async () => {
  const found = await measured(['-f', 'lavfi', '-i', tone]);
  expect(found?.integratedLufs).toBeCloseTo(-20, 0);
  expect(found?.truePeakDb).toBeCloseTo(-20, 0);
});

test('speech in the centre of 5.1 keeps its loudness in stereo', async () => {
  const centre = ['-f', 'lavfi', '-i', 'aevalsrc=0|0|0.1*sin(2*PI*997*t)|0|0|0:s=48000:c=5.1'];
  // Both channels of stereo at −3 dB are as loud as one without.
  expect((await measured(centre))?.integratedLufs).toBeCloseTo(-23, 0);
});

test('silence has no loudness, and no peak', async () => {
  const silence = ['-f', 'lavfi', '-i', 'anullsrc=r=48000:cl=stereo'];
  expect(await measured(silence)).toMatchObject({ integratedLufs: null, truePeakDb: null });
});

test('sound whose channels change in the midst of it is not taken for its last part', async () => {
  await using folder = await temporaryFolder();
  const part = async (name: string, channels: string) => {
    const path = join(folder.path, name);
    await execa('ffmpeg', [
      '-v',
      'error',
      '-f',
      'lavfi',
      '-i',
      tone,
      '-t',
      '3',
      '-ac',
      channels,
      '-c:a',
      'ac3',
      path,
    ]);
    return await readFile(path);
  };
  const location = join(folder.path, 'both.ts');
  await writeFile(location, Buffer.concat([await part('stereo.ts', '2'), await part('mono.ts', '1')]));
  const input = plainInput([{ options: [], location }], { live: false });
  const options = { ffmpeg: 'ffmpeg', audio: { index: 0 }, signal: AbortSignal.timeout(60_000) };
  expect(await measureLoudness(input, options)).toBeNull();
});

test('what cannot be read has no figures', () => {
  expect(readLoudness('sound.wav: Invalid data found when processing input')).toBeNull();
});
