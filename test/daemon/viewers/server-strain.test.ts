import { availableParallelism } from 'node:os';
import { expect, test } from 'vitest';
import { busyPercent, cpuTicks } from '../../../src/daemon/view/cpu-ticks.ts';
import type { KnownProcess } from '../../../src/daemon/view/known-processes.ts';
import { ServerStrain } from '../../../src/daemon/viewers/server-strain.ts';
import { VirtualClock } from '../../helpers/virtual-clock.ts';

test('ServerStrain counts a look that comes late, for ten looks', async () => {
  const clock = new VirtualClock();
  const strain = new ServerStrain(clock);
  const lagAfter = async (ms: number) => {
    await clock.pass(ms);
    return strain.look([])(undefined).lagMs;
  };
  expect(await lagAfter(0)).toBe(0);
  expect(await lagAfter(1000)).toBe(0);
  expect(await lagAfter(1700)).toBe(700);
  for (let look = 0; look < 9; look++) expect(await lagAfter(1000)).toBe(700);
  expect(await lagAfter(1000)).toBe(0);
});

test('ServerStrain knows what a process takes of a core, and nothing of one that is gone', async () => {
  const clock = new VirtualClock();
  const strain = new ServerStrain(clock);
  const pids = [process.pid, 2 ** 30];
  expect(strain.look(pids)(process.pid).workerPercent).toBeNull();
  const cpuMs = process.cpuUsage();
  while (process.cpuUsage(cpuMs).user < 60_000) Math.sqrt(2);
  await clock.pass(1000);
  const of = strain.look(pids);
  expect(of(process.pid).workerPercent).toBeGreaterThanOrEqual(5);
  expect(of(2 ** 30).workerPercent).toBeNull();
  expect(of(undefined).workerPercent).toBeNull();
});

test('ServerStrain knows what other programs take, where it knows which are ours', async () => {
  const clock = new VirtualClock();
  const own: KnownProcess[] = [{ pid: process.pid, kind: 'daemon', rooms: [], port: null }];
  const [strain, blind] = [new ServerStrain(clock, () => own), new ServerStrain(clock)];
  for (const one of [strain, blind]) expect(one.look([])(undefined).others).toBeNull();
  const cpuMs = process.cpuUsage();
  while (process.cpuUsage(cpuMs).user < 60_000) Math.sqrt(2);
  await clock.pass(1000);
  const of = availableParallelism();
  const { cpuPercent, others } = strain.look([])(undefined);
  expect(others?.of).toBe(of);
  expect(others?.cores).toBeGreaterThanOrEqual(0);
  // What it used itself is not theirs.
  expect(others?.cores).toBeLessThanOrEqual(((cpuPercent ?? 0) * of) / 100 - 0.02);
  expect(blind.look([])(undefined).others).toBeNull();
});

test('busyPercent is what was not idle between two looks', () => {
  const [before, now] = ['cpu 10 0 10 70 10 0 0 0 5 0\n', 'cpu 40 0 10 120 30 0 0 0 9 0\n'].map(cpuTicks);
  if (!before || !now) throw new Error('expected ticks');
  expect(busyPercent(before, now)).toBe(30);
  expect(busyPercent(now, now)).toBeNull();
  expect(cpuTicks('')).toBeNull();
});
