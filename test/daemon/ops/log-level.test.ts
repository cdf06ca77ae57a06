import { expect, test } from 'vitest';
import type { Config } from '../../../src/contract/config.ts';
import { LogLevel } from '../../../src/daemon/ops/log-level.ts';
import { VirtualClock } from '../../helpers/virtual-clock.ts';

function made() {
  const clock = new VirtualClock();
  const log = { level: 'info', info: () => {} };
  const config = { log: { level: 'info', format: 'json', file: null } } as { log: Config['log'] };
  return { clock, log, config, level: new LogLevel({ log: log as never, config, clock }) };
}

test('LogLevel has the log say more for a while, and goes back by itself', async () => {
  const { clock, log, level } = made();
  expect(level.set('debug', 600_000)).toEqual({
    ...{ level: 'debug', configured: 'info', until: new Date(clock.wallMs() + 600_000).toISOString() },
  });
  // What is read again meanwhile does not end it.
  level.configured();
  await clock.pass(599_000);
  expect(log.level).toBe('debug');
  await clock.pass(1000);
  expect([log.level, level.state.until, clock.timers]).toEqual(['info', null, 0]);
});

test('LogLevel without an end holds until it is set, or the configuration is read, again', async () => {
  const { clock, log, config, level } = made();
  level.set('error', 1000);
  level.set('warn', null);
  await clock.pass(5000);
  expect(log.level).toBe('warn');
  config.log.level = 'error';
  level.configured();
  expect([log.level, level.state]).toEqual(['error', { level: 'error', configured: 'error', until: null }]);
  level.set('debug', null);
  expect(level.set(null, null).level).toBe('error');
  level.set('debug', 1000);
  level.close();
  expect(clock.timers).toBe(0);
});
