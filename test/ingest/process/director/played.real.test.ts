import { describe, expect, test } from 'vitest';
import { aac, h264, picture, tone } from '../../../helpers/media/recipes.ts';
import { makeMedia } from '../../../helpers/media/sample-files.ts';
import { gone } from '../../processes.ts';
import { heavy, noisy, optionsFor, PlayedProgramme } from './played-programme.ts';

const small = '160x90';

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

test('Director tells the next rounds of a file apart from a restart after a fault', async () => {
  const args = [...noisy(5.5), ...tone(440, 5.5), ...h264(30), ...heavy, ...aac];
  const path = await makeMedia('killed.mp4', { args });
  await using played = await PlayedProgramme.start(await optionsFor(path, { loop: true }));
  await played.started(3);
  const rounds = () => played.of('pipeline.started').map(({ round }) => round);
  expect(rounds()).toEqual([false, true, true]);
  process.kill(played.pid, 'SIGKILL');
  await played.started(4);
  expect(rounds()).toEqual([false, true, true, false]);
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
