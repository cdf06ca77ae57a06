import { once } from 'node:events';
import { mkdir, readdir, readFile, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { execa, type ResultPromise } from 'execa';
import { inRoot, noDebianRoot } from './debian-root.ts';

/** Where control groups of version 2 are made; null: nowhere. */
const groups = (await readFile('/proc/self/mounts', 'utf8')).match(/^\S+ (\S+) cgroup2 rw\b/m)?.[1] ?? null;

/** Why systemd cannot be the first process of anything on this machine; null: it can. */
export const noSystemd =
  noDebianRoot ??
  (groups === null ? 'needs a cgroup2 file system that is written to, for the services of systemd' : null);

/** A boot of a root by its own systemd, with processes, control groups, a network of nothing but loopback and names of its own. */
export interface Boot extends AsyncDisposable {
  /** Runs lines of sh in there as root, from `/`, for 3 minutes at most; rejects where they end with another status than 0. */
  run(lines: string): ResultPromise<typeof inRoot & { timeout: number }>;
  /** Resolves when its first process is gone, as by `systemctl reboot`, and all others with it. */
  readonly ended: Promise<void>;
}

/** No boot of a test takes longer, in ms. */
const bootLimitMs = 600_000;

/** What the first process does before it is systemd. */
const first = `
mount --bind "$ROOT" "$ROOT"
cd "$ROOT"
mount -t proc proc proc
mount -t sysfs -o ro sysfs sys
mount -t cgroup2 cgroup2 sys/fs/cgroup
mount -t tmpfs -o mode=755 tmpfs dev
for name in null zero full random urandom tty; do touch dev/$name; mount --bind /dev/$name dev/$name; done
mkdir dev/pts dev/shm
mount -t devpts -o newinstance,ptmxmode=666 devpts dev/pts
mount -t tmpfs tmpfs dev/shm
ln -s pts/ptmx dev/ptmx
ln -s /proc/self/fd dev/fd
mount -t tmpfs -o mode=755 tmpfs run
mount -t tmpfs tmpfs tmp
pivot_root . mnt
umount -l mnt
echo ready
exec env -i container=test PATH=/usr/sbin:/usr/bin:/sbin:/bin /lib/systemd/systemd`;

/** Boots a root in which systemd is installed. What runs in it ends with it. */
export async function bootSystemd(root: string): Promise<Boot> {
  const group = join(groups ?? '', `mirolive-test-${process.pid}`);
  await mkdir(group);
  const namespaces = ['--mount', '--pid', '--fork', '--kill-child', '--propagation', 'private'];
  const others = ['--uts', '--ipc', '--net', '--cgroup'];
  const enter = `echo $$ >"$GROUP/cgroup.procs"; exec unshare ${[...namespaces, ...others].join(' ')} sh -euc "$FIRST"`;
  const shell = execa('sh', ['-euc', enter], {
    ...{ env: { ROOT: root, GROUP: group, FIRST: first }, reject: false, stdin: 'ignore' },
    ...{ timeout: bootLimitMs, killSignal: 'SIGKILL' },
  });
  let runs = true;
  const ended = shell.then(async () => {
    runs = false;
    await removeGroup(group);
  });
  await Promise.race([
    once(shell.stdout, 'data'),
    ended.then(async () => {
      throw new Error(`systemd cannot be booted: ${(await shell).stderr}`);
    }),
  ]);
  const [init] = (await readFile(`/proc/${shell.pid}/task/${shell.pid}/children`, 'utf8')).split(' ');
  const inside = ['--target', `${init}`, '--mount', '--pid', ...others, '--root', '--wd'];
  return {
    run: (lines) => execa('nsenter', [...inside, 'sh', '-euc', lines], { ...inRoot, timeout: 180_000 }),
    ended,
    [Symbol.asyncDispose]: async () => {
      // The kernel ends all others with it, and only then is it gone itself.
      if (runs) process.kill(Number(init), 'SIGKILL');
      await ended;
    },
  };
}

async function removeGroup(group: string): Promise<void> {
  for (const entry of await readdir(group, { withFileTypes: true }))
    if (entry.isDirectory()) await removeGroup(join(group, entry.name));
  await rmdir(group);
}
