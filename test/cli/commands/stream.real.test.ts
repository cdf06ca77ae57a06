import { describe, expect, it } from 'vitest';
import { MiroliveError } from '../../../src/contract/errors.ts';
import { type Desk, openDesk } from '../desk.ts';
import { inProcess, mirolive, noState, values } from '../mirolive.ts';
import { broadcast, endedEvent, slateEvent, startedEvent, statsEvent } from '../samples.ts';

type Script = (desk: Desk) => void;

/** A desk that starts the talk and then does what the test has written down; a stop ends it. */
async function deskPlaying(script: Script): Promise<Desk> {
  const desk: Desk = await openDesk({
    startBroadcast: () => {
      desk.emit(startedEvent);
      setImmediate(script, desk);
      return broadcast;
    },
    stopBroadcast: () => {
      desk.emit(endedEvent('stopped'));
      return broadcast;
    },
  });
  return desk;
}

const args = (desk: Desk, ...more: string[]) => [
  'stream',
  '--file',
  'talk.mp4',
  '--room',
  'lobby',
  '--socket',
  desk.socket,
  ...more,
];

const endsWithDaemon =
  'It ends with the daemon; so that it goes on after a restart: mirolive keep on --room lobby';

describe('mirolive stream', () => {
  it('says in a few lines what is on air, and ends with 0 at the end of the source', async () => {
    await using desk = await deskPlaying((it) => it.emit(endedEvent('ended')));
    const { stdout, exitCode } = await mirolive(args(desk));
    expect(stdout.split('\n')).toEqual([
      'On air: talk.mp4 in lobby (b-aaaaaaaaaa)',
      'video: transcode hevc → h264 1280x720 at 2.5 Mbit/s, because: hevc; B-frames',
      'audio: copy opus',
      'watch: http://192.0.2.4:8080/lobby',
      'Off air: ended at 0:42',
    ]);
    expect(exitCode).toBe(0);
  });

  it('says what a port waits for until somebody calls it, and that it is on air only then', async () => {
    const { at, room } = slateEvent;
    const back = { at, room, broadcast: broadcast.id, type: 'source.back' } as const;
    await using desk = await openDesk({
      startBroadcast: () => {
        setImmediate(() => {
          desk.emit({ ...back, entry: 'main', words: 'srt://:9000' });
          desk.emit(startedEvent);
          desk.emit({ ...back, entry: 'main', words: 'srt://:9000' });
          desk.emit(endedEvent('ended'));
        });
        return broadcast;
      },
    });
    const source = ['--url', 'srt://:9000?mode=listener'];
    const { stdout } = await mirolive(['stream', ...source, '--room', 'lobby', '--socket', desk.socket]);
    expect(stdout.split('\n').slice(0, 6)).toEqual([
      'Not on air yet: talk.mp4 in lobby (b-aaaaaaaaaa) waits for a caller on port 9000 by SRT',
      'watch: http://192.0.2.4:8080/lobby',
      'On air: talk.mp4',
      'video: transcode hevc → h264 1280x720 at 2.5 Mbit/s, because: hevc; B-frames',
      'audio: copy opus',
      'srt://:9000 (main) is back',
    ]);
  });

  it('tells when the slate comes and goes, and what a playlist does', async () => {
    const { at, room } = slateEvent;
    const base = { at, room, broadcast: broadcast.id };
    const item = { item: 'i-aaaaaaaaaa', words: 'opening.mp4' };
    const main = { entry: 'main', words: 'talk.mp4' };
    await using desk = await deskPlaying((it) => {
      it.emit({ ...base, type: 'playlist.item', index: 0, ...item });
      it.emit({ ...base, type: 'playlist.skipped', ...item, reason: 'it is gone' });
      it.emit({ ...base, type: 'source.away', ...main, reason: 'no picture for 700 ms' });
      it.emit(slateEvent);
      it.emit({ ...base, type: 'source.back', ...main });
      const from = { entry: 'slate', words: 'slate' };
      it.emit({ ...base, type: 'programme.switched', from, to: main, insteadOf: main, reason: 'back' });
      it.emit(endedEvent('ended'));
    });
    const { stdout } = await mirolive(args(desk));
    expect(stdout.split('\n').slice(4, -1)).toEqual([
      'item 1: opening.mp4',
      'skipped opening.mp4: it is gone',
      'talk.mp4 (main) is away: no picture for 700 ms',
      'on air now: slate; talk.mp4 is away',
      'talk.mp4 (main) is back',
      'on air now: talk.mp4 (main); it is back',
    ]);
  });

  it('gives one JSON value per line: begin, figures, end', async () => {
    await using desk = await deskPlaying((it) => {
      it.emit(statsEvent);
      it.emit(endedEvent('ended'));
    });
    const { stdout, exitCode } = await mirolive(args(desk, '--json'));
    expect(values(stdout)).toEqual([startedEvent, statsEvent, endedEvent('ended')]);
    expect(exitCode).toBe(0);
  });

  it('calls a playlist by the name of its file', async () => {
    await using desk = await deskPlaying(() => {});
    const list = new URL('../../../configs/examples/playlist.yaml', import.meta.url).pathname;
    await mirolive(['stream', '--playlist', list, '--room', 'lobby', '--detach', '--socket', desk.socket]);
    expect(desk.asked[0]?.input).toMatchObject({ name: 'playlist', source: { kind: 'playlist' } });
  });

  it.each([{ flags: [] }, { flags: ['--json'] }])(
    'warns of files that are not there: $flags',
    async ({ flags }) => {
      await using desk = await openDesk({ startBroadcast: () => broadcast });
      const files = [import.meta.filename, '/nowhere/two.mp4', '/nowhere/three.mp4'];
      const { stderr, exitCode } = await inProcess([
        ...['stream', '--file', ...files, '--room', 'lobby', '--detach', '--socket', desk.socket, ...flags],
      ]);
      expect(exitCode).toBe(0);
      expect(stderr.split('\n')).toEqual([
        'warning: item 2: there is no file /nowhere/two.mp4; it would be skipped',
        'warning: item 3: there is no file /nowhere/three.mp4; it would be skipped',
        ...(flags.length === 0 ? [endsWithDaemon] : []),
      ]);
    },
  );

  it('prints only the id with --detach, and leaves the broadcast alone', async () => {
    await using desk = await deskPlaying(() => {});
    const { stdout, exitCode } = await mirolive(args(desk, '--detach'));
    expect(stdout).toBe('b-aaaaaaaaaa');
    expect(exitCode).toBe(0);
    expect(desk.asked.map(({ name }) => name)).toEqual(['startBroadcast', 'listRooms']);
  });

  const signals = [
    { signal: 'SIGINT', status: 130 },
    { signal: 'SIGTERM', status: 143 },
    { signal: 'SIGHUP', status: 129 },
  ] as const;
  it.each(signals)('stops its broadcast on $signal and ends with $status', async ({ signal, status }) => {
    await using desk = await deskPlaying(() => {});
    const process = mirolive(args(desk));
    for await (const line of process) if (line.startsWith('watch:')) process.kill(signal);
    const { stdout, exitCode } = await process;
    expect(stdout.split('\n').slice(-2)).toEqual(['Stopping …', 'Off air: stopped at 0:42']);
    expect(exitCode).toBe(status);
    expect(desk.asked.at(-1)).toEqual({ name: 'stopBroadcast', input: { id: broadcast.id } });
  });

  it('hangs up where it is interrupted before it is on air, which calls its start off', async () => {
    const starting = Promise.withResolvers<void>();
    const hungUp = Promise.withResolvers<void>();
    await using desk = await openDesk({
      startBroadcast: async (_input, gone) => {
        starting.resolve();
        gone.addEventListener('abort', () => hungUp.resolve());
        await hungUp.promise;
        return broadcast;
      },
    });
    const process = mirolive(args(desk));
    await starting.promise;
    process.kill('SIGINT');
    expect((await process).exitCode).toBe(130);
    await hungUp.promise;
  });

  it('stops its broadcast when the reader of its output has gone', async () => {
    const stopped = Promise.withResolvers<void>();
    await using desk = await openDesk({
      startBroadcast: () => {
        desk.emit(startedEvent);
        return broadcast;
      },
      stopBroadcast: () => {
        stopped.resolve();
        desk.emit(endedEvent('stopped'));
        return broadcast;
      },
    });
    const process = mirolive(args(desk, '--json'));
    process.stdout.once('data', () => process.stdout.destroy());
    const heartbeat = setInterval(() => desk.emit(statsEvent), 20);
    await stopped.promise;
    clearInterval(heartbeat);
    const { exitCode, stderr } = await process;
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  });

  const endings = [
    {
      name: 'failed',
      script: (desk: Desk) => desk.emit(endedEvent('failed', 'ffmpeg: the file is cut off')),
      exitCode: 1,
      stderr:
        'error: ffmpeg: the file is cut off\n  next: See how it would be played: mirolive probe /srv/talk.mp4',
    },
    {
      name: 'ended with the daemon',
      script: (desk: Desk) => desk.emit(endedEvent('shutdown')),
      exitCode: 3,
      stderr:
        'error: the broadcast is off air because the daemon ended\n  next: Start it again: mirolive daemon --background',
    },
  ];
  it.each(endings)('explains a broadcast that $name', async ({ script, exitCode, stderr }) => {
    await using desk = await deskPlaying(script);
    const result = await mirolive([
      'stream',
      '--file',
      '/srv/talk.mp4',
      '--room',
      'lobby',
      '--socket',
      desk.socket,
    ]);
    expect({ exitCode: result.exitCode, stderr: result.stderr }).toEqual({
      exitCode,
      stderr: `${stderr} --socket ${desk.socket}`,
    });
  });

  it('ends with 3 when the daemon goes away', async () => {
    await using desk = await deskPlaying(() => {});
    const process = mirolive(args(desk), { env: noState });
    for await (const line of process) if (line.startsWith('watch:')) desk.cut();
    const { exitCode, stderr } = await process;
    expect(exitCode).toBe(3);
    expect(stderr).toBe(
      `error: the daemon on ${desk.socket} went away\n  next: Start it: mirolive daemon --background --socket ${desk.socket}`,
    );
  });

  it('gives the error of a start that fails, with JSON on standard output', async () => {
    await using desk = await openDesk({
      startBroadcast: () => {
        throw new MiroliveError('ROOM_BUSY', 'lobby already has a broadcast', { details: { room: 'lobby' } });
      },
    });
    const { exitCode, stdout, stderr } = await mirolive(args(desk, '--json'));
    expect({ exitCode, stderr }).toEqual({ exitCode: 5, stderr: '' });
    expect(values(stdout)).toEqual([
      {
        error: {
          code: 'ROOM_BUSY',
          message: 'lobby already has a broadcast',
          hint: `Stop it first: mirolive stop --room lobby --socket ${desk.socket}`,
        },
      },
    ]);
  });

  const names: { name: string; flags: string[]; expected: string }[] = [
    { name: 'quotes and spaces', flags: ['--file', `it's "it".mp4`], expected: `/srv/it's "it".mp4` },
    { name: 'a percent sign', flags: ['--file', '100%20.mp4'], expected: '/srv/100%20.mp4' },
    { name: 'a newline', flags: ['--file', 'a\nb.mp4'], expected: '/srv/a\nb.mp4' },
    { name: 'a leading dash', flags: ['--file=-x.mp4'], expected: '/srv/-x.mp4' },
    { name: 'a leading dash as a word', flags: ['--file', '-x.mp4'], expected: '/srv/-x.mp4' },
    { name: 'a leading dash after --', flags: ['--file', '--', '-x.mp4'], expected: '/srv/-x.mp4' },
    { name: 'a protocol', flags: ['--file', 'http:a.mp4'], expected: '/srv/http:a.mp4' },
    { name: 'an absolute path', flags: ['--file', '/media/a.mp4'], expected: '/media/a.mp4' },
  ];
  it.each(names)('sends the absolute path of a file with $name in its name', async ({ flags, expected }) => {
    await using desk = await deskPlaying(() => {});
    const process = mirolive(
      [
        'stream',
        ...flags,
        '--detach',
        '--room',
        'lobby',
        '--socket',
        desk.socket,
        '--loop',
        '--renditions',
        'source,240p',
        '--audio-track',
        '1',
      ],
      { cwd: '/srv' },
    );
    expect((await process).exitCode).toBe(0);
    expect(desk.asked[0]).toEqual({
      name: 'startBroadcast',
      input: {
        room: 'lobby',
        renditions: ['source', '240p'],
        source: { kind: 'file', path: expected, loop: true, audioTrack: 1 },
        keep: false,
        wait: true,
      },
    });
  });
});
