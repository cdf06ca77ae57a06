import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { launchBrowser, openRoom, received } from '../helpers/browser.ts';
import { sample } from '../helpers/media/sample-files.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';
import { debianRootArchive, noDebianRoot } from './debian-root.ts';
import { trialConfig } from './trial-config.ts';

const { mirolive: service } = parse(await readFile('packaging/container/compose.yaml', 'utf8')).services;
const archives = new URL('../../.cache/apt-archives', import.meta.url).pathname;

it.skipIf(noDebianRoot !== null)(
  'a container of the Debian package, without rights and with a root that is only read, shows a file to a browser, also after it was started again',
  async () => {
    await using folder = await temporaryFolder();
    await using engine = await openEngine(folder.path);
    const { podman } = engine;
    const packages = join(folder.path, 'packages');
    await execa('node', ['scripts/package/debian.mjs', '--target', packages, '--level', '1']);
    await podman('import', await debianRootArchive(), 'localhost/base');
    await mkdir(join(archives, 'partial'), { recursive: true });
    await podman(
      ...[
        'build',
        '--isolation',
        'chroot',
        '--format',
        'docker',
        '--layers=false',
        '--tag',
        'localhost/mirolive',
      ],
      ...['--build-arg', 'BASE=localhost/base', '--volume', `${archives}:/var/cache/apt/archives`],
      ...['--file', 'packaging/container/Containerfile', packages],
    );

    const { text, http } = await trialConfig();
    const config = join(folder.path, 'mirolive.yaml');
    await writeFile(config, text);
    const talk = await sample('talk.mp4');
    expect(service.read_only).toBe(true);
    await podman(
      // Of what this machine may give: the engine wants to raise them else.
      ...[
        'run',
        '--detach',
        '--name',
        'mirolive',
        '--ulimit',
        'nofile=4096:4096',
        '--ulimit',
        'nproc=4096:4096',
      ],
      ...['--network', 'host', '--read-only', '--volume', 'state:/var/lib/mirolive'],
      ...service.tmpfs.flatMap((one: string) => ['--tmpfs', one]),
      ...service.cap_drop.flatMap((one: string) => ['--cap-drop', one]),
      ...service.security_opt.flatMap((one: string) => ['--security-opt', one.replace(/:true$/, '')]),
      ...['--volume', `${config}:/etc/mirolive/mirolive.yaml:ro`, '--volume', `${dirname(talk)}:/media:ro`],
      'localhost/mirolive',
    );
    const inside = (...args: string[]) => podman('exec', 'mirolive', ...args);
    const health = () => podman('healthcheck', 'run', 'mirolive').then(() => 'well', String);
    await expect.poll(health).toBe('well');
    expect((await inside('id', '-un')).stdout).toBe('mirolive');
    expect((await inside('grep', '-E', '^(CapBnd|NoNewPrivs)', '/proc/1/status')).stdout).toBe(
      'CapBnd:\t0000000000000000\nNoNewPrivs:\t1',
    );
    await expect(inside('touch', '/usr/x')).rejects.toThrow('Read-only file system');
    await inside(
      ...['mirolive', 'stream', '--file', `/media/${talk.split('/').at(-1)}`, '--room', 'lobby'],
      ...['--loop', '--keep', '--detach'],
    );
    await using browser = await launchBrowser();
    const page = await openRoom(browser, `http://127.0.0.1:${http}/lobby`);
    const decoded = async () => (await received(page)).video?.framesDecoded ?? 0;
    await expect.poll(decoded).toBeGreaterThan(10);

    const ended = await stop(podman);
    expect(ended.exitCode).toBe('0');
    expect(ended.left).toEqual([]);
    await podman('start', 'mirolive');
    await expect.poll(health).toBe('well');
    await page.reload();
    await expect.poll(decoded).toBeGreaterThan(10);
    expect(await stop(podman)).toEqual({ exitCode: '0', left: [] });
  },
  900_000,
);

type Podman = (...args: string[]) => ReturnType<typeof execa>;

/** An engine whose images, containers and volumes lie in this folder. */
async function openEngine(folder: string): Promise<AsyncDisposable & { readonly podman: Podman }> {
  const engine =
    (driver: string): Podman =>
    (...args) =>
      execa('podman', [
        ...[
          '--root',
          join(folder, driver),
          '--runroot',
          join(folder, `${driver}-run`),
          '--tmpdir',
          join(folder, 'tmp'),
        ],
        ...[
          '--storage-driver',
          driver,
          '--runtime',
          'runc',
          '--cgroup-manager',
          'cgroupfs',
          '--events-backend',
          'file',
        ],
        ...args,
      ]);
  // Where no overlay can be mounted each container is a copy of all that it is made of.
  const podman = await engine('overlay')('info').then(
    () => engine('overlay'),
    () => engine('vfs'),
  );
  return { podman, [Symbol.asyncDispose]: async () => void (await podman('rm', '--all', '--force')) };
}

/** Ends the container as compose would; gives its exit status, and which of its processes are still there. */
async function stop(podman: Podman) {
  const { stdout } = await podman('top', 'mirolive', 'hpid');
  const pids = `${stdout}`.split('\n').slice(1).map(Number);
  await podman('stop', '--time', service.stop_grace_period.replace('s', ''), 'mirolive');
  const { stdout: exitCode } = await podman('inspect', '--format', '{{.State.ExitCode}}', 'mirolive');
  const alive = await Promise.all(
    pids.map((pid) => readFile(`/proc/${pid}/comm`, 'utf8').then(String, () => null)),
  );
  return { exitCode, left: alive.filter((name) => name !== null) };
}
