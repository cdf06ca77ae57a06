// `npm run demo`: a daemon of its own, a sample talk on air, and the link; with --check it is its own viewer and says
// in one line of JSON what it saw. It runs on the bundled Node, after the set-up.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { makeTalk } from './demo/talk.mjs';

const mirolive = fileURLToPath(new URL('../bin/mirolive', import.meta.url));
const check = process.argv.includes('--check');
const room = 'lobby';
/** The port of the page where it is free, so that the link is the one of the documentation. */
const usualPort = 8080;
const usualMediaPort = 29_400;
const usualRtmpPort = 1935;
/** Each step of --check may take this long, in ms. */
const stepLimitMs = 20_000;

/** In --check only the last line is for programs; the rest is for people. */
const say = (text) => process.stderr.write(`${text}\n`);

const main = async () => {
  await using cleanup = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'mirolive-demo-'));
  cleanup.defer(() => rm(folder, { recursive: true, force: true }));
  const interrupted = new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => resolve(signal));
  });
  const talk = await makeTalk(say);
  const daemon = await startDaemon(folder, cleanup);
  const link = `${daemon.viewerUrl}/${room}`;
  if (check) return await checked(daemon, link, talk, cleanup);
  say(`\nOpen ${link} in a browser. Ctrl-C ends the demo.\n`);
  const stream = run(
    ['stream', '--file', talk, '--room', room, '--loop', '--name', 'Demo talk'],
    daemon.env,
    'inherit',
  );
  cleanup.defer(() => stopped(stream));
  await Promise.race([interrupted, exited(stream)]);
  return 0;
};

/** A daemon with built-in defaults, but for a private folder, and free ports where the usual ones are taken. */
const startDaemon = async (folder, cleanup) => {
  const usual = [usualPort, usualMediaPort, usualRtmpPort];
  const [page, media, rtmp] = await Promise.all(usual.map(async (port) => ((await isFree(port)) ? port : 0)));
  const config = join(folder, 'mirolive.yaml');
  await writeFile(
    config,
    JSON.stringify({
      http: { port: page },
      rtmp: { port: rtmp },
      webrtc: { port: media },
      state: { dir: join(folder, 'state') },
    }),
  );
  const env = { ...process.env, MIROLIVE_SOCKET: join(folder, 'control.sock'), MIROLIVE_CONFIG: config };
  const startedAt = performance.now();
  const child = run(['daemon'], env, ['ignore', 'ignore', 'pipe']);
  cleanup.defer(() => stopped(child));
  const words = [];
  const viewerUrl = await new Promise((resolve, reject) => {
    createInterface({ input: child.stderr }).on('line', (line) => {
      words.push(line);
      const entry = parsed(line);
      if (entry?.msg === 'ready') resolve(entry.viewerUrl);
    });
    child.once('exit', () => reject(new Error(`the daemon did not start:\n${words.join('\n')}`)));
  });
  return { viewerUrl, env, readyMs: Math.round(performance.now() - startedAt) };
};

const checked = async (daemon, link, talk, cleanup) => {
  const stream = run(['stream', '--file', talk, '--room', room, '--loop', '--json'], daemon.env, [
    'ignore',
    'pipe',
    'inherit',
  ]);
  cleanup.defer(() => stopped(stream));
  const lines = createInterface({ input: stream.stdout });
  await within(stepLimitMs, 'the stream to start', async () => {
    for await (const line of lines) {
      const event = parsed(line);
      if (event?.error) throw new Error(event.error.message);
      if (event?.type === 'broadcast.started') return;
    }
    throw new Error('mirolive stream ended before it was on air');
  });
  // What is left of its output must be read, or it would block one day.
  lines.resume();
  const browser = process.env.CHROMIUM ?? '/usr/bin/chromium';
  const watch = existsSync(browser)
    ? (await import('./demo/watch-in-browser.mjs')).watchInBrowser(browser, link)
    : (await import('./demo/watch-by-whep.mjs')).watchByWhep(`${daemon.viewerUrl}/whep/${room}`);
  const seen = await within(stepLimitMs, '30 pictures and sound', () => watch);
  const setupSeconds = Number(process.env.MIROLIVE_SETUP_S ?? 'NaN');
  const setup = Number.isFinite(setupSeconds) ? { setup_s: setupSeconds } : {};
  process.stdout.write(
    `${JSON.stringify({ ok: true, ...setup, daemon_ready_ms: daemon.readyMs, ...seen })}\n`,
  );
  return 0;
};

const run = (args, env, stdio) => spawn(mirolive, args, { env, stdio });

const exited = (child) =>
  new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve();
    else child.once('exit', resolve);
  });

const stopped = async (child) => {
  child.kill('SIGTERM');
  await exited(child);
};

const within = async (ms, what, act) => {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`waited ${ms / 1000} s for ${what}`)), ms);
  });
  try {
    return await Promise.race([act(), late]);
  } finally {
    clearTimeout(timer);
  }
};

const isFree = (port) =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, () => server.close(() => resolve(true)));
  });

const parsed = (line) => {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
};

try {
  process.exitCode = await main();
} catch (error) {
  if (check) process.stdout.write(`${JSON.stringify({ ok: false, error: error.message })}\n`);
  say(`error: ${error.message}\n  next: bin/mirolive doctor`);
  process.exitCode = 1;
}
// All that was started has ended; werift keeps a timer that would hold the process.
process.exit();
