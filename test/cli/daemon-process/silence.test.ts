import { expect, test } from 'vitest';
import { Silence } from '../../../src/cli/daemon-process/silence.ts';
import type { Clock } from '../../../src/contract/clock.ts';
import { VirtualClock } from '../../helpers/virtual-clock.ts';

test('Silence is told once, after so long without a word', async () => {
  const clock = new VirtualClock();
  let told = 0;
  const silence = new Silence(clock, 30_000, () => told++);
  await clock.pass(29_000);
  silence.heard();
  await clock.pass(29_000);
  expect(told).toBe(0);
  await clock.pass(1000);
  expect([told, clock.timers]).toEqual([1, 0]);
});

test('Silence is none where it was the listener that stood still', () => {
  let nowMs = 0;
  let look = () => {};
  const clock: Clock = {
    nowMs: () => nowMs,
    wallMs: () => nowMs,
    after(_, act) {
      look = act;
      return { cancel: () => {} };
    },
  };
  let told = 0;
  const silence = new Silence(clock, 30_000, () => told++);
  nowMs += 60_000;
  look();
  silence.heard();
  expect(told).toBe(0);
});
