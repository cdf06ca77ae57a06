import { describe, expect, it } from 'vitest';
import { MiroliveError } from '../../../src/contract/errors.ts';
import type { Link } from '../../../src/contract/links.ts';
import type { StreamKey } from '../../../src/contract/publishing.ts';
import type { Report } from '../../../src/contract/report.ts';
import type { RoomDetails } from '../../../src/contract/room-details.ts';
import { type Schedule, scheduleSpec } from '../../../src/contract/schedule.ts';
import { openDesk } from '../desk.ts';
import { inProcess } from '../mirolive.ts';
import { room, viewer } from '../samples.ts';
import { lobby, viewOf } from '../tui/dashboard/sample-view.ts';
import { watching } from '../watching.ts';

const at = viewer.joinedAt;
const unset = (name: string): RoomDetails => ({
  ...{ name, inFile: false, appliedBy: null, settings: [], problems: [] },
  ...{ state: 'idle', entry: 'open', viewers: 0, watchUrl: `http://192.0.2.4:8080/${name}` },
});
const unwatched: Report = {
  ...{ room: 'hall', broadcast: null, title: null, completeSince: at, stepMs: 60_000 },
  ...{ from: at, until: at, browsers: [], kinds: [], intervals: [] },
  total: {
    ...{ there: 0, joined: 0, left: 0, peak: 0, average: 0, minutesWatched: 0 },
    ...{ freezesPerHour: null, bestShare: null, firstPicture: null },
  },
};
const key: StreamKey = {
  ...{ id: 'k-aaaaaaaaaa', room: 'hall', name: 'cam1', state: 'valid' },
  ...{ createdAt: at, expiresAt: null, lastUsedAt: null },
};
const link: Link = {
  ...{ id: 'l-aaaaaaaaaa', room: 'hall', name: null, state: 'valid', maxUses: null, uses: 0 },
  ...{ createdAt: at, expiresAt: null, lastUsedAt: null },
};
const what = { call: 'startBroadcast', params: { source: { kind: 'test' } } } as const;
const schedule: Schedule = {
  ...{
    id: 's-aaaaaaaaaa',
    name: 'talk',
    words: 'stream test',
    paused: false,
    maker: 'anna',
    appliedBy: null,
  },
  spec: scheduleSpec.parse({ room: 'hall', when: { cron: '0 9 * * *', zone: 'UTC' }, what }),
  ...{ createdAt: at, next: null, last: null },
};
/** Only the lobby is on air, and of no other room there is anything. */
const answers = {
  listRooms: () => [room],
  getRoom: (asked: { readonly room: string }) => unset(asked.room),
  listKeys: () => [],
  listSchedules: () => [],
  listLinks: () => [],
};

describe('a room that has nothing', () => {
  it('is told with the one that may be meant, beside what is asked for', async () => {
    await using desk = await openDesk({ ...answers, listViewers: () => [] });
    const list = (name: string) => inProcess(['viewers', '--room', name, '--json', '--socket', desk.socket]);
    expect(await list('loby')).toEqual({
      ...{ exitCode: 0, stdout: '[]' },
      stderr:
        'warning: nothing is on air in room loby, nor does anybody watch; on air: lobby; did you mean lobby?',
    });
    expect((await list('lobby')).stderr).toBe('');
  });

  const asked = ['viewers', 'publishers', 'events --since 1h', 'viewers bans', 'viewers announce Hello'];
  it.each(asked)('is told by mirolive %s; one that is declared is none', async (command) => {
    await using desk = await openDesk({
      ...{ ...answers, listViewers: () => [], listPublishers: () => [], listBans: () => [] },
      announce: () => ({ reached: 0, unreached: [] }),
      getRoom: ({ room: name }) => ({ ...unset(name), inFile: name === 'hall' }),
    });
    const told = async (name: string) => {
      const { stderr, exitCode } = await inProcess([
        ...[...command.split(' '), '--room', name, '--socket', desk.socket],
      ]);
      expect(exitCode).toBe(0);
      return stderr;
    };
    expect(await told('loby')).toContain('nothing is on air in room loby');
    expect(await told('hall')).toBe('');
  });

  const refused = () => {
    throw new MiroliveError('NOT_ALLOWED', 'your token may look');
  };
  it.each([
    { has: 'nothing', known: {}, exitCode: 4, said: /there is no room hall now, and nothing is kept of how/ },
    { has: 'what a token may not see', known: { getRoom: refused }, exitCode: 0, said: /^$/ },
    { has: 'a stream key', known: { listKeys: () => [key] }, exitCode: 0, said: /^$/ },
    { has: 'a link', known: { listLinks: () => [link] }, exitCode: 0, said: /^$/ },
    { has: 'a schedule', known: { listSchedules: () => [schedule] }, exitCode: 0, said: /^$/ },
  ])('ends mirolive report with $exitCode where it has $has', async ({ known, exitCode, said }) => {
    await using desk = await openDesk({ ...answers, getReport: () => unwatched, ...known });
    const done = await inProcess(['report', '--room', 'hall', '--csv', '--socket', desk.socket]);
    expect(done.stderr).toMatch(said);
    expect(done.exitCode).toBe(exitCode);
  });

  it.each([
    ['events', 'listening'],
    ['viewers --watch', 'v-aaaaaaaaaa'],
  ])(
    'is looked for beside mirolive %s, which neither waits for that nor do signals',
    async (command, words) => {
      await using desk = await openDesk({}, { halts: 'listRooms' });
      desk.show(viewOf([lobby]));
      const watched = watching([...command.split(' '), '--room', 'loby', '--socket', desk.socket]);
      await watched.shows(words);
      expect(await watched.end()).toBe(130);
    },
  );
});
