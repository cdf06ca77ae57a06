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

test('what cannot be read has no figures', () => {
  expect(readLoudness('sound.wav: Invalid data found when processing input')).toBeNull();
});
