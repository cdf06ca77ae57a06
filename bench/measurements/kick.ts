import type { Page } from 'playwright-core';
import { succeeded } from '../child.ts';
import type { Context } from '../context.ts';
import { type BenchDaemon, startDaemon } from '../mirolive.ts';
import { clockOffset, openBrowser, openPage } from '../page.ts';
import { type Row, row } from '../row.ts';

/** What is expected of a kick, in ms. */
const mostMs = 500;
const room = 'lobby';

/** How long it takes until who is put out sees nothing any more: from the command, and from the call that it makes. */
export async function kick(context: Context): Promise<Row[]> {
  const daemon = await startDaemon(context);
  const source = { kind: 'test', pattern: 'motion', label: '' } as const;
  await daemon.client.call('startBroadcast', { room, source });
  const page = await openPage(context, await openBrowser(context), `${daemon.url}/${room}`);
  const [byCall, byCommand]: [number[], number[]] = [[], []];
  for (let run = 0; run < (context.runs ?? 10); run++) {
    byCall.push(await kicked(daemon, page, (id) => daemon.client.call('kickViewers', { ids: [id] })));
    const command = (id: string) => succeeded(daemon.command(context, ['viewers', 'kick', id]));
    byCommand.push(await kicked(daemon, page, command));
  }
  const facts = { unit: 'ms', atMost: mostMs } as const;
  return [
    row({ ...facts, name: 'kick → page without picture', values: byCommand }),
    row({ ...facts, name: 'the same, 95 %', values: byCommand, statistic: 'p95' }),
    row({ ...facts, name: 'kick by the control API → page without picture', values: byCall }),
  ];
}

/** By one way to put somebody out, in ms. */
async function kicked(
  daemon: BenchDaemon,
  page: Page,
  act: (id: string) => Promise<unknown>,
): Promise<number> {
  // Its page does not come back by itself.
  await page.goto(`${daemon.url}/${room}`);
  await page.locator('html[data-state="playing"]').waitFor();
  const [{ id = '' } = {}] = await daemon.client.call('listViewers', { room });
  const offset = await clockOffset(page);
  const gone = page.evaluate(pictureGoneMs);
  // The page has begun to look before the clock is read.
  await page.evaluate(() => {});
  const startedAt = performance.now();
  await act(id);
  return (await gone) + offset - startedAt;
}

/** Runs in the page: when it was drawn without its picture, on its clock. */
function pictureGoneMs(): Promise<number> {
  const drawn = (done: (ms: number) => void) =>
    requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now())));
  return new Promise((done) => {
    const { documentElement } = document;
    new MutationObserver(() => {
      if (documentElement.dataset.state === 'kicked') drawn(done);
    }).observe(documentElement, { attributes: true });
  });
}
