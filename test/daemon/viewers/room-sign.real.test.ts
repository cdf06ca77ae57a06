import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterEach, expect, test } from 'vitest';
import type { NewLink } from '../../../src/contract/links.ts';
import { inProcess } from '../../cli/mirolive.ts';
import { daemonAndBrowser } from '../../helpers/daemon-and-browser.ts';
import { freePorts } from '../../helpers/free-ports.ts';
import { sample } from '../../helpers/media/sample-files.ts';

const both = daemonAndBrowser(async () => {
  const [port] = await freePorts(1);
  return { http: { port, publicUrl: `http://127.0.0.1:${port}/` } };
});
const reached = (page: Page, state: string) => page.locator(`html[data-state="${state}"]`).waitFor();
const run = (...words: string[]) => inProcess([...words, '--socket', both.server.socket]);
const set = async (...words: string[]) => {
  const done = await run('rooms', 'set', 'lobby', ...words);
  expect(done.stderr).toBe('');
};
const html = async () => (await fetch(`${both.server.url}/lobby`)).text();
const markup = '<img src=x onerror="document.title=1"><b>Town</b> & "hall"';
/** Of a path with nothing of its own for viewers: its broadcast is called as the room is. */
const unnamed = async () => {
  const item = { source: { kind: 'file', path: await sample('talk.mp4') } } as const;
  const items = ['i-aaaaaaaaaa', 'i-bbbbbbbbbb'].map((id) => ({
    ...{ id, title: null, fromMs: 0, toMs: null, forMs: null },
    source: { ...item.source, loop: false, audioTrack: null },
  }));
  await both.server.daemon.desk.start({
    room: 'lobby',
    source: { kind: 'playlist', items, loop: true, shuffle: false },
  });
};

afterEach(async () => {
  await run('rooms', 'unset', 'lobby', '--all');
  if (both.server.daemon.desk.findRoom('lobby')?.broadcast) await both.server.daemon.desk.stop('lobby');
});

test('what a room says of itself is text on its page, before and after what is on air, and follows a change at once', async () => {
  await set(`title=${markup}`, `welcome=${markup}, soon`, `description=${markup}`, 'language=de');
  const page = await both.browser.newPage();
  const complaints: string[] = [];
  page.on('pageerror', ({ message }) => complaints.push(message));
  page.on('console', (line) => void (line.type() === 'error' && complaints.push(line.text())));
  await page.goto(`${both.server.url}/lobby`);
  await reached(page, 'waiting');
  expect(await page.title()).toBe(`Waiting – ${markup}`);
  expect(await page.locator('html').getAttribute('lang')).toBe('de');
  expect(await page.locator('#room').textContent()).toBe(markup);
  expect(await page.locator('#detail').textContent()).toBe(`It starts here by itself.\n${markup}, soon`);
  expect(await page.locator('meta[name="description"]').getAttribute('content')).toBe(markup);
  expect(await page.locator('meta[property="og:title"]').getAttribute('content')).toBe(markup);
  expect(await page.locator('img, b').count()).toBe(0);
  await set('title=Town hall', `welcome=Bring your questions. ${'All of you. '.repeat(30)}`.trim());
  await page.locator('#room').getByText('Town hall').waitFor();
  await page.locator('#detail').getByText('Bring your questions').waitFor();
  if (process.env.SCREENSHOTS)
    await page.screenshot({ path: join(process.env.SCREENSHOTS, 'room-welcome.png') });
  expect((await run('rooms')).stdout).toMatch(/lobby +idle.*Town hall/);
  await unnamed();
  await reached(page, 'playing');
  expect(await page.locator('#title').textContent()).toBe('Town hall');
  await set('title=Town hall, part two');
  await page.locator('#title').getByText('Town hall, part two').waitFor();
  // There is a still by now, and the public address is known.
  expect(await html()).toContain(
    `<meta property="og:image" content="${both.server.url}/poster/lobby"><meta name="twitter:card"`,
  );
  await both.server.daemon.desk.stop('lobby');
  await reached(page, 'ended');
  await page.locator('#room').getByText('Town hall, part two').waitFor();
  await page.locator('#detail').getByText('Bring your questions').waitFor();
  expect(complaints).toEqual([]);
  await page.close();
});

test('a room that is closed, or for guests, tells nothing of it but to guests', async () => {
  await set('title=The secret talk', 'welcome=A secret', 'description=All secret', 'access=closed');
  const page = await both.browser.newPage();
  await page.goto(`${both.server.url}/lobby`);
  await reached(page, 'closed');
  const nothing = /secret|og:|name="description"/i;
  expect(await page.content()).not.toMatch(nothing);
  expect(await page.title()).toBe('Closed – lobby');
  await set('access=open');
  await page.locator('#detail').getByText('A secret').waitFor();
  expect(await html()).toMatch(nothing);
  await set('access=link');
  await page.getByText('This room is for guests').waitFor();
  expect(await html()).not.toMatch(nothing);
  expect(await page.content()).not.toMatch(nothing);
  const made = JSON.parse((await run('link', '--room', 'lobby', '--json')).stdout) as NewLink;
  const { pathname, hash } = new URL(made.url);
  await page.goto(`${both.server.url}${pathname}${hash}`);
  await page.getByRole('button', { name: 'Watch' }).click();
  await page.locator('#detail').getByText('A secret').waitFor();
  expect(await page.locator('#room').textContent()).toBe('The secret talk');
  await page.close();
});
