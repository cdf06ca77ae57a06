import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Ban } from '../../../../src/contract/bans.ts';
import type { Viewer } from '../../../../src/contract/models.ts';
import { temporaryFolder } from '../../../helpers/temporary-folder.ts';
import { openTerminal, type Terminal } from '../../../helpers/terminal.ts';
import { type Desk, openDesk } from '../../desk.ts';
import { mirolive } from '../../mirolive.ts';
import { broadcast, programmeState, viewer } from '../../samples.ts';
import { hall, lobby, viewOf } from './sample-view.ts';

const ban: Ban = {
  ...{ id: 'x-aaaaaaaaaa', banned: { kind: 'browser', browser: 'u-aaaaaaaaaaaaaaaa' } },
  ...{ room: 'lobby', reason: null, at: viewer.joinedAt, until: null },
};
const bin = new URL('../../../../bin/mirolive', import.meta.url).pathname;

describe.each([
  [80, 24],
  [160, 48],
])('mirolive tui on a terminal of %ix%i', (columns, rows) => {
  let desk: Desk;
  let terminal: Terminal;

  beforeAll(async () => {
    desk = await openDesk({
      version: () => ({ version: '0.1.0', api: 2, node: '24', mediasoup: '3' }),
      getProgramme: () => programmeState,
      control: () => programmeState,
      stopBroadcast: () => broadcast,
      listViewers: (): Viewer[] => [viewer],
      kickViewers: () => ({ kicked: [viewer.id], missing: [], sharing: 0 }),
      ban: () => ({ ban, kicked: [viewer.id], sharing: 0 }),
      unban: () => ban,
      messageViewer: () => ({ reached: true }),
    });
    desk.show(viewOf([lobby, hall]));
    terminal = await openTerminal(`${bin} tui --socket ${desk.socket}`, {
      ...{ columns, rows },
      // A terminal with more colours is asked for its ground before.
      env: columns > 80 ? { COLORTERM: 'truecolor' } : {},
    });
  });
  afterAll(async () => {
    await terminal[Symbol.asyncDispose]();
    await desk[Symbol.asyncDispose]();
  });
  const askedFor = (name: string) => desk.asked.filter((one) => one.name === name).map(({ input }) => input);

  it('shows the rooms, those in trouble first', async () => {
    const lines = await terminal.shows(/▸ ✗ bad +hall/, /● well +lobby/, 'cam1 is away');
    expect(lines[0]).toContain('2 rooms, 2 on air   352 viewers');
    expect(lines.at(-1)).toMatch(/q quit$/);
    expect(lines).toHaveLength(rows);
  });

  it('shows the keys', async () => {
    await terminal.press('?');
    await terminal.shows(/Space +hold the picture/, 'only what has these words');
    await terminal.press('Escape');
    await terminal.shows(/▸ ✗ bad/);
  });

  it('filters', async () => {
    await terminal.type('/lob');
    await terminal.shows(/● well +lobby/, /^\/lob/m);
    await terminal.press('Enter');
    const lines = await terminal.shows('only lob');
    expect(lines.join('\n')).not.toMatch(/bad +hall/);
    await terminal.press('Escape');
    await terminal.shows(/bad +hall/);
  });

  it('opens a room, and shows each of its panes', async () => {
    await terminal.press('Down', 'Enter');
    await terminal.shows(/^lobby {2}● well/m, '0:42 / 12:30', 'peak -6 dB', /fallback-1 away/);
    await terminal.press('Tab');
    await terminal.shows(/v-aaaaaaaaaa +playing +480p/);
    await terminal.press('Tab');
    await terminal.shows(/● cam2 +rtmp/);
    await terminal.press('Tab');
    await terminal.shows('because: hevc');
    await terminal.press('Tab');
    await terminal.shows('Nothing has happened lately');
    desk.emit({ type: 'viewer.left', at: new Date().toISOString(), room: 'lobby', id: 'v-zzzzzzzzzz' });
    await terminal.shows('viewer v-zzzzzzzzzz left');
  });

  it('shows what changes, in place', async () => {
    desk.show(viewOf([{ ...lobby, audience: { ...lobby.audience, viewers: 77 } }, hall]));
    await terminal.shows('77 viewers');
  });

  it('puts a viewer out, bans it and takes that back, and tells it something', async () => {
    await terminal.press('Tab', 'Tab');
    await terminal.shows(/▸ v-aaaaaaaaaa/, /K put out {2}B ban {2}M message/);
    await terminal.press('K');
    await terminal.shows(/Put out v-aaaaaaaaaa \(192\.0\.2\.9, Chrome 126 on Android\)\? y\/n/);
    await terminal.press('y');
    await terminal.shows('Put out: v-aaaaaaaaaa');
    await terminal.press('B');
    await terminal.shows(/Ban the browser of v-aaaaaaaaaa from lobby .* y\/n/);
    await terminal.press('y');
    await terminal.shows('banned v-aaaaaaaaaa from lobby; u takes it back');
    await terminal.press('u');
    await terminal.shows('taken back: banned v-aaaaaaaaaa from lobby');
    await terminal.press('M');
    await terminal.type('You are next');
    await terminal.shows('to v-aaaaaaaaaa: You are next');
    await terminal.press('Enter');
    await terminal.shows('shown to v-aaaaaaaaaa');
    expect(askedFor('unban')).toEqual([{ id: 'x-aaaaaaaaaa' }]);
    expect(askedFor('messageViewer')).toMatchObject([{ text: 'You are next' }]);
  });

  it('does what a key says, and takes it back', async () => {
    await terminal.press('m');
    await terminal.shows('lobby is muted; u takes it back');
    expect(askedFor('control')).toEqual([
      { room: 'lobby', command: { type: 'mute', on: true }, wait: false },
    ]);
    await terminal.press('u');
    await terminal.shows('taken back: lobby is muted');
    expect(askedFor('control').at(-1)).toMatchObject({ command: { type: 'mute', on: false } });
  });

  it('asks before it takes a room off air', async () => {
    await terminal.press('x');
    await terminal.shows(/Take 'talk.mp4' off air in lobby.*y\/n/);
    await terminal.press('n');
    await terminal.shows('nothing was done');
    expect(askedFor('stopBroadcast')).toEqual([]);
    await terminal.press('x');
    await terminal.shows('y/n');
    await terminal.press('y');
    await terminal.shows('talk.mp4 is off air in lobby');
    expect(askedFor('stopBroadcast')).toEqual([{ id: 'b-aaaaaaaaaa' }]);
  });

  it('runs any command, completes its words, and shows what it says', async () => {
    await terminal.type(':viewe');
    await terminal.shows(/viewers +Who watches/);
    await terminal.press('Tab');
    await terminal.shows(/^:viewers$/m);
    await terminal.press('Enter');
    await terminal.shows(/v-aaaaaaaaaa +lobby .*480p/, ':viewers done');
    await terminal.press('Escape');
    await terminal.shows(/^lobby {2}● well/m);
    await terminal.type(':stop --rom lobby');
    await terminal.press('Enter');
    await terminal.shows('error:', 'ended with 2');
    await terminal.press('Escape');
    // A key that comes with it would be another key.
    await terminal.shows(/^lobby {2}● well/m);
  });

  it('shows the machine', async () => {
    await terminal.press('2');
    await terminal.shows(/cpu +█+░+ {2}34 % of 2 cores/, /worker :29400 +31 %/, 'usually');
    await terminal.press('1');
    await terminal.shows(/bad +hall/);
  });

  it('says that the daemon is lost, with a dialog open too, keeps what was seen, and comes back', async () => {
    await terminal.press('x');
    await terminal.shows('y/n');
    desk.show(null);
    await terminal.shows(/lost for .*trying/, /bad +hall/, 'y/n');
    await terminal.press('n');
    await terminal.shows('nothing was done');
    desk.show(viewOf([{ ...hall, health: { word: 'well', reason: null } }]));
    await terminal.shows(/● well +hall/, /^mirolive.*cpu 34 %$/m);
  });

  it('is drawn anew in another size, and says what is too small', async () => {
    await terminal.resize(50, 12);
    await terminal.shows('needs 40x14');
    // What nobody can see is not done.
    await terminal.press('x');
    await terminal.press('y');
    await terminal.resize(columns + 20, rows + 2);
    const lines = await terminal.shows(/● well +hall/);
    expect(lines.at(-1)).toMatch(/q quit$/);
    expect(lines.filter((line) => line.includes('q quit'))).toHaveLength(1);
  });

  it('leaves the terminal as it was, with 0', async () => {
    await terminal.press('q');
    const lines = await terminal.shows('ended with 0');
    expect(lines.join('\n')).not.toContain('hall');
  });
});

it('draws in ASCII where there is no more, goes back to the shell by Ctrl-Z, and comes back by fg', async () => {
  await using desk = await openDesk({
    version: () => ({ version: '0.1.0', api: 2, node: '24', mediasoup: '3' }),
  });
  desk.show(viewOf([lobby, hall]));
  await using terminal = await openTerminal('PS1="shell> " bash --norc -i', { columns: 80, rows: 24 });
  await terminal.shows('shell>');
  await terminal.type(`LC_ALL=C ${bin} tui --socket ${desk.socket}`);
  await terminal.press('Enter');
  await terminal.shows(/^> x bad +hall/m, /^ {2}\* well +lobby/m);
  await terminal.press('C-z');
  await terminal.shows(/Stopped.*mirolive/, 'shell>');
  await terminal.type('fg');
  await terminal.press('Enter');
  await terminal.shows(/^> x bad +hall/m);
  await terminal.press('Down');
  await terminal.shows(/^> \* well +lobby/m);
});

it('is read-only by itself for whose token may only look', async () => {
  await using desk = await openDesk({
    version: () => ({
      ...{ version: '0.1.0', api: 2, node: '24', mediasoup: '3' },
      caller: { role: 'read', rooms: ['lobby'] },
    }),
  });
  desk.show(viewOf([lobby]));
  await using terminal = await openTerminal(`${bin} tui --socket ${desk.socket}`, { columns: 80, rows: 24 });
  await terminal.shows(/only lobby {2}read-only$/m, /● well +lobby/);
  await terminal.press('x');
  await terminal.shows('your token may look, and change nothing');
  await terminal.press('y');
  await terminal.press('?');
  await terminal.shows('only what has these words');
  expect(desk.asked.map(({ name }) => name)).not.toContain('stopBroadcast');
});

it('refuses to run where there is no terminal', async () => {
  const { exitCode, stderr } = await mirolive(['tui'], {});
  expect(exitCode).toBe(2);
  expect(stderr).toContain('expected a terminal to draw on');
});

it('acts on the daemon that it shows, whatever context is in use meanwhile', async () => {
  await using folder = await temporaryFolder();
  await using desk = await openDesk({
    version: () => ({ version: '0.1.0', api: 2, node: '24', mediasoup: '3' }),
  });
  desk.show(viewOf([lobby, hall]));
  mkdirSync(join(folder.path, 'mirolive'));
  symlinkSync(desk.socket, join(folder.path, 'mirolive', 'control.sock'));
  const contexts = (current: string) =>
    writeFileSync(
      join(folder.path, 'mirolive', 'contexts.yaml'),
      `current: ${current}\ncontexts: { prod: { host: "127.0.0.1:1" } }\n`,
      { mode: 0o600 },
    );
  contexts('local');
  await using terminal = await openTerminal(`${bin} tui`, {
    ...{ columns: 80, rows: 24 },
    env: { XDG_RUNTIME_DIR: folder.path, XDG_CONFIG_HOME: folder.path },
  });
  await terminal.shows(/● well +lobby/);
  contexts('prod');
  const asks = (name: string) =>
    expect.poll(() => desk.asked.map((one) => one.name), { timeout: 20_000 }).toContain(name);
  await terminal.type(':stop --room lobby');
  // What may stand there is asked of it too.
  await asks('listRooms');
  await terminal.press('Enter');
  await asks('stopRoom');
});
