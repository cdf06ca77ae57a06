import { join } from 'node:path';
import type { Page, Route } from 'playwright-core';
import { expect, test } from 'vitest';
import type { NewLink } from '../../../src/contract/links.ts';
import { inProcess } from '../../cli/mirolive.ts';
import { daemonAndBrowser } from '../../helpers/daemon-and-browser.ts';
import { sample } from '../../helpers/media/sample-files.ts';

const both = daemonAndBrowser({ rooms: { lobby: { access: 'link' } } });
const reached = (page: Page, state: string) => page.locator(`html[data-state="${state}"]`).waitFor();
const uninvited = (page: Page) => page.getByText('This room is for guests').waitFor();
const run = (...words: string[]) => inProcess([...words, '--socket', both.server.socket]);
const onAir = async () => {
  const { desk } = both.server.daemon;
  const path = await sample('talk.mp4');
  const source = { kind: 'file', path, loop: true, audioTrack: null } as const;
  if (!desk.findRoom('lobby')?.broadcast)
    await desk.start({ room: 'lobby', source, name: 'The secret talk' });
};
const link = async (...words: string[]): Promise<NewLink> => {
  const made = await run('link', '--room', 'lobby', '--json', ...words);
  expect(made.stderr).toBe('');
  return JSON.parse(made.stdout) as NewLink;
};
/** The address of the page as the test's browser reaches it. */
const here = ({ url }: NewLink) => `${both.server.url}${new URL(url).pathname}${new URL(url).hash}`;
const picture = async (page: Page, name: string) => {
  if (process.env.SCREENSHOTS) await page.screenshot({ path: join(process.env.SCREENSHOTS, `${name}.png`) });
};
const whep = async (bearer?: string) => {
  const authorization = bearer === undefined ? undefined : { authorization: `Bearer ${bearer}` };
  const answer = await fetch(`${both.server.url}/whep/lobby`, {
    ...{ method: 'POST', headers: { 'content-type': 'application/sdp', ...authorization }, body: 'v=0' },
  });
  return [answer.status, answer.headers.get('www-authenticate')];
};

test('who has a link comes in by a click, once, and stays when the page is loaded anew', async () => {
  await onAir();
  const made = await link('--name', 'Guest 1', '--max-uses', '1');
  const context = await both.browser.newContext();
  const page = await context.newPage();
  await page.goto(here(made));
  await page.getByText('You are invited').waitFor();
  await picture(page, 'invited');
  // A robot that looks at links has spent nothing.
  expect((await run('links', 'list')).stdout).toMatch(/Guest 1 +valid +0 of 1/);
  await page.getByRole('button', { name: 'Watch' }).click();
  await reached(page, 'playing');
  expect(page.url()).toBe(`${both.server.url}/lobby`);
  expect((await run('links', 'list')).stdout).toMatch(/Guest 1 +spent +1 of 1/);
  expect((await run('viewers')).stdout).toContain(made.link.id);
  await page.reload();
  await reached(page, 'playing');
  // Opened once more by the same browser, it is in already.
  await page.goto('about:blank');
  await page.goto(here(made));
  await reached(page, 'playing');
  const other = await (await both.browser.newContext()).newPage();
  await other.goto(here(made));
  await other.getByRole('button', { name: 'Watch' }).click();
  await other.getByText('This link has been used as often as it may').waitFor();
  await picture(other, 'refused');
  await run('links', 'revoke', made.link.id);
  await uninvited(page);
  await picture(page, 'uninvited');
  // It has no pass any more: the link is asked for anew, and refused.
  await page.goto(here(made));
  await page.getByRole('button', { name: 'Watch' }).click();
  await page.getByText('This link is valid no longer').waitFor();
  await Promise.all([context.close(), other.context().close()]);
});

test('who has no link sees nothing of the room, and comes in when it is opened', async () => {
  await onAir();
  const page = await both.browser.newPage();
  await page.goto(`${both.server.url}/lobby`);
  await uninvited(page);
  expect(await page.content()).not.toContain('secret');
  expect((await fetch(`${both.server.url}/poster/lobby`)).status).toBe(404);
  expect(await (await fetch(both.server.url, { headers: { accept: 'text/html' } })).text()).not.toContain(
    'secret',
  );
  const made = await link();
  const opened = await run('rooms', 'set', 'lobby', 'access=open');
  expect(opened.stderr).toBe('');
  expect((await run('link', '--room', 'lobby')).stderr).toContain('room lobby is open to everybody');
  await page.getByRole('button', { name: 'Try again' }).click();
  await reached(page, 'playing');
  const guest = await (await both.browser.newContext()).newPage();
  await guest.goto(here(made));
  await guest.getByRole('button', { name: 'Watch' }).click();
  await reached(guest, 'playing');
  await run('rooms', 'unset', 'lobby', 'access');
  await uninvited(page);
  expect(await guest.locator('html').getAttribute('data-state')).toBe('playing');
  await Promise.all([page.close(), guest.context().close()]);
});

test('whoever comes by a link while the door does not work keeps the button, and comes in when it does', async () => {
  await onAir();
  const made = await link('--max-uses', '1');
  const page = await (await both.browser.newContext()).newPage();
  const json = (code: string) => ({ json: { error: { code, message: 'expected something' } } });
  type Answer = (route: Route) => Promise<void>;
  const answers: readonly Answer[] = [
    (route) => route.fulfill({ status: 502, contentType: 'text/html', body: '<h1>Bad gateway</h1>' }),
    (route) => route.fulfill({ status: 503, ...json('STATE_UNAVAILABLE') }),
    // The use is written, and the answer gets lost.
    (route) => route.fetch().then(() => route.abort()),
    (route) => route.fulfill({ status: 429, ...json('LIMIT_REACHED') }),
  ];
  let asked = 0;
  await page.route('**/enter/lobby', (route) => {
    if (route.request().method() !== 'POST') return route.continue();
    return answers[asked++]?.(route) ?? route.continue();
  });
  await page.goto(here(made));
  await page.getByRole('button', { name: 'Watch' }).click();
  for (const tries of [1, 2, 3]) {
    await page.getByText('It did not work just now').waitFor();
    expect(asked).toBe(tries);
    if (tries === 1) await picture(page, 'not-now');
    await page.getByRole('button', { name: 'Try again' }).click();
  }
  // Of the crowd nothing needs to be clicked.
  await reached(page, 'playing');
  expect(asked).toBe(5);
  await page.context().close();
});

test('a browser that keeps nothing spends no link', async () => {
  const made = await link('--max-uses', '1');
  const page = await (await both.browser.newContext()).newPage();
  await page.addInitScript(() => {
    Storage.prototype.setItem = () => {
      throw new DOMException('full', 'QuotaExceededError');
    };
  });
  await page.goto(here(made));
  await page.getByRole('button', { name: 'Watch' }).click();
  await page.getByText('This browser keeps nothing of this site').waitFor();
  expect((await run('links', 'list')).stdout).toMatch(new RegExp(`${made.link.id} .* valid +0 of 1`));
  await page.context().close();
});

test('a new link is good where an old pass is kept that is void, and what one tab has got no other forgets', async () => {
  await onAir();
  const old = await link();
  const context = await both.browser.newContext();
  const first = await context.newPage();
  await first.goto(here(old));
  await first.getByRole('button', { name: 'Watch' }).click();
  await reached(first, 'playing');
  await first.goto('about:blank');
  await run('links', 'revoke', old.link.id);
  const made = await link('--max-uses', '1');
  await first.goto(here(made));
  await first.getByText('You are invited').waitFor();
  expect(first.url()).toBe(`${both.server.url}/enter/lobby`);
  // This one is refused with the old pass, while the other gets a new one.
  const late = await context.newPage();
  await late.goto(`${both.server.url}/lobby`);
  await uninvited(late);
  await first.getByRole('button', { name: 'Watch' }).click();
  await reached(first, 'playing');
  const passes = await first.evaluate(() => JSON.stringify(localStorage));
  await late.goto(`${both.server.url}/enter/lobby#mlg_${old.link.id}_some_pass`);
  await reached(late, 'playing');
  await first.reload();
  await reached(first, 'playing');
  expect(await first.evaluate(() => JSON.stringify(localStorage))).toBe(passes);
  expect(await first.evaluate(() => JSON.stringify(sessionStorage))).toBe('{}');
  await context.close();
});

test('a tab whose browser came in by another tab meanwhile asks for nothing more', async () => {
  await onAir();
  const made = await link();
  const context = await both.browser.newContext();
  const [first, second] = [await context.newPage(), await context.newPage()];
  let asked = 0;
  await second.route('**/enter/lobby', (route) => {
    if (route.request().method() === 'POST') asked++;
    return route.continue();
  });
  for (const page of [first, second]) await page.goto(here(made));
  for (const page of [first, second]) {
    await page.getByRole('button', { name: 'Watch' }).click();
    await reached(page, 'playing');
  }
  expect(asked).toBe(0);
  await context.close();
});

test('a WHEP player comes by the secret of a link as its token', async () => {
  await onAir();
  const { secret } = await link('--max-uses', '1');
  expect(await whep()).toEqual([401, 'Bearer realm="mirolive"']);
  expect(await whep('mll_nobodys')).toEqual([401, 'Bearer realm="mirolive", error="invalid_token"']);
  // The offer is none: that is said to who may come in, and nothing is spent by it.
  expect((await whep(secret))[0]).toBe(400);
  expect((await whep(secret))[0]).toBe(400);
});
