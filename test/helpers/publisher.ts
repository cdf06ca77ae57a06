import type { Browser } from 'playwright-core';
import { launchBrowser } from './browser.ts';
import { type PageOffer, publish, startPublisherSite } from './publisher-page.ts';
import { type EncoderOptions, encoder } from './rtmp-encoder.ts';

/** Somebody who publishes, in a process of its own. */
export interface Publisher extends AsyncDisposable {
  /** To the process that sends. */
  signal(signal: NodeJS.Signals): void;
  /** Says that it is over, and ends. */
  leave(): Promise<void>;
}

/** ffmpeg, which publishes by RTMP. */
export function rtmpPublisher(url: string, options: EncoderOptions): Publisher {
  const sending = encoder(url, options);
  return {
    signal: (signal) => sending.kill(signal),
    async leave() {
      sending.kill('SIGTERM');
      await sending;
    },
    [Symbol.asyncDispose]: () => sending[Symbol.asyncDispose](),
  };
}

/** A page in a browser of its own, which publishes by WHIP. */
export async function pagePublisher(offer: PageOffer): Promise<Publisher> {
  await using scope = new AsyncDisposableStack();
  const site = scope.use(await startPublisherSite());
  const browser = await launchBrowser();
  scope.defer(() => browser.close());
  const page = await site.open(browser);
  const { resource } = await publish(page, offer);
  const pids = await renderersOf(browser);
  const signal = (name: NodeJS.Signals) => {
    for (const pid of pids) kill(pid, name);
  };
  // What was stopped does not end.
  scope.defer(() => signal('SIGKILL'));
  const held = scope.move();
  return {
    signal,
    async leave() {
      await page.evaluate(
        (address) => fetch(address, { method: 'DELETE' }),
        new URL(resource ?? '', offer.url).href,
      );
    },
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
}

/** The processes of a browser's pages, and those that it keeps ready for more. */
async function renderersOf(browser: Browser): Promise<number[]> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  return processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => id);
}

function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
