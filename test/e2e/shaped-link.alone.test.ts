import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually, launchBrowser, openRoom, received } from '../helpers/browser.ts';
import { startDaemon, type TestDaemon } from '../helpers/daemon.ts';
import { h264, opus, picture, tone } from '../helpers/media/recipes.ts';
import { makeMedia } from '../helpers/media/sample-files.ts';
import { openShapedLink, type ShapedLink } from '../helpers/shaped-link.ts';
import { frozenMs, longestGapMs, noteFrames, type ShownFrame, shownFrames } from '../helpers/shown-frames.ts';
import { fileSource } from '../helpers/watched-room.ts';

/** The widths of both renditions. */
const [best, lower] = [640, 426];
/** So long the line is slow, in ms, once the viewer has what it carries. */
const slowMs = 20_000;

const opened = await openShapedLink(process.env.CHROMIUM ?? '/usr/bin/chromium');
const missing = typeof opened === 'string' ? opened : undefined;
if (missing) console.warn(`A viewer behind a slow line is not tested: ${missing}`);
const link = opened as ShapedLink;

let server: TestDaemon;
let behind: Browser;
let beside: Browser;
beforeAll(async () => {
  if (missing) return;
  server = await startDaemon({ http: { host: '0.0.0.0' }, webrtc: { listen: [link.address, '127.0.0.1'] } });
  const source = { ...fileSource(await film()), loop: true };
  await server.daemon.desk.start({ room: 'lobby', source, renditions: ['source', '240p'] });
  behind = await launchBrowser({ executablePath: link.chromium });
  beside = await launchBrowser();
}, 120_000);
afterAll(async () => {
  await behind?.close();
  await beside?.close();
  await server?.[Symbol.asyncDispose]();
  if (!missing) await link[Symbol.asyncDispose]();
});

test.skipIf(missing !== undefined)(
  'a viewer whose line becomes slow gets less without a stop, and all again when it is fast; others notice nothing',
  async () => {
    const { port } = new URL(server.url);
    const fast = await open(beside, `http://127.0.0.1:${port}/lobby`);
    await shows(fast, best, 30_000);
    // After the other: whoever comes may spoil mediasoup's padding for those who are there (see BandwidthProbe).
    const slow = await open(behind, `http://${link.address}:${port}/lobby`);
    await shows(slow, best, 30_000);
    const lostBefore = (await received(fast)).video?.packetsLost;
    const others = (await shownFrames(fast)).length;

    await link.limit(600);
    await shows(slow, lower, 5000);
    const begun = (await shownFrames(slow)).length;
    await slow.waitForTimeout(slowMs);
    const pictures = await shownFrames(slow, begun - 1);
    expect(widths(pictures)).toEqual([lower]);
    expect(longestGapMs(pictures).shown).toBeLessThan(frozenMs);
    // A busy machine shows fewer than the 25 in a second.
    expect(pictures.length).toBeGreaterThan((slowMs / 1000) * 10);

    await link.limit(null);
    await shows(slow, best, 10_000);
    expect((await received(slow)).connections).toBe(1);

    const seenBeside = await shownFrames(fast, others - 1);
    // A machine that has much else to do is a slow line for all, now and then.
    const whole = seenBeside.filter(({ width }) => width === best);
    expect(whole.length / seenBeside.length).toBeGreaterThan(0.8);
    expect(longestGapMs(seenBeside).shown).toBeLessThan(frozenMs);
    expect((await received(fast)).video?.packetsLost).toBe(lostBefore);
  },
  180_000,
);

/** Small, so that it costs this machine little, and with noise, so that it takes its 1.6 Mbit/s all the time. */
function film(): Promise<string> {
  const rate = ['-b:v', '1600k', '-maxrate', '1600k', '-bufsize', '800k'];
  const sources = [...picture(`${best}x360`, 20, 25), ...tone(440, 20), '-vf', 'noise=alls=20:allf=t'];
  return makeMedia('steady-360p.mp4', { args: [...sources, ...h264(25), ...rate, ...opus] });
}

async function open(browser: Browser, url: string): Promise<Page> {
  const page = await openRoom(browser, url, noteFrames);
  await page.setViewportSize({ width: 320, height: 180 });
  return page;
}

function shows(page: Page, width: number, withinMs: number): Promise<number | undefined> {
  return eventually(
    async () => (await shownFrames(page)).at(-1)?.width,
    (shown) => shown === width,
    withinMs,
  );
}

function widths(frames: readonly ShownFrame[]): number[] {
  return [...new Set(frames.map(({ width }) => width))];
}
