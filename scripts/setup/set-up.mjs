import { join } from 'node:path';
import { runCommand } from '../../native/mediasoup-worker/run-command.mjs';
import { buildIsCurrent } from './build-stamp.mjs';
import { installPackages, missingPackages } from './debian-packages.mjs';
import { bundledNode, installNpmPackages, packagesInstalled } from './npm-packages.mjs';
import { explain, SetupFailed } from './setup-failed.mjs';
import { takeLock } from './setup-lock.mjs';
import { fetchWorker, findWorker, makeWorker, whichWorker } from './worker.mjs';

/**
 * Provides what a task needs in the checkout `root`, one step after the other; what is there already is left alone.
 * `groups`: what the task needs from the system (see debian-packages.mjs); undefined for one that runs nothing of
 * mirolive and so needs npm's packages only. `worker`: 'any' is what is there soonest, and 'built' where an older source's was built here;
 * 'built' is the one of this source, 'both' that one and mediasoup's own release where it can be had. Aborting `signal` ends it cleanly; the next set-up
 * goes on from there.
 */
export const setUp = async (root, { groups, worker: asked = 'any' }, { step }, signal) => {
  checkPlatform();
  const node = bundledNode(root);
  const onWait = (pid) => process.stderr.write(`another set-up runs here (process ${pid}): waiting for it\n`);
  const release = await takeLock(join(root, '.cache', 'setup.lock'), { onWait, signal });
  try {
    await step('npm packages', async () => {
      if (!(await packagesInstalled(root))) await installNpmPackages(root, { signal });
    });
    if (!groups) return;
    const wanted = whichWorker(asked);
    const worker = await findOrFetchWorker(root, node, wanted, step, signal);
    // Asked for all at once, so that a normal user gets one complete list.
    const needed = worker ? groups : [...groups, 'worker'];
    await step('system packages', ({ progress }) => provideSystemPackages(needed, progress, signal));
    if (!worker) {
      await step('mediasoup worker: build', ({ progress }) =>
        makeWorker(root, node, (part) => progress(`${Math.floor(part * 100)} %`), signal),
      );
    }
    if (wanted === 'both') await downloadStep(root, node, 'tests with it are skipped', step, signal);
    await step('build', async () => {
      if (await buildIsCurrent(root)) return;
      await explain('the build failed', 'npm run check', () =>
        runCommand(node, [join(root, 'scripts', 'build.mjs')], { cwd: root, signal }),
      );
    });
  } finally {
    release();
  }
};

const checkPlatform = () => {
  const { node } = process.versions;
  if (Number(node.split('.')[0]) < 20) {
    const next = 'install a newer Node, such as the package nodejs of Debian 13';
    throw new SetupFailed(`the set-up needs Node 20 or newer; this is ${node}`, { next });
  }
  const { platform, arch } = process;
  if (platform !== 'linux' || !['x64', 'arm64'].includes(arch)) {
    const next = 'run this on such a machine';
    throw new SetupFailed(`mirolive runs on Linux, x64 or arm64; this is ${platform}, ${arch}`, { next });
  }
};

const findOrFetchWorker = async (root, node, wanted, step, signal) => {
  const found = await step('mediasoup worker', async ({ note }) => {
    const located = await findWorker(wanted);
    note(located?.origin ?? (wanted === 'any' ? 'none yet' : 'none of this source yet, so it is built'));
    return located;
  });
  if (found || wanted !== 'any') return found;
  if (await downloadStep(root, node, 'it is built', step, signal)) return await findWorker(wanted);
  return undefined;
};

const downloadStep = (root, node, otherwise, step, signal) =>
  step("mediasoup's own worker: download", async ({ note }) => {
    const isThere = await fetchWorker(root, node, signal);
    if (!isThere) note(`not possible here, so ${otherwise}`);
    return isThere;
  });

const provideSystemPackages = async (groups, progress, signal) => {
  const missing = missingPackages(groups);
  progress(`installing ${missing.join(' ')}`);
  await installPackages(missing, { signal });
  const still = missingPackages(groups).join(' ');
  if (still) {
    const next = `dpkg -L ${still}`;
    throw new SetupFailed(`installed, but not found where Debian has it: ${still}`, { next });
  }
};
