import { describe, test } from 'vitest';
import { FakeVaapi } from '../../../helpers/fake-vaapi.ts';
import { temporaryFolder } from '../../../helpers/temporary-folder.ts';
import { encoded, encoders, long, seconds } from './hardware-programme.ts';

describe.concurrent('Director whose encoder in hardware', () => {
  test('works encodes by it', async ({ expect }) => {
    await using folder = await temporaryFolder();
    const { ffmpeg } = await FakeVaapi.create(folder.path);
    await using played = await encoded(ffmpeg, seconds);
    expect(await played.ended()).toMatchObject({ message: null, stats: { restarts: 0 } });
    await played.untilPictures(seconds * 30);
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
    await using played = await encoded(hardware.ffmpeg, seconds, { stallTimeoutMs: 3000 });
    expect(await played.ended()).toMatchObject({ message: null, stats: { restarts: 2 } });
    expect(encoders(played)).toEqual(['vaapi', 'vaapi', 'x264']);
    expect(played.of('plan.changed')[0]?.plan.video?.encoder?.instead).toBe(
      'h264_vaapi failed: no output for 3000 ms',
    );
  });

  test('is lost while a live source plays connects again, by x264', async ({ expect }) => {
    await using folder = await temporaryFolder();
    const hardware = await FakeVaapi.create(folder.path);
    await using played = await encoded(hardware.ffmpeg, long, {
      main: { kind: 'test', pattern: 'bars', label: '' },
    });
    await played.untilPictures(20);
    await hardware.lose();
    process.kill(played.pid, 'SIGKILL');
    await played.started(3);
    await played.untilPictures(played.pictures + 30);
    expect(encoders(played)).toEqual(['vaapi', 'vaapi', 'x264']);
    expect(played.of('plan.changed').at(-1)?.plan.video?.encoder?.instead).toContain('h264_vaapi failed');
  });
});
