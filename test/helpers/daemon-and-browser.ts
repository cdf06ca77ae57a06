import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, vi } from 'vitest';
import { launchBrowser } from './browser.ts';
import { startDaemon, type TestConfig, type TestDaemon } from './daemon.ts';

/** What the tests of a file have in common: there while they run. */
export interface DaemonAndBrowser {
  readonly browser: Browser;
  readonly server: TestDaemon;
}

/**
 * Gives all tests of a file one daemon and one browser. To be called where the file begins. They may take long
 * where the machine has much else to do.
 *
 * @param config the configuration, or what makes it
 * @param atOnce how many concurrent tests run at the same time: each waits most of the time, but for those that begin one source after the other
 */
export function daemonAndBrowser(
  config: TestConfig | (() => Promise<TestConfig>) = {},
  atOnce = 3,
): DaemonAndBrowser {
  vi.setConfig({ maxConcurrency: atOnce, testTimeout: 180_000 });
  const scope = new AsyncDisposableStack();
  const both: { browser?: Browser; server?: TestDaemon } = {};
  beforeAll(async () => {
    const { media, ...sections } = typeof config === 'function' ? await config() : config;
    // That a probe takes long is no fault here.
    both.server = scope.use(await startDaemon({ ...sections, media: { probeTimeout: '60s', ...media } }));
    both.browser = scope.adopt(await launchBrowser(), (browser) => browser.close());
  });
  afterAll(() => scope.disposeAsync());
  return both as DaemonAndBrowser;
}
