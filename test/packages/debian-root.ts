import { once } from 'node:events';
import { cp, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa, type ResultPromise } from 'execa';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const cache = new URL('../../.cache/', import.meta.url).pathname;
/** What apt on this machine is told, and a root needs as well: where packages come from, and how they are had. */
const aptPlaces = ['sources.list', 'sources.list.d', 'auth.conf', 'auth.conf.d', 'keyrings', 'trusted.gpg.d'];

/** Why no root can be made on this machine; null: it can. */
export const noDebianRoot =
  process.getuid?.() === 0 ? null : 'needs root, for a Debian root that is changed into';

/**
 * An archive of the smallest Debian that packages can be installed in, of this machine's release and with its apt settings: made by
 * debootstrap once, then kept in the checkout. Its lists of packages are empty.
 */
export async function debianRootArchive(): Promise<string> {
  const release = await osRelease();
  const archive = join(cache, `debian-${release}.tar`);
  const names = await readdir(cache).catch((): string[] => []);
  if (names.includes(`debian-${release}.tar`)) return archive;
  await using folder = await temporaryFolder();
  const root = join(folder.path, 'root');
  const mirror = await mirrorOf(release);
  await execa('debootstrap', ['--variant=minbase', release, root, ...(mirror === null ? [] : [mirror])]);
  await copyAptSettings(root);
  // What is lost with the machine is made anew.
  await writeFile(join(root, 'etc/dpkg/dpkg.cfg.d/unsafe-io'), 'force-unsafe-io\n');
  await execa('tar', ['--numeric-owner', '-C', root, '-cf', join(folder.path, 'root.tar'), '.']);
  await mkdir(cache, { recursive: true });
  // Whole, or not at all; of two that are made at one moment, one stays.
  await execa('cp', [join(folder.path, 'root.tar'), `${archive}.${process.pid}`]);
  await rename(`${archive}.${process.pid}`, archive);
  return archive;
}

/** How what runs in a root is run: with nothing of this machine's environment. */
export const inRoot = {
  ...{ all: true as const, stdin: 'ignore' as const, extendEnv: false as const },
  env: {
    PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    ...{ HOME: '/root', LANG: 'C.UTF-8', DEBIAN_FRONTEND: 'noninteractive' },
  },
};

/** A Debian of its own, with processes of its own, on this machine's network. */
export interface DebianRoot extends AsyncDisposable {
  readonly path: string;
  /** Runs lines of sh in there as root, from `/`; rejects where they end with another status than 0. */
  run(lines: string): ResultPromise<typeof inRoot>;
}

/** Opens one. What runs in it ends with it; packages that it installs are downloaded once for all. */
export async function openDebianRoot(): Promise<DebianRoot> {
  const archive = await debianRootArchive();
  const folder = await temporaryFolder();
  const root = join(folder.path, 'root');
  const archives = join(cache, 'apt-archives');
  await mkdir(root);
  await mkdir(join(archives, 'partial'), { recursive: true });
  await execa('tar', ['--numeric-owner', '-C', root, '-xf', archive]);
  // Its first process reaps what others leave, as init does.
  const first = `
    mount --bind "$ARCHIVES" "$ROOT/var/cache/apt/archives"
    mount -t tmpfs tmpfs "$ROOT/run"
    mount -t tmpfs tmpfs "$ROOT/dev/shm"
    mount -t devpts devpts "$ROOT/dev/pts"
    exec chroot "$ROOT" sh -c 'mount -t proc proc /proc && echo ready; while :; do sleep 3600 & wait $!; done'`;
  const namespaces = ['--mount', '--pid', '--fork', '--kill-child', '--propagation', 'private'];
  const init = execa('unshare', [...namespaces, 'sh', '-euc', first], {
    ...{ env: { ROOT: root, ARCHIVES: archives }, reject: false },
  });
  await Promise.race([
    once(init.stdout, 'data'),
    init.then(({ stderr }) => {
      throw new Error(`the root cannot be changed into: ${stderr}`);
    }),
  ]);
  const [pid] = (await readFile(`/proc/${init.pid}/task/${init.pid}/children`, 'utf8')).split(' ');
  const enter = ['--target', `${pid}`, '--mount', '--pid', '--root', '--wd'];
  return {
    path: root,
    run: (lines) => execa('nsenter', [...enter, 'sh', '-euc', lines], inRoot),
    [Symbol.asyncDispose]: async () => {
      init.kill('SIGKILL');
      await init;
      await folder[Symbol.asyncDispose]();
    },
  };
}

async function osRelease(): Promise<string> {
  const [, codename] = /^VERSION_CODENAME=(\w+)$/m.exec(await readFile('/etc/os-release', 'utf8')) ?? [];
  if (codename === undefined) throw new Error('/etc/os-release names no release of Debian');
  return codename;
}

/** Where this machine has its own packages from. */
async function mirrorOf(release: string): Promise<string | null> {
  const { stdout } = await execa('apt-get', [
    ...['indextargets', '--format', '$(REPO_URI)'],
    ...['Created-By: Packages', `Release: ${release}`, 'Component: main'],
  ]);
  return stdout.split('\n')[0] || null;
}

async function copyAptSettings(root: string): Promise<void> {
  await rm(join(root, 'etc/apt/sources.list'), { force: true });
  const copy = (path: string) =>
    cp(path, join(root, path), { recursive: true }).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
    });
  for (const name of aptPlaces) await copy(`/etc/apt/${name}`);
  await copy('/usr/share/keyrings');
  // Of what else apt is told only how to download: images of containers are told to keep nothing.
  for (const name of await readdir('/etc/apt/apt.conf.d')) {
    const path = `/etc/apt/apt.conf.d/${name}`;
    if (/^\s*Acquire\b/m.test(await readFile(path, 'utf8'))) await copy(path);
  }
}
