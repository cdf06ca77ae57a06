import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { getPriority, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { soundOutput } from '../../../src/ingest/ffmpeg/args.ts';
import { asidePath } from '../../../src/ingest/ffmpeg/aside.ts';
import { Pipeline, type PipelineOptions } from '../../../src/ingest/ffmpeg/pipeline.ts';
import type { MediaFrame } from '../../../src/ingest/media/media-frame.ts';
import { h264, opus, picture, tone } from '../../helpers/media/recipes.ts';
import { makeMedia } from '../../helpers/media/sample-files.ts';
import { VirtualClock } from '../../helpers/virtual-clock.ts';
import { stateOf } from '../processes.ts';

const quiet = ['-hide_banner', '-nostdin', '-nostats', '-loglevel', 'level+warning'];
const toNut = ['-flush_packets', '1', '-f', 'nut', 'pipe:1'];
const talk = [...quiet, ...picture('160x90', 2), ...tone(440, 2), ...h264(30), ...opus, ...toNut];
/** Without end, and no faster than it is shown. */
const live = [...quiet, '-re', ...picture('160x90', 3600), ...h264(30), ...toNut];
/** Without end, as fast as it is taken. */
const fast = [...quiet, ...picture('160x90', 3600), ...h264(30), ...toNut];
/** More than is read at once, less than a pipe holds. */
const short = { args: [...picture('160x90', 1.5), ...h264(30)] };

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mirolive-pipeline-'));
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

interface Run extends AsyncDisposable {
  readonly pipeline: Pipeline;
  readonly frames: MediaFrame[];
  readonly pid: number;
  /** Resolves when frames have come. */
  readonly begun: Promise<void>;
}

function run(args: string[], options: Partial<PipelineOptions> = {}): Run {
  const frames: MediaFrame[] = [];
  const begun = Promise.withResolvers<void>();
  const pipeline = Pipeline.start({
    ffmpeg: 'ffmpeg',
    args,
    stallTimeoutMs: 20_000,
    onFrames: (found) => {
      frames.push(...found);
      begun.resolve();
    },
    ...options,
  });
  const pid = pipeline.pid ?? -1;
  return { pipeline, frames, pid, begun: begun.promise, [Symbol.asyncDispose]: () => pipeline.close() };
}

/** A program that is started in place of ffmpeg. */
async function script(name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, `#!/bin/sh\n${text}\n`);
  await chmod(path, 0o755);
  return path;
}

describe('Pipeline', () => {
  test('gives every frame, and finishes', async () => {
    await using one = run(talk);
    expect(await one.pipeline.ended).toEqual({ kind: 'finished' });
    expect(one.frames.filter(({ kind }) => kind === 'video').length).toBe(60);
    expect(one.frames.filter(({ kind }) => kind === 'audio').length).toBeGreaterThanOrEqual(100);
    expect(await stateOf(one.pid)).toBe('gone');
  });

  test.each([
    { name: 'gives way to what sends packets', urgent: false, niceness: 5 },
    { name: 'does not where viewers wait for it', urgent: true, niceness: null },
  ])('$name', async ({ urgent, niceness }) => {
    await using one = run(live, { urgent });
    expect(getPriority(one.pid)).toBe(niceness ?? getPriority());
  });

  test('does not take what its listener throws for a failure of ffmpeg', async () => {
    const thrown: unknown[] = [];
    const fault = new Error('a fault of whoever plays it');
    await using one = run(talk, {
      slice: (work) => {
        try {
          work();
        } catch (error) {
          thrown.push(error);
        }
      },
      onFrames: () => {
        throw fault;
      },
    });
    expect(await one.pipeline.ended).toEqual({ kind: 'finished' });
    expect(new Set(thrown)).toEqual(new Set([fault]));
  });

  test('fails with the words of ffmpeg', async () => {
    await using one = run([...quiet, '-i', join(folder, 'missing.mp4'), ...toNut]);
    const end = await one.pipeline.ended;
    expect(end.kind).toBe('failed');
    expect(end.kind === 'failed' && end.message).toMatch(
      /^ffmpeg ended with code \d+: .*missing\.mp4: No such file/,
    );
  });

  test('keeps of many words the last', async () => {
    const ffmpeg = await script('talks', 'seq 1 50000 | sed "s/^/line /" >&2; exit 3');
    await using one = run([], { ffmpeg });
    expect(await one.pipeline.ended).toEqual({
      kind: 'failed',
      message: 'ffmpeg ended with code 3: line 49998; line 49999; line 50000',
      at: 'ffmpeg',
    });
  });

  test.each([
    { of: 'live sound', args: [...quiet, ...tone(440, 2), ...opus, '-f', 'nut', soundOutput] },
    { of: 'a file', args: [...quiet, '-i', `file:${asidePath}`, ...toNut] },
  ])('says what a script does not pass on of $of', async ({ args }) => {
    const ffmpeg = await script('closes', 'exec 3<&- 4>&- 5>&-; exec ffmpeg "$@"');
    await using one = run(args, { ffmpeg });
    expect(await one.pipeline.ended).toEqual({
      kind: 'failed',
      message: `${ffmpeg} does not pass on the descriptors that it is given: expected ffmpeg, or a script that leaves 3 to 5 open`,
      at: 'ffmpeg',
    });
  });

  test('fails where ffmpeg is killed', async () => {
    await using one = run(live);
    await one.begun;
    process.kill(one.pid, 'SIGKILL');
    expect(await one.pipeline.ended).toEqual({
      kind: 'failed',
      message: 'ffmpeg was ended by SIGKILL',
      at: 'killed',
    });
    expect(await stateOf(one.pid)).toBe('gone');
  });

  test('kills ffmpeg where it is stuck', async () => {
    await using one = run(live, { startTimeoutMs: 20_000, stallTimeoutMs: 700 });
    await one.begun;
    process.kill(one.pid, 'SIGSTOP');
    const end = await one.pipeline.ended;
    expect(end).toMatchObject({
      kind: 'failed',
      message: expect.stringMatching(/^no output for 700 ms/),
      at: 'ffmpeg',
    });
    expect(await stateOf(one.pid)).toBe('gone');
  });

  test('waits for pictures that are due, and come seldom', async () => {
    const pictures = ['-f', 'lavfi', '-i', 'testsrc2=s=160x90:r=2:d=3'];
    const args = [...quiet, '-re', ...pictures, ...h264(1), ...toNut];
    await using one = run(args, { startTimeoutMs: 20_000, stallTimeoutMs: 200, isDue: true });
    expect(await one.pipeline.ended).toEqual({ kind: 'finished' });
    expect(one.frames.length).toBe(6);
  });

  test('takes the head of a container for no frame: what reads its way to one still begins', async () => {
    const whole = await makeMedia('whole.nut', short);
    const ffmpeg = await script('passes', `head -c 64 ${whole}; sleep 1; tail -c +65 ${whole}`);
    await using one = run([], { ffmpeg, startTimeoutMs: 20_000, stallTimeoutMs: 300 });
    expect(await one.pipeline.ended).toEqual({ kind: 'finished' });
    expect(one.frames.length).toBeGreaterThan(0);
  });

  test('kills what never gives anything', async () => {
    await using one = run([], { ffmpeg: await script('sleeps', 'exec sleep 1000'), stallTimeoutMs: 200 });
    expect(await one.pipeline.ended).toEqual({
      kind: 'failed',
      message: 'no output for 200 ms',
      at: 'ffmpeg',
    });
    expect(await stateOf(one.pid)).toBe('gone');
  });

  test('kills what gives something else than NUT', async () => {
    await using one = run([], { ffmpeg: await script('chats', 'yes') });
    expect(await one.pipeline.ended).toEqual({
      kind: 'failed',
      message: 'expected a NUT stream from ffmpeg, got something else',
      at: 'ffmpeg',
    });
    expect(await stateOf(one.pid)).toBe('gone');
  });

  test.each([
    { name: 'is not there', path: () => join(folder, 'no-ffmpeg'), code: 'ENOENT' },
    { name: 'is not on the path', path: () => 'mirolive-has-no-such-ffmpeg', code: 'ENOENT' },
    { name: 'is no program', path: () => folder, code: 'EACCES' },
  ])('fails where ffmpeg $name', async ({ path, code }) => {
    await using one = run(talk, { ffmpeg: path() });
    expect(one.pipeline.pid).toBeUndefined();
    expect(await one.pipeline.ended).toEqual({
      kind: 'failed',
      message: `${path()} cannot be started: ${code}`,
      at: 'start',
    });
  });
});

describe('Pipeline, when paused,', () => {
  test('holds ffmpeg back without calling it stuck, and loses nothing', async () => {
    const seen: MediaFrame[] = [];
    const paused = Promise.withResolvers<void>();
    const clock = new VirtualClock();
    const pipeline = Pipeline.start({
      ffmpeg: 'ffmpeg',
      args: [...quiet, ...picture('320x180', 20), ...h264(30), ...toNut],
      ...{ stallTimeoutMs: 2000, clock },
      onFrames: (frames) => {
        seen.push(...frames);
        if (seen.length === frames.length) {
          pipeline.pause();
          paused.resolve();
        }
      },
    });
    await using closing = pipeline;
    await paused.promise;
    expect(pipeline.paused).toBe(true);
    const before = seen.length;
    // Longer than it may be silent, and long enough for another one to play to its end.
    await clock.pass(60_000);
    await using beside = run(talk);
    expect(await beside.pipeline.ended).toEqual({ kind: 'finished' });
    expect(seen.length).toBe(before);
    pipeline.resume();
    pipeline.resume();
    expect(await closing.ended).toEqual({ kind: 'finished' });
    expect(seen.length).toBe(600);
    expect(seen.every(({ ptsUs }, index) => index === 0 || ptsUs > (seen[index - 1]?.ptsUs ?? 0))).toBe(true);
  });

  test.for([
    { how: 'ffmpeg is killed', left: '' },
    { how: 'its script is, and leaves something running', left: 'sleep 1000 &' },
    { how: 'its script is, and what it leaves has gone its own way', left: 'setsid sleep 30 &' },
  ])('ends by itself with what waits in the pipe when $how', async ({ left }, { expect }) => {
    const whole = await makeMedia('whole.nut', short);
    const seen: MediaFrame[] = [];
    const pipeline = Pipeline.start({
      ffmpeg: await script('dies', `${left} cat '${whole}'; kill -KILL $$`),
      args: [],
      stallTimeoutMs: 20_000,
      onFrames: (frames) => {
        seen.push(...frames);
        pipeline.pause();
      },
    });
    await using closing = pipeline;
    expect(await closing.ended).toEqual({
      kind: 'failed',
      message: 'ffmpeg was ended by SIGKILL',
      at: 'killed',
    });
    expect(seen.length).toBe(45);
  });
});

describe('Pipeline closes', () => {
  test.each([
    { name: 'while it plays', act: () => {} },
    { name: 'while it is paused', act: ({ pipeline }: Run) => pipeline.pause() },
    { name: 'while ffmpeg is stopped', act: ({ pid }: Run) => process.kill(pid, 'SIGSTOP') },
  ])('$name, and leaves no process', async ({ act }) => {
    const one = run(fast);
    await one.begun;
    act(one);
    await Promise.all([one.pipeline.close(), one.pipeline.close()]);
    await one.pipeline.close();
    expect(await one.pipeline.ended).toEqual({ kind: 'closed' });
    expect(await stateOf(one.pid)).toBe('gone');
    const after = one.frames.length;
    one.pipeline.resume();
    expect(one.frames.length).toBe(after);
  });

  test('before ffmpeg has begun', async () => {
    const one = run(live);
    await one.pipeline.close();
    expect(await one.pipeline.ended).toEqual({ kind: 'closed' });
    expect(await stateOf(one.pid)).toBe('gone');
  });

  test('what ignores SIGTERM', async () => {
    const whole = await makeMedia('whole.nut', short);
    const ffmpeg = await script('stubborn', `trap '' TERM; cat '${whole}'; while :; do sleep 0.1; done`);
    const one = run([], { ffmpeg });
    await one.begun;
    await one.pipeline.close();
    expect(await stateOf(one.pid)).toBe('gone');
  });

  test('after it has ended, and keeps how', async () => {
    const one = run(talk);
    await one.pipeline.ended;
    await one.pipeline.close();
    expect(await one.pipeline.ended).toEqual({ kind: 'finished' });
  });

  test('what could not be started', async () => {
    const one = run(talk, { ffmpeg: join(folder, 'no-ffmpeg') });
    await one.pipeline.close();
    expect((await one.pipeline.ended).kind).toMatch(/closed|failed/);
  });
});
