import { expect, test } from 'vitest';
import { Lockouts } from '../../../../src/daemon/api/remote/lockouts.ts';
import { VirtualClock } from '../../../helpers/virtual-clock.ts';

const minuteMs = 60_000;

test('Lockouts forgives five, then keeps out for twice as long each time, up to five minutes', async () => {
  const clock = new VirtualClock();
  const lockouts = new Lockouts(clock);
  const waits: number[] = [];
  for (let time = 0; time < 16; time++) {
    waits.push(lockouts.failed('192.0.2.1'));
    await clock.pass(lockouts.waitMs('192.0.2.1'));
  }
  expect(waits.slice(0, 9)).toEqual([0, 0, 0, 0, 0, 1000, 2000, 4000, 8000]);
  expect(waits.at(-1)).toBe(5 * minuteMs);
  expect(lockouts.waitMs('192.0.2.1')).toBe(0);
});

test('Lockouts forgets what was wrong a quarter of an hour ago, and forgives who comes with a right one', async () => {
  const clock = new VirtualClock();
  const lockouts = new Lockouts(clock);
  const fail = (times: number) => Array.from({ length: times }, () => lockouts.failed('192.0.2.1')).at(-1);
  expect(fail(6)).toBe(1000);
  await clock.pass(16 * minuteMs);
  expect(fail(5)).toBe(0);
  await clock.pass(16 * minuteMs);
  lockouts.failed('198.51.100.1');
  expect(lockouts.size).toBe(1);
  lockouts.forgive('192.0.2.1');
  expect(fail(5)).toBe(0);
});

test('Lockouts keeps out a network of IPv6, and a site whose networks are used one after the other, and nobody else', () => {
  const lockouts = new Lockouts(new VirtualClock());
  for (let network = 0; network < 6; network++) lockouts.failed(`2001:db8:1:${network}::1`);
  expect(lockouts.waitMs('2001:db8:1:ffff::9')).toBe(1000);
  expect(lockouts.waitMs('2001:db8:2::1')).toBe(0);
  expect(lockouts.waitMs('192.0.2.1')).toBe(0);
});

test('Lockouts remembers ten thousand, and no more', () => {
  const lockouts = new Lockouts(new VirtualClock());
  const address = (n: number) => `10.${n >> 16}.${(n >> 8) & 255}.${n & 255}`;
  for (let time = 0; time < 6; time++) lockouts.failed(address(0));
  for (let n = 1; n < 10_000; n++) lockouts.failed(address(n));
  expect(lockouts.waitMs(address(0))).toBe(1000);
  lockouts.failed(address(10_000));
  expect(lockouts.waitMs(address(0))).toBe(0);
});
