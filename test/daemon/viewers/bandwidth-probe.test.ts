import { expect, test } from 'vitest';
import { BandwidthProbe, lookBps } from '../../../src/daemon/viewers/bandwidth-probe.ts';
import { VirtualClock } from '../../helpers/virtual-clock.ts';

test.each([
  { carriedBps: 30_000, expected: 1_000_000 },
  { carriedBps: 800_000, expected: 1_600_000 },
  { carriedBps: 2_200_000, expected: 3_880_000 },
  { carriedBps: 3_000_000, expected: 3_880_000 },
  { carriedBps: 5_000_000, expected: 6_000_000 },
])('a line that carries $carriedBps bit/s is tried with $expected', ({ carriedBps, expected }) => {
  expect(lookBps(carriedBps)).toBe(expected);
});

test('BandwidthProbe is patient, then looks again and again until it is called off', async () => {
  const clock = new VirtualClock();
  const limits: number[] = [];
  const transport = {
    getStats: async () => [{ availableOutgoingBitrate: 2_200_000 }] as never,
    setMaxOutgoingBitrate: async (bps: number) => void limits.push(bps),
  };
  const probe = new BandwidthProbe(transport, clock);
  probe.wanted = true;
  await clock.pass(14_999);
  expect(limits).toEqual([]);
  await clock.pass(4000);
  expect(limits).toEqual([3_880_000, 3_879_999, 2_200_000, 3_880_000, 3_879_999]);
  probe.wanted = false;
  await clock.pass(60_000);
  expect(limits.slice(5)).toEqual([0]);
  expect(clock.timers).toBe(0);
});
