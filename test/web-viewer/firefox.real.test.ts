import { networkInterfaces } from 'node:os';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually, keepConnections } from '../helpers/browser.ts';
import { startDaemon, type TestDaemon } from '../helpers/daemon.ts';
import { type Firefox, launchFirefox } from '../helpers/firefox.ts';
import { sample } from '../helpers/media/sample-files.ts';

/** Firefox leaves loopback out of what it connects by, so the daemon is at the machine's own address. */
const own = Object.values(networkInterfaces())
  .flatMap((addresses) => addresses ?? [])
  .find(({ internal, family }) => !internal && family === 'IPv4');

let daemon: TestDaemon;
let firefox: Firefox;
beforeAll(async () => {
  if (!own)
    throw new Error(
      'expected this machine to have an IPv4 address beside loopback, which Firefox leaves out',
    );
  daemon = await startDaemon({ webrtc: { listen: [own.address] } });
  firefox = await launchFirefox();
});
afterAll(async () => {
  await firefox?.[Symbol.asyncDispose]();
  await daemon?.[Symbol.asyncDispose]();
});

test('Firefox without a decoder for H.264 hears the sound unbroken, and is told what helps', async () => {
  const { desk } = daemon.daemon;
  const path = await sample('talk.mp4');
  await desk.start({ room: 'lobby', source: { kind: 'file', path, loop: true, audioTrack: null } });
  await firefox.open(`${daemon.url}/lobby`, keepConnections);
  const heard = await eventually(
    () => firefox.evaluate(listen),
    ({ soundS }) => soundS >= 3,
  );
  expect(heard).toMatchObject({
    state: 'playing',
    detail:
      'This browser cannot play the picture (H.264). Turn on the OpenH264 plug-in (menu, Add-ons and themes, Plugins) and load the page anew, or use another browser.',
    connections: 1,
    hasPicture: false,
  });
  expect(desk.findRoom('lobby')?.viewers).toMatchObject([{ state: 'playing', picture: false }]);
});

/** Runs in the page. */
async function listen() {
  const { keptConnections = [] } = globalThis as unknown as { keptConnections?: RTCPeerConnection[] };
  const heard = { soundS: 0, hasPicture: false };
  const last = keptConnections.at(-1);
  // Firefox rejects it of what is closed.
  const report = last?.connectionState === 'closed' ? undefined : await last?.getStats();
  report?.forEach((entry: RTCInboundRtpStreamStats) => {
    if (entry.type !== 'inbound-rtp') return;
    if (entry.kind === 'audio') heard.soundS = entry.totalSamplesDuration ?? 0;
    else heard.hasPicture = true;
  });
  return {
    ...heard,
    connections: keptConnections.length,
    state: document.documentElement.dataset.state,
    detail: document.getElementById('detail')?.textContent,
  };
}
