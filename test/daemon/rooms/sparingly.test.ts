import { expect, test } from 'vitest';
import { sparingly } from '../../../src/daemon/rooms/sparingly.ts';
import { VirtualClock } from '../../helpers/virtual-clock.ts';

test('What is asked for all the time is done at once, and then at most every so often', async () => {
  const clock = new VirtualClock();
  const doneMs: number[] = [];
  const ask = sparingly(clock, 10_000, () => doneMs.push(clock.nowMs()));
  const fromMs = clock.nowMs();
  for (let count = 0; count < 250; count++) {
    ask();
    await clock.pass(100);
  }
  expect(doneMs.map((ms) => ms - fromMs)).toEqual([0, 10_000, 20_000]);
});
