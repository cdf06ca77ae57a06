import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { Encoding } from '../../../../src/daemon/rooms/encoding.ts';
import { eventually, keepConnections, launchBrowser, moves, received } from '../../../helpers/browser.ts';
import { startDaemon, type TestDaemon } from '../../../helpers/daemon.ts';
import { sample } from '../../../helpers/media/sample-files.ts';

const gstreamerPlayer = fileURLToPath(new URL('gstreamer-player.py', import.meta.url));
const aiortcPlayer = fileURLToPath(new URL('aiortc-player.py', import.meta.url));

/** The example of docs/watching.md. */
const [, player = ''] = /^```js\n(.*?)^```$/ms.exec(readFileSync('docs/watching.md', 'utf8')) ?? [];

/** A page of another origin than the daemon's, as players are. */
const site = createServer((_request, response) => {
  response.setHeader('content-type', 'text/html').end('<video autoplay></video>');
});

let daemon: TestDaemon;
let browser: Browser;
beforeAll(async () => {
  await once(site.listen(0, '127.0.0.1'), 'listening');
  // However busy this machine is with other tests.
  const idle = { secondsPerMegapixel: 0.01, cores: 4, freeCores: 4 };
  vi.spyOn(Encoding.prototype, 'capacity').mockResolvedValue(idle);
  daemon = await startDaemon();
  browser = await launchBrowser();
  for (const [room, name] of [
    ['h264', 'talk.mp4'],
    ['vp9', 'vp9-opus.webm'],
  ] as const) {
    const path = await sample(name);
    await daemon.daemon.desk.start({ room, source: { kind: 'file', path, loop: true, audioTrack: null } });
  }
});
afterAll(async () => {
  await browser?.close();
  await daemon?.[Symbol.asyncDispose]();
  site.close();
  vi.restoreAllMocks();
});

test.concurrent.each([
  // After 30 s; the others play meanwhile.
  { name: 'vanishes', room: 'vanishing', end: (page: Page) => page.close() },
  { name: 'closes its connection', room: 'closing', end: closeConnections },
])('a player that $name leaves the room', async ({ room, end }) => {
  const source = { kind: 'file' as const, path: await sample('talk.mp4'), loop: true, audioTrack: null };
  const { desk } = daemon.daemon;
  await desk.start({ room, source });
  const page = await openSite();
  await play(page, `${daemon.url}/whep/${room}`, false);
  await eventually(
    () => received(page),
    ({ video }) => (video?.framesDecoded ?? 0) > 0,
  );
  await end(page);
  await eventually(
    async () => desk.findRoom(room)?.viewers,
    (viewers) => viewers?.length === 0,
    // Consent to send lasts for 30 s (RFC 7675, 5.1).
    80_000,
  );
  await desk.stop(room);
});

test.concurrent.each([
  { name: 'H.264 on the room’s Router', room: 'h264', renumber: false, codec: 'video/H264' },
  { name: 'VP9 on the room’s Router', room: 'vp9', renumber: false, codec: 'video/VP9' },
  { name: 'H.264 on a Router of its own', room: 'h264', renumber: true, codec: 'video/H264' },
  { name: 'VP9 on a Router of its own', room: 'vp9', renumber: true, codec: 'video/VP9' },
])('a bare RTCPeerConnection of Chromium plays $name', async ({ room, renumber, codec }) => {
  const page = await openSite();
  const resource = await play(page, `${daemon.url}/whep/${room}`, renumber);
  const { video, audio } = await eventually(
    () => received(page),
    (now) => (now.video?.framesDecoded ?? 0) >= 60 && (now.audio?.energy ?? 0) > 0,
  );
  expect(video).toMatchObject({ codec, packetsLost: 0 });
  expect(audio).toMatchObject({ packetsLost: 0 });
  expect(daemon.daemon.desk.findRoom(room)?.viewers).toContainEqual(
    expect.objectContaining({ kind: 'whep', state: 'playing' }),
  );
  expect((await fetch(`${daemon.url}${resource}`, { method: 'DELETE' })).status).toBe(200);
  await page.close();
});

test.concurrent.each([
  { where: 'on the room’s Router', renumber: false },
  { where: 'on a Router of its own', renumber: true },
])('a player that has not said how fast its line is gets the best rendition $where', async ({ renumber }) => {
  const source = { kind: 'file' as const, path: await sample('talk.mp4'), loop: true, audioTrack: null };
  const { desk } = daemon.daemon;
  const room = renumber ? 'piped-ladder' : 'ladder';
  await desk.start({ room, source, renditions: ['source', '240p'] });
  const page = await openSite();
  await play(page, `${daemon.url}/whep/${room}`, renumber);
  await eventually(
    () => received(page),
    ({ video }) => video?.height === 720,
  );
  // Where the machine has much else to do, it may be on the other one now and then.
  const [viewer] = await eventually(
    async () => desk.findRoom(room)?.viewers ?? [],
    ([one]) => one?.rendition === 'source' && (one.bitrateBps ?? 0) > 100_000,
  );
  expect(viewer?.kind).toBe('whep');
  await page.close();
  await desk.stop(room);
});

test.concurrent('the player of the documentation goes on with the next broadcast', async () => {
  const { desk } = daemon.daemon;
  const source = { kind: 'file' as const, path: await sample('talk.mp4'), loop: true, audioTrack: null };
  const page = await openSite();
  const content = player.replace('http://your-host:8080/whep/lobby', `${daemon.url}/whep/documented`);
  expect(content).not.toBe(player);
  const refused = page.waitForResponse((response) => response.status() === 404);
  await page.addScriptTag({ type: 'module', content });
  await refused;
  const played = new Set<string>();
  for (const broadcasts of [1, 2]) {
    await desk.start({ room: 'documented', source });
    const { video } = await eventually(
      () => received(page),
      ({ video }) => video !== null && video.framesDecoded >= 30 && !played.has(video.trackId),
    );
    await moves(page);
    played.add(video?.trackId ?? '');
    expect(played.size).toBe(broadcasts);
    await desk.stop('documented');
  }
  await page.close();
});

// Its ICE sends no binding requests once it is connected, and without consent a connection ends after 30 s (RFC 7675).
test.concurrent('GStreamer, whose offer says nothing of its H.264, plays on by its RTCP alone', async () => {
  const url = `${daemon.url}/whep/h264`;
  const { stdout } = await execa('/usr/bin/python3', [gstreamerPlayer, url, '33'], { timeout: 80_000 });
  expect(JSON.parse(stdout)).toMatchObject({ formats: [], size: [1280, 720], left: 200 });
});

test.concurrent('aiortc plays H.264 on a Router of its own', async () => {
  const url = `${daemon.url}/whep/h264`;
  const { stdout } = await execa('/usr/bin/python3', [aiortcPlayer, url, '30', '20'], { timeout: 80_000 });
  const seen = JSON.parse(stdout);
  expect(seen).toMatchObject({ size: [1280, 720], left: 200 });
  expect(Math.min(seen.video, seen.audio)).toBeGreaterThanOrEqual(30);
  expect(seen.loudness).toBeGreaterThan(100);
});

test.concurrent('aiortc, which offers VP8 alone, gets what is on air in that', async () => {
  const url = `${daemon.url}/whep/h264`;
  const args = [aiortcPlayer, url, '60', '20', 'video/VP8'];
  const { stdout } = await execa('/usr/bin/python3', args, { timeout: 80_000 });
  const seen = JSON.parse(stdout);
  expect(seen).toMatchObject({ size: [852, 480], left: 200 });
  expect(seen.loudness).toBeGreaterThan(100);
});

test.concurrent('aiortc gets the best rendition with its next key frame, on a Router that was made for it', async () => {
  const source = { kind: 'file' as const, path: await sample('talk.mp4'), loop: true, audioTrack: null };
  const { desk } = daemon.daemon;
  await desk.start({ room: 'begun', source, renditions: ['source', '240p'] });
  const url = `${daemon.url}/whep/begun`;
  const { stdout } = await execa('/usr/bin/python3', [aiortcPlayer, url, '90', '20'], { timeout: 80_000 });
  const { sizes } = JSON.parse(stdout) as { sizes: { height: number; atS: number }[] };
  expect(sizes.map(({ height }) => height)).toEqual([240, 720]);
  // By the picture's own clock; its key frames are a second apart.
  expect((sizes[1]?.atS ?? 0) - (sizes[0]?.atS ?? 0)).toBeLessThan(2);
  await desk.stop('begun');
});

function closeConnections(page: Page): Promise<void> {
  return page.evaluate(() => {
    const { keptConnections } = globalThis as unknown as { keptConnections: RTCPeerConnection[] };
    for (const connection of keptConnections) connection.close();
  });
}

async function openSite(): Promise<Page> {
  const page = await browser.newPage();
  await page.addInitScript(keepConnections);
  await page.goto(`http://127.0.0.1:${(site.address() as AddressInfo).port}`);
  return page;
}

/** Plays by WHEP in the page, as its documentation would show it; gives the resource. */
function play(page: Page, url: string, renumber: boolean): Promise<string | null> {
  return page.evaluate(
    async ({ url, renumber }) => {
      const connection = new RTCPeerConnection();
      connection.addTransceiver('video', { direction: 'recvonly' });
      connection.addTransceiver('audio', { direction: 'recvonly' });
      const stream = new MediaStream();
      connection.ontrack = ({ track }) => stream.addTrack(track);
      const element = document.querySelector('video');
      if (element) element.srcObject = stream;
      const offer = await connection.createOffer();
      // Opus as 112 instead of 111: another player's numbers.
      const sdp = offer.sdp
        ?.replace('SAVPF 111 ', 'SAVPF 112 ')
        .replaceAll(':111 ', ':112 ')
        .replaceAll('111/111', '112/112');
      await connection.setLocalDescription(renumber && sdp ? { type: 'offer', sdp } : offer);
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/sdp' },
        body: connection.localDescription?.sdp ?? '',
      });
      await connection.setRemoteDescription({ type: 'answer', sdp: await response.text() });
      return response.headers.get('location');
    },
    { url, renumber },
  );
}
