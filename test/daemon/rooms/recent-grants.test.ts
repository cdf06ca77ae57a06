import { expect, test } from 'vitest';
import { RecentGrants } from '../../../src/daemon/rooms/recent-grants.ts';
import { VirtualClock } from '../../helpers/virtual-clock.ts';

test('Many who ask at one moment are granted no more than there is, and more once that is seen in the load', async () => {
  const clock = new VirtualClock();
  const grants = new RecentGrants(clock);
  const ask = () => grants.grant(0.4, 1);
  expect([ask(), ask(), ask()]).toEqual([true, true, false]);
  // What does not fit is not taken from those who ask for less.
  expect(grants.grant(0.1, 1)).toBe(true);
  await clock.pass(59_999);
  expect(ask()).toBe(false);
  await clock.pass(1);
  expect(ask()).toBe(true);
});
