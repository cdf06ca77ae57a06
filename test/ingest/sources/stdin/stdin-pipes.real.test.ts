import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { type AddressInfo, connect, createServer, Socket } from 'node:net';
import { basename } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { execa } from 'execa';
import { describe, expect, test } from 'vitest';
import type { Input } from '../../../../src/ingest/sources/input.ts';
import { Sources } from '../../../../src/ingest/sources/sources.ts';
import { StdinPipe } from '../../../../src/ingest/sources/stdin/stdin-pipe.ts';
import { StdinPipes } from '../../../../src/ingest/sources/stdin/stdin-pipes.ts';
import { aac, h264, opus, picture, tone } from '../../../helpers/media/recipes.ts';
import { makeMedia } from '../../../helpers/media/sample-files.ts';
import { planOptions } from '../../../helpers/plan-options.ts';
import { sourcesOptions } from '../../../helpers/sources-options.ts';
import { temporaryFolder } from '../../../helpers/temporary-folder.ts';
import { VirtualClock } from '../../../helpers/virtual-clock.ts';
import { playedFrames } from '../../played-frames.ts';

async function openPipes() {
  const folder = await temporaryFolder();
  const pipes = new StdinPipes(folder.path);
  return {
    ...{ pipes, folder: folder.path },
    async [Symbol.asyncDispose]() {
      await pipes.close();
      await folder[Symbol.asyncDispose]();
    },
  };
}

async function written(path: string): Promise<Socket> {
  const client = connect(path);
  client.on('error', () => {});
  await once(client, 'connect');
  return client;
}

/** A reader, as ffmpeg is one. */
async function reader({ parts }: Input): Promise<Socket> {
  const client = connect(Number(new URL(parts[0].location).port), '127.0.0.1');
  client.on('error', () => {});
  await once(client, 'connect');
  return client;
}

describe('StdinPipes', () => {
  test('says that nothing came, whatever who looks makes of it', async ({ expect }) => {
    await using opened = await openPipes();
    const { path, token } = await opened.pipes.open();
    await using input = await opened.pipes.peek(token);
    (await written(path)).end();
    expect(`${await buffer(await reader(input))}`).toBe('');
    expect(input.explain('Invalid data found when processing input')).toMatchObject({
      message: 'nothing that can be played came on standard input',
    });
  });

  test('gives the same bytes to those who look, and then once to whoever plays', async () => {
    await using opened = await openPipes();
    const { pipes } = opened;
    const { path, token } = await pipes.open();
    const client = await written(path);
    client.end('all of it');
    for (let times = 0; times < 3; times++) {
      await using input = await pipes.peek(token);
      expect(`${await buffer(await reader(input))}`).toBe('all of it');
    }
    await using input = await pipes.play(token);
    expect(`${await buffer(await reader(input))}`).toBe('all of it');
    await expect(pipes.play(token)).rejects.toMatchObject({
      code: 'SOURCE_NOT_FOUND',
      message: 'standard input is at its end, or was given up',
    });
  });

  test.each([
    { when: 'before', early: true },
    { when: 'while', early: false },
  ])('says that nothing comes any more, where all was written $when it is played', async ({ early }) => {
    await using opened = await openPipes();
    const over = Promise.withResolvers<string>();
    const { path, token } = await opened.pipes.open(over.resolve);
    const client = await written(path);
    if (early) {
      client.end('all of it');
      await using input = await opened.pipes.peek(token);
      await buffer(await reader(input));
    }
    await using input = await opened.pipes.play(token);
    const playing = await reader(input);
    if (!early) client.end('all of it');
    expect(`${await buffer(playing)}`).toBe('all of it');
    expect(await over.promise).toBe(token);
  });

  test('takes a writer that comes later than the reader', async () => {
    await using opened = await openPipes();
    const { path, token } = await opened.pipes.open();
    await using input = await opened.pipes.peek(token);
    const reading = buffer(await reader(input));
    (await written(path)).end('late');
    expect(`${await reading}`).toBe('late');
  });

  test('is there for one writer of the same group, under a name that nobody guesses, and leaves nothing', async () => {
    await using opened = await openPipes();
    const { pipes, folder } = opened;
    const [one, other] = [await pipes.open(), await pipes.open()];
    expect(basename(one.path)).toMatch(/^stdin-[a-z2-7]{20}\.sock$/);
    expect(other.path).not.toBe(one.path);
    expect((await stat(one.path)).mode & 0o777).toBe(0o660);
    const client = await written(one.path);
    client.write('x');
    await using input = await pipes.peek(one.token);
    const looking = await reader(input);
    await once(looking, 'data');
    // Its place is gone as soon as somebody has come.
    await expect(written(one.path)).rejects.toThrow(/ENOENT|ECONNREFUSED/);
    looking.destroy();
    await input[Symbol.asyncDispose]();
    await pipes.close();
    expect(await readdir(folder)).toEqual([]);
  });

  test('makes a writer wait for whoever plays', async () => {
    await using opened = await openPipes();
    const { path, token } = await opened.pipes.open();
    const client = await written(path);
    const block = Buffer.alloc(1024 * 1024, 7);
    for (let count = 0; count < 64; count++) client.write(block);
    client.end();
    {
      // Those who look are given 24 MiB, no more.
      await using input = await opened.pipes.peek(token);
      const seen = await buffer(await reader(input));
      expect(seen.length).toBeGreaterThanOrEqual(24 * block.length);
      expect(seen.length).toBeLessThan(25 * block.length);
    }
    await using input = await opened.pipes.play(token);
    const playing = await reader(input);
    await once(playing, 'readable');
    expect(client.writableFinished).toBe(false);
    const all = await buffer(playing);
    expect(all.length).toBe(64 * block.length);
    expect(all.every((byte) => byte === 7)).toBe(true);
  });

  test('goes on behind a reader that has gone, with what can be entered anywhere', async () => {
    await using opened = await openPipes();
    const { pipes } = opened;
    for (const format of ['mpegts', 'matroska,webm']) {
      const { path, token } = await pipes.open();
      const client = await written(path);
      await pipes.note(token, format, async () => false);
      {
        await using input = await pipes.play(token);
        const first = await reader(input);
        client.write('one');
        expect(`${await once(first, 'data')}`).toBe('one');
        const gone = once(first, 'close');
        first.destroy();
        await gone;
      }
      const again = pipes.play(token);
      if (format === 'mpegts') {
        await using input = await again;
        const second = await reader(input);
        client.write('two');
        expect(`${await once(second, 'data')}`).toBe('two');
      } else {
        await expect(again).rejects.toMatchObject({
          code: 'SOURCE_NOT_MEDIA',
          message: 'ffmpeg ended, and matroska,webm from a pipe cannot be gone on with',
        });
      }
      client.destroy();
    }
  });

  test('knows no other token, and has a limit', async () => {
    await using opened = await openPipes();
    await expect(opened.pipes.play('nothing')).rejects.toMatchObject({ code: 'SOURCE_NOT_FOUND' });
    for (let count = 0; count < 10; count++) await opened.pipes.open();
    await expect(opened.pipes.open()).rejects.toMatchObject({
      code: 'LIMIT_REACHED',
      message: 'there are 10 standard inputs that nobody plays',
    });
  });
});

describe('Sources', () => {
  const recipes = [
    { name: 'piped.ts', args: [...h264(30), ...aac], action: 'copy' },
    { name: 'piped.mkv', args: [...h264(30), ...opus], action: 'copy' },
    { name: 'piped-long.ts', args: [...h264(120), ...aac], action: 'transcode' },
    {
      name: 'piped.mp4',
      args: [...h264(30), ...aac, '-movflags', 'frag_keyframe+empty_moov'],
      action: 'copy',
    },
  ];

  test.each(recipes)('plays $name from a pipe: $action', async ({ name, args, action }) => {
    const path = await makeMedia(name, { args: [...picture('320x180', 6), ...tone(440, 6), ...args] });
    await using folder = await temporaryFolder();
    await using sources = await Sources.create({ ...sourcesOptions, ownFolder: folder.path });
    const place = await sources.openStdin();
    const writing = pipeline(createReadStream(path), await written(place.path));
    const source = { kind: 'stdin', token: place.token } as const;
    const { probe, plan, live } = await sources.prepare(source, planOptions);
    expect(probe).toMatchObject({ path: 'standard input', video: { codec: 'h264', width: 320 } });
    expect(live).toBe(true);
    expect(plan.video).toMatchObject({ action, reasons: action === 'copy' ? [] : expect.anything() });
    const input = await sources.open(source);
    expect(input.realTime).toBe(false);
    const frames = await playedFrames(input, plan, 180);
    expect(frames[0]?.key).toBe(true);
    await writing;
  });

  test('plays what is written at its own pace as it comes', async () => {
    await using folder = await temporaryFolder();
    await using sources = await Sources.create({ ...sourcesOptions, ownFolder: folder.path });
    const place = await sources.openStdin();
    const made = [...picture('320x180', 60), ...h264(15), '-f', 'mpegts', '-'];
    const writer = execa('ffmpeg', ['-v', 'error', '-re', ...made], {
      ...{ stdin: 'ignore', buffer: false, reject: false, encoding: 'buffer' },
    });
    const writing = pipeline(writer.stdout, await written(place.path)).catch(() => {});
    const source = { kind: 'stdin', token: place.token } as const;
    const { plan, probe } = await sources.prepare(source, planOptions);
    expect(plan.video?.action).toBe('copy');
    expect(probe.video?.maxKeyframeIntervalMs).toBe(500);
    const input = await sources.open(source);
    expect(input.realTime).toBe(true);
    await playedFrames(input, plan, 150);
    await sources.close();
    writer.kill();
    await Promise.all([writing, writer]);
  });

  test('says what is wrong with what was piped', async () => {
    const path = await makeMedia('index-at-end.mp4', {
      args: [...picture('320x180', 2), ...h264(30)],
    });
    await using folder = await temporaryFolder();
    await using sources = await Sources.create({ ...sourcesOptions, ownFolder: folder.path });
    const prepare = async (bytes: Buffer) => {
      const place = await sources.openStdin();
      (await written(place.path)).end(bytes);
      return await sources.prepare({ kind: 'stdin', token: place.token }, planOptions);
    };
    await expect(prepare(await readFile(path))).rejects.toMatchObject({
      code: 'SOURCE_NOT_MEDIA',
      message: 'an MP4 whose index stands at its end cannot be read from a pipe',
    });
    await expect(prepare(Buffer.from('hello'))).rejects.toMatchObject({
      code: 'SOURCE_NOT_MEDIA',
      message: 'ffprobe cannot read standard input: Invalid data found when processing input',
    });
    await expect(prepare(Buffer.alloc(0))).rejects.toMatchObject({ code: 'SOURCE_NOT_MEDIA' });
  });
});

test('StdinPipe loses nothing to a reader that is gone before it may play', async () => {
  await using folder = await temporaryFolder();
  const clock = new VirtualClock();
  const pipe = await StdinPipe.create(folder.path, 'one', clock);
  const client = await written(pipe.path);
  client.end('all of it');
  await expect.poll(() => pipe.complete).toBe(true);
  const gone = new Socket();
  gone.destroy();
  pipe.play(gone);
  const server = createServer((one) => pipe.play(one)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  expect(`${await buffer(connect(port, '127.0.0.1'))}`).toBe('all of it');
  server.close();
  await pipe.closed;
  expect(clock.timers).toBe(0);
});
