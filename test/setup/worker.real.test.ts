import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  builtWorkerPath,
  cacheRoot,
  locateWorker,
  mediasoupPackage,
  prebuiltWorkerPath,
  recipeHash,
  workerCapabilities,
} from '../../native/mediasoup-worker/locate.mjs';
import { ownCapabilities } from '../../src/contract/worker-finding.ts';

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
    writeProgram(builtWorkerPath(env), '');
    expect(locateWorker({ env })).toEqual({ path: '/from/environment', origin: 'environment' });
  });

  test('takes an executable of the cache, and nothing else that lies there', () => {
    const env = { MIROLIVE_CACHE_DIR: folder };
    const path = builtWorkerPath(env);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, 'half a worker', { mode: 0o644 });
    expect(locateWorker({ env })?.origin).not.toBe('built');
    rmSync(path);
    writeProgram(path, '');
    expect(locateWorker({ env })).toEqual({ path, origin: 'built' });
  });

  test("takes what was built here before mediasoup's own release, whichever came first", () => {
    const env = { MIROLIVE_CACHE_DIR: folder };
    const prebuilt = writeProgram(prebuiltWorkerPath(env), '');
    expect(locateWorker({ env })).toEqual({ path: prebuilt, origin: 'prebuilt' });
    const built = writeProgram(builtWorkerPath(env), '');
    expect(locateWorker({ env })).toEqual({ path: built, origin: 'built' });
  });
});

describe('the cache', () => {
  test.each([
    { name: 'its own variable', env: { MIROLIVE_CACHE_DIR: '/a', XDG_CACHE_HOME: '/b' }, expected: '/a' },
    { name: 'the XDG variable', env: { XDG_CACHE_HOME: '/b' }, expected: '/b/mirolive' },
  ])('is placed by $name', ({ env, expected }) => {
    expect(cacheRoot(env)).toBe(expected);
  });

  test("keeps what is built by mediasoup's version, platform and recipe; a release by version and platform", () => {
    const env = { MIROLIVE_CACHE_DIR: '/a' };
    const common = `/a/worker/${mediasoupPackage().version}-${process.platform}-${process.arch}`;
    expect(builtWorkerPath(env)).toMatch(`${common}-built-`);
    expect(builtWorkerPath(env)).toMatch(`-${recipeHash()}/mediasoup-worker`);
    expect(prebuiltWorkerPath(env)).toMatch(`${common}-prebuilt-`);
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

describe('workerCapabilities', () => {
  test.each([
    {
      name: 'says what it can',
      text: 'echo \'{"srtp":"nss","opening":"cached"}\'',
      expected: { srtp: 'nss', opening: 'cached' },
    },
    {
      name: "does not know the question, as mediasoup's own",
      text: 'exit 41',
      expected: { srtp: 'openssl', opening: 'keyframe' },
    },
    { name: 'says nonsense', text: 'echo hello', expected: undefined },
    { name: 'says what is not known', text: 'echo \'{"srtp":"nss"}\'', expected: undefined },
    { name: 'does not start', text: 'exit 1', expected: undefined },
  ])('of a binary that $name', async ({ text, expected }) => {
    const path = writeProgram(join(folder, 'mediasoup-worker'), `#!/bin/sh\n${text}\n`);
    expect(await workerCapabilities(path)).toEqual(expected);
  });

  test('of a path that leads through a file are none', async () => {
    const path = join(writeProgram(join(folder, 'mediasoup-worker'), ''), 'mediasoup-worker');
    expect(await workerCapabilities(path)).toBeUndefined();
  });

  test('are those of the source, where it was built here', async () => {
    const { path, origin } = locateWorker() ?? {};
    expect(origin).toBe('built');
    expect(await workerCapabilities(path ?? '')).toEqual(ownCapabilities);
  });
});

describe('the worker of this machine', () => {
  test('starts, and does a DTLS handshake', async () => {
    const path = locateWorker()?.path ?? '';
    const { stdout } = await selfTest(path);
    expect(stdout).toBe(
      'the worker did an ICE check and a DTLS handshake, and sent an SRTP packet through\n',
    );
  });

  test('is refused by the self-test when it dies at once', async () => {
    const path = writeProgram(join(folder, 'mediasoup-worker'), '#!/bin/sh\nexit 1\n');
    expect(await workerCapabilities(path)).toBeUndefined();
    await expect(selfTest(path)).rejects.toThrow("the worker's self-test failed: starting the worker: ");
  });
});
