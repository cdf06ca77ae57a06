import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  cachedWorkerPath,
  cacheRoot,
  locateWorker,
  mediasoupPackage,
  recipeHash,
  workerStarts,
} from '../../native/mediasoup-worker/locate.mjs';

const native = join(import.meta.dirname, '../../native/mediasoup-worker');
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mirolive-worker-test-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const selfTest = (path: string) =>
  promisify(execFile)(process.execPath, [join(native, 'self-test.mjs'), path]);

const writeProgram = (path: string, text: string) => {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text, { mode: 0o755 });
  return path;
};

describe('locateWorker', () => {
  test('takes the configured binary before all others, as it is', () => {
    const env = { MIROLIVE_CACHE_DIR: folder, MEDIASOUP_WORKER_BIN: '/from/environment' };
    expect(locateWorker({ workerBin: '/from/config', env })).toEqual({
      path: '/from/config',
      origin: 'config',
    });
  });

  test('takes MEDIASOUP_WORKER_BIN before the cache', () => {
    const env = { MIROLIVE_CACHE_DIR: folder, MEDIASOUP_WORKER_BIN: '/from/environment' };
    writeProgram(cachedWorkerPath(env), '');
    expect(locateWorker({ env })).toEqual({ path: '/from/environment', origin: 'environment' });
  });

  test('takes an executable of the cache, and nothing else that lies there', () => {
    const env = { MIROLIVE_CACHE_DIR: folder };
    const path = cachedWorkerPath(env);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, 'half a worker', { mode: 0o644 });
    expect(locateWorker({ env })?.origin).not.toBe('cache');
    rmSync(path);
    writeProgram(path, '');
    expect(locateWorker({ env })).toEqual({ path, origin: 'cache' });
  });
});

describe('the cache', () => {
  test.each([
    { name: 'its own variable', env: { MIROLIVE_CACHE_DIR: '/a', XDG_CACHE_HOME: '/b' }, expected: '/a' },
    { name: 'the XDG variable', env: { XDG_CACHE_HOME: '/b' }, expected: '/b/mirolive' },
  ])('is placed by $name', ({ env, expected }) => {
    expect(cacheRoot(env)).toBe(expected);
  });

  test("is keyed by mediasoup's version, platform and recipe", () => {
    const path = cachedWorkerPath({ MIROLIVE_CACHE_DIR: '/a' });
    const { version } = mediasoupPackage();
    expect(path).toMatch(`/a/worker/${version}-${process.platform}-${process.arch}-`);
    expect(path).toMatch(`-${recipeHash()}/mediasoup-worker`);
  });
});

describe('recipeHash', () => {
  test.each([
    { file: 'CMakeLists.txt', changes: true },
    { file: 'shims/srtp.h', changes: true },
    { file: 'patches/another.patch', changes: true },
    { file: 'README.md', changes: false },
    { file: 'self-test.mjs', changes: false },
  ])('with another $file differs: $changes', ({ file, changes }) => {
    cpSync(native, folder, { recursive: true });
    expect(recipeHash(folder)).toBe(recipeHash());
    writeFileSync(join(folder, file), 'something else');
    expect(recipeHash(folder) !== recipeHash()).toBe(changes);
  });
});

describe('the worker of this machine', () => {
  test('starts, and does a DTLS handshake', async () => {
    const path = locateWorker()?.path ?? '';
    expect(workerStarts(path)).toBe(true);
    const { stdout } = await selfTest(path);
    expect(stdout).toBe('the worker did an ICE check and a DTLS handshake\n');
  });

  test('is refused by the self-test when it dies at once', async () => {
    const path = writeProgram(join(folder, 'mediasoup-worker'), '#!/bin/sh\nexit 1\n');
    expect(workerStarts(path)).toBe(false);
    await expect(selfTest(path)).rejects.toThrow("the worker's self-test failed: starting the worker: ");
  });
});
