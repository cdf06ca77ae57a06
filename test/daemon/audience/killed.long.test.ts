import { expect, test } from 'vitest';
import { launchBrowser } from '../../helpers/browser.ts';
import { MortalDaemon } from '../../helpers/mortal-daemon.ts';
import { temporaryFolder } from '../../helpers/state.ts';

test('a viewer who is there when the daemon is killed, and comes back to the next one, is counted once', async () => {
  using folder = temporaryFolder();
  await using daemon = await MortalDaemon.create(folder.path);
  const rooms = { lobby: { alwaysOn: true } };
  await daemon.start(rooms);
  await using parts = new AsyncDisposableStack();
  const browser = parts.adopt(await launchBrowser(), (one) => one.close());
  const page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${daemon.httpPort}/lobby`);
  const total = async () => (await daemon.client.call('getReport', { room: 'lobby' })).total;
  await expect.poll(async () => (await total()).minutesWatched, { timeout: 60_000 }).toBeGreaterThan(0);
  const before = await total();
  expect(before).toMatchObject({ joined: 1, left: 0, peak: 1 });
  await daemon.kill();
  await daemon.start(rooms);
  const there = async () => (await daemon.client.call('listViewers', {})).map(({ state }) => state);
  await expect.poll(there, { timeout: 60_000 }).toEqual(['playing']);
  await expect
    .poll(async () => (await total()).minutesWatched, { timeout: 60_000 })
    .toBeGreaterThan(before.minutesWatched);
  expect(await total()).toMatchObject({ joined: 1, left: 0, peak: 1 });
});
