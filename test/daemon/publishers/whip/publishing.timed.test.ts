import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { launchBrowser } from '../../../helpers/browser.ts';
import { type PublisherSite, publish, startPublisherSite } from '../../../helpers/publisher-page.ts';
import { apartMs, play, rate, startStandby } from './played-publisher.ts';

/** A viewer notices sound that is this much apart from the picture, in ms (ITU-R BT.1359: 45 early, 125 late). */
const noticedMs = 45;

let server: Awaited<ReturnType<typeof startStandby>>;
let site: PublisherSite;
let browser: Browser;
const pages: Page[] = [];
beforeAll(async () => {
  server = await startStandby();
  site = await startPublisherSite();
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser?.close();
  await site?.[Symbol.asyncDispose]();
  await server?.[Symbol.asyncDispose]();
});

/** Pages share one camera: the next one may want another size of picture. */
afterEach(async () => {
  for (const page of pages.splice(0)) {
    if (page.isClosed()) continue;
    await closeConnection(page);
    await page.close();
  }
  await expect.poll(() => server.daemon.daemon.publishers.list()).toEqual([]);
});

describe('Chromium publishes', () => {
  test.each(['H264', 'VP8', 'VP9', 'AV1'] as const)('%s and Opus, in step', async (codec) => {
    const page = await openPage();
    const media = await publishFrom(page, { codec, width: 640, height: 360 });
    expect(media).toMatchObject({ codec: codec.toLowerCase(), layers: 1 });
    await using played = await play(media);
    await expect.poll(() => played.pictures().length).toBeGreaterThan(25);
    expect(played.pictures()[0]?.key).toBe(true);
    expect(rate(played.sounds())).toBeCloseTo(50, 0);
    // Chromium's camera gives 20 pictures a second, and its encoder leaves some out on a busy machine.
    expect(rate(played.pictures())).toBeGreaterThan(5);
    expect(played.receiver.counters).toMatchObject({
      strange: 0,
      streams: [{ lost: 0, dropped: 0 }, { lost: 0 }],
    });
    await expect.poll(() => apartMs(played.pictures(), played.sounds())).toBeLessThan(noticedMs);
  });

  test('three layers of H.264, the smallest first', async () => {
    const page = await openPage();
    const media = await publishFrom(page, { codec: 'H264', layers: [4, 2, 1] });
    expect(media.layers).toBe(3);
    await using played = await play(media);
    const widths = () => played.receiver.counters.streams.map(({ size }) => size?.width);
    await expect.poll(widths).toEqual([320, 640, 1280, undefined]);
  });

  test('three layers of VP8 that it lists from the largest on, and they come the other way round', {
    timeout: 60_000,
  }, async () => {
    const page = await openPage();
    const media = await publishFrom(page, { codec: 'VP8', layers: [1, 2, 4] });
    await using played = await play(media);
    await expect.poll(() => played.pictures(2).length).toBeGreaterThan(5);
    await expect.poll(() => played.pictures(0).length).toBeGreaterThan(5);
    const sizes = played.receiver.counters.streams.map(({ layer, size }) => [layer, size?.width]);
    expect(sizes).toEqual(
      expect.arrayContaining([
        [0, 320],
        [2, 1280],
      ]),
    );
  });

  test('a key frame when it is asked for one, and hardly any otherwise', async () => {
    const page = await openPage();
    await using played = await play(await publishFrom(page, { codec: 'H264', width: 640, height: 360 }));
    await expect.poll(() => played.pictures().length).toBeGreaterThan(20);
    const before = played.keyFrames();
    expect(before).toBeLessThan(4);
    played.receiver.requestKeyFrame(0);
    await expect.poll(() => played.keyFrames()).toBeGreaterThan(before);
  });
});

describe('a publisher', () => {
  test('that says goodbye is gone at once', async () => {
    const page = await openPage();
    await publishFrom(page, { codec: 'VP8', width: 320, height: 180 });
    const gone = server.gone();
    await closeConnection(page);
    expect(await gone).toBe('left');
    expect(server.daemon.daemon.desk.rooms.filter((room) => !room.deserted)).toEqual([]);
  });

  test('that vanishes is silent soon, and makes room for another with its key', {
    timeout: 60_000,
  }, async () => {
    const other = await launchBrowser();
    const page = await openPage(other);
    const media = await publishFrom(page, { codec: 'VP8', width: 320, height: 180 });
    await using played = await play(media);
    await expect.poll(() => played.pictures().length).toBeGreaterThan(5);
    const states = () => server.daemon.daemon.publishers.list('lobby').map(({ state }) => state);
    expect(states()).toEqual(['live']);
    const gone = server.gone();
    await other.close();
    await expect.poll(states).toEqual(['silent']);
    const again = await openPage();
    const back = await publishFrom(again, { codec: 'VP8', width: 320, height: 180 });
    expect(await gone).toBe('takeover');
    await using playedAgain = await play(back);
    await expect.poll(() => playedAgain.pictures().length).toBeGreaterThan(5);
  });

  test('that restarts ICE goes on by the new credentials', async () => {
    const page = await openPage();
    const published = server.published();
    const { resource } = await publish(page, { ...place(), codec: 'VP8', width: 320, height: 180 });
    await using played = await play(await published);
    await expect.poll(() => played.pictures().length).toBeGreaterThan(5);
    const before = await page.evaluate(usedUfrag);
    const { status, ufrag } = await page.evaluate(restartIce, new URL(resource ?? '', server.address).href);
    expect(status).toBe(200);
    expect(ufrag).not.toBe(before);
    await expect.poll(() => page.evaluate(usedUfrag)).toBe(ufrag);
    const seen = played.pictures().length;
    await expect.poll(() => played.pictures().length).toBeGreaterThan(seen + 20);
    expect(server.daemon.daemon.publishers.list('lobby')).toMatchObject([{ state: 'live' }]);
  });
});

test.each(['aiortc', 'gstreamer'])(
  '%s publishes H.264 and Opus, in step, gives key frames, and leaves by DELETE',
  { timeout: 60_000 },
  async (name) => {
    const script = fileURLToPath(new URL(`${name}-publisher.py`, import.meta.url));
    const published = server.published();
    const ended = new AbortController();
    using _scope = { [Symbol.dispose]: () => ended.abort() };
    const publisher = execa('/usr/bin/python3', [script, server.address, server.secret], {
      cancelSignal: ended.signal,
    });
    publisher.catch(() => {});
    const media = await Promise.race([
      published,
      publisher.then(() => Promise.reject(new Error('it ended'))),
    ]);
    expect(media).toMatchObject({ codec: 'h264', layers: 1 });
    await using played = await play(media);
    await expect.poll(() => played.pictures().length).toBeGreaterThan(25);
    // Both make 30 pictures a second, and leave some out on a busy machine; those that are moved to their sound come closer for a while.
    await expect.poll(() => Math.abs(rate(played.pictures().slice(-20)) - 20)).toBeLessThan(15);
    await expect.poll(() => apartMs(played.pictures(), played.sounds())).toBeLessThan(noticedMs);
    const before = played.keyFrames();
    played.receiver.requestKeyFrame(0);
    await expect.poll(() => played.keyFrames()).toBeGreaterThan(before);
    const gone = server.gone();
    publisher.stdin.end();
    const { stdout } = await publisher;
    expect(JSON.parse(stdout.split('\n').at(-1) ?? '')).toEqual({ left: 200 });
    expect(await gone).toBe('left');
  },
);

async function openPage(of = browser): Promise<Page> {
  const page = await site.open(of);
  pages.push(page);
  return page;
}

function place() {
  return { url: server.address, secret: server.secret };
}

async function publishFrom(page: Page, offer: Omit<Parameters<typeof publish>[1], 'url' | 'secret'>) {
  const published = server.published();
  const { status } = await publish(page, { ...place(), ...offer });
  expect(status).toBe(201);
  return await published;
}

function closeConnection(page: Page): Promise<void> {
  return page.evaluate(() => {
    const { connection } = globalThis as { connection?: RTCPeerConnection };
    connection?.close();
  });
}

/** In the page: the name of the ICE session that it sends by. */
async function usedUfrag(): Promise<string | undefined> {
  const { connection } = globalThis as unknown as { connection: RTCPeerConnection };
  const report = await connection.getStats();
  const transport = [...report.values()].find(({ type }) => type === 'transport');
  const pair = report.get(transport?.selectedCandidatePairId);
  return report.get(pair?.localCandidateId)?.usernameFragment;
}

/** In the page: restarts ICE as RFC 9725, 4.3.3 says; gives the name of its new session. */
async function restartIce(resource: string): Promise<{ status: number; ufrag: string }> {
  const { connection } = globalThis as unknown as { connection: RTCPeerConnection };
  const credentials = ['ice-ufrag', 'ice-pwd'];
  const valueIn = (sdp: string, name: string) => new RegExp(`a=${name}:(.*)\r\n`).exec(sdp)?.[1] ?? '';
  const answered = connection.remoteDescription?.sdp ?? '';
  connection.restartIce();
  await connection.setLocalDescription();
  const offered = connection.localDescription?.sdp ?? '';
  const body = credentials.map((name) => `a=${name}:${valueIn(offered, name)}\r\n`).join('');
  const headers = { 'content-type': 'application/trickle-ice-sdpfrag', 'if-match': '*' };
  const response = await fetch(resource, { method: 'PATCH', headers, body });
  const fragment = await response.text();
  const sdp = credentials.reduce(
    (text, name) => text.replaceAll(valueIn(answered, name), valueIn(fragment, name)),
    answered,
  );
  await connection.setRemoteDescription({ type: 'answer', sdp });
  return { status: response.status, ufrag: valueIn(offered, 'ice-ufrag') };
}
