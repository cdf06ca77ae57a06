import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openDesk } from '../desk.ts';
import { inProcess, mirolive, onTerminal } from '../mirolive.ts';
import { broadcast, devices, idleStatus, publisher, room, viewer } from '../samples.ts';

const answers = {
  status: () => ({ ...idleStatus, rooms: [room], broadcasts: [broadcast], viewers: 3 }),
  listRooms: () => [room],
  listBroadcasts: () => [{ ...broadcast, name: 'a\u001b[31m\nb' }],
  listViewers: () => [viewer],
  listDevices: () => devices,
};
const empty = {
  status: () => idleStatus,
  listRooms: () => [],
  listBroadcasts: () => [],
  listViewers: () => [],
  listDevices: () => ({ cameras: [], sounds: [], displays: [], windows: [], notes: [] }),
};

describe('lists', () => {
  const tables = [
    {
      command: 'rooms',
      full: ['ROOM   STATE  VIEWERS  WATCH', 'lobby  live   3        http://192.0.2.4:8080/lobby'],
      none: 'No rooms. A room is there as soon as something is on air in it: mirolive stream --file talk.mp4 --room lobby',
    },
    {
      command: 'broadcasts',
      full: [
        'ID            ROOM   STATE  ON AIR    POSITION      SLATES  KEPT  VIEWERS  NAME',
        'b-aaaaaaaaaa  lobby  live   talk.mp4  0:42 / 12:30  0       no    3        a\\e[31m\\nb',
      ],
      none: 'No broadcasts. Put one on air: mirolive stream --file talk.mp4 --room lobby',
    },
    {
      command: 'viewers',
      full: [
        expect.stringMatching(
          /^ID {12}ROOM {3}BY {4}STATE {4}QUALITY {2}RATE {8}LOSS {3}RTT {4}FREEZES {2}FIRST {2}SINCE +ADDRESS {4}BROWSER$/,
        ),
        expect.stringMatching(
          /^v-aaaaaaaaaa {2}lobby {2}page {2}playing {2}480p {5}1\.1 Mbit\/s {2}0\.4 % {2}38 ms {2}2 {8}0\.6 s {2}.+ {2}192\.0\.2\.9 {2}Chrome 126 on Android$/,
        ),
      ],
      none: 'No viewers. The links to hand out: mirolive rooms',
    },
    {
      command: 'devices',
      full: [
        'KIND    FLAG                        NAME',
        'camera  --device /dev/video0        HD Webcam',
        'sound   --audio-device alsa:hw:0,0  ALC892 Analog',
        'screen  --screen :0                 1920x1080',
        'screen  --screen :1',
        'window  --window 0x3e00007          Slides\\nof day 1 (1280x720 on :0)',
        'note: expected the program xwininfo, but it cannot be run',
      ],
      none: 'No cameras, sound devices or screens. To try a chain without: mirolive stream --test --room lobby',
    },
  ];
  it.each(tables)(
    'mirolive $command shows an aligned table without control characters',
    async ({ command, full }) => {
      await using desk = await openDesk(answers);
      const { stdout } = await inProcess([command, '--socket', desk.socket]);
      expect(stdout.split('\n')).toEqual(full);
    },
  );

  it.each(tables)('mirolive $command says how to go on where there are none', async ({ command, none }) => {
    await using desk = await openDesk(empty);
    expect((await inProcess([command, '--socket', desk.socket])).stdout).toBe(
      `${none} --socket ${desk.socket}`,
    );
  });

  it.each(['rooms', 'broadcasts', 'viewers'])('mirolive %s --json gives an array', async (command) => {
    await using desk = await openDesk(empty);
    expect((await inProcess([command, '--json', '--socket', desk.socket])).stdout).toBe('[]');
  });

  it('mirolive viewers shows those first who suffer most, and last of whom nothing is known', async () => {
    const fares = [{ freezes: 1 }, { freezes: null, lossPercent: null }, { freezes: 9, lossPercent: 2 }];
    const all = fares.map((fare, place) => ({
      ...viewer,
      ...fare,
      id: `v-${'abc'.charAt(place).repeat(10)}`,
    }));
    await using desk = await openDesk({ ...answers, listViewers: () => all });
    const order = async (...words: string[]) => {
      const { stdout } = await inProcess(['viewers', 'list', ...words, '--json', '--socket', desk.socket]);
      return (JSON.parse(stdout) as { id: string }[]).map(({ id }) => id.charAt(2)).join('');
    };
    expect(await order('--sort', 'freezes')).toBe('cab');
    expect(await order('--sort', 'loss')).toBe('cab');
    expect(await order()).toBe('abc');
    expect((await inProcess(['viewers', '--sort', 'age', '--socket', desk.socket])).exitCode).toBe(2);
  });

  it('mirolive viewers --hide-addresses shows no address', async () => {
    await using desk = await openDesk(answers);
    for (const more of [[], ['--json']]) {
      const { stdout } = await inProcess(['viewers', '--hide-addresses', ...more, '--socket', desk.socket]);
      expect(stdout).toContain('Chrome 126');
      expect(stdout).not.toMatch(/192\.0\.2\.9|address/i);
    }
  });

  it('mirolive viewers --room asks for that room', async () => {
    await using desk = await openDesk(answers);
    await inProcess(['viewers', '--room', 'hall', '--socket', desk.socket]);
    expect(desk.asked).toEqual([{ name: 'listViewers', input: { room: 'hall' } }]);
  });
});

it('mirolive viewers and status tell how many see no picture', async () => {
  const listViewers = () => [viewer, { ...viewer, rendition: null, picture: false }];
  const status = () => ({ ...idleStatus, viewers: 2, viewersWithoutPicture: 1 });
  await using desk = await openDesk({ ...answers, listViewers, status });
  const viewers = (await inProcess(['viewers', '--socket', desk.socket])).stdout.split('\n');
  expect(viewers[2]).toMatch(/ {2}playing {2}no picture {2}1\.1 Mbit\/s /);
  expect(viewers[4]).toBe(
    '1 of 2 viewers without picture: their players have no decoder for it, or asked for sound alone.',
  );
  expect((await inProcess(['status', '--socket', desk.socket])).stdout).toMatch(
    /^viewers {2}2 \(1 without picture: mirolive viewers/m,
  );
});

describe('mirolive status', () => {
  it.each([
    { args: ['--check'], servable: false, exitCode: 1 },
    { args: [], servable: false, exitCode: 0 },
    { args: ['--check'], servable: true, exitCode: 0 },
  ])(
    'ends with $exitCode, asked $args, where rooms can be served: $servable',
    async ({ args, ...expected }) => {
      await using desk = await openDesk({ status: () => ({ ...idleStatus, servable: expected.servable }) });
      const { exitCode, stdout } = await inProcess(['status', ...args, '--socket', desk.socket]);
      expect(stdout).toMatch(/^mirolive 0\.1\.0/);
      expect(exitCode).toBe(expected.exitCode);
    },
  );

  it('shows the daemon, what is on air, and the rooms', async () => {
    await using desk = await openDesk(answers);
    const { stdout } = await inProcess(['status', '--socket', desk.socket]);
    expect(stdout.split('\n')).toEqual([
      expect.stringMatching(/^mirolive 0\.1\.0 {2}pid 77, up .+$/),
      'page     http://192.0.2.4:8080',
      'socket   /run/mirolive/control.sock',
      'rtmp     rtmp://192.0.2.4:1935 (pid 79, 0 publishers)',
      'state    /var/lib/mirolive',
      'workers  pid 78 (port 29400, 0 viewers)',
      'worker   not the fast one, which lets viewers begin at once: built here, encrypts by OpenSSL, viewers begin at the next key frame',
      '         → Build the fast one: mirolive worker build, then restart the daemon',
      'viewers  3',
      '',
      'ID            ROOM   STATE  ON AIR    POSITION      SLATES  KEPT  VIEWERS  NAME',
      'b-aaaaaaaaaa  lobby  live   talk.mp4  0:42 / 12:30  0       no    3        talk.mp4',
      '',
      'ROOM   STATE  VIEWERS  WATCH',
      'lobby  live   3        http://192.0.2.4:8080/lobby',
    ]);
  });

  it('names the processes, and who publishes without being on air, with the command that takes it', async () => {
    await using desk = await openDesk({
      ...answers,
      status: () => ({
        ...{
          ...idleStatus,
          publishers: 3,
          broadcasts: [{ ...broadcast, onAir: { ...broadcast.onAir, words: 'cam1' } }],
        },
        ingest: [
          { pid: 80, rooms: ['lobby'] },
          { pid: 81, rooms: [] },
        ],
      }),
      listPublishers: () => [
        publisher('lobby', 'cam1', false),
        publisher('lobby', 'cam2'),
        publisher('hall', 'cam1'),
      ],
    });
    const { stdout } = await inProcess(['status', '--socket', desk.socket]);
    expect(stdout.split('\n').filter((line) => /^(rtmp|ingest|standby)/.test(line))).toEqual([
      'rtmp     rtmp://192.0.2.4:1935 (pid 79, 3 publishers)',
      'ingest   pid 80 (lobby), pid 81 (no room)',
      `standby  cam2 publishes into lobby, and is not on air: mirolive take cam2 --room lobby --socket ${desk.socket}`,
      `standby  cam1 publishes into hall, and is not on air: mirolive take cam1 --room hall --socket ${desk.socket}`,
    ]);
  });

  it('warns of a slate on air', async () => {
    const onAir = { ...broadcast.onAir, entry: 'slate', words: 'slate' };
    const slated = { ...broadcast, onAir, stats: { ...broadcast.stats, slates: 2 } };
    await using desk = await openDesk({
      ...answers,
      status: () => ({ ...idleStatus, broadcasts: [slated] }),
    });
    const { stdout } = await inProcess(['status', '--socket', desk.socket]);
    expect(stdout).toMatch(
      /^b-aaaaaaaaaa {2}lobby {2}live {3}slate {3}0:42 \/ 12:30 {2}2 {7}no {4}3 {8}talk\.mp4$/m,
    );
    expect(await onTerminal(`status --socket ${desk.socket}`)).toContain('\u001b[33mslate\u001b[39m');
  });

  it('has what is too long for the terminal further in below, where a print stays whole, to be copied', async () => {
    const fingerprint = `sha256:${'AB:'.repeat(31)}CD`;
    const control = { address: '192.0.2.4:9443', fingerprint };
    await using desk = await openDesk({ status: () => ({ ...idleStatus, control }) });
    const text = await onTerminal(`status --no-color --socket ${desk.socket}`, {}, 80);
    expect(text.split('\r\n')).toEqual(
      expect.arrayContaining([
        'control  192.0.2.4:9443,',
        `    ${fingerprint}`,
        'worker   not the fast one, which lets viewers begin at once: built here,',
        '    encrypts by OpenSSL, viewers begin at the next key frame',
      ]),
    );
  });

  it('leaves out what it is not told: rows that say nothing', async () => {
    const hidden = { socket: '-', state: { folder: '-', problem: null }, workers: [] };
    await using desk = await openDesk({ status: () => ({ ...idleStatus, ...hidden }) });
    const { stdout } = await inProcess(['status', '--socket', desk.socket]);
    expect(stdout.split('\n').map((line) => line.split(' ')[0])).toContain('page');
    expect(stdout).not.toMatch(/^(?:socket|state|workers) /m);
  });

  it('gives the status as it is with --json', async () => {
    await using desk = await openDesk(empty);
    const { stdout } = await inProcess(['status', '--json', '--socket', desk.socket]);
    expect(JSON.parse(stdout)).toEqual(idleStatus);
  });

  it('finds the socket by MIROLIVE_SOCKET', async () => {
    await using desk = await openDesk(empty);
    const { exitCode } = await mirolive(['status'], { env: { MIROLIVE_SOCKET: desk.socket } });
    expect(exitCode).toBe(0);
  });

  it('finds the socket by the configuration', async () => {
    await using desk = await openDesk(empty);
    const file = join(dirname(desk.socket), 'mirolive.yaml');
    await writeFile(file, `control: { socket: ${desk.socket} }\n`);
    const { exitCode } = await mirolive(['status', '--config', file]);
    expect(exitCode).toBe(0);
  });

  it('has colours on a terminal only, and none if they are not wanted', async () => {
    await using desk = await openDesk(answers);
    const coloured = async (flags: string, env: Record<string, string> = {}) =>
      (await onTerminal(`status --socket ${desk.socket} ${flags}`, env)).includes('\u001b[');
    expect(await coloured('')).toBe(true);
    expect(await coloured('--no-color')).toBe(false);
    expect(await coloured('', { NO_COLOR: '1' })).toBe(false);
    expect((await mirolive(['status', '--socket', desk.socket])).stdout).not.toContain('\u001b[');
  });
});
