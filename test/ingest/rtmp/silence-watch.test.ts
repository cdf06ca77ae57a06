import { expect, test } from 'vitest';
import { SilenceWatch } from '../../../src/ingest/rtmp/silence-watch.ts';
import { VirtualClock } from '../../helpers/virtual-clock.ts';

/** A watch, and what it told. */
function watched() {
  const clock = new VirtualClock();
  const told: string[] = [];
  const watch = new SilenceWatch(clock, {
    onChange: (silent) => told.push(silent ? 'silent' : 'heard'),
    onTooLong: () => told.push('too long'),
  });
  const hears = async (times: number, apartMs: number) => {
    for (let left = times; left > 0; left--) {
      watch.heard();
      await clock.pass(apartMs);
    }
  };
  return { clock, told, watch, hears };
}

test('SilenceWatch tells when nothing comes, when something does again, and once when it is over', async () => {
  const { clock, told, watch, hears } = watched();
  await clock.pass(2500);
  expect([watch.heard(), watch.heard(), told]).toEqual([true, false, []]);
  await hears(30, 40);
  await clock.pass(3500);
  watch.heard();
  expect(told).toEqual(['silent', 'heard']);
  await clock.pass(120_000);
  expect(told).toEqual(['silent', 'heard', 'silent', 'too long']);
  watch.close();
  expect(clock.timers).toBe(0);
});

test('SilenceWatch tells at once of who has sent nothing yet', async () => {
  const { clock, told } = watched();
  await clock.pass(3500);
  expect(told).toEqual(['silent']);
});

test('SilenceWatch misses nothing of pictures five seconds apart until they stop', async () => {
  const { clock, told, hears } = watched();
  await hears(10, 5000);
  expect(told).toEqual([]);
  await clock.pass(10_000);
  expect(told).toEqual(['silent']);
});
