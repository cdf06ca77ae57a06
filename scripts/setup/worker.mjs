import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { buildWorker, placeWorker } from '../../native/mediasoup-worker/build.mjs';
import { downloadWorker } from '../../native/mediasoup-worker/download.mjs';
import {
  builtWorkerPath,
  cacheRoot,
  locateWorker,
  prebuiltWorkerPath,
  workerCapabilities,
} from '../../native/mediasoup-worker/locate.mjs';
import { runCommand } from '../../native/mediasoup-worker/run-command.mjs';
import { explain, SetupFailed } from './setup-failed.mjs';
import { processIsAlive } from './setup-lock.mjs';

const WORK_FOLDER = /^\.work-(\d+)$/;

/**
 * The worker that this machine already has, and that starts on it: one that does not is left where it is until another
 * one is built in its place. `wanted`: 'any' is content with mediasoup's own release, anything else is not.
 */
export const findWorker = async (wanted) => {
  const found = locateWorker();
  if (!found || (found.origin === 'prebuilt' && wanted !== 'any')) return undefined;
  if (await workerCapabilities(found.path)) return found;
  if (found.origin === 'environment') {
    throw new SetupFailed(`MEDIASOUP_WORKER_BIN names ${found.path}, which does not start on this machine`, {
      next: 'unset MEDIASOUP_WORKER_BIN',
    });
  }
  return undefined;
};

/** Tries mediasoup's own download. Resolves to whether the cache has a release now that passed the self-test. */
export const fetchWorker = async (root, node, signal) => {
  if (await workerCapabilities(prebuiltWorkerPath())) return true;
  return await withWorkFolder(async (workFolder) => {
    const binary = await downloadWorker({ workFolder, node, signal });
    if (!binary) return false;
    try {
      await testWorker(root, node, binary, signal);
    } catch {
      signal?.throwIfAborted();
      return false;
    }
    await placeWorker(binary, prebuiltWorkerPath());
    return true;
  });
};

/** Builds a worker into the cache, once it has passed the self-test. */
export const makeWorker = (root, node, onProgress, signal) =>
  explain('the mediasoup worker could not be built', 'npm run worker', () =>
    withWorkFolder(async (workFolder) => {
      const binary = await buildWorker({ workFolder, onProgress, signal });
      onProgress(1);
      await testWorker(root, node, binary, signal);
      await placeWorker(binary, builtWorkerPath());
    }),
  );

const testWorker = (root, node, binary, signal) =>
  runCommand(node, [join(root, 'native', 'mediasoup-worker', 'self-test.mjs'), binary], { signal });

// In the cache, so that the finished binary only has to be renamed. Named after this process: what a killed one left
// is removed, what a running one uses is left alone.
const withWorkFolder = async (act) => {
  const parent = join(cacheRoot(), 'worker');
  await mkdir(parent, { recursive: true });
  for (const name of await readdir(parent)) {
    const pid = Number(WORK_FOLDER.exec(name)?.[1]);
    if (pid && !processIsAlive(pid)) await rm(join(parent, name), { recursive: true, force: true });
  }
  const workFolder = join(parent, `.work-${process.pid}`);
  try {
    await rm(workFolder, { recursive: true, force: true });
    return await act(workFolder);
  } finally {
    await rm(workFolder, { recursive: true, force: true });
  }
};
