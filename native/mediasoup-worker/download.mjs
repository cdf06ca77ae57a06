import { access, copyFile, mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { mediasoupPackage } from './locate.mjs';
import { CommandFailed, runCommand } from './run-command.mjs';

// What is slower than this is most often blocked.
const LIMIT_MS = 10_000;

/**
 * Has mediasoup's own install script download the worker that mediasoup publishes, into `workFolder`, which the caller
 * removes. Resolves to the binary's path in it, or to undefined where there is none for this machine, it can't be
 * reached, it does not start here, or `limitMs` have passed. `node`: a Node that mediasoup supports.
 */
export const downloadWorker = async ({
  workFolder,
  node,
  signal,
  limitMs = LIMIT_MS,
  env: outerEnv = process.env,
}) => {
  const { folder } = mediasoupPackage();
  await mkdir(workFolder, { recursive: true });
  // The script writes below its current folder. Run from a copy, it can't leave half a download in node_modules.
  for (const name of ['npm-scripts.mjs', 'package.json'])
    await copyFile(join(folder, name), join(workFolder, name));
  await symlink(join(folder, '..'), join(workFolder, 'node_modules'));
  const env = { ...outerEnv, PYTHON: '/bin/false' };
  // These would keep it from downloading. With /bin/false as Python its fallback, a build of its own, fails at once.
  for (const name of Object.keys(env)) {
    if (/^MEDIASOUP_(WORKER_BIN|LOCAL_DEV|SKIP_WORKER_PREBUILT_DOWNLOAD)$/.test(name)) delete env[name];
  }
  const limit = AbortSignal.any([AbortSignal.timeout(limitMs), ...(signal ? [signal] : [])]);
  const binary = join(workFolder, 'worker', 'out', 'Release', 'mediasoup-worker');
  try {
    await runCommand(node, ['npm-scripts.mjs', 'postinstall'], { cwd: workFolder, env, signal: limit });
    await access(binary);
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof CommandFailed || error.code === 'ENOENT') return undefined;
    throw error;
  }
  return binary;
};
