import { expect, test } from 'vitest';
import { SilenceWatch } from '../../../src/ingest/rtmp/silence-watch.ts';
import { VirtualClock } from '../../helpers/virtual-clock.ts';

test('SilenceWatch tells when nothing comes, when something does again, and once when it is over', async () => {
  const clock = new VirtualClock();
  const told: string[] = [];
  const watch = new SilenceWatch(clock, {
    onChange: (silent) => told.push(silent ? 'silent' : 'heard'),
    onTooLong: () => told.push('too long'),
  });
  await clock.pass(2500);
  expect([watch.heard(), watch.heard(), told]).toEqual([true, false, []]);
  await clock.pass(3500);
  watch.heard();
  expect(told).toEqual(['silent', 'heard']);
  await clock.pass(120_000);
  expect(told).toEqual(['silent', 'heard', 'silent', 'too long']);
  watch.close();
  expect(clock.timers).toBe(0);
});
