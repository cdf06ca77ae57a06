import { chmod, cp, mkdir, readdir, readFile, realpath, symlink, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { execa } from 'execa';
import { builtWorkerPath } from '../../native/mediasoup-worker/locate.mjs';
import { external } from '../programs.mjs';
import { currentBuild } from '../setup/builds.mjs';

/** Packages that are loaded from node_modules at run time, beside those that no program has in it: what they need comes with them. */
const loaded = ['koffi', `node-linux-${process.arch}`];
/** Of packages only what runs: no types, no maps, no headers, no binaries for other machines. Programs of koffi lie among its sources. */
const left =
  /\.(d\.[cm]?ts|ts|tsx|map|md|markdown)$|\/(include|share|doc|docs|test|tests|musl_x64)$|(?<!^koffi.*)\/src$|^koffi\/(vendor|lib)$/;

/** Copies what runs into the folder `target`: program, Node, packages, worker. Stripped, and of this machine's kind only. */
export const writeProgramTree = async (root, target, version) => {
  await mkdir(target, { recursive: true });
  for (const name of ['bin', 'native', 'LICENSE'])
    await cp(join(root, name), join(target, name), { recursive: true });
  const manifest = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  await writeFile(
    join(target, 'package.json'),
    `${JSON.stringify({ ...manifest, version, scripts: {} }, null, 2)}\n`,
  );

  const build = await realpath(currentBuild(root));
  await cp(build, join(target, 'dist', basename(build)), { recursive: true });
  await symlink(basename(build), currentBuild(target));

  await copyPackages(root, target, [...loaded, ...external.filter((name) => !name.startsWith('#'))]);
  // Of mediasoup only where it is and its version are asked for: the rest is in the daemon, the worker is our own.
  const mediasoup = 'node_modules/mediasoup';
  for (const name of ['package.json', 'LICENSE', 'node/lib/index.js']) {
    await mkdir(dirname(join(target, mediasoup, name)), { recursive: true });
    await cp(join(root, mediasoup, name), join(target, mediasoup, name));
  }

  const worker = join(target, 'worker', 'mediasoup-worker');
  await mkdir(dirname(worker), { recursive: true });
  await cp(builtWorkerPath(), worker);
  const binaries = [worker, join(target, 'node_modules', `node-linux-${process.arch}`, 'bin', 'node')];
  for (const binary of [...binaries, ...(await filesEnding(join(target, 'node_modules'), '.node'))]) {
    await execa('strip', ['--strip-unneeded', '--remove-section=.comment', '--remove-section=.note', binary]);
  }
  await settleModes(target);
  return { worker, binaries };
};

/** Copies the named packages, and what they need. */
export const copyPackages = async (root, target, names) => {
  const lock = JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8'));
  for (const folder of packagesOf(lock.packages, names))
    await copyPackage(join(root, folder), join(target, folder));
};

/** Folders of the named packages in a lock file, with all that they need and that is installed here. */
export const packagesOf = (packages, names) => {
  const found = new Set();
  const add = (from, name) => {
    const folder = resolve(packages, from, name);
    if (folder === undefined || found.has(folder)) return;
    const { dependencies = {}, optionalDependencies = {}, os, cpu } = packages[folder];
    if ((os && !os.includes('linux')) || (cpu && !cpu.includes(process.arch))) return;
    found.add(folder);
    for (const next of Object.keys({ ...dependencies, ...optionalDependencies })) add(folder, next);
  };
  for (const name of names) add('', name);
  return [...found].sort();
};

/** As Node looks for it: beside the one that asks, then in each folder above. */
const resolve = (packages, from, name) => {
  for (let place = from; ; place = place.slice(0, Math.max(place.lastIndexOf('/node_modules/'), 0))) {
    const folder = `${place === '' ? '' : `${place}/`}node_modules/${name}`;
    if (packages[folder]) return folder;
    if (place === '') return undefined;
  }
};

const copyPackage = (from, to) =>
  cp(from, to, {
    recursive: true,
    // Packages within it are listed by themselves.
    filter: (path) =>
      path === from ||
      !(left.test(relative(dirname(from), path)) || /^(node_modules$|\.)/.test(basename(path))),
  });

const filesEnding = async (folder, end) =>
  (await readdir(folder, { recursive: true }))
    .filter((name) => name.endsWith(end))
    .map((name) => join(folder, name));

/** Programs may be run, all else is read: packages of npm have been published with any modes. */
const settleModes = async (folder) => {
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isDirectory()) await chmod(path, 0o755);
    else if (entry.isFile())
      await chmod(path, /\/bin\/(node|mirolive)$|\/mediasoup-worker$/.test(path) ? 0o755 : 0o644);
  }
};
