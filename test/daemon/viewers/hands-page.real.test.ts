import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import type { Hand } from '../../../src/contract/models.ts';
import { inProcess } from '../../cli/mirolive.ts';
import { daemonAndBrowser } from '../../helpers/daemon-and-browser.ts';
import { sample } from '../../helpers/media/sample-files.ts';

const both = daemonAndBrowser({ rooms: { lobby: { hands: true } } });
const run = (...words: string[]) => inProcess([...words, '--socket', both.server.socket]);
const hands = async () => JSON.parse((await run('hands', '--json')).stdout) as Hand[];
const names = async () => (await hands()).map(({ name }) => name);
const button = (page: Page) => page.getByRole('button', { name: 'Raise your hand', exact: true }).first();
const isUp = (page: Page) => button(page).getAttribute('aria-pressed');
const picture = async (page: Page, name: string) => {
  if (process.env.SCREENSHOTS) await page.screenshot({ path: join(process.env.SCREENSHOTS, `${name}.png`) });
};
/** Runs in the page, before its own script. */
function keepSockets(): void {
  const sockets: WebSocket[] = [];
  Object.assign(globalThis, { sockets });
  globalThis.WebSocket = class extends WebSocket {
    constructor(...args: ConstructorParameters<typeof WebSocket>) {
      super(...args);
      sockets.push(this);
    }
  };
}
const viewers = () => both.server.daemon.desk.findRoom('lobby')?.viewers ?? [];
const open = async () => {
  const { desk } = both.server.daemon;
  const source = { kind: 'file', path: await sample('talk.mp4'), loop: true, audioTrack: null } as const;
  if (!desk.findRoom('lobby')?.broadcast) await desk.start({ room: 'lobby', source });
  const page = await (await both.browser.newContext()).newPage();
  await page.addInitScript(keepSockets);
  await page.goto(`${both.server.url}/lobby`);
  await page.locator('html[data-state="playing"]').waitFor();
  return page;
};
const raise = async (page: Page, name: string) => {
  await button(page).click();
  await page.getByRole('textbox', { name: 'Your name, for who runs the room' }).fill(name);
  await picture(page, 'hand-asked');
  await page.keyboard.press('Enter');
  await expect.poll(() => isUp(page)).toBe('true');
};

test('A viewer raises a hand, is the same after the page was loaded anew, and hears that it was lowered', async () => {
  const page = await open();
  // Letters that are keys of the page are letters of a name.
  await raise(page, 'Mef Fmh <b>');
  await picture(page, 'hand-up');
  expect(await page.evaluate(() => document.fullscreenElement)).toBeNull();
  const [up] = await hands();
  expect(up).toMatchObject({ name: 'Mef Fmh <b>', room: 'lobby', here: true });
  expect((await run('hands')).stdout).toContain('Mef Fmh <b>');
  expect((await run('viewers')).stdout).toMatch(/HAND[\s\S]*Mef Fmh <b>/);
  await page.reload();
  await page.locator('html[data-state="playing"]').waitFor();
  await expect.poll(() => isUp(page)).toBe('true');
  expect((await hands()).map(({ id, here }) => [id, here])).toEqual([[up?.id, true]]);
  const lowered = await run('hands', 'lower', up?.id ?? '');
  expect(lowered.stdout).toBe(`Lowered: ${up?.id}`);
  await expect.poll(() => isUp(page)).toBe('false');
  await page.getByText('Your hand was lowered').waitFor({ state: 'attached' });
  // It knows the name by now.
  await page.keyboard.press('h');
  expect(await page.getByRole('textbox').inputValue()).toBe('Mef Fmh <b>');
  await page.keyboard.press('Escape');
  expect(await isUp(page)).toBe('false');
  await page.context().close();
});

test('Tabs of one browser are viewers of their own, and whoever has a hand up lowers it himself', async () => {
  const page = await open();
  await raise(page, 'Anna');
  const tab = await page.context().newPage();
  await tab.goto(`${both.server.url}/lobby`);
  await expect.poll(() => isUp(tab)).toBe('false');
  await raise(tab, 'Bob');
  expect(await names()).toEqual(['Anna', 'Bob']);
  await button(page).click();
  await expect.poll(names).toEqual(['Bob']);
  await tab.keyboard.press('h');
  await expect.poll(names).toEqual([]);
  await page.context().close();
});

test('A hand stays up where the line is lost for a moment, and what was asked for meanwhile is done', async () => {
  const page = await open();
  await raise(page, 'Anna');
  const [up] = await hands();
  const cut = (andThen: 'click' | null) =>
    page.evaluate((then) => {
      (globalThis as unknown as { sockets: WebSocket[] }).sockets.at(-1)?.close();
      if (then) document.querySelector<HTMLButtonElement>('.hand')?.click();
    }, andThen);
  const sockets = () =>
    page.evaluate(() => (globalThis as unknown as { sockets: WebSocket[] }).sockets.length);
  await cut(null);
  await expect.poll(sockets).toBe(2);
  await expect.poll(async () => (await hands()).map(({ id, here }) => [id, here])).toEqual([[up?.id, true]]);
  expect(await isUp(page)).toBe('true');
  await cut('click');
  await expect.poll(names).toEqual([]);
  await expect.poll(() => isUp(page)).toBe('false');
  expect(viewers().filter(({ id }) => id === up?.id)).toHaveLength(1);
  await page.context().close();
});

test('Where no hands are raised any more the button goes, and comes back', async () => {
  const page = await open();
  await raise(page, 'Anna');
  await run('rooms', 'set', 'lobby', 'hands=false');
  await button(page).waitFor({ state: 'hidden' });
  expect(await hands()).toEqual([]);
  await run('rooms', 'set', 'lobby', 'hands=true');
  await button(page).waitFor();
  expect(await isUp(page)).toBe('false');
  await page.context().close();
});
