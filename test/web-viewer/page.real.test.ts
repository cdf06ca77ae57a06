import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type DaemonMessage, pageMessage } from '../../src/contract/signalling.ts';
import { launchBrowser } from '../helpers/browser.ts';
import { servePage } from './serve-page.ts';

const hello: DaemonMessage = {
  type: 'hello',
  version: '0.1.0',
  room: 'lobby',
  live: false,
  title: null,
  viewers: 1,
  poster: null,
  next: null,
};
/** An offer of VP8 and Opus by a daemon whose media nobody will get. */
const sdp = [
  'v=0',
  'o=- 1 1 IN IP4 127.0.0.1',
  's=-',
  't=0 0',
  'a=ice-lite',
  'a=group:BUNDLE 0 1',
  ...['video 9 UDP/TLS/RTP/SAVPF 96', 'audio 9 UDP/TLS/RTP/SAVPF 111'].flatMap((line, mid) => [
    `m=${line}`,
    'c=IN IP4 0.0.0.0',
    `a=mid:${mid}`,
    'a=sendonly',
    'a=rtcp-mux',
    'a=ice-ufrag:abcd',
    `a=ice-pwd:${'a'.repeat(24)}`,
    `a=fingerprint:sha-256 ${Array(32).fill('AB').join(':')}`,
    'a=setup:actpass',
    ...(mid === 0 ? ['a=rtpmap:96 VP8/90000'] : ['a=rtpmap:111 opus/48000/2', 'a=fmtp:111 sprop-stereo=1']),
  ]),
  '',
].join('\r\n');
const live: DaemonMessage = {
  ...{ type: 'live', broadcast: 'b-aaaaaaaaaa', title: 'Keynote', renditions: ['source'] },
  ...{ transport: 'a transport', sdp },
};

/** The page without a daemon and without media: what it shows and does by itself. */
describe('The page', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser.close());

  async function open(url: string): Promise<{ page: Page; complaints: string[] }> {
    const page = await browser.newPage();
    const complaints: string[] = [];
    page.on('pageerror', ({ message }) => complaints.push(message));
    page.on('console', (line) => {
      if (line.type() === 'error' && !line.text().startsWith('WebSocket connection'))
        complaints.push(line.text());
    });
    await page.goto(url);
    return { page, complaints };
  }
  const reached = (page: Page, state: string) => page.locator(`html[data-state="${state}"]`).waitFor();

  test('waits, says so to screen readers, and breaks no rule of its policy', async () => {
    await using server = await servePage(hello);
    const { page, complaints } = await open(server.url);
    await reached(page, 'waiting');
    expect(await page.locator('#room').textContent()).toBe('lobby');
    expect(await page.getByRole('status').textContent()).toContain('Waiting for the broadcast');
    server.say({ type: 'viewers', viewers: 1234 });
    await page.getByText('1,234').waitFor();
    expect(complaints).toEqual([]);
    await page.close();
  });

  test("counts down to what comes, in the viewer's zone and by the daemon's clock", async () => {
    await using server = await servePage(hello);
    const page = await browser.newPage({ timezoneId: 'America/New_York', locale: 'en-GB' });
    await page.goto(server.url);
    await reached(page, 'waiting');
    const timer = page.getByRole('timer');
    expect(await timer.isVisible()).toBe(false);
    const atMs = Date.parse('2031-03-04T14:00Z');
    server.say({ type: 'next', next: { atMs, nowMs: atMs - 245_000, name: 'Keynote' } });
    await timer.getByText('in 4:05').waitFor();
    expect(await page.getByRole('status').textContent()).toBe('Keynote. Starts at 09:00');
    await timer.getByText('in 4:03').waitFor();
    server.say({ type: 'next', next: { atMs, nowMs: atMs, name: null } });
    await timer.getByText('any moment now').waitFor();
    server.say(live);
    await timer.waitFor({ state: 'hidden' });
    await page.close();
  });

  test('shows a line of an operator, to screen readers too, until it is read, and no second time', async () => {
    await using server = await servePage(hello);
    const { page, complaints } = await open(server.url);
    await reached(page, 'waiting');
    const line: DaemonMessage = { type: 'notice', id: 'one', text: 'We go on <b>at nine</b>', forMs: null };
    server.say(line);
    const banner = page.getByRole('alert');
    await banner.getByText('We go on <b>at nine</b>').waitFor();
    await page.getByRole('button', { name: 'Close the message' }).click();
    await banner.waitFor({ state: 'hidden' });
    server.say(line);
    server.say({ ...line, id: 'two', text: 'Shortly', forMs: 300 });
    await banner.getByText('Shortly').waitFor();
    await banner.waitFor({ state: 'hidden' });
    expect(complaints).toEqual([]);
    await page.close();
  });

  test('that is put out says why, stays out, and comes back by its button', async () => {
    await using server = await servePage(hello);
    const { page } = await open(server.url);
    await reached(page, 'waiting');
    const button = page.getByRole('button', { name: 'Come back' });
    expect(await button.isVisible()).toBe(false);
    server.say({ type: 'out', why: 'kicked', reason: 'Please use the other room', untilMs: null });
    await reached(page, 'kicked');
    expect(await page.getByRole('status').textContent()).toContain('Please use the other room');
    await page.evaluate(() => {
      window.dispatchEvent(new Event('online'));
      document.dispatchEvent(new Event('visibilitychange'));
    });
    expect(await page.locator('html').getAttribute('data-state')).toBe('kicked');
    await button.click();
    await reached(page, 'waiting');
    expect(await button.isVisible()).toBe(false);
    await page.close();
  });

  test('that is banned says until when, and has no way back', async () => {
    await using server = await servePage({
      type: 'out',
      why: 'banned',
      reason: null,
      untilMs: Date.parse('2031-03-04T14:00Z'),
    });
    const page = await browser.newPage({ timezoneId: 'America/New_York', locale: 'en-GB' });
    await page.goto(server.url);
    await reached(page, 'banned');
    expect(await page.getByRole('status').textContent()).toContain('until 4 Mar 2031, 09:00');
    expect(await page.getByRole('button', { name: 'Come back' }).isVisible()).toBe(false);
    await page.close();
  });

  test('keeps one id of its browser, and says it each time', async () => {
    await using server = await servePage(hello);
    const context = await browser.newContext();
    const [first, second] = [await context.newPage(), await context.newPage()];
    const ids: (string | null)[] = [];
    for (const page of [first, second]) {
      page.on('websocket', (socket) => ids.push(new URL(socket.url()).searchParams.get('browser')));
      await page.goto(server.url);
      await reached(page, 'waiting');
    }
    expect(ids).toEqual([expect.stringMatching(/^u-[a-z2-7]{16}$/), ids[0]]);
    await context.close();
  });

  test('answers an offer with its certificate, and asks for nothing', async () => {
    await using server = await servePage(hello);
    const { page } = await open(server.url);
    await reached(page, 'waiting');
    server.say(live);
    await expect
      .poll(() => server.heard.map((text) => pageMessage.parse(JSON.parse(text))))
      .toEqual([
        {
          type: 'connect',
          transport: 'a transport',
          role: 'client',
          fingerprint: expect.any(String),
          picture: true,
        },
      ]);
    await page.close();
  });

  test('says which track it cannot play, and plays the other', async () => {
    await using server = await servePage(hello);
    const { page } = await open(server.url);
    await reached(page, 'waiting');
    server.say({ ...live, sdp: sdp.replace('VP8', 'Theora') });
    await page
      .getByText('This browser cannot play the picture (Theora). Another browser may.')
      .first()
      .waitFor();
    await page.close();
  });

  test('has a menu where there are several qualities, and keeps the choice for the next broadcast', async () => {
    await using server = await servePage(hello);
    const { page } = await open(server.url);
    await reached(page, 'waiting');
    const menu = page.getByLabel('Quality');
    server.say(live);
    await page.waitForFunction(() => document.documentElement.dataset.state === 'connecting');
    expect(await menu.isVisible()).toBe(false);
    server.say({ ...live, renditions: ['240p', '480p', 'source'] });
    server.say({ type: 'layer', layer: 2 });
    await page.getByRole('option', { name: 'Auto (Source)' }).waitFor({ state: 'attached' });
    await menu.focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    const chosen = () => server.heard.map((text) => pageMessage.parse(JSON.parse(text)));
    await expect.poll(chosen).toContainEqual({ type: 'quality', quality: 1 });
    expect(await menu.inputValue()).toBe('480p');
    server.say({ ...live, renditions: ['480p', 'source'] });
    await expect.poll(chosen).toContainEqual({ type: 'quality', quality: 0 });
    await page.close();
  });

  test('tells that the broadcast has ended, and of a lost connection, and comes back', async () => {
    await using server = await servePage(hello);
    const { page } = await open(server.url);
    await reached(page, 'waiting');
    server.say({ type: 'offline', reason: 'ended' });
    await reached(page, 'ended');
    server.cut(true);
    await reached(page, 'reconnecting');
    expect(await page.getByRole('status').textContent()).toContain('Reconnecting');
    server.accept();
    await reached(page, 'ended');
    await page.close();
  });

  test('tries at once when the network is back', async () => {
    await using server = await servePage(hello);
    const { page } = await open(server.url);
    await reached(page, 'waiting');
    server.say({ type: 'bye', retryMs: 3_600_000 });
    await reached(page, 'reconnecting');
    await page.evaluate(() => window.dispatchEvent(new Event('online')));
    await reached(page, 'waiting');
    await page.close();
  });

  test('opens the statistics by ? and closes them by Escape', async () => {
    await using server = await servePage(hello);
    const { page } = await open(server.url);
    await reached(page, 'waiting');
    const panel = page.getByRole('region', { name: 'Statistics' });
    await page.keyboard.press('?');
    await panel.waitFor({ state: 'visible' });
    await page.keyboard.press('Escape');
    await panel.waitFor({ state: 'hidden' });
    await page.close();
  });

  test('takes and leaves full screen by f', async () => {
    await using server = await servePage(hello);
    const { page } = await open(server.url);
    await page.keyboard.press('f');
    await page.waitForFunction(() => document.fullscreenElement !== null);
    await page.keyboard.press('f');
    await page.waitForFunction(() => document.fullscreenElement === null);
    await page.close();
  });
});
