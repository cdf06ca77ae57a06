import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { lstat, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from '../../native/mediasoup-worker/run-command.mjs';
import { explain, SetupFailed } from './setup-failed.mjs';

/** The Node that the lock file brings, since the system's may be older than mirolive needs. */
export const bundledNode = (root) => join(root, 'node_modules', `node-linux-${process.arch}`, 'bin', 'node');

// Written last: an interrupted npm ci leaves none, and the next one starts by emptying node_modules.
const stampPath = (root) => join(root, 'node_modules', '.mirolive-stamp');

/** Changes whenever other packages would be installed. */
export const packagesStamp = async (root) => {
  const lock = await readFile(join(root, 'package-lock.json'));
  return `${process.arch} ${createHash('sha256').update(lock).digest('hex')}\n`;
};

/** Whether node_modules holds exactly what the lock file says. */
export const packagesInstalled = async (root) => {
  if (!existsSync(bundledNode(root)) || !existsSync(stampPath(root))) return false;
  return (await readFile(stampPath(root), 'utf8')) === (await packagesStamp(root));
};

/**
 * Installs what the lock file says. No package's install script runs: mirolive provides the worker itself. Where node_modules is a link,
 * npm would empty what it leads to, which may be another checkout's.
 */
export const installNpmPackages = async (root, { signal } = {}) => {
  const modules = join(root, 'node_modules');
  if ((await lstat(modules).catch(() => null))?.isSymbolicLink()) {
    const next = `rm ${modules}`;
    throw new SetupFailed(`${modules} is a link, and what it leads to is not what this checkout needs`, {
      next,
    });
  }
  await explain('the npm packages could not be installed', 'npm ci --ignore-scripts', async () => {
    const stamp = await packagesStamp(root);
    const quiet = ['--no-audit', '--no-fund', '--loglevel=error'];
    await runCommand('npm', ['ci', '--ignore-scripts', ...quiet], { cwd: root, signal });
    await writeFile(stampPath(root), stamp);
  });
};
