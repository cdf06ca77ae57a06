import { expect, test } from 'vitest';
import { Rates } from '../../../src/daemon/public-server/rate.ts';
import { VirtualClock } from '../../helpers/virtual-clock.ts';

test('Rates remembers a network for as long as that makes a difference', async () => {
  const clock = new VirtualClock();
  const rates = new Rates({ perSecond: 1, burst: 3, clock });
  const spent = [1, 2, 3, 4].map(() => rates.spend('192.0.2.0'));
  expect(spent).toEqual([true, true, true, false]);
  await clock.pass(2000);
  rates.spend('198.51.100.0');
  expect(rates.size).toBe(2);
  await clock.pass(1000);
  // The one is as if it had never been there; the other has one left to wait for.
  rates.spend('203.0.113.0');
  expect(rates.size).toBe(1);
});
