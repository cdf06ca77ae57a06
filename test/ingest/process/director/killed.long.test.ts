import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { ffmpegArgs } from '../../../../src/ingest/ffmpeg/args.ts';
import { splitAnnexB } from '../../../../src/ingest/media/h264/packetize-h264.ts';
import { FakeVaapi } from '../../../helpers/fake-vaapi.ts';
import { aac, h264, opus, tone } from '../../../helpers/media/recipes.ts';
import { makeMedia } from '../../../helpers/media/sample-files.ts';
import { temporaryFolder } from '../../../helpers/temporary-folder.ts';
import { nalUnits, pictures } from '../../media/rtp/depacketize.ts';
import { framesOf } from '../../media.ts';
import { encoded, encoders, long } from './hardware-programme.ts';
import {
  expectUnbroken,
  heavy,
  inputOf,
  noisy,
  optionsFor,
  PlayedProgramme,
  planOf,
  soundSteps,
} from './played-programme.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mirolive-programme-'));
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe('Director, whose ffmpeg is killed five times,', () => {
  /** So long that none of five reads it to its end, on a busy machine either. */
  const seconds = 14;
  /** Whether the ffmpeg that was started last has read ahead as much as bridges the start of another one. */
  function isAhead({ events }: PlayedProgramme): boolean {
    const startedAt = events.findLastIndex(({ type }) => type === 'pipeline.started');
    return events.slice(startedAt).some((one) => one.type === 'stats' && one.stats.bufferedMs >= 1500);
  }
  async function killed(played: PlayedProgramme): Promise<void> {
    for (let kills = 1; kills <= 5; kills++) {
      await played.started(kills);
      await played.until(() => isAhead(played));
      process.kill(played.pid, 'SIGKILL');
    }
  }

  test.for([
    { file: 'killed.mkv', codec: [...h264(30), ...heavy, ...opus], copied: 'both' },
    { file: 'killed.mp4', codec: [...h264(30), ...heavy, ...aac], copied: 'picture' },
    { file: 'killed.ts', codec: [...h264(30), ...heavy, ...aac], copied: 'picture' },
  ])('copies each frame of $file once', async ({ file, codec, copied }, { expect }) => {
    const path = await makeMedia(file, { args: [...noisy(seconds), ...tone(440, seconds), ...codec] });
    const options = await optionsFor(path);
    expect(planOf(options).video?.action).toBe('copy');
    const undisturbed = await framesOf(ffmpegArgs(planOf(options), inputOf(options)));
    await using played = await PlayedProgramme.start(options);
    await killed(played);
    const { message, stats } = await played.ended();
    expect(message).toBeNull();
    expect(stats.restarts).toBe(5);
    await played.untilPictures(seconds * 30);
    expectUnbroken(played);
    const seen = undisturbed.filter(({ kind }) => kind === 'video').map(({ data }) => splitAnnexB(data));
    const found = pictures(played.video()).map((one) => nalUnits(one.map(({ payload }) => payload)));
    expect(found.map(digest)).toEqual(seen.map(withoutDelimiters).map(digest));
    if (copied === 'both') {
      const heard = undisturbed.filter(({ kind }) => kind === 'audio').map(({ data }) => data);
      await played.sink.until(() => played.audio().length >= heard.length);
      expect(played.audio().map(({ payload }) => digest([payload]))).toEqual(
        heard.map((data) => digest([data])),
      );
    }
    const sound = soundSteps(played.audio());
    expect(Math.min(...sound)).toBeGreaterThan(14);
    expect(Math.max(...sound) - played.missedMs).toBeLessThan(60);
  });

  test('encodes each picture once, and breaks none', async ({ expect }) => {
    const path = await makeMedia('killed-b-frames.mp4', {
      args: [...noisy(seconds), ...tone(440, seconds), ...h264(30, 2), ...heavy, ...aac],
    });
    const options = await optionsFor(path, { bitrateBps: 6_000_000 });
    expect(planOf(options).video?.action).toBe('transcode');
    await using played = await PlayedProgramme.start(options);
    await killed(played);
    const { message, stats } = await played.ended();
    expect(message).toBeNull();
    expect(stats.restarts).toBe(5);
    await played.untilPictures(seconds * 30);
    expect(played.pictures).toBe(seconds * 30);
    expectUnbroken(played);
    const sound = soundSteps(played.audio());
    expect(Math.min(...sound)).toBeGreaterThan(14);
    expect(Math.max(...sound) - played.missedMs).toBeLessThan(60);

    const units = pictures(played.video()).flatMap((one) => nalUnits(one.map(({ payload }) => payload)));
    const stream = join(folder, 'encoded.264');
    await writeFile(stream, Buffer.concat(units.flatMap((unit) => [Buffer.from([0, 0, 0, 1]), unit])));
    const decode = ['-v', 'error', '-nostdin', '-xerror', '-err_detect', 'explode', '-i', stream];
    const { stdout, stderr } = await execa('ffmpeg', [...decode, '-f', 'framecrc', '-']);
    expect(stderr).toBe('');
    expect(stdout.split('\n').filter((line) => line !== '' && !line.startsWith('#')).length).toBe(
      seconds * 30,
    );
  });
});

test('Director whose encoder in hardware is lost goes on by x264 behind the last picture, as long as it lasts', async ({
  expect,
}) => {
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

/** Delimiters and filler are not sent. */
function withoutDelimiters(units: Buffer[]): Buffer[] {
  return units.filter((unit) => ![9, 12].includes(unit.readUInt8(0) & 0x1f));
}

/** Short enough to be shown where it differs. */
function digest(units: readonly Buffer[]): string {
  return units
    .map((unit) => `${unit.length}:${unit.toString('hex', 0, 6)}:${unit.toString('hex', unit.length - 6)}`)
    .join(' ');
}
