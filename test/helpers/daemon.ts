import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino, { type Logger } from 'pino';
import { type Config, config as configSchema } from '../../src/contract/config.ts';
import { Daemon } from '../../src/daemon/daemon.ts';

/** A real daemon in this process, on loopback, with free ports, its socket and its state in a folder of its own. */
export interface TestDaemon extends AsyncDisposable {
  readonly daemon: Daemon;
  readonly url: string;
  readonly socket: string;
  readonly folder: string;
}

/** Sections of the configuration, as they would stand in a file. */
export type TestConfig = { readonly [S in keyof Config]?: Record<string, unknown> };

/** Starts a daemon with built-in defaults but for what a test must not take: ports, addresses, one worker. */
export async function startDaemon(
  overrides: TestConfig = {},
  { log = standardLog() }: { readonly log?: Logger } = {},
): Promise<TestDaemon> {
  const folder = await mkdtemp(join(tmpdir(), 'mirolive-test-'));
  const config = configSchema.parse({
    ...overrides,
    http: { host: '127.0.0.1', port: 0, ...overrides.http },
    rtmp: { host: '127.0.0.1', port: 0, ...overrides.rtmp },
    webrtc: { port: 0, listen: ['127.0.0.1'], ...overrides.webrtc },
    workers: { count: 1, ...overrides.workers },
    state: { dir: join(folder, 'state'), ...overrides.state },
  });
  const socket = join(folder, 'control.sock');
  // As a file would say it.
  const roomWords = (overrides.rooms ?? {}) as Record<string, Record<string, unknown>>;
  const daemon = await Daemon.create({ config, roomWords, socket, log, env: process.env });
  return {
    daemon,
    url: daemon.viewerUrl,
    socket,
    folder,
    async [Symbol.asyncDispose]() {
      await daemon.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function standardLog(): Logger {
  return pino({ level: process.env.TEST_LOG ?? 'silent' }, pino.destination({ dest: 2, sync: true }));
}
