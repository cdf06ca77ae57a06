import { execa } from 'execa';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { openTerminal } from '../../helpers/terminal.ts';
import { openDesk } from '../desk.ts';
import { inProcess, values } from '../mirolive.ts';
import { viewer } from '../samples.ts';
import { hall, lobby, viewOf } from '../tui/dashboard/sample-view.ts';
import { watching } from '../watching.ts';

const bin = new URL('../../../bin/mirolive', import.meta.url).pathname;
const withViewers = (count: number) =>
  viewOf([{ ...lobby, audience: { ...lobby.audience, viewers: count } }]);

describe('--watch', () => {
  it.each([
    { command: 'rooms', once: { listRooms: () => [] }, words: /^ROOM .*\nlobby +live +12 /, first: 'name' },
    {
      command: 'broadcasts',
      once: { listBroadcasts: () => [] },
      words: /^ID .*\nb-aaaaaaaaaa +lobby +live +talk\.mp4 +0:42/,
      first: 'id',
    },
    { command: 'viewers', once: {}, words: /^ID .*\nv-aaaaaaaaaa +lobby +page/, first: 'id' },
    { command: 'publishers', once: {}, words: /^ID .*\np-aaaaaaaaaa +lobby +cam2/, first: 'id' },
    { command: 'status', once: {}, words: /^mirolive 0\.1\.0 .*viewers {2}12\n/s, first: 'version' },
  ])('$command shows its words elsewhere than on a terminal, and values with --json', async (one) => {
    await using desk = await openDesk({});
    desk.show(withViewers(12));
    const words = watching([one.command, '--watch', '--socket', desk.socket]);
    await words.shows('lobby');
    expect(await words.end()).toBe(130);
    expect(words.written.stdout).toMatch(one.words);
    const json = watching([one.command, '--watch', '--json', '--socket', desk.socket]);
    await json.shows('\n');
    expect(await json.end()).toBe(130);
    const [value] = values(json.written.stdout);
    expect(Array.isArray(value) ? value[0] : value).toHaveProperty(one.first);
    expect(desk.asked.map(({ name }) => name)).toEqual(['observe', 'observe']);
  });

  it('tells each change once, as a block behind the one before', async () => {
    await using desk = await openDesk({});
    desk.show(withViewers(12));
    const rooms = watching(['rooms', '--watch', '--socket', desk.socket]);
    await rooms.shows('12');
    desk.show(withViewers(12));
    desk.show(withViewers(13));
    await rooms.shows('13');
    await rooms.end();
    expect(rooms.written.stdout.split('\n').map((line) => line.split(/ +/)[2] ?? '')).toEqual([
      ...['VIEWERS', '12', ''],
      ...['VIEWERS', '13', ''],
    ]);
  });

  it('asks for one room alone, sorts, and hides addresses', async () => {
    await using desk = await openDesk({});
    const fares = [{ freezes: 1 }, { freezes: null }, { freezes: 9 }];
    const viewers = fares.map((fare, at) => ({ ...viewer, ...fare, id: `v-${'abc'.charAt(at).repeat(10)}` }));
    desk.show({
      ...withViewers(3),
      viewers: { lobby: Object.fromEntries(viewers.map((one) => [one.id, one])) },
    });
    const line = ['viewers', 'list', '--watch', '--json', '--sort', 'freezes', '--hide-addresses'];
    const list = watching([...line, '--room', 'lobby', '--socket', desk.socket]);
    await list.shows('\n');
    await list.end();
    const [shown] = values(list.written.stdout) as [{ id: string }[]];
    expect(shown.map(({ id }) => id.charAt(2)).join('')).toBe('cab');
    expect(list.written.stdout).not.toMatch(/address|192\.0\.2\.9/);
    expect(desk.asked.find(({ name }) => name === 'observe')?.input).toEqual({
      room: 'lobby',
      detail: 'glance',
      viewers: true,
    });
  });

  it('says that the daemon is lost, and goes on with the next one', async () => {
    await using desk = await openDesk({});
    desk.show(withViewers(12));
    const rooms = watching(['rooms', '--watch', '--json', '--socket', desk.socket]);
    await rooms.shows('"viewers":12');
    desk.show(null);
    await vi.waitFor(
      () => expect(rooms.written.stderr).toMatch(/^warning: the daemon is lost, trying: /),
      30_000,
    );
    desk.show(withViewers(14));
    await rooms.shows('"viewers":14');
    await rooms.end();
    expect(values(rooms.written.stdout)).toHaveLength(2);
    expect(rooms.written.stderr.split('\n')).toHaveLength(2);
  });

  it('is refused with what has an exit status, and says where no daemon is', async () => {
    expect((await inProcess(['status', '--check', '--watch'])).exitCode).toBe(2);
    expect((await inProcess(['rooms', '--watch', '--socket', '/nowhere/control.sock'])).exitCode).toBe(3);
  });

  it('ends with who reads it', async () => {
    await using desk = await openDesk({});
    // It hears of its reader's end as it writes.
    let viewers = 12;
    const changing = setInterval(() => desk.show(withViewers(viewers++)), 300);
    onTestFinished(() => clearInterval(changing));
    desk.show(withViewers(viewers));
    const { stdout, stderr } = await execa('bash', [
      ...['-c', `"$0" rooms --watch --json --socket "$1" | head -1; echo "$\{PIPESTATUS[0]}"`],
      ...[bin, desk.socket],
    ]);
    expect(stdout).toMatch(/^\[\{"name":"lobby".*\n0$/);
    expect(stderr).toBe('');
  });

  it('is drawn in place on a terminal, as much as fits, and leaves it as it was', async () => {
    await using desk = await openDesk({});
    const many = (count: number) =>
      viewOf(Array.from({ length: count }, (_, at) => ({ ...hall, name: `room-${at}` })));
    desk.show(many(30));
    await using terminal = await openTerminal(`echo before; ${bin} rooms --watch --socket ${desk.socket}`, {
      ...{ columns: 60, rows: 10 },
    });
    const lines = await terminal.shows('room-7', '… 22 more');
    expect(lines[0]).toMatch(/^ROOM +STATE/);
    desk.show(many(2));
    await terminal.shows(/room-1 .*\n\n/);
    desk.show(null);
    await terminal.shows('room-1', /\nthe daemon is lost, trying: /);
    await terminal.resize(60, 8);
    desk.show(many(30));
    await terminal.shows('room-5', '… 24 more');
    desk.show(many(1));
    await terminal.shows(/room-0 .*\n\n/);
    await terminal.press('C-c');
    await terminal.shows(/^before\nROOM .*\nroom-0 .*\nended with 130/);
  });
});
