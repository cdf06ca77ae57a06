import { execFile } from 'node:child_process';
import { copyFile, rename, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { playlistSource } from '../../../../src/contract/models.ts';
import type { Plan } from '../../../../src/contract/plan.ts';
import { Sources } from '../../../../src/ingest/sources/sources.ts';
import { aac, h264, picture, tone } from '../../../helpers/media/recipes.ts';
import { makeMedia } from '../../../helpers/media/sample-files.ts';
import { planOptions } from '../../../helpers/plan-options.ts';
import { temporaryFolder } from '../../../helpers/temporary-folder.ts';
import { gone } from '../../processes.ts';
import { heavy, noisy, optionsFor, PlayedProgramme, sourcesOptions } from './played-programme.ts';

const run = promisify(execFile);
const small = '160x90';
const quietX265 = ['-x265-params', 'log-level=error'];

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
  const rounds = () => played.of('pipeline.started').map(({ round }) => round);
  await played.until(() => rounds().filter((round) => round).length === 2);
  const before = rounds();
  expect(before).toEqual(roundsOf(played));
  process.kill(played.pid, 'SIGKILL');
  await played.started(before.length + 1);
  expect(rounds()).toEqual([...before, false]);
});

/** Which pipelines are to begin a round: all but the first, and those behind a moment at which nothing came, as the machine was busy. */
function roundsOf({ events }: PlayedProgramme): boolean[] {
  const begins = events.filter(({ type }) => type === 'pipeline.started' || type === 'source.away');
  return begins.flatMap(({ type }, at) =>
    type === 'source.away' ? [] : [begins[at - 1]?.type === 'pipeline.started'],
  );
}

/** The plans of what was read, one after the other: who was away, since the machine was busy, is read again. */
function readBy(played: PlayedProgramme): Plan['video'][] {
  const all = played.of('pipeline.started').map(({ plan }) => plan.video);
  const read = all.filter((plan, at) => plan?.from !== all[at - 1]?.from);
  expect(all.length - read.length).toBeLessThanOrEqual(played.of('source.away').length);
  return read;
}

test('Director shows pictures and cards for their time, those that move to their end', async () => {
  await using folder = await temporaryFolder();
  const moving = ['-f', 'lavfi', '-i', 'testsrc2=size=160x90:rate=10:duration=1'];
  const [png, webp, still, gif] = ['p.png', 'p.webp', 'still.gif', 'moving.gif'].map((name) =>
    join(folder.path, name),
  );
  const made = [...[png, webp, still].map((path) => ['-frames:v', '1', path]), [gif]].flat();
  await run('ffmpeg', ['-loglevel', 'error', ...moving, ...made.map(String)]);
  const args = [...picture(small, 1.5), ...tone(440, 1.5), ...h264(15, 2), ...aac];
  const talk = await makeMedia('loop-b-frames.mp4', { args });
  const items = [
    ...[png, webp, still].map((path) => ({ source: { kind: 'file', path }, forMs: 500 })),
    { source: { kind: 'card', title: 'Next: {next}', text: 'in {startsIn}' }, forMs: 500 },
    ...[gif, talk].map((path) => ({ source: { kind: 'file', path } })),
  ];
  const options = await optionsFor(talk, { prepared: null });
  const main = playlistSource.parse({ kind: 'playlist', items });
  await using played = await PlayedProgramme.start({ ...options, main });
  const { message } = await played.ended();
  expect(message).toBeNull();
  expect(played.of('playlist.skipped')).toEqual([]);
  expect(played.of('playlist.item').map(({ words }) => words)).toEqual([
    ...['p.png', 'p.webp', 'still.gif', 'Next: {next}', 'moving.gif', 'loop-b-frames.mp4'],
  ]);
  expect(readBy(played).map((plan) => plan?.from)).toEqual(['gif', 'h264']);
  // 20 each second of what is still, 2 s; 10 of what moves; 30 of the talk.
  expect(played.pictures).toBeGreaterThan(40 + 10 + 40);
});

test('Sources have no advice for a picture, which is encoded once', async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, 'whole.png');
  await run('ffmpeg', ['-loglevel', 'error', '-f', 'lavfi', '-i', 'testsrc2', '-frames:v', '1', path]);
  await using sources = await Sources.create(sourcesOptions);
  const { plan } = await sources.prepare({ kind: 'file', path, loop: false, audioTrack: null }, planOptions);
  expect(plan.video).toMatchObject({ from: 'png', action: 'transcode', reasons: [] });
  expect(plan.video).not.toHaveProperty('codes');
});

test('Director refuses a picture that is cut off, and says which', async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, 'cut.png');
  await run('ffmpeg', ['-loglevel', 'error', '-f', 'lavfi', '-i', 'testsrc2', '-frames:v', '1', path]);
  await truncate(path, 40);
  const sources = await Sources.create(sourcesOptions);
  const looked = sources.prepare({ kind: 'file', path, loop: false, audioTrack: null }, planOptions);
  await expect(looked).rejects.toThrow(path);
  await sources.close();
});

test('Director shows nothing of what was cut off by an edit list', async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, 'cut.mp4');
  const whole = await makeMedia('killed.mp4', {
    args: [...noisy(5.5), ...tone(440, 5.5), ...h264(30), ...heavy, ...aac],
  });
  await run('ffmpeg', ['-loglevel', 'error', '-ss', '0.7', '-i', whole, '-t', '2', '-c', 'copy', path]);
  await using played = await PlayedProgramme.start(await optionsFor(path));
  const { stats } = await played.ended();
  expect(stats.positionMs).toBeGreaterThan(1950);
  // Where it was away, the slate's are among them.
  if (played.of('source.away').length === 0) expect(played.pictures).toBeLessThanOrEqual(62);
  expect(readBy(played).map((plan) => plan?.reasons)).toEqual([['pictures cut off by an edit list']]);
});

test('Director plays a round of what its file is by then', async () => {
  await using folder = await temporaryFolder();
  const talk = [...noisy(5.5), ...tone(440, 5.5), ...h264(30), ...heavy, ...aac];
  const other = [...picture(small, 2), ...tone(440, 2), '-c:v', 'libx265', ...quietX265, ...aac];
  const path = join(folder.path, 'talk.mp4');
  const next = join(folder.path, 'next.mp4');
  await copyFile(await makeMedia('killed.mp4', { args: talk }), path);
  await copyFile(await makeMedia('other-codec.mp4', { args: other }), next);
  await using played = await PlayedProgramme.start(await optionsFor(path, { loop: true }));
  await played.untilPictures(30);
  await rename(next, path);
  await played.until(() => played.of('pipeline.started').at(-1)?.plan.video?.from === 'hevc');
  // Each round begins an ffmpeg, and how many there are before the other file is a matter of time.
  const from = played.of('pipeline.started').map(({ plan }) => plan.video?.from);
  expect([...new Set(from)]).toEqual(['h264', 'hevc']);
  expect(played.of('pipeline.failed')).toEqual([]);
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
