import { expect, test } from 'vitest';
import { onceReached } from '../../../src/daemon/publishers/once-reached.ts';
import { VirtualClock } from '../../helpers/virtual-clock.ts';

const hourMs = 3_600_000;

/** Waits for an hour from now by the wall clock. */
function waiting() {
  const clock = new VirtualClock();
  let reached = 0;
  const stop = onceReached(clock, clock.wallMs() + hourMs, () => reached++);
  return { clock, stop, reached: () => reached };
}

test('onceReached acts at its moment, once', async () => {
  const { clock, reached } = waiting();
  await clock.pass(hourMs - 1);
  expect(reached()).toBe(0);
  await clock.pass(2 * hourMs);
  expect({ reached: reached(), timers: clock.timers }).toEqual({ reached: 1, timers: 0 });
});

test.each([
  { name: 'on', byMs: hourMs, atLeastMs: 0 },
  { name: 'back', byMs: -hourMs, atLeastMs: 2 * hourMs },
])('onceReached goes by a clock that is put $name, within a minute', async ({ byMs, atLeastMs }) => {
  const { clock, reached } = waiting();
  clock.putWall(byMs);
  await clock.pass(atLeastMs - 1);
  expect(reached()).toBe(0);
  await clock.pass(60_001);
  expect(reached()).toBe(1);
});

test('onceReached is stopped, and never begins for what has no end', async () => {
  const { clock, stop, reached } = waiting();
  stop();
  onceReached(clock, null, stop)();
  await clock.pass(2 * hourMs);
  expect({ reached: reached(), timers: clock.timers }).toEqual({ reached: 0, timers: 0 });
});
