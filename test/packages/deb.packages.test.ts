import { join } from 'node:path';
import { execa } from 'execa';
import { beforeAll, describe, expect, it } from 'vitest';
import { watchByWhep } from '../../scripts/demo/watch-by-whep.mjs';
import { temporaryFolder } from '../helpers/temporary-folder.ts';
import { buildPackage } from './build-package.ts';
import { type DebianRoot, noDebianRoot, openDebianRoot } from './debian-root.ts';
import { trialConfig } from './trial-config.ts';

/**
 * What systemd does with the installed unit, where there is none: its command, as its user, with its folders and environment, started
 * again whenever it ends.
 */
const service = `
unit=/lib/systemd/system/mirolive.service
value() { sed -n "s/^$1=//p" $unit; }
user=$(value User)
install -d -o $user -g $user -m $(value RuntimeDirectoryMode) /run/mirolive
install -d -o $user -g $user -m $(value StateDirectoryMode) /var/lib/mirolive
install -d -o $user -g $user /var/cache/mirolive
umask $(value UMask)
echo $$ >/run/service.pid
exec >/run/service.log 2>&1
while :; do
  env -i PATH=/usr/bin:/bin STATE_DIRECTORY=/var/lib/mirolive RUNTIME_DIRECTORY=/run/mirolive $(value Environment) \\
    setpriv --reuid=$user --regid=$user --init-groups --no-new-privs --bounding-set=-all --inh-caps=-all $(value ExecStart) || :
done`;

/** The daemon that answers. */
const pid = `pid=$(mirolive status | sed -n 's/^mirolive .*  pid \\([0-9]*\\), up.*/\\1/p')`;

describe.skipIf(noDebianRoot !== null)('mirolive as a Debian package', () => {
  let packages: AsyncDisposable & { readonly path: string };
  let first: string;
  beforeAll(async () => {
    packages = await temporaryFolder();
    first = await buildPackage(packages.path, '0.0.1');
    return () => packages[Symbol.asyncDispose]();
  }, 600_000);

  it('has nothing that lintian calls an error, but for what is overridden with a reason', async () => {
    const { stdout, exitCode } = await execa(
      'lintian',
      ['--allow-root', '--fail-on', 'error', '--tag-display-limit', '0', first],
      { reject: false },
    );
    expect(exitCode, stdout).toBe(0);
  });

  it('has a manual page in which mandoc finds no error', async () => {
    await execa('dpkg-deb', ['--extract', first, join(packages.path, 'tree')]);
    const page = join(packages.path, 'tree/usr/share/man/man1/mirolive.1.gz');
    const { stdout } = await execa('sh', ['-c', 'zcat "$0" | mandoc -T lint -W error', page]);
    expect(stdout).toBe('');
  });

  it('is installed, used, upgraded while something is on air, removed and purged', {
    timeout: 900_000,
  }, async () => {
    const second = await buildPackage(packages.path, '0.0.2');
    await using root = await openDebianRoot();
    await execa('cp', [first, second, join(root.path, 'srv')]);
    const apt = (words: string) => root.run(`apt-get -y --no-install-recommends ${words}`);
    await apt('update');
    await apt('install /srv/mirolive_0.0.1_*.deb');
    expect((await root.run('mirolive --version')).stdout).toBe('0.0.1');
    await root.run('test -L /etc/systemd/system/multi-user.target.wants/mirolive.service');

    const { text, http } = await trialConfig();
    await root.run(`echo '${text}' >> /etc/mirolive/mirolive.yaml`);
    const doctor = await root.run('mirolive doctor --json || :');
    expect(doctor.stdout).toContain('/usr/lib/mirolive/worker/mediasoup-worker');
    const served = root.run(service).catch(() => {});
    await answers(root, '0.0.1');
    await root.run('mirolive keys create --room studio');
    const { stdout: id } = await root.run('mirolive stream --test bars --room lobby --keep --detach');
    await watchByWhep(`http://127.0.0.1:${http}/whep/lobby`);

    await apt('install /srv/mirolive_0.0.2_*.deb');
    expect((await root.run('mirolive --version')).stdout).toBe('0.0.2');
    // It has said nothing yet; this is what the package has systemd do, where that runs.
    await root.run(`${pid}; kill $pid`);
    await answers(root, '0.0.2');
    expect((await root.run('mirolive broadcasts --json')).stdout).toContain(id);
    expect((await root.run('mirolive keys list --json')).stdout).toContain('studio');
    await watchByWhep(`http://127.0.0.1:${http}/whep/lobby`);

    await root.run('kill $(cat /run/service.pid)');
    await served;
    await root.run(`${pid}; kill $pid; while kill -0 $pid 2>/dev/null; do sleep 0.1; done`);
    await apt('remove mirolive');
    await root.run(
      'test ! -e /usr/lib/mirolive; test -e /var/lib/mirolive/state.db; test -e /etc/mirolive/mirolive.yaml',
    );
    await apt('purge mirolive');
    // Root's own cache is root's.
    const { stdout: files } = await root.run(
      `find / /run -xdev ! -path '/srv/*' ! -path '/root/.cache/*' \\( -name '*mirolive*' -o -user mirolive \\)`,
    );
    const { stdout: processes } = await root.run('find /proc -maxdepth 1 -user mirolive');
    expect({ files, processes }).toEqual({ files: '', processes: '' });
  });
});

/** Waits until the daemon of this version does. */
async function answers(root: DebianRoot, version: string): Promise<void> {
  await root.run(`until mirolive status 2>/dev/null | grep -q '^mirolive ${version} '; do sleep 0.2; done`);
}
