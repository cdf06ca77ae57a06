import { describe, expect, it } from 'vitest';
import { openDesk } from '../desk.ts';
import { inProcess, onTerminal } from '../mirolive.ts';
import { programmeState, publisher, room } from '../samples.ts';

const answers = {
  listRooms: () => [room],
  control: () => programmeState,
  getProgramme: () => programmeState,
  listPublishers: () => [],
};

describe('commands that change what is on air', () => {
  const cases: { line: string; command: object; wait?: boolean }[] = [
    { line: 'pause', command: { type: 'pause' } },
    { line: 'resume', command: { type: 'resume' } },
    { line: 'seek 12:30', command: { type: 'seek', positionMs: 750_000 } },
    { line: 'seek +30s', command: { type: 'seekBy', offsetMs: 30_000 } },
    { line: 'seek -30s', command: { type: 'seekBy', offsetMs: -30_000 } },
    { line: 'slate on', command: { type: 'slate', on: true } },
    { line: 'slate off', command: { type: 'slate', on: false } },
    { line: 'volume 80', command: { type: 'volume', percent: 80 } },
    { line: 'mute', command: { type: 'mute', on: true } },
    { line: 'unmute', command: { type: 'mute', on: false } },
    { line: 'take programme', command: { type: 'release' } },
    { line: 'take cam1', command: { type: 'take', source: { kind: 'publisher', key: 'cam1' } } },
    {
      line: 'take cam1 --no-wait',
      command: { type: 'take', source: { kind: 'publisher', key: 'cam1' } },
      wait: false,
    },
    { line: 'take slate', command: { type: 'take', source: { kind: 'slate' } } },
    {
      line: 'take card:Break --text Soon',
      command: { type: 'take', source: { kind: 'card', title: 'Break', text: 'Soon' } },
    },
    {
      line: 'take test:clock',
      command: { type: 'take', source: { kind: 'test', pattern: 'clock', label: '' } },
    },
    {
      line: 'take /srv/talk.mp4',
      command: {
        type: 'take',
        source: { kind: 'file', path: '/srv/talk.mp4', loop: false, audioTrack: null },
      },
    },
  ];
  it.each(cases)('mirolive $line', async ({ line, command, wait = true }) => {
    await using desk = await openDesk(answers);
    const { stdout, exitCode } = await inProcess([
      ...line.split(' '),
      '--room',
      'lobby',
      '--socket',
      desk.socket,
    ]);
    expect(desk.asked).toEqual([{ name: 'control', input: { room: 'lobby', command, wait } }]);
    expect(stdout).toMatch(/^lobby: on air: talk\.mp4 at 0:42, for \d+ d( \d+ h)?$/);
    expect(exitCode).toBe(0);
  });

  it('show what the operator has set', async () => {
    const state = { ...programmeState, paused: true, volumePercent: 80, muted: true };
    await using desk = await openDesk({ ...answers, control: () => state });
    const { stdout } = await inProcess(['pause', '--room', 'lobby', '--socket', desk.socket]);
    expect(stdout).toContain(', paused, volume 80 %, muted');
  });

  it('give the state as it is with --json', async () => {
    await using desk = await openDesk(answers);
    const { stdout } = await inProcess(['pause', '--json', '--room', 'lobby', '--socket', desk.socket]);
    expect(JSON.parse(stdout)).toEqual(programmeState);
  });

  const refused: { args: string[]; message: string; next: string }[] = [
    {
      args: ['seek', 'soon'],
      message: "expected a place such as 12:30 or 90s, or a step such as +30s or -30s, got 'soon'",
      next: 'See how it is used: mirolive seek --help',
    },
    {
      args: ['seek', '12:30', '--rom'],
      message: "too many arguments for 'seek'. Expected 1 argument but got 2: 12:30, --rom.",
      next: 'See how it is used: mirolive seek --help',
    },
    {
      args: ['volume', '201'],
      message: "expected a whole number from 0 to 200 as percent, got '201'",
      next: 'See how it is used: mirolive volume --help',
    },
    {
      args: ['slate', 'maybe'],
      message: "expected one of on, off as state, got 'maybe'",
      next: 'See how it is used: mirolive slate --help',
    },
    {
      args: ['take', 'test:brs'],
      message: 'expected one of bars, clock, motion, black behind test:, got "brs"; did you mean test:bars?',
      next: 'See how it is used: mirolive take --help',
    },
  ];
  it.each(refused)('mirolive $args: $message', async ({ args, message, next }) => {
    await using desk = await openDesk(answers);
    const { stderr, exitCode } = await inProcess([...args, '--room', 'lobby', '--socket', desk.socket]);
    expect(stderr).toBe(`error: ${message}\n  next: ${next}`);
    expect(exitCode).toBe(2);
  });
});

describe('without --room', () => {
  it('the only room that is on air is meant', async () => {
    await using desk = await openDesk({
      ...answers,
      listRooms: () => [{ ...room, name: 'a', state: 'idle' }, room],
    });
    const { exitCode } = await inProcess(['pause', '--socket', desk.socket]);
    expect(desk.asked.at(-1)).toEqual({
      name: 'control',
      input: { room: 'lobby', command: { type: 'pause' }, wait: true },
    });
    expect(exitCode).toBe(0);
  });

  it('one has to be named where there are several', async () => {
    await using desk = await openDesk({ ...answers, listRooms: () => [room, { ...room, name: 'hall' }] });
    const { stderr, exitCode } = await inProcess(['pause', '--socket', desk.socket]);
    expect(stderr).toBe(
      'error: expected --room, since 2 rooms are on air: lobby, hall\n  next: Name one of them: --room lobby',
    );
    expect(exitCode).toBe(2);
  });

  it('says how to go on where nothing is on air', async () => {
    await using desk = await openDesk({ ...answers, listRooms: () => [] });
    const { stderr, exitCode } = await inProcess(['pause', '--socket', desk.socket]);
    expect(stderr).toContain('error: nothing is on air in any room');
    expect(exitCode).toBe(4);
  });
});

describe('mirolive programme', () => {
  it('says how who publishes is put on air, where nothing is', async () => {
    await using desk = await openDesk({
      ...answers,
      listRooms: () => [],
      listPublishers: () => [publisher('lobby', 'cam1')],
    });
    const { stderr, exitCode } = await inProcess(['programme', '--socket', desk.socket]);
    expect(stderr).toContain(
      `next: Somebody publishes there; put it on air: mirolive take cam1 --room lobby --socket ${desk.socket}`,
    );
    expect(exitCode).toBe(4);
  });

  it('names who publishes into the room and could be taken', async () => {
    const listPublishers = () => [publisher('lobby', 'cam1'), publisher('lobby', 'cam2', false)];
    await using desk = await openDesk({ ...answers, listPublishers });
    const { stdout } = await inProcess(['programme', '--room', 'lobby', '--socket', desk.socket]);
    expect(stdout.split('\n').at(-1)).toBe(
      `standby  cam1 publishes into lobby, and is not on air: mirolive take cam1 --room lobby --socket ${desk.socket}`,
    );
  });

  it('shows what is on air, and everything that could be, with its state', async () => {
    await using desk = await openDesk(answers);
    const { stdout } = await inProcess(['programme', '--room', 'lobby', '--socket', desk.socket]);
    expect(stdout.split('\n')).toEqual([
      expect.stringMatching(/^lobby: on air: talk\.mp4 at 0:42, for /),
      '2 changes of what is on air; the slate 1 time, for 4 s in all',
      '',
      'ENTRY       STATE   SOURCE',
      'main        on air  talk.mp4',
      '  video: transcode hevc → h264 1280x720 at 2.5 Mbit/s, because: hevc; B-frames',
      '  audio: copy opus',
      'fallback-1  away    cam2',
      '  nobody publishes',
      expect.stringMatching(/^ {2}lost 2 times, last .* ago: the publisher has left$/),
      'slate       ready   slate',
    ]);
  });

  it('warns of what is away', async () => {
    await using desk = await openDesk(answers);
    const text = await onTerminal(`programme --room lobby --socket ${desk.socket}`);
    expect(text).toContain('\u001b[33maway\u001b[39m');
  });
});
