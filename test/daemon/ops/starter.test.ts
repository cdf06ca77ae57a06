import { expect, test } from 'vitest';
import type { Starter } from '../../../src/contract/starter.ts';
import { type OwnProcess, starterOf } from '../../../src/daemon/ops/starter.ts';

const alone: OwnProcess = {
  ...{ env: {}, pid: 73, ppid: 1, cgroup: '0::/user.slice/session-1.scope\n' },
  ...{ first: '/sbin/init', exists: () => false, list: () => [] },
};
const ofSystemd = { INVOCATION_ID: '177a', SYSTEMD_EXEC_PID: '73' };
const unit = '0::/system.slice/mirolive.service\n';
const wanted: OwnProcess['list'] = (folder) =>
  ({
    '/etc/systemd/system': ['multi-user.target.wants'],
    '/etc/systemd/system/multi-user.target.wants': ['mirolive.service'],
  })[folder] ?? [];
const systemd = (more: object) =>
  ({ kind: 'systemd', unit: 'mirolive.service', scope: 'system', enabled: false, ...more }) as Starter;
const hand: Starter = { kind: 'hand' };

test.each([
  { name: 'a shell, and it goes on alone', self: {}, is: hand },
  { name: 'a unit', self: { env: ofSystemd, cgroup: unit }, is: systemd({}) },
  {
    name: 'a unit that the start of the machine wants',
    self: { env: ofSystemd, cgroup: unit, list: wanted },
    is: systemd({ enabled: true }),
  },
  {
    name: 'a unit of an old systemd with cgroups of the first version',
    self: {
      env: { INVOCATION_ID: '177a' },
      cgroup: '4:memory:/system.slice/mirolive.service\n1:name=systemd:/system.slice/event.service\n',
    },
    is: systemd({ unit: 'event.service' }),
  },
  {
    name: "a user's unit",
    self: {
      env: ofSystemd,
      cgroup: '0::/user.slice/user-1000.slice/user@1000.service/app.slice/mirolive.service\n',
    },
    is: systemd({ scope: 'user', enabled: null }),
  },
  {
    name: 'a shell of another service',
    self: { env: { ...ofSystemd, SYSTEMD_EXEC_PID: '5' }, ppid: 9, cgroup: '0::/system.slice/ci.service\n' },
    is: hand,
  },
  {
    name: 'a supervisor',
    self: { env: { ...ofSystemd, MIROLIVE_SUPERVISOR_PID: '40' }, ppid: 40 },
    is: { kind: 'supervisor', pid: 40 } as const,
  },
  { name: 'a supervisor that has died', self: { env: { MIROLIVE_SUPERVISOR_PID: '40' } }, is: hand },
  {
    name: 'a container, below the shell that reaps',
    self: {
      ...{ exists: (path: string) => path === '/run/.containerenv', pid: 8 },
      first: '/bin/sh\0/usr/bin/mirolive\0daemon\0',
    },
    is: { kind: 'container' } as const,
  },
  {
    name: 'a shell in a container that is over',
    self: { exists: (path: string) => path === '/.dockerenv', first: 'sleep\0infinity\0' },
    is: hand,
  },
  {
    name: 'a pod',
    self: { env: { KUBERNETES_SERVICE_HOST: '10.0.0.1' }, pid: 1, ppid: 0 },
    is: { kind: 'container' } as const,
  },
  {
    name: 'a shell in a container',
    self: { env: { container: 'podman' }, ppid: 20 },
    is: hand,
  },
])('a daemon that was started by $name knows it', ({ self, is }) => {
  expect(starterOf({ ...alone, ...self })).toEqual(is);
});
