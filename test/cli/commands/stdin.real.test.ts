import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startDaemon, type TestDaemon } from '../../helpers/daemon.ts';
import { aac, h264, picture, tone } from '../../helpers/media/recipes.ts';
import { makeMedia } from '../../helpers/media/sample-files.ts';
import { interruptAt, mirolive, onTerminal, values } from '../mirolive.ts';

let daemon: TestDaemon;
let talk: { ts: string; mkv: string; mp4: string };
const args = [...picture('320x180', 4), ...tone(440, 4), ...h264(15), ...aac];

beforeAll(async () => {
  daemon = await startDaemon();
  const [ts, mkv, mp4] = await Promise.all(
    ['ts', 'mkv', 'mp4'].map((kind) => makeMedia(`stdin.${kind}`, { args })),
  );
  talk = { ts: ts ?? '', mkv: mkv ?? '', mp4: mp4 ?? '' };
});
afterAll(() => daemon?.[Symbol.asyncDispose]());

/** `… | mirolive stream --stdin`. */
async function piped(from: NodeJS.ReadableStream, room: string) {
  const child = mirolive(['stream', '--stdin', '--room', room, '--socket', daemon.socket]);
  child.stdin?.on('error', () => {});
  from.pipe(child.stdin as NodeJS.WritableStream);
  return await child;
}

describe.concurrent('mirolive stream --stdin', () => {
  it('puts what another program writes on air, up to its end', async () => {
    const { exitCode, stdout } = await piped(createReadStream(talk.ts), 'whole');
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^On air: standard input in whole/m);
    expect(stdout).toMatch(/^Off air: ended at 0:0[34]$/m);
  });

  it('plays what there was where the input breaks off', async () => {
    const bytes = await readFile(talk.mkv);
    const { exitCode, stdout } = await piped(Readable.from([bytes.subarray(0, bytes.length / 2)]), 'half');
    expect([exitCode, stdout]).toEqual([0, expect.stringMatching(/^Off air: ended at 0:0[12]$/m)]);
  });

  it('goes on behind garbage', async () => {
    const bytes = await readFile(talk.ts);
    const half = Math.floor(bytes.length / 376) * 188;
    const parts = [bytes.subarray(0, half), randomBytes(500_000), bytes.subarray(half)];
    const { exitCode, stdout } = await piped(Readable.from(parts), 'torn');
    expect([exitCode, stdout]).toEqual([0, expect.stringMatching(/^Off air: ended at 0:0[34]$/m)]);
  });

  it.for([
    {
      ...{ name: 'garbage', room: 'garbage' },
      input: () => Readable.from([randomBytes(300_000)]),
      error: 'ffprobe cannot read standard input: Invalid data found when processing input',
      next: 'What can be played is told in docs/sources-and-plans.md',
    },
    {
      ...{ name: 'nothing', room: 'nothing' },
      input: () => Readable.from([]),
      error: 'nothing that can be played came on standard input',
      next: 'See what the command before the | says. For example: ffmpeg -i talk.mkv -c copy -f mpegts - | mirolive stream',
    },
    {
      ...{ name: 'an MP4 with its index at its end', room: 'refused' },
      input: () => createReadStream(talk.mp4),
      error: 'an MP4 whose index stands at its end cannot be read from a pipe',
      next: 'Write another container: ffmpeg … -f mpegts - | mirolive stream --stdin --room refused',
    },
  ])('refuses $name, and says what to do', async ({ room, input, error, next }, { expect }) => {
    const { exitCode, stderr, stdout } = await piped(input(), room);
    expect(stderr).toContain(`error: ${error}\n  next: ${next}`);
    expect([exitCode, stdout]).toEqual([1, '']);
  });

  it('refuses a closed standard input', async () => {
    const line = `exec "$0" stream --stdin --room closed --socket "${daemon.socket}" <&-`;
    const bin = new URL('../../../bin/mirolive', import.meta.url).pathname;
    const { exitCode, stderr } = await execa('sh', ['-c', line, bin], { reject: false });
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining('nothing that can be played came')]);
  });

  it('refuses a terminal', async () => {
    const text = await onTerminal(`stream --stdin --room hand --socket ${daemon.socket}`);
    expect(text).toContain('expected a pipe or a file on standard input, got a terminal');
  });

  it('stays on air with what comes in real time until it is interrupted, which ends who writes too', async () => {
    const all = ['stream', '--stdin', '--room', 'live', '--json', '--socket', daemon.socket];
    const child = mirolive(all);
    child.stdin?.on('error', () => {});
    const send = ['-re', '-stream_loop', '-1', '-i', talk.ts, '-c', 'copy', '-f', 'mpegts', 'pipe:1'];
    const writer = spawn('ffmpeg', send, { stdio: ['ignore', 'pipe', 'ignore'] });
    const left = once(writer, 'exit');
    writer.stdout.pipe(child.stdin as NodeJS.WritableStream);
    // 'once' would take a broken pipe for a failure.
    const ended = new Promise<void>((resolve) => child.stdin?.once('close', resolve)).then(() =>
      writer.stdout.destroy(),
    );
    const { exitCode, stdout } = await interruptAt('"broadcast.stats"', child);
    expect(exitCode).toBe(130);
    expect(values(stdout).at(-1)).toMatchObject({ type: 'broadcast.ended', reason: 'stopped' });
    await ended;
    await left;
  });
});
