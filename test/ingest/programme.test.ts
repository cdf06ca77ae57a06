import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ffmpegArgs } from '../../src/ingest/ffmpeg/args.ts';
import { splitAnnexB } from '../../src/ingest/rtp/packetize-h264.ts';
import { aac, h264, opus, picture, tone } from '../helpers/media/recipes.ts';
import { makeMedia } from '../helpers/media/sample-files.ts';
import { framesOf } from './media.ts';
import { optionsFor, PlayedProgramme } from './played-programme.ts';
import { gone } from './processes.ts';
import { nalUnits, pictures, type RtpPacket } from './rtp/depacketize.ts';
import { steps } from './udp-sink.ts';

const small = '160x90';
/** So much data that what is read ahead is not the whole file. */
const noisy = (seconds: number) => [
  ...['-f', 'lavfi', '-i', `testsrc2=size=320x180:rate=30:duration=${seconds},noise=alls=40:allf=t`],
];
const heavy = ['-b:v', '5M', '-maxrate', '5M', '-bufsize', '1M'];

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mirolive-programme-'));
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** The distances of pictures, in ms. */
function pictureSteps(packets: RtpPacket[]): number[] {
  const times = packets.filter(({ marker }) => marker).map(({ timestamp }) => timestamp);
  return steps(times, 32).map((ticks) => ticks / 90);
}

function soundSteps(packets: RtpPacket[]): number[] {
  return steps(
    packets.map(({ timestamp }) => timestamp),
    32,
  ).map((ticks) => ticks / 48);
}

/** No packet is missing, and no picture is late or early by more than rounding. */
function expectUnbroken(played: PlayedProgramme, stepMs = 1000 / 30): void {
  for (const track of [played.video(), played.audio()]) {
    const sequences = track.map(({ sequence }) => sequence);
    expect(steps(sequences, 16).every((step) => step === 1)).toBe(true);
  }
  const uneven = pictureSteps(played.video()).filter((step) => Math.abs(step - stepMs) > 0.75);
  expect(uneven).toEqual([]);
}

describe.concurrent('Programme plays to the end', () => {
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
    expect(options.plan.video?.action).toBe('copy');
    const expected = (await framesOf(ffmpegArgs(options.plan, options))).map(({ ptsUs }) => ptsUs / 1000);
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

describe.concurrent('Programme loops without a gap', () => {
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

test('Programme ends without a complaint where it was to start behind the end', async () => {
  const args = [...picture(small, 1.5), ...tone(440, 1.5), ...h264(15, 2), ...aac];
  const path = await makeMedia('loop-b-frames.mp4', { args });
  await using played = await PlayedProgramme.start(await optionsFor(path), 60_000);
  expect((await played.ended()).message).toBeNull();
});

test('Programme starts in the midst', async () => {
  const args = [...picture(small, 3), ...tone(440, 3), ...h264(15, 2), ...aac];
  const path = await makeMedia('midst.mp4', { args });
  await using played = await PlayedProgramme.start(await optionsFor(path), 2000);
  expect((await played.ended()).stats.positionMs).toBeGreaterThan(2900);
  await played.untilPictures(30);
  expect(played.pictures).toBe(30);
});

describe('Programme, whose ffmpeg is killed five times,', () => {
  /** Kills each ffmpeg when so many pictures have come since it was started. */
  async function killed(played: PlayedProgramme, everyPictures: number): Promise<void> {
    for (let kills = 1; kills <= 5; kills++) {
      await played.started(kills);
      await played.untilPictures(played.pictures + everyPictures);
      process.kill(played.pid, 'SIGKILL');
    }
  }

  test.for([
    { file: 'killed.mkv', codec: [...h264(30), ...heavy, ...opus], copied: 'both' },
    { file: 'killed.mp4', codec: [...h264(30), ...heavy, ...aac], copied: 'picture' },
    { file: 'killed.ts', codec: [...h264(30), ...heavy, ...aac], copied: 'picture' },
  ])('copies each frame of $file once', async ({ file, codec, copied }, { expect }) => {
    const path = await makeMedia(file, { args: [...noisy(5.5), ...tone(440, 5.5), ...codec] });
    const options = await optionsFor(path);
    expect(options.plan.video?.action).toBe('copy');
    const undisturbed = await framesOf(ffmpegArgs(options.plan, options));
    await using played = await PlayedProgramme.start(options);
    await killed(played, 12);
    const { message, stats } = await played.ended();
    expect(message).toBeNull();
    expect(stats.restarts).toBe(5);
    await played.untilPictures(165);
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
    expect(Math.max(...sound)).toBeLessThan(60);
  });

  test('encodes each picture once, and breaks none', async ({ expect }) => {
    const path = await makeMedia('killed-b-frames.mp4', {
      args: [...noisy(5.5), ...tone(440, 5.5), ...h264(30, 2), ...heavy, ...aac],
    });
    const options = await optionsFor(path, { bitrateBps: 6_000_000 });
    expect(options.plan.video?.action).toBe('transcode');
    await using played = await PlayedProgramme.start(options);
    await killed(played, 12);
    const { message, stats } = await played.ended();
    expect(message).toBeNull();
    expect(stats.restarts).toBe(5);
    await played.untilPictures(165);
    expect(played.pictures).toBe(165);
    expectUnbroken(played);
    const sound = soundSteps(played.audio());
    expect(Math.min(...sound)).toBeGreaterThan(14);
    expect(Math.max(...sound)).toBeLessThan(60);

    const units = pictures(played.video()).flatMap((one) => nalUnits(one.map(({ payload }) => payload)));
    const stream = join(folder, 'encoded.264');
    await writeFile(stream, Buffer.concat(units.flatMap((unit) => [Buffer.from([0, 0, 0, 1]), unit])));
    const decode = ['-v', 'error', '-nostdin', '-xerror', '-err_detect', 'explode', '-i', stream];
    const { stdout, stderr } = await execa('ffmpeg', [...decode, '-f', 'framecrc', '-']);
    expect(stderr).toBe('');
    expect(stdout.split('\n').filter((line) => line !== '' && !line.startsWith('#')).length).toBe(165);
  });
});

describe.concurrent('Programme whose ffmpeg fails', () => {
  const talk = async () => {
    const args = [...noisy(1.5), ...tone(440, 1.5), ...h264(15), ...heavy, ...aac];
    return await makeMedia('fails.mp4', { args });
  };
  /** A program in place of ffmpeg; `$N` counts its runs, from 1. */
  const script = async (name: string, text: string): Promise<string> => {
    const path = join(folder, name);
    const count = `N=$(( $(cat '${path}.runs' 2>/dev/null || echo 0) + 1 )); echo $N > '${path}.runs'`;
    await writeFile(path, `#!/bin/sh\n${count}\n${text}\n`);
    await chmod(path, 0o755);
    return path;
  };

  test('at the same place gives up, after what there is was played', async ({ expect }) => {
    const ffmpeg = await script(
      'stops',
      'ffmpeg "$@" 2>/dev/null | head -c 300000; echo "broken" >&2; exit 1',
    );
    await using played = await PlayedProgramme.start(await optionsFor(await talk(), { ffmpeg }));
    const end = await played.ended();
    expect(end.message).toBe('ffmpeg ended with code 1: broken');
    expect(end.stats.restarts).toBe(4);
    expect(played.pictures).toBeGreaterThan(5);
    expectUnbroken(played);
  });

  test('before the first frame gives up soon', async ({ expect }) => {
    const ffmpeg = await script('never', 'echo "no such codec" >&2; exit 69');
    await using played = await PlayedProgramme.start(await optionsFor(await talk(), { ffmpeg }));
    expect(await played.ended()).toMatchObject({ message: 'ffmpeg ended with code 69: no such codec' });
    expect(played.of('pipeline.started').length).toBe(2);
    expect(played.of('live')).toEqual([]);
  });

  test('to start says so', async ({ expect }) => {
    const ffmpeg = join(folder, 'no-ffmpeg');
    await using played = await PlayedProgramme.start(await optionsFor(await talk(), { ffmpeg }));
    expect(await played.ended()).toMatchObject({ message: `${ffmpeg} cannot be started: ENOENT` });
    expect(played.of('pipeline.started')).toEqual([]);
  });

  test('to give a single frame says so', async ({ expect }) => {
    const ffmpeg = await script('empty', 'exit 0');
    await using played = await PlayedProgramme.start(await optionsFor(await talk(), { ffmpeg, loop: true }));
    expect(await played.ended()).toMatchObject({ message: 'ffmpeg gave no frame of it' });
    expect(played.of('pipeline.started').length).toBe(1);
  });

  test('now and then goes on for ever, if it loops', async ({ expect }) => {
    // The first run dies in the midst; the third and fourth, of the second round, give nothing.
    const ffmpeg = await script(
      'moody',
      'case $N in 1) ffmpeg "$@" | head -c 300000; exit 1;; 3|4) exit 1;; *) exec ffmpeg "$@";; esac',
    );
    await using played = await PlayedProgramme.start(await optionsFor(await talk(), { ffmpeg, loop: true }));
    await played.untilPictures(100);
    expect(played.of('ended')).toEqual([]);
    expect(played.of('pipeline.failed').map(({ restarts }) => restarts)).toEqual([1, 2, 3]);
    expectUnbroken(played);
  });

  test('because it is stuck is given another', async ({ expect }) => {
    const args = [...noisy(4), ...h264(15), ...heavy];
    const options = await optionsFor(await makeMedia('stuck.mp4', { args }), { stallTimeoutMs: 600 });
    await using played = await PlayedProgramme.start(options);
    await played.untilPictures(5);
    process.kill(played.pid, 'SIGSTOP');
    expect((await played.ended()).message).toBeNull();
    expect(played.of('pipeline.failed')[0]?.message).toMatch(/^no output for 600 ms/);
    expect(played.of('pipeline.failed').length).toBe(1);
    await played.untilPictures(120);
    expect(played.pictures).toBe(120);
    expectUnbroken(played);
  });
});

describe.concurrent('Programme closes', () => {
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
    await played.programme.play(played.sink.port, 0);
    expect(played.of('pipeline.started').length).toBe(started);
    expect(played.of('ended')).toEqual([]);
    await played[Symbol.asyncDispose]();
  });
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
