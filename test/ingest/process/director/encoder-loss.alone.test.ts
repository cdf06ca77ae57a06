import { describe, test } from 'vitest';
import type { Source, VideoEncoder } from '../../../../src/contract/models.ts';
import { FakeVaapi } from '../../../helpers/fake-vaapi.ts';
import { aac, h264, tone } from '../../../helpers/media/recipes.ts';
import { makeMedia } from '../../../helpers/media/sample-files.ts';
import { temporaryFolder } from '../../../helpers/temporary-folder.ts';
import { expectUnbroken, noisy, optionsFor, PlayedProgramme } from './played-programme.ts';

const vaapi: VideoEncoder = { name: 'vaapi', device: '/dev/dri/renderD128', instead: null };
const seconds = 3;
/** Too long to be read to its end at once. */
const long = 12;
const file = (seconds: number) =>
  makeMedia(`hardware-${seconds}.mp4`, {
    args: [...noisy(seconds), ...tone(440, seconds), ...h264(30, 2), ...aac],
  });

/** A programme of a file, or of something else, that is encoded by the fake hardware. */
async function encoded(ffmpeg: string, length: number, main?: Source): Promise<PlayedProgramme> {
  const options = await optionsFor(await file(length), { ffmpeg, prepared: null, stallTimeoutMs: 3000 });
  const rules = { ...options.rules, encoder: vaapi };
  return await PlayedProgramme.start({ ...options, rules, ...(main && { main }) });
}

/** What encoded, start by start. */
const encoders = (played: PlayedProgramme) =>
  played.of('pipeline.started').map(({ plan }) => plan.video?.encoder?.name);

describe.concurrent('Director whose encoder in hardware', () => {
  test('works encodes by it', async ({ expect }) => {
    await using folder = await temporaryFolder();
    const { ffmpeg } = await FakeVaapi.create(folder.path);
    await using played = await encoded(ffmpeg, seconds);
    expect(await played.ended()).toMatchObject({ message: null, stats: { restarts: 0 } });
    await played.untilPictures(seconds * 30);
    expectUnbroken(played);
    expect(encoders(played)).toEqual(['vaapi']);
  });

  test('does not start goes on air by x264, and says why', async ({ expect }) => {
    await using folder = await temporaryFolder();
    const hardware = await FakeVaapi.create(folder.path);
    await hardware.lose();
    await using played = await encoded(hardware.ffmpeg, seconds);
    expect(await played.ended()).toMatchObject({ message: null, stats: { restarts: 1 } });
    await played.untilPictures(seconds * 30);
    expect(encoders(played)).toEqual(['vaapi', 'x264']);
    const [changed] = played.of('plan.changed');
    expect(changed?.plan.video?.encoder).toEqual({
      name: 'x264',
      device: null,
      instead: 'h264_vaapi failed: No VA display found for device /nowhere',
    });
    expect(played.of('pipeline.failed')[0]?.message).toContain('No VA display found');
  });

  test('is stuck twice at the same place goes on by x264', async ({ expect }) => {
    await using folder = await temporaryFolder();
    const hardware = await FakeVaapi.create(folder.path);
    await hardware.hang();
    await using played = await encoded(hardware.ffmpeg, seconds);
    expect(await played.ended()).toMatchObject({ message: null, stats: { restarts: 2 } });
    expect(encoders(played)).toEqual(['vaapi', 'vaapi', 'x264']);
    expect(played.of('plan.changed')[0]?.plan.video?.encoder?.instead).toBe(
      'h264_vaapi failed: no output for 3000 ms',
    );
  });

  test('is lost goes on by x264 behind the last picture, as long as it lasts', async ({ expect }) => {
    await using folder = await temporaryFolder();
    const hardware = await FakeVaapi.create(folder.path);
    await using played = await encoded(hardware.ffmpeg, long);
    await played.untilPictures(20);
    await hardware.lose();
    process.kill(played.pid, 'SIGKILL');
    await played.started(3);
    await hardware.find();
    process.kill(played.pid, 'SIGKILL');
    await played.started(4);
    await played.untilPictures(played.pictures + 120);
    expectUnbroken(played);
    expect(encoders(played)).toEqual(['vaapi', 'vaapi', 'x264', 'x264']);
    expect(played.of('plan.changed').length).toBe(1);
  });

  test('is lost while a live source plays connects again, by x264', async ({ expect }) => {
    await using folder = await temporaryFolder();
    const hardware = await FakeVaapi.create(folder.path);
    await using played = await encoded(hardware.ffmpeg, long, { kind: 'test', pattern: 'bars', label: '' });
    await played.untilPictures(20);
    await hardware.lose();
    process.kill(played.pid, 'SIGKILL');
    await played.started(3);
    await played.untilPictures(played.pictures + 30);
    expect(encoders(played)).toEqual(['vaapi', 'vaapi', 'x264']);
    expect(played.of('plan.changed').at(-1)?.plan.video?.encoder?.instead).toContain('h264_vaapi failed');
  });
});
