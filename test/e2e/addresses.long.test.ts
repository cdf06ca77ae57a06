import { networkInterfaces } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { createClient } from '../../src/cli/client.ts';
import { builtDaemon, daemonFolder } from '../daemon/built-daemon.ts';
import { eventually, launchBrowser, openRoom, received } from '../helpers/browser.ts';
import { startDaemon } from '../helpers/daemon.ts';
import { type LoneMachine, openLoneMachine } from '../helpers/lone-machine.ts';

const chromium = process.env.CHROMIUM ?? '/usr/bin/chromium';
const mirolive = fileURLToPath(new URL('../../bin/mirolive', import.meta.url));

const opened = await openLoneMachine();
const missing = typeof opened === 'string' ? opened : undefined;
if (missing) console.warn(`Addresses that come and go are not tested: ${missing}`);

test.skipIf(missing)(
  'A daemon that starts before the network is watched on each address that comes, and who watches on one is not cut by what another does',
  async () => {
    await using machine = opened as LoneMachine;
    using folder = daemonFolder();
    folder.configure({ http: { host: '0.0.0.0', port: 8080 }, rtmp: { port: 1935 }, webrtc: {} });
    await using daemon = builtDaemon(folder.flags, 'pipe', await machine.runner(mirolive));
    await daemon.saying('ready');
    const client = createClient(folder.socket);
    const links = async () => {
      const { viewerUrl, rtmp, rooms } = await client.call('status', {});
      return [viewerUrl, rtmp?.url, rooms[0]?.watchUrl];
    };
    const linksOf = (address: string) => [
      ...[`http://${address}:8080`, `rtmp://${address}:1935`],
      `http://${address}:8080/lobby`,
    ];
    await client.call('startBroadcast', { room: 'lobby', source: { kind: 'test' } });
    expect(await links()).toEqual(linksOf('127.0.0.1'));

    const near = await machine.connect();
    // The kernel takes a moment to see that the line is up.
    await expect.poll(links).toEqual(linksOf(near.address));
    await using nearBrowser = await launchBrowser({ executablePath: await near.runner(chromium) });
    const watching = await openRoom(nearBrowser, `http://${near.address}:8080/lobby`);
    await plays(watching);

    const far = await machine.connect();
    await using farBrowser = await launchBrowser({ executablePath: await far.runner(chromium) });
    const beside = await openRoom(farBrowser, `http://${far.address}:8080/lobby`);
    await plays(beside);
    const moved = await far.readdress();
    await beside.goto(`http://${moved}:8080/lobby`);
    await plays(beside);

    await plays(watching);
    expect((await received(watching)).connections).toBe(1);
  },
);

const ipv6 = Object.values(networkInterfaces()).some((entries) =>
  entries?.some(({ address }) => address === '::1'),
);
if (!ipv6) console.warn('Media over IPv6 is not tested: this machine has no ::1');

test.skipIf(!ipv6)('A daemon that listens on any address of IPv6 is watched over it', async () => {
  await using server = await startDaemon({ webrtc: { listen: ['::'] } });
  await server.daemon.desk.start({ room: 'lobby', source: { kind: 'test', pattern: 'clock', label: '' } });
  await using browser = await launchBrowser();
  await plays(await openRoom(browser, `${server.url}/lobby`));
});

/** Resolves once more pictures have come than there were. */
async function plays(page: Page): Promise<void> {
  const framesDecoded = async () => (await received(page)).video?.framesDecoded ?? 0;
  const before = await framesDecoded();
  await eventually(framesDecoded, (frames) => frames > before + 10);
}
