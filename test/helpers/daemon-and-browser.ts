import type { Browser } from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';
import { launchBrowser } from './browser.ts';
import { startDaemon, type TestConfig, type TestDaemon } from './daemon.ts';

/** What the tests of a file have in common: there while they run. */
export interface DaemonAndBrowser {
  readonly browser: Browser;
  readonly server: TestDaemon;
}

/**
 * Gives all tests of a file one daemon and one browser. To be called where the file begins.
 *
 * @param config the configuration, or what makes it
 */
export function daemonAndBrowser(config: TestConfig | (() => Promise<TestConfig>) = {}): DaemonAndBrowser {
  const scope = new AsyncDisposableStack();
  const both: { browser?: Browser; server?: TestDaemon } = {};
  beforeAll(async () => {
    both.server = scope.use(await startDaemon(typeof config === 'function' ? await config() : config));
    both.browser = scope.adopt(await launchBrowser(), (browser) => browser.close());
  });
  afterAll(() => scope.disposeAsync());
  return both as DaemonAndBrowser;
}
