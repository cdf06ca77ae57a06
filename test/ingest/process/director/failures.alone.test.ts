import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { ffmpegArgs } from '../../../../src/ingest/ffmpeg/args.ts';
import { splitAnnexB } from '../../../../src/ingest/media/h264/packetize-h264.ts';
import { aac, h264, opus, tone } from '../../../helpers/media/recipes.ts';
import { makeMedia } from '../../../helpers/media/sample-files.ts';
import { nalUnits, pictures } from '../../media/rtp/depacketize.ts';
import { framesOf } from '../../media.ts';
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
import { widthsShown } from './shown.ts';

/** The width of the slate's pictures. */
const slate = 1280;

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mirolive-programme-'));
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe('Director, whose ffmpeg is killed five times,', () => {
  const seconds = 12;
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
    expect(Math.max(...sound)).toBeLessThan(60);
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
    expect(Math.max(...sound)).toBeLessThan(60);

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

describe('Director whose ffmpeg fails', () => {
  const talk = async () => {
    const args = [...noisy(1.5), ...tone(440, 1.5), ...h264(15), ...heavy, ...aac];
    return await makeMedia('fails.mp4', { args });
  };
  /** A program in place of ffmpeg; `$N` counts its runs, from 1. Slates are made by ffmpeg itself. */
  const script = async (name: string, text: string): Promise<string> => {
    const path = join(folder, name);
    const count = `N=$(( $(cat '${path}.runs' 2>/dev/null || echo 0) + 1 )); echo $N > '${path}.runs'`;
    const slates = 'case "$*" in *lavfi*) exec ffmpeg "$@";; esac';
    await writeFile(path, `#!/bin/sh\n${slates}\n${count}\n${text}\n`);
    await chmod(path, 0o755);
    return path;
  };

  test('at the same place shows the slate after what there is was played, and gives up in the end', async ({
    expect,
  }) => {
    const ffmpeg = await script(
      'stops',
      'ffmpeg "$@" 2>/dev/null | head -c 300000; echo "broken" >&2; exit 1',
    );
    const options = await optionsFor(await talk(), { ffmpeg, graceMs: 4000 });
    await using played = await PlayedProgramme.start(options);
    const end = await played.ended();
    expect(end.message).toMatch(
      /^nothing came of fails.mp4 for 4 s: (?:ffmpeg ended with code 1: broken|nothing came for 700 ms)$/,
    );
    expect(end.stats.restarts).toBeGreaterThanOrEqual(4);
    // Whichever is known first is told.
    expect(played.of('source.away').at(-1)?.reason).toMatch(
      /^(?:ffmpeg ended with code 1: broken|nothing came for 700 ms)$/,
    );
    // It may come before the last attempt, which plays a part once more.
    expect(widthsShown(played).at(0)?.width).toBe(320);
    expect(widthsShown(played).at(-1)?.width).toBe(slate);
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

  test('to start for three seconds is started early enough for what follows', async ({ expect }) => {
    const args = [...noisy(11), ...tone(440, 11), ...h264(15), ...heavy, ...aac];
    const path = await makeMedia('slow-start.mp4', { args });
    const ffmpeg = await script('slow', 'case $N in 3) sleep 3;; esac; exec ffmpeg "$@"');
    await using played = await PlayedProgramme.start(await optionsFor(path, { ffmpeg, loop: true }));
    await played.untilPictures(5);
    await played.control({ type: 'seek', positionMs: 6500 });
    await played.started(3);
    await played.untilPictures(200);
    expect(played.of('stats').at(-1)?.stats).toMatchObject({ loops: 1, slates: 0 });
    expect(Math.max(...pictureSteps(played.video()))).toBeLessThan(100);
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
