import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import {
  builtWorkerPath,
  cacheRoot,
  locateWorker,
  prebuiltWorkerPath,
} from '../../native/mediasoup-worker/locate.mjs';
import { findWorker, makeWorker, whichWorker } from '../../scripts/setup/worker.mjs';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const selfTest = join(import.meta.dirname, '../../native/mediasoup-worker/self-test.mjs');
let folder: Awaited<ReturnType<typeof temporaryFolder>>;

beforeEach(async () => {
  folder = await temporaryFolder();
  // Compiling takes minutes: what stands for it leaves a worker that starts, and counts.
  const tools = join(folder.path, 'tools');
  const worker = program(join(folder.path, 'built'), 'exit 41');
  program(join(tools, 'patch'), 'cat >/dev/null');
  program(join(tools, 'cmake'), `mkdir -p "$6"`);
  program(join(tools, 'ninja'), `echo build >>${folder.path}/builds; cp ${worker} "$2/mediasoup-worker"`);
  vi.stubEnv('PATH', `${tools}:${process.env.PATH}`);
  vi.stubEnv('MIROLIVE_CACHE_DIR', join(folder.path, 'cache'));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await folder[Symbol.asyncDispose]();
});

function program(path: string, text: string): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `#!/bin/sh\n${text}\n`);
  chmodSync(path, 0o755);
  return path;
}

/** Makes one in a checkout whose self-test ends so. */
function make(exitCode: number): Promise<void> {
  const root = join(folder.path, 'checkout');
  const path = join(root, 'native', 'mediasoup-worker', 'self-test.mjs');
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `process.exitCode = ${exitCode};`);
  return makeWorker(root, process.execPath, () => {});
}

const builds = () => readFileSync(join(folder.path, 'builds'), 'utf8').trim().split('\n').length;

/** Puts a worker into the cache that was wanted so many days ago. */
function cached(name: string, days: number, text = 'exit 41'): string {
  const path = program(join(cacheRoot(), 'worker', name, 'mediasoup-worker'), text);
  const at = Date.now() / 1000 - days * 86_400;
  utimesSync(dirname(path), at, at);
  return path;
}

const older = (index: number) =>
  `${dirname(builtWorkerPath()).split('/').at(-1)?.slice(0, -12)}${`${index}`.padStart(12, '0')}`;

test('a worker whose self-test was not over in time is not used, and not built again but tested', async () => {
  await expect(make(75)).rejects.toThrow('the mediasoup worker could not be built');
  expect(locateWorker()?.path).not.toBe(builtWorkerPath());
  await make(0);
  expect(locateWorker()).toEqual({ path: builtWorkerPath(), origin: 'built' });
  expect(builds()).toBe(1);
});

test('a worker that its self-test refuses is built anew', async () => {
  await expect(make(1)).rejects.toThrow('the mediasoup worker could not be built');
  await make(0);
  expect(builds()).toBe(2);
});

// The time of the first is over before the worker is started.
test.each(['1', '300'])(
  'the self-test says of a worker that was not ready in %s ms that it does not know',
  async (limitMs) => {
    // It never answers, and ends as a worker does: when nobody can tell it anything any more.
    const worker = program(join(folder.path, 'slow'), 'exec cat <&3 >/dev/null');
    const child = spawn(process.execPath, [selfTest, worker, limitMs], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const [code] = await once(child, 'exit');
    expect(code).toBe(75);
  },
);

test("after a change of the source a machine that builds its worker does not take mediasoup's own", async () => {
  const prebuilt = program(prebuiltWorkerPath(), 'exit 41');
  expect(whichWorker('any')).toBe('any');
  expect(await findWorker(whichWorker('any'))).toEqual({ path: prebuilt, origin: 'prebuilt' });
  cached(older(1), 1);
  expect(whichWorker('any')).toBe('built');
  expect(await findWorker(whichWorker('any'))).toBeUndefined();
  await make(0);
  expect(await findWorker(whichWorker('any'))).toEqual({ path: builtWorkerPath(), origin: 'built' });
});

test('workers of older sources are removed, but for those that were wanted last and those that run', async () => {
  const running = spawn(cached(older(9), 9, 'read nothing'), { stdio: ['pipe', 'ignore', 'ignore'] });
  await once(running, 'spawn');
  for (let days = 1; days < 9; days += 1) cached(older(days), days);
  await make(0);
  const left = [...[1, 2, 3, 4, 9].map(older), dirname(builtWorkerPath()).split('/').at(-1)];
  expect(readdirSync(join(cacheRoot(), 'worker')).toSorted()).toEqual(left.toSorted());
  running.stdin?.end();
  await once(running, 'exit');
});

test('a worker that is found counts as wanted now', async () => {
  const path = cached(dirname(builtWorkerPath()).split('/').at(-1) ?? '', 100);
  const yesterday = Date.now() - 86_400_000;
  expect(statSync(dirname(path)).mtimeMs).toBeLessThan(yesterday);
  await findWorker('built');
  expect(statSync(dirname(path)).mtimeMs).toBeGreaterThan(yesterday);
});
