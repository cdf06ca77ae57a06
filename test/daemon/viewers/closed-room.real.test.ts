import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { forgetLost } from '../../../src/daemon/state/state-files.ts';
import { inProcess } from '../../cli/mirolive.ts';
import { startDaemon, type TestDaemon } from '../../helpers/daemon.ts';
import { daemonAndBrowser } from '../../helpers/daemon-and-browser.ts';
import { sample } from '../../helpers/media/sample-files.ts';
import { temporaryFolder } from '../../helpers/state.ts';
import { whipPeer } from '../../helpers/whip-peer.ts';

const both = daemonAndBrowser();
const reached = (page: Page, state: string) => page.locator(`html[data-state="${state}"]`).waitFor();
const set = ({ socket }: TestDaemon, ...words: string[]) =>
  inProcess(['rooms', 'set', 'lobby', ...words, '--socket', socket]);
const offer = async (url: string, path: string) => {
  await using peer = await whipPeer(`${url}${path}`, 'mlk_nobodys');
  return peer.status;
};

test('a closed room shows viewers that it is, lets nobody in, and opens before their eyes', async () => {
  const { browser, server } = both;
  await server.daemon.desk.start({
    room: 'lobby',
    source: { kind: 'file', path: await sample('talk.mp4'), loop: true, audioTrack: null },
    name: 'The secret talk',
  });
  const page = await browser.newPage();
  await page.goto(`${server.url}/lobby`);
  await reached(page, 'playing');
  expect((await set(server, 'access=closed')).stdout).toContain('from now on');
  await reached(page, 'closed');
  expect(await page.getByRole('status').textContent()).toContain('This room is closed for now');
  if (process.env.SCREENSHOTS) await page.screenshot({ path: join(process.env.SCREENSHOTS, 'closed.png') });
  const late = await browser.newPage();
  await late.goto(`${server.url}/lobby`);
  await reached(late, 'closed');
  expect(await late.content()).not.toContain('secret');
  expect((await fetch(`${server.url}/poster/lobby`)).status).toBe(404);
  const refused = await fetch(`${server.url}/whep/lobby`, {
    method: 'POST',
    headers: { 'content-type': 'application/sdp' },
    body: 'v=0',
  });
  expect([refused.status, await refused.text()]).toEqual([403, expect.stringContaining('ROOM_CLOSED')]);
  await set(server, 'access=open');
  await Promise.all([reached(page, 'playing'), reached(late, 'playing')]);
  await server.daemon.desk.stop('lobby');
  await set(server, 'access=closed');
  await reached(page, 'closed');
  await set(server, 'access=open');
  await reached(page, 'waiting');
  await Promise.all([page.close(), late.close()]);
});

test('while the state is lost only rooms that the file opens let anybody in, until it is given up', async () => {
  using folder = temporaryFolder();
  mkdirSync(folder.path, { recursive: true });
  writeFileSync(join(folder.path, 'state.db'), 'no database'.repeat(1000));
  await using server = await startDaemon({
    state: { dir: folder.path },
    rooms: { open: { access: 'open' }, lobby: { hold: '2s' } },
  });
  const { daemon, url } = server;
  const whep = async (room: string) =>
    (
      await fetch(`${url}/whep/${room}`, {
        method: 'POST',
        headers: { 'content-type': 'application/sdp' },
        body: 'v=0',
      })
    ).status;
  // Nothing is on air there, or nobody is let in.
  expect(await Promise.all(['open', 'lobby', 'other'].map(whep))).toEqual([404, 403, 403]);
  const page = await both.browser.newPage();
  await page.goto(`${url}/lobby`);
  await reached(page, 'closed');
  const refusals: unknown[] = [];
  daemon.hub.listen((event) => void (event.type === 'publisher.refused' && refusals.push(event.code)));
  expect(await offer(url, '/whip/lobby')).toBe(403);
  expect(await offer(url, '/whip/open')).toBe(401);
  expect(refusals).toEqual(['STATE_LOST', 'KEY_UNKNOWN']);
  expect(daemon.health.degraded.find(({ part }) => part === 'access')?.reason).toContain('the state is lost');
  const shown = await inProcess(['rooms', 'show', 'lobby', '--socket', server.socket]);
  expect(shown.stdout).toContain('Lets nobody in: the state is lost');
  const opening = await set(server, 'access=open');
  expect(opening.stderr).toContain('the configuration does not give rooms.lobby.access');
  const event = join(folder.path, 'event.yaml');
  writeFileSync(event, 'version: 1\nname: event\nrooms:\n  lobby: { access: open }\n');
  const applied = await inProcess(['apply', '-f', event, '--socket', server.socket]);
  expect(applied.stderr).toContain(`${event}:4:20: rooms.lobby.access: expected a state that is not lost`);
  expect(applied.exitCode).toBe(2);
  const streamed = await inProcess([
    'stream',
    '--test',
    'bars',
    '--room',
    'lobby',
    '--detach',
    '--socket',
    server.socket,
  ]);
  expect(streamed.stderr).toContain('room lobby lets nobody in, since the state is lost');
  const { stdout: rooms } = await inProcess(['rooms', '--socket', server.socket]);
  expect(rooms).toMatch(/lobby +live, lets nobody in/);
  await daemon.desk.stop('lobby');
  expect((await set(server, 'access=closed')).exitCode).toBe(0);
  await inProcess(['rooms', 'unset', 'lobby', '--all', '--socket', server.socket]);
  forgetLost(folder.path);
  await reached(page, 'waiting');
  expect(daemon.health.degraded.map(({ part }) => part)).not.toContain('access');
  await page.close();
});
