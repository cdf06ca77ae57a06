import { describe, expect, test } from 'vitest';
import { ffmpegArgs } from '../../../../src/ingest/ffmpeg/args.ts';
import { aac, h264, opus, picture, tone } from '../../../helpers/media/recipes.ts';
import { makeMedia } from '../../../helpers/media/sample-files.ts';
import { framesOf } from '../../media.ts';
import { gone } from '../../processes.ts';
import {
  expectUnbroken,
  heavy,
  inputOf,
  noisy,
  optionsFor,
  PlayedProgramme,
  pictureSteps,
  planOf,
  soundSteps,
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
      const uneven = soundSteps(played.audio()).filter((step) => Math.abs(step - 20) > 0.5);
      expect(uneven).toEqual([]);
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
      expect(step).toBeCloseTo((expected[index + 1] ?? 0) - (expected[index] ?? 0), 1);
    }
  });
});

test('Director ends without a complaint where it was to start behind the end', async () => {
  const args = [...picture(small, 1.5), ...tone(440, 1.5), ...h264(15, 2), ...aac];
  const path = await makeMedia('loop-b-frames.mp4', { args });
  await using played = await PlayedProgramme.start(await optionsFor(path), 60_000);
  expect((await played.ended()).message).toBeNull();
});

test('Director starts in the midst', async () => {
  const args = [...picture(small, 3), ...tone(440, 3), ...h264(15, 2), ...aac];
  const path = await makeMedia('midst.mp4', { args });
  await using played = await PlayedProgramme.start(await optionsFor(path), 2000);
  expect((await played.ended()).stats.positionMs).toBeGreaterThan(2900);
  await played.untilPictures(30);
  expect(played.pictures).toBe(30);
});

describe.concurrent('Director closes', () => {
  const talk = async () => {
    const args = [...noisy(5.5), ...tone(440, 5.5), ...h264(30), ...heavy, ...aac];
    return await optionsFor(await makeMedia('killed.mp4', { args }), { loop: true });
  };

  test('twice, ends ffmpeg, and says no more', async ({ expect }) => {
    const played = await PlayedProgramme.start(await talk());
    await played.untilPictures(3);
    await Promise.all([played.programme.close(), played.programme.close()]);
    const said = played.events.length;
    await gone(played.pid);
    await played[Symbol.asyncDispose]();
    expect(played.events.length).toBe(said);
    expect(played.of('ended')).toEqual([]);
  });

  test('right after it began', async ({ expect }) => {
    const played = await PlayedProgramme.start(await talk());
    await played[Symbol.asyncDispose]();
    await gone(played.pid);
    expect(played.of('ended')).toEqual([]);
  });

  test('before it began, and does not begin then', async ({ expect }) => {
    const played = await PlayedProgramme.start(await talk());
    await played.programme.close();
    const started = played.of('pipeline.started').length;
    await played.programme.connect(played.sink.port);
    expect(played.of('pipeline.started').length).toBe(started);
    expect(played.of('ended')).toEqual([]);
    await played[Symbol.asyncDispose]();
  });
});
