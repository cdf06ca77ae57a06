import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Broadcast } from '../../../src/contract/models.ts';
import { startDaemon, type TestDaemon } from '../../helpers/daemon.ts';
import { h264, picture } from '../../helpers/media/recipes.ts';
import { makeMedia, sample } from '../../helpers/media/sample-files.ts';
import { interruptAt, mirolive, onTerminal, values } from '../mirolive.ts';

let daemon: TestDaemon;
let talk: string;
const run = (...args: string[]) => mirolive([...args, '--socket', daemon.socket]);
const shows = (text: RegExp, ...args: string[]) =>
  expect.poll(async () => (await run(...args)).stdout).toMatch(text);

beforeAll(async () => {
  [daemon, talk] = await Promise.all([startDaemon(), sample('talk.mp4')]);
});

afterAll(() => daemon[Symbol.asyncDispose]());

describe('the command line and a real daemon', () => {
  it('probe says what is in a file and how it would be played', async () => {
    const { stdout, exitCode } = await run('probe', talk);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^video {11}h264, .*1280x720/m);
    expect(stdout).toMatch(/^audio {2}track 0 {2}aac/m);
    expect(stdout).toMatch(/^audio: transcode aac → opus/m);
  });

  it('probe tells a missing file from a missing track', async () => {
    const missing = await run('probe', '/nowhere/talk.mp4');
    expect(missing.exitCode).toBe(4);
    expect(missing.stderr).toContain('next: Check the path: ls -l /nowhere/talk.mp4');
    const track = await run('probe', talk, '--audio-track', '7');
    expect(track.exitCode).toBe(4);
    expect(track.stderr).toContain(`next: List its tracks: mirolive probe ${talk}`);
  });

  it('probe --scan reads all of a file, and has a status of its own for what it finds', async () => {
    const args = [...picture('64x36', 12, 5), '-vf', 'drawbox=c=black:t=fill', ...h264(5)];
    const black = await makeMedia('all-black.mp4', { args });
    const found = await run('probe', '--scan', black, '--json');
    expect(found.exitCode).toBe(6);
    const [report] = values(found.stdout) as { findings: unknown[] }[];
    expect(report?.findings).toMatchObject([{ kind: 'black', fromMs: 0, told: true }]);
    const shown = await run('probe', '--scan', black);
    expect(shown.stdout).toMatch(/^black {5}█{60}$/m);
    expect(shown.stderr).toBe('');
    expect((await run('probe', '--scan', talk, '--json')).exitCode).toBe(0);
    expect((await run('probe', '--scan', 'https://example.org/talk.mp4')).exitCode).toBe(2);
    expect((await run('probe', '--scan', '/nowhere/talk.mp4')).exitCode).toBe(4);
    const mapped = await run('probe', '--scan', talk, '--audio-map', '0+1');
    expect(mapped.exitCode).toBe(2);
    expect(mapped.stderr).toContain("'--scan' cannot be used with option '--audio-map <left+right>'");
    const still = await makeMedia('a still.png', { args: [...picture('64x36', 1, 1), '-frames:v', '1'] });
    const refused = await run('probe', '--scan', still);
    expect(refused.stderr).toContain(
      `next: Put it on air as it is: mirolive stream --file '${still}' --room ROOM`,
    );
  });

  it('stream --detach, broadcasts, rooms and stop see the same broadcast', async () => {
    const { stdout: id } = await run('stream', '--file', talk, '--room', 'lobby', '--loop', '--detach');
    const listed = values((await run('broadcasts', '--json')).stdout).flat() as Broadcast[];
    expect(listed.map((broadcast) => broadcast.id)).toEqual([id]);
    expect((await run('rooms')).stdout).toMatch(/^lobby {2}live {3}0 {8}\w+ +http:.*\/lobby$/m);

    const busy = await run('stream', '--file', talk, '--room', 'lobby');
    expect(busy.exitCode).toBe(5);
    expect(busy.stderr).toContain('next: Stop it first: mirolive stop --room lobby');

    expect((await run('stop', '--room', 'lobby')).stdout).toContain(id);
    const idle = await run('stop', id);
    expect(idle.exitCode).toBe(4);
    expect((await run('broadcasts', '--json')).stdout).toBe('[]');
  });

  it('a playlist on air can be seen and changed, and the slate put over it', async () => {
    // So long that none ends meanwhile.
    const hour = await makeMedia('hour.mp4', { args: [...picture('64x36', 3600, 1), ...h264(1)] });
    await run('stream', '--file', hour, hour, '--room', 'hall', '--loop', '--detach');
    // A command answers after a moment at the latest, whether or not what it wanted is on air by then.
    await shows(/^▶ {2}1 {2}i-\w{10} {2}\S.*? {2,}1:00:00 {2}playing {2}hour\.mp4$/m, 'playlist', 'show');
    await run('playlist', 'insert', 'next', 'slate', '--for', '1h');
    expect((await run('playlist', 'next')).stdout).toMatch(/^playlist: item \d of 3, round 1, looped/m);
    await shows(/^▶ {2}2 .* playing {2}slate/m, 'playlist', 'show');
    expect((await run('slate', 'on')).stdout).toMatch(/^hall: on air: /);
    await shows(/^slate {2}on air/m, 'programme');
    expect((await run('stop', '--room', 'hall')).exitCode).toBe(0);
  });

  it('stream stays until it is interrupted, and then nothing is on air', async () => {
    const stream = mirolive([
      'stream',
      '--file',
      talk,
      '--room',
      'lobby',
      '--json',
      '--socket',
      daemon.socket,
    ]);
    const { stdout, exitCode } = await interruptAt('"broadcast.stats"', stream);
    expect(exitCode).toBe(130);
    expect(values(stdout)).toContainEqual(
      expect.objectContaining({ type: 'broadcast.started', room: 'lobby' }),
    );
    expect(values(stdout).at(-1)).toMatchObject({ type: 'broadcast.ended', reason: 'stopped' });
    expect((await run('broadcasts', '--json')).stdout).toBe('[]');
  });

  it('stream draws the programme on a terminal until its end', async () => {
    const text = await onTerminal(`stream --file ${talk} --room lobby --no-color --socket ${daemon.socket}`);
    expect(text).toContain('to leave it on: --detach');
    expect(text).toContain('● on air  talk.mp4 in lobby');
    expect(text).toContain('Off air: ended');
  });

  it('a room that is no name is refused with 2', async () => {
    const { exitCode, stderr } = await run('stream', '--file', talk, '--room', 'Main Hall');
    expect(exitCode).toBe(2);
    expect(stderr).toContain('expected 1 to 63 of a-z, 0-9 and -');
  });
});
