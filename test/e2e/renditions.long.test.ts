import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { eventually, launchBrowser, openRoom, received } from '../helpers/browser.ts';
import { startDaemon, type TestDaemon } from '../helpers/daemon.ts';
import { h264, opus, picture, tone } from '../helpers/media/recipes.ts';
import { makeMedia, sample } from '../helpers/media/sample-files.ts';
import { frozenMs, longestGapsMs, noteSent, type SentFrame, sentFrames } from '../helpers/sent-frames.ts';
import { openShapedLink, type ShapedLink } from '../helpers/shaped-link.ts';
import { noteFrames, type ShownFrame, shownFrames } from '../helpers/shown-frames.ts';
import { Turns } from '../helpers/turns.ts';
import { fileSource } from '../helpers/watched-room.ts';

/** The widths of both renditions. */
const [best, lower] = [640, 426];
/** So long the line is slow, in ms of the picture, once the viewer has what it carries: longer than until it is tried with more. */
const slowMs = 20_000;
/** By itself mediasoup finds out much later, if at all, in ms, what a line carries now; a loaded machine needs some of it. */
const patienceMs = 30_000;

const opened = await openShapedLink(process.env.CHROMIUM ?? '/usr/bin/chromium');
const missing = typeof opened === 'string' ? opened : undefined;
if (missing) console.warn(`A viewer behind a slow line is not tested: ${missing}`);
const link = opened as ShapedLink;
const aiortcPlayer = fileURLToPath(new URL('../daemon/viewers/whep/aiortc-player.py', import.meta.url));

let server: TestDaemon;
let beside: Browser;
beforeAll(async () => {
  const listen = missing ? ['127.0.0.1'] : [link.address, '127.0.0.1'];
  server = await startDaemon({ http: { host: '0.0.0.0' }, webrtc: { listen } });
  beside = await launchBrowser();
});
afterAll(async () => {
  await beside?.close();
  await server?.[Symbol.asyncDispose]();
  if (!missing) await link[Symbol.asyncDispose]();
});
vi.setConfig({ testTimeout: 180_000 });

test('a viewer begins on the lowest rendition, gets the best, and may choose', async () => {
  const source = { ...fileSource(await sample('talk.mp4')), loop: true };
  const renditions = ['source', '360p', '240p'] as const;
  await server.daemon.desk.start({ room: 'choice', source, renditions: [...renditions] });
  const page = await openRoom(beside, `http://127.0.0.1:${new URL(server.url).port}/choice`, noteFrames);
  const shown = (height: number) =>
    eventually(
      () => received(page),
      ({ video }) => video?.height === height,
    );
  await shown(720);
  expect((await shownFrames(page))[0]?.width).toBe(lower);
  const choose = async (quality: string) => {
    // The controls fade where nobody moves.
    await page.keyboard.press('Shift');
    await page.getByLabel('Quality').selectOption(quality);
  };
  await page.getByRole('option', { name: 'Auto (Source)' }).waitFor({ state: 'attached' });
  await choose('240p');
  await shown(240);
  expect(server.daemon.desk.findRoom('choice')?.viewers).toMatchObject([{ rendition: '240p' }]);
  await choose('360p');
  await shown(360);
  await choose('');
  await shown(720);
  const bitrate = () => server.daemon.desk.findRoom('choice')?.viewers[0]?.bitrateBps;
  // It is looked at every five seconds.
  await vi.waitFor(() => expect(bitrate()).toBeGreaterThan(100_000), { timeout: patienceMs, interval: 100 });
  await page.close();
  await server.daemon.desk.stop('choice');
});

test.skipIf(missing !== undefined)(
  'a player that only reports what is lost gets less on a slow line',
  async () => {
    await using closing = new AsyncDisposableStack();
    const { desk } = server.daemon;
    const source = { ...fileSource(await film()), loop: true };
    await desk.start({ room: 'reported', source, renditions: ['source', '240p'] });
    const url = `http://${link.address}:${new URL(server.url).port}/whep/reported`;
    const [file = '', ...args] = [...link.within, '/usr/bin/python3', aiortcPlayer, url, '100000', '120'];
    const player = execa(file, args, { reject: false });
    closing.defer(() => void player.kill('SIGKILL'));
    const sent = (rendition: string) =>
      eventually(
        async () => desk.findRoom('reported')?.viewers[0]?.rendition,
        (now) => now === rendition,
        patienceMs,
      );
    await sent('source');
    await link.limit(600);
    await sent('240p');
    await link.limit(null);
    await desk.stop('reported');
  },
);

test.skipIf(missing !== undefined)(
  'a viewer whose line becomes slow gets less without a stop, and all again when it is fast; others notice nothing',
  async () => {
    await using closing = new AsyncDisposableStack();
    const browser = await launchBrowser({ executablePath: link.chromium });
    const behind = closing.adopt(browser, () => browser.close());
    const { desk, pool } = server.daemon;
    using turns = new Turns(() =>
      [...desk.ingest, ...pool.slots.map(({ worker }) => worker)].map(({ pid }) => pid),
    );
    const source = { ...fileSource(await film()), loop: true };
    await desk.start({ room: 'lobby', source, renditions: ['source', '240p'] });
    const { port } = new URL(server.url);
    const fast = await open(beside, `http://127.0.0.1:${port}/lobby`);
    await shows(fast, best);
    // After the other: whoever comes may spoil mediasoup's padding for those who are there (see BandwidthProbe).
    const slow = await open(behind, `http://${link.address}:${port}/lobby`);
    await shows(slow, best);
    const lostBefore = (await received(fast)).video?.packetsLost;
    const fromMs = performance.now();
    const others = { shown: (await shownFrames(fast)).length, sent: (await sentFrames(fast)).length };

    await link.limit(600);
    await shows(slow, lower, patienceMs);
    const begun = { shown: (await shownFrames(slow)).length, sent: (await sentFrames(slow)).length };
    const came = await eventually(
      () => sentFrames(slow, begun.sent),
      (frames) => lastsMs(frames) > slowMs,
      slowMs * 4,
    );
    expect(widths(await shownFrames(slow, begun.shown - 1))).toEqual([lower]);
    expect(longestGapsMs(came).video - turns.missedMs(fromMs)).toBeLessThan(frozenMs);

    await link.limit(null);
    await shows(slow, best, patienceMs);
    expect((await received(slow)).connections).toBe(1);

    const seenBeside = await shownFrames(fast, others.shown - 1);
    // A machine that has much else to do is a slow line for all, now and then.
    const whole = seenBeside.filter(({ width }) => width === best);
    expect(whole.length / seenBeside.length).toBeGreaterThan(0.8);
    const gapsMs = longestGapsMs(await sentFrames(fast, others.sent));
    expect(gapsMs.video - turns.missedMs(fromMs)).toBeLessThan(frozenMs);
    expect((await received(fast)).video?.packetsLost).toBe(lostBefore);
  },
);

/** Small, so that it costs this machine little, and with noise, so that it takes its 1.6 Mbit/s all the time. */
function film(): Promise<string> {
  const rate = ['-b:v', '1600k', '-maxrate', '1600k', '-bufsize', '800k'];
  const sources = [...picture(`${best}x360`, 20, 25), ...tone(440, 20), '-vf', 'noise=alls=20:allf=t'];
  return makeMedia('steady-360p.mp4', { args: [...sources, ...h264(25), ...rate, ...opus] });
}

async function open(browser: Browser, url: string): Promise<Page> {
  const page = await openRoom(browser, url, noteFrames, noteSent);
  await page.setViewportSize({ width: 320, height: 180 });
  return page;
}

function shows(page: Page, width: number, withinMs?: number): Promise<number | undefined> {
  return eventually(
    async () => (await shownFrames(page)).at(-1)?.width,
    (shown) => shown === width,
    withinMs,
  );
}

/** How much of the picture it is. */
function lastsMs(frames: readonly SentFrame[]): number {
  const pictures = frames.filter(({ kind }) => kind === 'video');
  return (pictures.at(-1)?.atMs ?? 0) - (pictures[0]?.atMs ?? 0);
}

function widths(frames: readonly ShownFrame[]): number[] {
  return [...new Set(frames.map(({ width }) => width))];
}
