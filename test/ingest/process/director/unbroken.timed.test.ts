import { describe, test } from 'vitest';
import { ffmpegArgs } from '../../../../src/ingest/ffmpeg/args.ts';
import { aac, h264, opus, picture, tone } from '../../../helpers/media/recipes.ts';
import { makeMedia } from '../../../helpers/media/sample-files.ts';
import { framesOf } from '../../media.ts';
import { gone } from '../../processes.ts';
import {
  expectUnbroken,
  inputOf,
  optionsFor,
  PlayedProgramme,
  pictureSteps,
  planOf,
  soundSteps,
  uneven,
} from './played-programme.ts';

const small = '160x90';

describe.concurrent('Director plays to the end', () => {
  const cases = [
    {
      name: 'picture and sound',
      file: 'whole.mp4',
      args: [...picture(small, 1.5), ...tone(440, 1.5), ...h264(15), ...aac],
      pictures: 45,
      sounds: [74, 77],
    },
    {
      name: 'a transcode',
      file: 'b-frames.mp4',
      args: [...picture(small, 1.5), ...tone(440, 1.5), ...h264(15, 2), ...aac],
      pictures: 45,
      sounds: [74, 77],
    },
    {
      name: 'MPEG-TS',
      file: 'whole.ts',
      args: [...picture(small, 1.5), ...tone(440, 1.5), ...h264(15), ...aac],
      pictures: 45,
      sounds: [72, 78],
    },
    {
      name: 'picture alone',
      file: 'silent.mp4',
      args: [...picture(small, 1), ...h264(15)],
      pictures: 30,
      sounds: [0, 0],
    },
    {
      name: 'sound alone',
      file: 'dark.ogg',
      args: [...tone(440, 1), ...opus],
      pictures: 0,
      sounds: [50, 51],
    },
    {
      name: 'sound that is much shorter',
      file: 'short-sound.mp4',
      args: [...picture(small, 3), ...tone(440, 0.5), ...h264(15), ...aac],
      pictures: 90,
      sounds: [25, 28],
    },
    {
      name: 'sound that is much longer',
      file: 'long-sound.mp4',
      args: [...picture(small, 0.5), ...tone(440, 3), ...h264(15), ...aac],
      pictures: 15,
      sounds: [149, 152],
    },
    {
      name: 'sound that begins late',
      file: 'late-sound.mkv',
      args: [...picture(small, 3), '-itsoffset', '2', ...tone(440, 1), ...h264(15), ...opus],
      pictures: 90,
      sounds: [48, 51],
    },
    {
      name: 'one picture',
      file: 'one.mp4',
      args: [...picture(small, 1), '-frames:v', '1', ...h264(15)],
      pictures: 1,
      sounds: [0, 0],
    },
  ];

  test.for(cases)(
    'of $name',
    async ({ file, args, pictures: count, sounds: [least = 0, most = 0] }, { expect }) => {
      await using played = await PlayedProgramme.start(await optionsFor(await makeMedia(file, { args })));
      const { message, stats } = await played.ended();
      expect(message).toBeNull();
      expect(stats).toMatchObject({ loops: 0, restarts: 0, bufferedMs: 0 });
      expect(played.of('live').length).toBe(1);
      expect(played.of('pipeline.started').length).toBe(1);
      await played.sink.until(() => played.pictures >= count && played.audio().length >= least);
      expect(played.pictures).toBe(count);
      expect(played.audio().length).toBeGreaterThanOrEqual(least);
      expect(played.audio().length).toBeLessThanOrEqual(most);
      expectUnbroken(played);
      expect(uneven(soundSteps(played.audio()), 20, 0.5, played.missedMs)).toEqual([]);
      await gone(played.pid);
    },
  );

  test('at its own pace, where pictures are uneven', async ({ expect }) => {
    const path = await makeMedia('uneven.mkv', {
      args: [
        ...picture(small, 2),
        '-vf',
        "select='lt(mod(n\\,20)\\,7)+eq(mod(n\\,20)\\,12)'",
        '-vsync',
        'vfr',
        ...h264(10),
      ],
    });
    const options = await optionsFor(path);
    expect(planOf(options).video?.action).toBe('copy');
    const expected = (await framesOf(ffmpegArgs(planOf(options), inputOf(options)))).map(
      ({ ptsUs }) => ptsUs / 1000,
    );
    await using played = await PlayedProgramme.start(options);
    expect((await played.ended()).message).toBeNull();
    await played.untilPictures(expected.length);
    const found = pictureSteps(played.video());
    expect(found.length).toBe(expected.length - 1);
    for (const [index, step] of found.entries()) {
      const expectedMs = (expected[index + 1] ?? 0) - (expected[index] ?? 0);
      expect(uneven([step], expectedMs, 0.05, played.missedMs)).toEqual([]);
    }
  });
});

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
    expect(Math.max(...found) - played.missedMs).toBeLessThan(60);
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
