import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { type Report, report as reportSchema } from '../../../src/contract/report.ts';
import { daemonAndBrowser } from '../../helpers/daemon-and-browser.ts';
import { inProcess } from '../mirolive.ts';

const both = daemonAndBrowser();
const reached = (page: Page, state: string) => page.locator(`html[data-state="${state}"]`).waitFor();

/** Looks at it, where somebody wants to see that. */
async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env.SCREENSHOTS;
  if (folder) await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
}

test('mirolive report tells how viewers watched, in all its forms, and what of it is removed is gone', async () => {
  const { browser, server } = both;
  const folder = await mkdtemp(join(tmpdir(), 'report-'));
  await using _ = { [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) };
  const run = (...words: string[]) => inProcess([...words, '--socket', server.socket]);
  const asJson = async (...words: string[]): Promise<Report> => {
    const { stdout, stderr, exitCode } = await run('report', ...words, '--json');
    expect([stderr, exitCode]).toEqual(['', 0]);
    return reportSchema.parse(JSON.parse(stdout));
  };
  const source = { kind: 'test', pattern: 'bars', label: '' } as const;
  const name = 'The <b>talk</b>';
  const { id } = await server.daemon.desk.start({ room: 'lobby', source, name });
  expect((await run('report', id)).stdout).toContain('Nobody has watched it.');
  const [one, other] = [await browser.newContext(), await browser.newContext()];
  const [first, second] = [await one.newPage(), await other.newPage()];
  for (const page of [first, second]) await page.goto(`${server.url}/lobby`);
  for (const page of [first, second]) await reached(page, 'playing');
  // What pages say of themselves comes 5 s later.
  await expect.poll(async () => (await asJson(id)).total.firstPicture?.count, { timeout: 60_000 }).toBe(2);
  await expect.poll(async () => (await asJson(id)).total.freezesPerHour, { timeout: 60_000 }).not.toBeNull();
  const found = await asJson(id);
  expect(found).toMatchObject({ room: 'lobby', broadcast: id, title: name });
  expect(found.total).toMatchObject({ there: 0, joined: 2, left: 0, peak: 2 });
  expect(found.total.minutesWatched).toBeGreaterThan(0);
  expect(found.browsers.map(({ name: browserName }) => browserName)).toEqual(['Chrome on Linux']);
  expect(found.kinds.map(({ name: kind }) => kind)).toEqual(['page']);
  // A page that is loaded anew has not left.
  await first.goto('about:blank');
  await expect.poll(() => server.daemon.desk.findRoom('lobby')?.viewers.length).toBe(1);
  await first.goto(`${server.url}/lobby`);
  await reached(first, 'playing');
  await expect.poll(async () => (await asJson(id)).total.firstPicture?.count, { timeout: 60_000 }).toBe(3);
  expect((await asJson('--room', 'lobby')).total).toMatchObject({ joined: 2, left: 0, peak: 2 });

  const words = await run('report', id);
  expect(words.stdout).toContain('2: 0 there before, 2 joined; 0 left');
  expect(words.stdout.split('\n').every((line) => line.length <= 100)).toBe(true);
  const { stdout: csv } = await run('report', id, '--csv', '--every', '1m');
  expect(csv).toMatch(/^from,until,.*\r\n20/);

  const file = join(folder, 'talk.html');
  expect((await run('report', id, '--html', file)).stdout).toBe(`Written: ${file}`);
  expect((await stat(file)).mode & 0o777).toBe(0o640);
  expect(await readFile(file, 'utf8')).toContain('The &lt;b&gt;talk&lt;/b&gt;');
  expect((await run('report', id, '--html', '-')).stdout).toMatch(
    /^<!doctype html>[\s\S]*The &lt;b&gt;talk&lt;\/b&gt;/i,
  );
  expect((await run('report', '--room', 'lobby', '--csv', '-')).stdout).toMatch(/^from,until,/);
  const context = await browser.newContext();
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('console', (message) => faults.push(message.text()));
  page.on('request', (request) => !request.url().startsWith('file:') && faults.push(request.url()));
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    for (const width of [1280, 360]) {
      await page.setViewportSize({ width, height: 800 });
      await page.goto(`file://${file}`);
      await picture(page, `report-${colorScheme}-${width}`);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    }
  }
  expect(faults).toEqual([]);
  await context.close();

  expect((await run('history', 'delete', '--room', 'lobby')).stderr).toContain('expected --yes');
  for (const closed of [one, other]) await closed.close();
  await server.daemon.desk.stop('lobby');
  await expect.poll(() => server.daemon.desk.findRoom('lobby')?.viewers ?? []).toEqual([]);
  const removed = await run('history', 'delete', '--room', 'lobby', '--yes');
  expect(removed.stdout).toMatch(/^Removed of room lobby: \d+ events, and figures of \d+ minutes?$/);
  const nowhere = await run('report', '--room', 'loby');
  expect([nowhere.exitCode, nowhere.stdout]).toEqual([4, '']);
  expect(nowhere.stderr).toContain('there is no room loby now, and nothing is kept of how it was watched');
  const unknown = await run('report', 'b-aaaaaaaaaa');
  expect(unknown.stderr).toContain('there is no broadcast b-aaaaaaaaaa');
  expect(unknown.stderr).toMatch(/next: .*mirolive report --room ROOM/);
});
