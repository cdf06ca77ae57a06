import type { ChildProcess } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { type Client, createClient } from '../src/cli/client.ts';
import { start, succeeded } from './child.ts';
import type { WhipPlace } from './clock-page.ts';
import type { Context } from './context.ts';

const shim = fileURLToPath(new URL('../bin/mirolive', import.meta.url));
/** Loopback alone, free ports, and one worker, so that its load is not shared out. */
const config = (folder: string) => ({
  http: { host: '127.0.0.1', port: 0 },
  rtmp: { host: '127.0.0.1', port: 0 },
  webrtc: { listen: ['127.0.0.1'], port: 0 },
  workers: { count: 1 },
  state: { dir: join(folder, 'state') },
});

/** A real daemon, started from the command line, with a folder and a socket of its own. */
export interface BenchDaemon {
  readonly pid: number;
  /** The address of its page, without a slash at the end. */
  readonly url: string;
  /** From the start of the process to the line that says it is ready, in ms. */
  readonly readyMs: number;
  /** Its control API. */
  readonly client: Client;
  /** Makes a stream key for a room; gives the address at which to publish with it by RTMP. */
  readonly publishUrl: (room: string) => Promise<string>;
  /** The same by WHIP. */
  readonly whipPlace: (room: string) => Promise<WhipPlace>;
  /** Starts a command that speaks to this daemon; its output is dropped. `more` is added to its environment. */
  readonly command: (
    context: Context,
    args: readonly string[],
    more?: Readonly<Record<string, string | undefined>>,
  ) => ChildProcess;
}

/** Starts a daemon that ends with the scope. */
export async function startDaemon(context: Context): Promise<BenchDaemon> {
  const folder = await mkdtemp(join(tmpdir(), 'mirolive-bench-'));
  context.scope.defer(() => rm(folder, { recursive: true, force: true }));
  const configFile = join(folder, 'mirolive.yaml');
  await writeFile(configFile, JSON.stringify(config(folder)));
  const socket = join(folder, 'control.sock');
  const env = { ...process.env, MIROLIVE_SOCKET: socket, MIROLIVE_CONFIG: configFile };
  const startedAt = performance.now();
  const child = start(context, shim, ['daemon'], { env, stdio: ['ignore', 'ignore', 'pipe'] });
  const url = await viewerUrl(child);
  const client = createClient(socket);
  return {
    pid: child.pid as number,
    url,
    readyMs: performance.now() - startedAt,
    client,
    publishUrl: async (room) => {
      const [{ rtmp }, { secret }] = await Promise.all([
        client.call('status', {}),
        client.call('createKey', { room }),
      ]);
      return `${rtmp?.url}/${room}/${secret}`;
    },
    whipPlace: async (room) => {
      const { secret } = await client.call('createKey', { room });
      return { url: `${url}/whip/${room}`, secret };
    },
    command: (inner, args, more) =>
      start(inner, shim, args, { env: { ...env, ...more }, stdio: ['ignore', 'ignore', 'inherit'] }),
  };
}

/** Puts a file on air until the scope ends; resolves when it is on air. */
export async function putOnAir(
  context: Context,
  daemon: BenchDaemon,
  file: string,
  room: string,
  options: readonly string[] = [],
): Promise<void> {
  const args = ['stream', '--detach', '--loop', '--file', file, '--room', room, ...options];
  await succeeded(daemon.command(context, args));
}

function viewerUrl(child: ChildProcess): Promise<string> {
  const lines: string[] = [];
  return new Promise((resolve, reject) => {
    if (!child.stderr) throw new Error('expected the daemon to log to a pipe');
    createInterface({ input: child.stderr }).on('line', (line) => {
      lines.push(line);
      const entry = JSON.parse(line) as { msg?: string; viewerUrl?: string };
      if (entry.msg === 'ready' && entry.viewerUrl) resolve(entry.viewerUrl);
    });
    child.once('error', reject);
    child.once('exit', () => reject(new Error(`the daemon ended:\n${lines.join('\n')}`)));
  });
}
