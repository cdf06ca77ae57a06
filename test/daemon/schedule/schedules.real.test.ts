import { expect, test } from 'vitest';
import { createClient } from '../../../src/cli/client.ts';
import { startDaemon } from '../../helpers/daemon.ts';

test('A schedule begins in a free room, goes above what is on air in a busy one, and gives that back', async () => {
  await using server = await startDaemon();
  const client = createClient(server.socket);
  const source = { kind: 'test', pattern: 'bars' } as const;
  const when = { cron: '0 0 1 1 *', zone: 'UTC' };
  const what = { call: 'startBroadcast', params: { source } } as const;
  const end = { forMs: 10_000 };
  const last = async (name: string) => (await client.call('getSchedule', { name })).last?.outcome;
  const broadcasts = async (room: string) => await client.call('listBroadcasts', { room });
  await client.call('addSchedule', { name: 'free', spec: { room: 'lobby', when, what, end } });
  await client.call('addSchedule', { name: 'busy', spec: { room: 'hall', when, what, end } });
  const clock = { ...source, pattern: 'clock' } as const;
  const channel = await client.call('startBroadcast', { room: 'hall', source: clock, wait: false });
  for (const name of ['free', 'busy']) await client.call('runSchedule', { name });
  await expect.poll(() => last('free'), { timeout: 30_000 }).toBe('running');
  await expect.poll(() => last('busy'), { timeout: 30_000 }).toBe('running');
  expect(await broadcasts('lobby')).toMatchObject([{ kept: true, source }]);
  const above = await client.call('getProgramme', { room: 'hall' });
  expect(above.wanted.take).toBe('test bars');
  await expect(client.call('runSchedule', { name: 'busy' })).rejects.toMatchObject({
    code: 'SCHEDULE_RUNNING',
  });
  await expect.poll(() => last('free'), { timeout: 30_000 }).toBe('ended');
  await expect.poll(() => last('busy'), { timeout: 30_000 }).toBe('ended');
  expect(await broadcasts('lobby')).toEqual([]);
  expect(await broadcasts('hall')).toMatchObject([{ id: channel.id }]);
  expect((await client.call('getProgramme', { room: 'hall' })).wanted.take).toBeNull();
  const audit = await client.call('listAudit', {});
  const deeds = audit
    .filter(({ who }) => who.kind === 'schedule')
    .map(({ what: deed, result }) => `${deed} ${result}`);
  expect(deeds.toSorted()).toEqual([
    'control.release ok',
    'control.take ok',
    'startBroadcast ok',
    'stopBroadcast ok',
  ]);
});
