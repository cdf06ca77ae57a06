import { join } from 'node:path';
import { execa } from 'execa';
import { expect, it } from 'vitest';
import { sample } from '../helpers/media/sample-files.ts';
import { buildPackage } from './build-package.ts';
import { openDebianRoot } from './debian-root.ts';
import { type Boot, bootSystemd, noSystemd } from './systemd-machine.ts';

const limit = { timeout: 120_000, interval: 500 };

it('the installed service is kept on air by systemd: after a death, a reload and a reboot, and it ends whole', {
  timeout: 900_000,
}, async ({ skip }) => {
  skip(noSystemd !== null, noSystemd ?? '');
  await using root = await openDebianRoot();
  await buildPackage(join(root.path, 'srv'), '0.0.1');
  await execa('install', ['-m', '644', await sample('talk.mp4'), join(root.path, 'srv/talk.mp4')]);
  await root.run('apt-get update');
  await root.run(
    'apt-get -y --no-install-recommends install systemd-sysv dbus /srv/mirolive_0.0.1_*.deb; useradd --groups mirolive ana',
  );

  let id: string;
  {
    await using boot = await bootSystemd(root.path);
    await expect.poll(() => unit(boot, 'ActiveState'), limit).toBe('active');
    expect(await unit(boot, 'Type')).toBe('notify');
    await expect.poll(() => unit(boot, 'StatusText'), limit).toBe('0 on air, 0 watching, 0 publishing');
    const stream = 'mirolive stream --file /srv/talk.mp4 --loop --room lobby --keep --detach';
    id = (await boot.run(`runuser -u ana -- ${stream}`)).stdout;
    await expect.poll(() => broadcasts(boot), limit).toEqual([`${id} live`]);
    const status = JSON.parse((await boot.run('mirolive status --json')).stdout);
    expect(status.starter).toEqual({
      ...{ kind: 'systemd', unit: 'mirolive.service', scope: 'system', enabled: true },
    });

    const first = await unit(boot, 'MainPID');
    await boot.run(`kill -9 ${first}`);
    const isAnother = async () => ![first, '0'].includes(await unit(boot, 'MainPID'));
    await expect.poll(isAnother, limit).toBe(true);
    await expect.poll(() => broadcasts(boot), limit).toEqual([`${id} live`]);
    const second = await unit(boot, 'MainPID');
    await expect.poll(() => unit(boot, 'StatusText'), limit).toBe('1 on air, 0 watching, 0 publishing');

    await boot.run(`echo 'log: {level: debug}' >>/etc/mirolive/mirolive.yaml; systemctl reload mirolive`);
    await expect.poll(() => journal(boot), limit).toContain('the configuration is read again');
    expect(await unit(boot, 'MainPID')).toBe(second);
    await expect.poll(() => unit(boot, 'ActiveState'), limit).toBe('active');
    expect(await broadcasts(boot)).toEqual([`${id} live`]);

    await expect.poll(() => system(boot), limit).toBe('running');
    // Its own end ends what asks for it.
    await boot.run('systemctl reboot').catch(() => {});
    await boot.ended;
  }

  await using boot = await bootSystemd(root.path);
  await expect.poll(() => broadcasts(boot), limit).toEqual([`${id} live`]);
  await expect.poll(() => system(boot), limit).toBe('running');
  await boot.run('systemctl stop mirolive');
  expect(await unit(boot, 'Result')).toBe('success');
  expect(await unit(boot, 'ActiveState')).toBe('inactive');
  const { stdout: left } = await boot.run(
    'find /proc -maxdepth 1 -user mirolive; ls -d /sys/fs/cgroup/system.slice/mirolive.service || :',
  );
  expect(left).toBe('');
  await expect.poll(() => journal(boot), limit).toContain('"msg":"ended"');
  expect(await journal(boot)).not.toContain('worker is gone');
});

/** A property of the service. */
async function unit(boot: Boot, property: string): Promise<string> {
  return (await boot.run(`systemctl show mirolive --property ${property} --value`)).stdout;
}

/** What is there, and how it is; nothing while nobody answers. */
async function broadcasts(boot: Boot): Promise<string[]> {
  const { stdout } = await boot.run('mirolive broadcasts --json || :');
  return JSON.parse(stdout || '[]').map(({ id, state }: Record<string, string>) => `${id} ${state}`);
}

async function journal(boot: Boot): Promise<string> {
  return (await boot.run('journalctl --boot --unit mirolive --output cat')).stdout;
}

/** The state of the whole, and the units that have failed. */
async function system(boot: Boot): Promise<string> {
  return (
    await boot.run('systemctl is-system-running || :; systemctl list-units --failed --plain --no-legend')
  ).stdout;
}
