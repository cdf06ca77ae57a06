import { describe, test } from 'vitest';
import { aac, h264, picture, tone } from '../../../helpers/media/recipes.ts';
import { makeMedia } from '../../../helpers/media/sample-files.ts';
import { expectUnbroken, optionsFor, PlayedProgramme, soundSteps } from './played-programme.ts';

const small = '160x90';

describe.concurrent('Director loops without a gap', () => {
  test.for([
    { file: 'loop.mp4', seconds: 1.5, codec: [...h264(15), ...aac], rounds: 3, runs: 3 },
    { file: 'loop-b-frames.mp4', seconds: 1.5, codec: [...h264(15, 2), ...aac], rounds: 3, runs: 3 },
    { file: 'loop.ts', seconds: 1.5, codec: [...h264(15), ...aac], rounds: 3, runs: 3 },
    { file: 'short.mp4', seconds: 0.3, codec: [...h264(15), ...aac], rounds: 10, runs: 1 },
  ])('$file of $seconds s', async ({ file, seconds, codec, rounds, runs }, { expect }) => {
    const path = await makeMedia(file, {
      args: [...picture(small, seconds), ...tone(440, seconds), ...codec],
    });
    await using played = await PlayedProgramme.start(await optionsFor(path, { loop: true }));
    await played.untilPictures(Math.round(seconds * 30) * rounds + 2);
    expectUnbroken(played);
    const found = soundSteps(played.audio());
    expect(Math.min(...found)).toBeGreaterThanOrEqual(9.9);
    expect(Math.max(...found)).toBeLessThan(60);
    expect(played.of('ended')).toEqual([]);
    // What is short is not started anew; what is longer is started about as often as it is played.
    const started = played.of('pipeline.started').length;
    expect(started).toBeGreaterThanOrEqual(runs);
    expect(started).toBeLessThanOrEqual(runs === 1 ? 1 : runs + 2);
  });

  test('one picture, by one ffmpeg', async ({ expect }) => {
    const args = [...picture(small, 1), '-frames:v', '1', ...h264(15)];
    await using played = await PlayedProgramme.start(
      await optionsFor(await makeMedia('one.mp4', { args }), { loop: true }),
    );
    await played.untilPictures(30);
    expectUnbroken(played, 40);
    expect(played.of('pipeline.started').length).toBe(1);
  });

  test('from the beginning, where it was to start behind the end', async ({ expect }) => {
    const args = [...picture(small, 1.5), ...tone(440, 1.5), ...h264(15, 2), ...aac];
    const path = await makeMedia('loop-b-frames.mp4', { args });
    await using played = await PlayedProgramme.start(await optionsFor(path, { loop: true }), 60_000);
    await played.untilPictures(20);
    expect(played.of('ended')).toEqual([]);
  });
});
