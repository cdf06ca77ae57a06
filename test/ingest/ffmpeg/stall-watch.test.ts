import { expect, test } from 'vitest';
import { StallWatch } from '../../../src/ingest/ffmpeg/stall-watch.ts';
import { VirtualClock } from '../../helpers/virtual-clock.ts';

/** A watch, when it found that nothing came, in ms since the beginning, and what it waited for then. */
function watch() {
  const clock = new VirtualClock(1000);
  const stuck: [number, number][] = [];
  const one = new StallWatch(clock, (timeoutMs) => stuck.push([clock.nowMs() - 1000, timeoutMs]));
  return { clock, stuck, one };
}

test('StallWatch finds that nothing has come since the last time', async () => {
  const { clock, stuck, one } = watch();
  for (let at = 0; at < 20; at++) {
    one.await(1000);
    expect(clock.timers).toBe(1);
    await clock.pass(900);
  }
  expect(stuck).toEqual([]);
  await clock.pass(5000);
  expect(stuck).toEqual([[19 * 900 + 1000, 1000]]);
  expect(clock.timers).toBe(0);
});

test('StallWatch waits no longer than is asked last, whatever was before', async () => {
  const { clock, stuck, one } = watch();
  one.await(15_000);
  await clock.pass(1000);
  one.await(2000);
  await clock.pass(60_000);
  expect(stuck).toEqual([[3000, 2000]]);
});

test('StallWatch finds nothing where nothing is to come, and begins again', async () => {
  const { clock, stuck, one } = watch();
  one.await(1000);
  one.stop();
  expect(clock.timers).toBe(0);
  await clock.pass(5000);
  one.await(500);
  await clock.pass(5000);
  expect(stuck).toEqual([[5500, 500]]);
});
