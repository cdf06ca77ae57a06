import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { downloadWorker } from '../../native/mediasoup-worker/download.mjs';
import { mediasoupPackage, workerCapabilities } from '../../native/mediasoup-worker/locate.mjs';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mirolive-download-test-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Downloads from a release page of our own. */
const download = async (answer: RequestListener, limitMs?: number) => {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const env = { ...process.env, MEDIASOUP_WORKER_PREBUILT_DOWNLOAD_BASE_URL: url };
  try {
    const workFolder = join(folder, 'work');
    return await downloadWorker({ workFolder, node: process.execPath, env, ...(limitMs && { limitMs }) });
  } finally {
    server.closeAllConnections();
    server.close();
  }
};

/** The archive of a release, with a program in it that ends as a worker does, or otherwise. */
const archive = (exitCode: number) => {
  writeFileSync(join(folder, 'mediasoup-worker'), `#!/bin/sh\nexit ${exitCode}\n`, { mode: 0o755 });
  execFileSync('tar', ['czf', 'release.tgz', 'mediasoup-worker'], { cwd: folder });
  return readFileSync(join(folder, 'release.tgz'));
};

test('downloadWorker gets the release of the installed version', async () => {
  const release = archive(41);
  let asked: string | undefined;
  const path = await download((request, response) => {
    asked = request.url;
    response.end(release);
  });
  expect(asked).toMatch(`/${mediasoupPackage().version}/mediasoup-worker-`);
  expect(await workerCapabilities(path ?? '')).toEqual({ srtp: 'openssl', opening: 'keyframe' });
});

test.each<{ name: string; answer: RequestListener; limitMs?: number }>([
  { name: 'has no release for this machine', answer: (_, response) => response.writeHead(404).end() },
  { name: 'sends something else', answer: (_, response) => response.end('<html>') },
  {
    name: 'breaks off',
    answer: (_, response) => response.write(archive(41).subarray(0, 60), () => response.destroy()),
  },
  { name: 'sends what does not start here', answer: (_, response) => response.end(archive(1)) },
  { name: 'does not answer in time', answer: () => {}, limitMs: 500 },
])(
  'downloadWorker gives up when the page $name, and leaves node_modules alone',
  async ({ answer, limitMs }) => {
    expect(await download(answer, limitMs)).toBeUndefined();
    expect(existsSync(join(mediasoupPackage().folder, 'worker', 'prebuild'))).toBe(false);
  },
);
