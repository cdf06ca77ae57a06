import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { accessSync, constants, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

// What a binary is made of, beside mediasoup's own source. The other files of this folder don't change it.
const RECIPE = ['CMakeLists.txt', 'patches', 'shims'];
const here = dirname(fileURLToPath(import.meta.url));

/** Where the mediasoup npm package is, and its version. Throws when it is not installed. */
export const mediasoupPackage = () => {
  const folder = join(dirname(createRequire(import.meta.url).resolve('mediasoup')), '..', '..');
  return { folder, version: JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).version };
};

/** Where a package that brings its worker has it: in its own folder. */
const packagedWorker = join(here, '..', '..', 'worker', 'mediasoup-worker');

/** The folder that holds everything mirolive caches for this user, outside any checkout. */
export const cacheRoot = (env = process.env) =>
  env.MIROLIVE_CACHE_DIR || join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'mirolive');

/** Changes whenever a file of `folder` changes that a built worker depends on. 12 hex digits. */
export const recipeHash = (folder = here) => {
  const hash = createHash('sha256');
  const add = (name) => {
    const content = readFileSync(join(folder, name));
    hash.update(`${name}\0${content.length}\0`).update(content);
  };
  const walk = (name) => {
    for (const entry of readdirSync(join(folder, name), { withFileTypes: true }).sort(byName)) {
      const path = `${name}/${entry.name}`;
      if (entry.isDirectory()) walk(path);
      else add(path);
    }
  };
  for (const name of RECIPE) name.includes('.') ? add(name) : walk(name);
  return hash.digest('hex').slice(0, 12);
};

/**
 * Where the worker that this machine built is, or will be. It is linked against the system's libraries, so the
 * distribution's release is part of the name: after an upgrade another one is built.
 */
export const builtWorkerPath = (env = process.env) => inCache(env, 'built', distribution(), recipeHash());

/** Where the workers are, if any, that this machine built of any source, for its distribution's release as it is now. */
export const builtWorkers = (env = process.env) => {
  const folder = join(cacheRoot(env), 'worker');
  const kind = `-${[process.platform, process.arch, 'built', distribution()].join('-')}-`;
  return foldersIn(folder)
    .filter((name) => name.includes(kind))
    .map((name) => join(folder, name, 'mediasoup-worker'));
};

/** Where the worker that mediasoup's release page has for this machine is, or will be. None of our patches is in it. */
export const prebuiltWorkerPath = (env = process.env) => inCache(env, 'prebuilt', distribution());

const inCache = (env, ...kind) => {
  const name = [mediasoupPackage().version, process.platform, process.arch, ...kind].join('-');
  return join(cacheRoot(env), 'worker', name, 'mediasoup-worker');
};

/**
 * Finds the worker to run. An explicit setting is taken as it is, never replaced by another binary. Without one: what
 * came with this mirolive, what this machine built, then what mediasoup published, in the cache or by its own install script. Undefined if there is none.
 */
export const locateWorker = ({ workerBin, env = process.env } = {}) => {
  if (workerBin) return { path: workerBin, origin: 'config' };
  if (env.MEDIASOUP_WORKER_BIN) return { path: env.MEDIASOUP_WORKER_BIN, origin: 'environment' };
  if (isExecutable(packagedWorker)) return { path: packagedWorker, origin: 'packaged' };
  const installed = join(mediasoupPackage().folder, 'worker', 'out', 'Release', 'mediasoup-worker');
  return [
    { path: builtWorkerPath(env), origin: 'built' },
    { path: prebuiltWorkerPath(env), origin: 'prebuilt' },
    { path: installed, origin: 'prebuilt' },
  ].find(({ path }) => isExecutable(path));
};

/** What mediasoup's own worker can, which does not say so: its release has libsrtp over OpenSSL in it. */
const prebuiltCapabilities = { srtp: 'openssl', opening: 'keyframe' };

/**
 * What a binary can; undefined where it does not start on this machine. Takes some milliseconds, at most 20 s.
 * Without MEDIASOUP_VERSION a worker exits with 41 (its main.cpp), unless it was built to know the question.
 */
export const workerCapabilities = async (path) => {
  try {
    const { stdout } = await promisify(execFile)(path, ['--capabilities'], { env: {}, timeout: 20_000 });
    return capabilitiesOf(stdout);
  } catch (error) {
    return error.code === 41 ? prebuiltCapabilities : undefined;
  }
};

/** What each capability may be; of what says otherwise, as a later mirolive may, nothing is known. */
const known = { srtp: ['openssl', 'nss'], opening: ['keyframe', 'cached'] };

const capabilitiesOf = (line) => {
  try {
    const { srtp, opening } = JSON.parse(line);
    return known.srtp.includes(srtp) && known.opening.includes(opening) ? { srtp, opening } : undefined;
  } catch {
    return undefined;
  }
};

const byName = (a, b) => (a.name < b.name ? -1 : 1);

const foldersIn = (folder) => {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
};

const isExecutable = (path) => {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

const distribution = () => {
  try {
    const release = readFileSync('/etc/os-release', 'utf8');
    const value = (key) => release.match(new RegExp(`^${key}="?([\\w.-]*)`, 'm'))?.[1] ?? '';
    return `${value('ID')}${value('VERSION_ID')}` || 'unknown';
  } catch {
    return 'unknown';
  }
};
