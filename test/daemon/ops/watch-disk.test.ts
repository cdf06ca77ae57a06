import { expect, test } from 'vitest';
import { diskLookMs, watchDisk } from '../../../src/daemon/ops/watch-disk.ts';
import { VirtualClock } from '../../helpers/virtual-clock.ts';

test('State and log that cannot be written are missed, tried again, and had back', async () => {
  const clock = new VirtualClock();
  const told: string[] = [];
  let room = false;
  const state = {
    ...{ problem: 'there is no room for the state', failures: 2, retry: () => {} },
    lost: 'the state is gone' as string | null,
  };
  const log = { state: { file: '/var/log/mirolive.log', dropped: 3, problem: 'ENOSPC' }, retry: () => {} };
  state.retry = () => room && Object.assign(state, { problem: null });
  log.retry = () => room && Object.assign(log.state, { problem: null });
  const health = {
    lost: (part: string, { reason, failures }: { reason: string; failures: number }) =>
      told.push(`${part} ${failures}: ${reason}`),
    found: (part: string) => told.push(`${part} is back`),
  };
  const timer = watchDisk({ state, log, health, clock });
  const lost = expect.stringContaining(
    'lost state 1: the state is gone: restore a backup (mirolive state check)',
  );
  expect(told.splice(0)).toEqual([lost]);
  await clock.pass(diskLookMs);
  expect(told.splice(0)).toEqual([
    'state 2: there is no room for the state',
    lost,
    'log lines 3: the log cannot be written: ENOSPC',
  ]);
  room = true;
  state.lost = null;
  await clock.pass(diskLookMs);
  expect(told).toEqual(['state is back', 'lost state is back', 'log lines is back']);
  timer.cancel();
});
