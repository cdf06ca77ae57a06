import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MiroliveError } from '../../../src/contract/errors.ts';
import { openDesk } from '../desk.ts';
import { inProcess, mirolive, onTerminal } from '../mirolive.ts';
import { plan, playlist, programmeState } from '../samples.ts';

const answers = { getProgramme: () => programmeState, control: () => programmeState };
const whole = { title: null, fromMs: 0, toMs: null, forMs: null };
const file = (path: string) => ({ kind: 'file', path, loop: false, audioTrack: null });
/** A file that is there. */
const here = import.meta.filename;
const id = expect.stringMatching(/^i-[a-z2-7]{10}$/);

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mirolive-playlist-'));
  await writeFile(join(folder, 'evening.yaml'), 'items: [one.mp4, { source: slate, for: 5m }]\n');
  await writeFile(join(folder, 'wrong.yaml'), 'items: [one.mp4]\nlop: true\n');
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

describe('mirolive playlist show', () => {
  it('says where it is, what is next, and when each item starts', async () => {
    await using desk = await openDesk(answers);
    const { stdout } = await mirolive(['playlist', 'show', '--room', 'lobby', '--socket', desk.socket], {
      env: { TZ: 'UTC' },
    });
    expect(stdout.split('\n')).toEqual([
      expect.stringMatching(/^lobby: on air: talk\.mp4 at 0:42, for /),
      'playlist: item 2 of 4, next: cam1 at Fri 2 Jan 03:17:35',
      '',
      '   #  ID            STARTS              LENGTH  STATE    ITEM',
      '   1  i-aaaaaaaaaa  Fri 2 Jan 03:04:05  1:00    played   opening.mp4',
      '▶  2  i-bbbbbbbbbb  Fri 2 Jan 03:05:05  12:30   playing  talk.mp4',
      '   3  i-cccccccccc                              skipped  broken.mp4 (there is no file /srv/broken.mp4)',
      '   4  i-dddddddddd  Fri 2 Jan 03:17:35          next     cam1',
    ]);
  });

  it('names no day where it is today', async () => {
    const startsAt = new Date().toISOString();
    const items = playlist.items.map((item) => ({ ...item, startsAt }));
    await using desk = await openDesk({
      getProgramme: () => ({
        ...programmeState,
        playlist: { ...playlist, items, loop: true, shuffle: true, round: 2 },
      }),
    });
    const { stdout } = await inProcess(['playlist', 'show', '--room', 'lobby', '--socket', desk.socket]);
    expect(stdout).toMatch(
      /^playlist: item 2 of 4, round 3, looped, shuffled, next: cam1 at \d\d:\d\d:\d\d$/m,
    );
  });

  it('gives the playlist as it is with --json', async () => {
    await using desk = await openDesk(answers);
    const { stdout } = await inProcess([
      'playlist',
      'show',
      '--json',
      '--room',
      'lobby',
      '--socket',
      desk.socket,
    ]);
    expect(JSON.parse(stdout)).toEqual(playlist);
  });

  it('marks what plays, what is next and what is skipped', async () => {
    await using desk = await openDesk(answers);
    const text = await onTerminal(`playlist show --room lobby --socket ${desk.socket}`);
    expect(text).toContain('\u001b[32mplaying\u001b[39m');
    expect(text).toContain('\u001b[36mnext\u001b[39m');
    expect(text).toContain('\u001b[33mskipped\u001b[39m');
  });

  it('says how to go on where no playlist is on air', async () => {
    await using desk = await openDesk({ getProgramme: () => ({ ...programmeState, playlist: null }) });
    const { stderr, exitCode } = await inProcess([
      'playlist',
      'show',
      '--room',
      'lobby',
      '--socket',
      desk.socket,
    ]);
    expect(stderr).toBe(
      `error: no playlist is on air in room lobby\n  next: Play one: mirolive stream --playlist FILE --room lobby --socket ${desk.socket}`,
    );
    expect(exitCode).toBe(5);
  });
});

describe('mirolive playlist', () => {
  const cases: { line: string; command: object }[] = [
    { line: 'next', command: { type: 'next' } },
    { line: 'previous', command: { type: 'previous' } },
    { line: 'jump 4', command: { type: 'jump', item: 'i-dddddddddd' } },
    { line: 'jump i-aaaaaaaaaa', command: { type: 'jump', item: 'i-aaaaaaaaaa' } },
    { line: 'remove 1', command: { type: 'remove', item: 'i-aaaaaaaaaa' } },
    { line: 'move 4 1', command: { type: 'move', item: 'i-dddddddddd', to: 0 } },
    { line: 'move 1 next', command: { type: 'move', item: 'i-aaaaaaaaaa', to: 1 } },
    {
      line: `add ${here} cam1 --title Welcome`,
      command: {
        type: 'add',
        items: [
          { ...whole, id, source: file(here), title: 'Welcome' },
          { ...whole, id, source: { kind: 'publisher', key: 'cam1' }, title: 'Welcome' },
        ],
        at: null,
      },
    },
    {
      line: 'insert next slate --for 5m',
      command: { type: 'add', items: [{ ...whole, id, source: { kind: 'slate' }, forMs: 300_000 }], at: 2 },
    },
    {
      line: 'add card:Break --text {next} --for 2m',
      command: {
        type: 'add',
        items: [{ ...whole, id, source: { kind: 'card', title: 'Break', text: '{next}' }, forMs: 120_000 }],
        at: null,
      },
    },
    {
      line: `insert 1 ${here} --from 1:30 --to 42:00`,
      command: {
        type: 'add',
        items: [{ ...whole, id, source: file(here), fromMs: 90_000, toMs: 2_520_000 }],
        at: 0,
      },
    },
  ];
  it.each(cases)('$line', async ({ line, command }) => {
    await using desk = await openDesk(answers);
    const args = ['playlist', ...line.split(' '), '--room', 'lobby', '--socket', desk.socket];
    const { stdout, exitCode } = await inProcess(args);
    expect(desk.asked).toEqual([
      { name: 'getProgramme', input: { room: 'lobby', all: true } },
      { name: 'control', input: { room: 'lobby', command, wait: true } },
    ]);
    expect(stdout).toContain('\nplaylist: item 2 of 4, next: cam1 at ');
    expect(exitCode).toBe(0);
  });

  const refused: { line: string; message: string; exit: number }[] = [
    { line: 'add cam1 --text Soon', message: 'expected a card to put --text on, got publisher', exit: 2 },
    { line: 'add slate', message: 'expected --for, since slate has no end', exit: 2 },
    { line: 'add /srv/nope.mp4', message: 'there is no file /srv/nope.mp4', exit: 4 },
    { line: 'insert next /etc', message: 'expected a regular file, got the folder /etc', exit: 2 },
    {
      line: 'add ftp://x/y',
      message: 'expected one of http, https, rtsp, rtsps, srt, udp, rtmp, rtmps, got ftp://',
      exit: 2,
    },
    { line: `add ${here} --from 0:10 --to 0:05`, message: '--to: expected a place behind from', exit: 2 },
    {
      line: 'add cam1 --from 0:10',
      message: '--from: expected a file or an address to choose a part of, since publisher has no places',
      exit: 2,
    },
    { line: 'jump abc', message: "expected the number of an item or its id, got 'abc'", exit: 2 },
  ];
  it.each(refused)('refuses $line', async ({ line, message, exit }) => {
    await using desk = await openDesk(answers);
    const args = ['playlist', ...line.split(' '), '--room', 'lobby', '--socket', desk.socket];
    const { stderr, exitCode } = await inProcess(args);
    expect(stderr.split('\n')[0]).toBe(`error: ${message}`);
    expect(exitCode).toBe(exit);
    expect(desk.asked.map(({ name }) => name)).not.toContain('control');
  });

  it('add takes the items of playlist files', async () => {
    await using desk = await openDesk(answers);
    const path = join(folder, 'evening.yaml');
    await inProcess(['playlist', 'add', path, 'cam1', '--room', 'lobby', '--socket', desk.socket]);
    const items = [
      { ...whole, id, source: file(join(folder, 'one.mp4')) },
      { ...whole, id, source: { kind: 'slate' }, forMs: 300_000 },
      { ...whole, id, source: { kind: 'publisher', key: 'cam1' } },
    ];
    expect(desk.asked.at(-1)?.input).toEqual({
      room: 'lobby',
      command: { type: 'add', items, at: null },
      wait: true,
    });
  });

  it('files can be taken as a whole', async () => {
    await using desk = await openDesk(answers);
    await mirolive(['take', 'evening.yaml', '--room', 'lobby', '--socket', desk.socket], { cwd: folder });
    expect(desk.asked.at(-1)?.input).toMatchObject({
      command: {
        type: 'take',
        source: { kind: 'playlist', items: [{ source: file(join(folder, 'one.mp4')) }, {}] },
      },
    });
  });

  it('check names what is wrong with a file', async () => {
    await writeFile(join(folder, 'right.yaml'), `items: [${here}, { source: slate, for: 5m }]`);
    const right = await mirolive(['playlist', 'check', 'right.yaml'], { cwd: folder });
    expect([right.stdout, right.exitCode]).toEqual([
      'right.yaml is valid: 2 items.\n' +
        'What is in them was not looked at; for that: mirolive playlist check right.yaml --probe',
      0,
    ]);
    const wrong = await mirolive(['playlist', 'check', 'wrong.yaml'], { cwd: folder });
    expect(wrong.stderr).toBe(
      'error: wrong.yaml:2:1: unknown key lop; did you mean loop?\n' +
        '  next: Mend the line that is named, then run: mirolive playlist check wrong.yaml',
    );
    expect(wrong.exitCode).toBe(2);
  });

  it('check names what is not there, stream keys too where a daemon tells them', async () => {
    await using desk = await openDesk({ listKeys: () => [] });
    const list = join(folder, 'is missing.yaml');
    await writeFile(list, 'items: [one.mp4, cam1]');
    const args = ['playlist', 'check', list];
    const one = `error: item 1: there is no file ${join(folder, 'one.mp4')}\n`;
    expect(await inProcess([...args, '--socket', desk.socket])).toMatchObject({
      stderr: expect.stringContaining(`${one}       item 2: there is no stream key cam1\n`),
      exitCode: 4,
    });
    const alone = await inProcess([...args, '--socket', join(folder, 'none.sock')]);
    expect(alone.stderr).toContain(`${one}  next: `);
    expect(alone.stderr).toContain(`mirolive playlist check '${list}'`);
  });

  it('check --probe names what cannot be played', async () => {
    const refused = new MiroliveError('SOURCE_NOT_MEDIA', 'ffprobe cannot read two.mp4: it is noise');
    const list = join(folder, 'noise.yaml');
    await writeFile(join(folder, 'two.mp4'), 'noise');
    await writeFile(list, `items: [${here}, two.mp4, { source: slate, for: 5m }]`);
    await using desk = await openDesk({
      listKeys: () => [],
      probe: () => {
        throw refused;
      },
    });
    const { stderr, exitCode } = await inProcess([
      ...['playlist', 'check', list, '--probe', '--socket', desk.socket],
    ]);
    expect(stderr).toContain('error: item 1: ffprobe cannot read two.mp4: it is noise\n       item 2: ');
    expect(exitCode).toBe(4);
    expect(desk.asked.filter(({ name }) => name === 'probe')).toHaveLength(2);
  });

  it('check warns of braces that viewers would see, and of what would never be over', async () => {
    const list = join(folder, 'day.yaml');
    const items = [
      "  - card: { title: 'Next: {next}', text: 'in {startIn}' }",
      '  - http://camera.example/1',
      '  - { url: http://camera.example/1, for: 5m }',
      '  - folder: .',
      '  - http://camera.example/2',
    ];
    await writeFile(list, `items:\n${items.join('\n')}\n`);
    const found = {
      ...{ path: 'cam', format: 'rtsp', durationMs: null, startMs: 0, sizeBytes: null },
      ...{ bitrateBps: null, video: null, audioTracks: [] },
    };
    await using desk = await openDesk({
      listKeys: () => [],
      probe: () => ({ probe: found, plan, live: true }),
    });
    const { stdout, stderr, exitCode } = await inProcess([
      ...['playlist', 'check', list, '--probe', '--socket', desk.socket],
    ]);
    expect(stderr).toBe(
      'warning: item 1: {startIn} will be seen as written; filled in are {next} and {startsIn}\n' +
        'warning: item 2 is live, and keeps the others off air until it ends; for: 20m gives it an end, ' +
        'mirolive playlist next goes on at once',
    );
    expect(stdout).toContain('What is in the files of its folders was not looked at; for that, of each: ');
    expect(exitCode).toBe(0);
  });

  it('check shows nothing of what is no text', async () => {
    await writeFile(join(folder, 'talk.mp4'), '\0\0\0\x18ftyp');
    const { stderr, exitCode } = await inProcess(['playlist', 'check', join(folder, 'talk.mp4')]);
    expect(stderr).toBe(
      `error: expected a playlist in YAML, M3U, PLS or XSPF, got media, or no text: ${folder}/talk.mp4\n` +
        `  next: If it is media: mirolive probe ${folder}/talk.mp4`,
    );
    expect(exitCode).toBe(2);
  });
});
