import type { Browser, Page } from 'playwright-core';
import { launchBrowser } from '../test/helpers/browser.ts';
import type { Context } from './context.ts';

/** Until a picture must be there, in ms. */
const limitMs = 20_000;
/** Trips to the page by which the clocks are compared; the shortest one counts. */
const clockTrips = 10;

/** Headless Chromium that ends with the scope, and leaves signals to the bench. */
export async function openBrowser({ scope }: Context): Promise<Browser> {
  const browser = await launchBrowser({ handleSIGINT: false, handleSIGTERM: false, handleSIGHUP: false });
  scope.defer(() => browser.close());
  return browser;
}

/**
 * Opens an address as somebody who was never there: nothing is in the browser's cache.
 *
 * @param script runs in the page before its own
 * @param ownText what is shown there instead of what the server would give; null: what the server gives
 */
export async function openPage(
  { scope }: Context,
  browser: Browser,
  url: string,
  script: () => void = noteFirstFrame,
  ownText: string | null = null,
): Promise<Page> {
  const browsing = await browser.newContext({ viewport: { width: 1280, height: 720 } });
  scope.defer(() => browsing.close());
  browsing.setDefaultTimeout(limitMs);
  const page = await browsing.newPage();
  if (ownText !== null)
    await page.route(url, (route) => route.fulfill({ contentType: 'text/html', body: ownText }));
  await page.addInitScript(script);
  await page.goto(url);
  return page;
}

/** The moment of the first decoded picture on the page's clock, in ms since the page was opened. */
export async function firstFrameMs(page: Page): Promise<number> {
  const found = await page.waitForFunction(() => (globalThis as { firstFrameMs?: number }).firstFrameMs);
  return (await found.jsonValue()) as number;
}

/** When the page showed its poster, or a picture where that came first, on the page's clock in ms. */
export async function firstStillMs(page: Page): Promise<number> {
  const picture = await firstFrameMs(page);
  const still = await page.evaluate(() => (globalThis as { firstStillMs?: number }).firstStillMs);
  return Math.min(picture, still ?? picture);
}

/** What to add to a moment on the page's clock to have it on `performance.now()` of this process, in ms. */
export async function clockOffset(page: Page): Promise<number> {
  const trips: { took: number; offset: number }[] = [];
  for (let trip = 0; trip < clockTrips; trip++) {
    const before = performance.now();
    const there = await page.evaluate(() => performance.now());
    const after = performance.now();
    trips.push({ took: after - before, offset: (before + after) / 2 - there });
  }
  return trips.reduce((best, trip) => (trip.took < best.took ? trip : best)).offset;
}

/** Runs in the page, before its own script. */
export function noteFirstFrame(): void {
  new PerformanceObserver((drawn) => {
    const [still] = drawn.getEntries() as (PerformanceEntry & { readonly renderTime: number })[];
    Object.assign(globalThis, { firstStillMs: still?.renderTime });
  }).observe({ type: 'element' });
  // What is timed has to say so before it is there.
  new MutationObserver(() => {
    document.querySelector('#poster')?.setAttribute('elementtiming', 'poster');
  }).observe(document, { childList: true, subtree: true });
  addEventListener('DOMContentLoaded', () => {
    document.querySelector('video')?.requestVideoFrameCallback(() => {
      Object.assign(globalThis, { firstFrameMs: performance.now() });
    });
  });
}
