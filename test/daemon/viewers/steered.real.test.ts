import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { inProcess } from '../../cli/mirolive.ts';
import { daemonAndBrowser } from '../../helpers/daemon-and-browser.ts';

const both = daemonAndBrowser();
const reached = (page: Page, state: string) => page.locator(`html[data-state="${state}"]`).waitFor();

/** Looks at a page as wide as a desktop's and as a phone's, where somebody wants to see that. */
async function picture(page: Page, name: string): Promise<void> {
  if (!process.env.SCREENSHOTS) return;
  for (const width of [1280, 360]) {
    await page.setViewportSize({ width, height: width === 360 ? 640 : 720 });
    await page.screenshot({ path: join(process.env.SCREENSHOTS, `${name}-${width}.png`) });
  }
}

test('operators see how viewers fare, and tell, put out, ban and bound them, before their eyes', async () => {
  const { browser, server } = both;
  const viewers = async (...words: string[]) => {
    const { stdout, stderr, exitCode } = await inProcess([
      'viewers',
      ...words,
      '--json',
      '--socket',
      server.socket,
    ]);
    expect([stderr, exitCode]).toEqual(['', 0]);
    return JSON.parse(stdout);
  };
  await server.daemon.desk.start({
    room: 'lobby',
    source: { kind: 'test', pattern: 'bars', label: '' },
    name: 'The talk',
  });
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(`${server.url}/lobby`);
  await reached(page, 'playing');
  const one = async () =>
    (await viewers('list', '--room', 'lobby')) as { id: string; firstPictureMs: number }[];
  // What its page says of itself comes 5 s later.
  await expect.poll(async () => (await one())[0]?.firstPictureMs).toBeGreaterThan(0);
  // So does what its line loses: at the first look too little was sent to say.
  await expect.poll(one).toMatchObject([
    {
      browserName: expect.stringMatching(/^Chrome \d+ on Linux$/),
      lossPercent: expect.any(Number),
      lookedAt: expect.any(String),
      freezes: expect.any(Number),
    },
  ]);

  expect(await viewers('announce', 'We go on in five minutes', '--room', 'lobby')).toEqual({
    reached: 1,
    unreached: [],
  });
  await page.getByRole('alert').getByText('We go on in five minutes').waitFor();
  await picture(page, 'announced');
  await page.getByRole('button', { name: 'Close the message' }).click();

  await viewers('limit', 'lobby', '1');
  const second = await (await browser.newContext()).newPage();
  await second.goto(`${server.url}/lobby`);
  await reached(second, 'full');
  await picture(second, 'full');

  await expect.poll(async () => (await one()).length).toBe(1);
  const [{ id = '' } = {}] = await one();
  await viewers('kick', id, '--reason', 'Please use the other room');
  await reached(page, 'kicked');
  expect(await page.getByRole('status').textContent()).toContain('Please use the other room');
  await picture(page, 'kicked');
  // The place that is free is who waited for it has.
  await reached(second, 'playing');
  await viewers('limit', 'lobby', 'none');
  await page.getByRole('button', { name: 'Come back' }).click();
  await reached(page, 'playing');

  const back = (await one()).find((viewer) => viewer.id !== id);
  expect(back).toBeDefined();
  const mine = await page.evaluate(() => localStorage.getItem('mirolive-browser'));
  const { ban, kicked } = await viewers('ban', mine ?? '', '--for', '1h', '--reason', 'Too loud');
  expect(kicked).toHaveLength(1);
  await reached(page, 'banned');
  await picture(page, 'banned');
  const tab = await context.newPage();
  await tab.goto(`${server.url}/lobby`);
  await reached(tab, 'banned');
  expect(await tab.getByRole('status').textContent()).toContain('Too loud');
  await viewers('unban', ban.id);
  await tab.reload();
  await reached(tab, 'playing');
  await Promise.all([context.close(), second.context().close()]);
});
