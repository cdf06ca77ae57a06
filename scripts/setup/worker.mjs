import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { buildWorker, placeWorker } from '../../native/mediasoup-worker/build.mjs';
import { downloadWorker } from '../../native/mediasoup-worker/download.mjs';
import {
  builtWorkerPath,
  builtWorkers,
  cacheRoot,
  locateWorker,
  prebuiltWorkerPath,
  workerCapabilities,
} from '../../native/mediasoup-worker/locate.mjs';
import { runCommand } from '../../native/mediasoup-worker/run-command.mjs';
import { commandLines } from './command-lines.mjs';
import { explain, SetupFailed } from './setup-failed.mjs';
import { processIsAlive } from './setup-lock.mjs';

const WORK_FOLDER = /^\.work-(\d+)$/;
/** So many workers are kept, those that were wanted last: other checkouts have other ones. */
const KEPT = 5;
/** The exit code of the self-test that says something against a worker; it may also have been slow, or was killed. */
const REFUSED = 1;

/** Whether this machine has built a worker, of whatever source. */
const hasBuilt = () => builtWorkers().some((path) => existsSync(path));

/** 'any' is 'built' where one was built before: whoever had mirolive's own worker does not get mediasoup's by an upgrade. */
export const whichWorker = (wanted) => (wanted === 'any' && hasBuilt() ? 'built' : wanted);

/**
 * The worker that this machine already has, and that starts on it: one that does not is left where it is until another
 * one is built in its place. `wanted`: 'any' is content with mediasoup's own release, anything else is not.
 */
export const findWorker = async (wanted) => {
  const found = locateWorker();
  if (!found || (found.origin === 'prebuilt' && wanted !== 'any')) return undefined;
  if (await workerCapabilities(found.path)) {
    await noteWanted(found.path);
    return found;
  }
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

/**
 * Builds a worker into the cache, once it has passed the self-test. One that was built, and of which nobody could find out in time whether it
 * does, is not built again, but tested.
 */
export const makeWorker = (root, node, onProgress, signal) =>
  explain('the mediasoup worker could not be built', 'npm run worker', () =>
    withWorkFolder(async (workFolder) => {
      const untested = `${builtWorkerPath()}.untested`;
      if (!existsSync(untested)) {
        await placeWorker(await buildWorker({ workFolder, onProgress, signal }), untested);
      }
      onProgress(1);
      try {
        await testWorker(root, node, untested, signal);
      } catch (error) {
        if (error.exitCode === REFUSED) await rm(untested);
        throw error;
      }
      await rename(untested, builtWorkerPath());
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
    const result = await act(workFolder);
    await prune(parent);
    return result;
  } finally {
    await rm(workFolder, { recursive: true, force: true });
  }
};

/** Workers that nobody wanted for long are removed, but for those that run: a daemon starts its own again when one dies. */
const prune = async (parent) => {
  const names = (await readdir(parent)).filter((name) => !WORK_FOLDER.test(name));
  const folders = await Promise.all(
    names.map(async (name) => ({ name, wantedAt: (await stat(join(parent, name))).mtimeMs })),
  );
  const old = folders.sort((a, b) => b.wantedAt - a.wantedAt).slice(KEPT);
  const commands = old.length === 0 ? [] : commandLines();
  for (const { name } of old) {
    const runs = commands.some((command) => command.includes(`/${name}/`));
    if (!runs) await rm(join(parent, name), { recursive: true, force: true });
  }
};

/** The cache may be another user's. */
const noteWanted = (path) => utimes(dirname(path), new Date(), new Date()).catch(() => {});
