import { once } from 'node:events';
import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { createClient } from '../../../src/cli/client.ts';
import { startDaemon } from '../../helpers/daemon.ts';
import { sample } from '../../helpers/media/sample-files.ts';

test('A part of the day is on air in its midst, and a page that waits elsewhere is told what is scheduled there', async () => {
  const file = await sample('talk.mp4');
  const parts = [{ from: '00:00', to: '00:00', name: 'All day', file }];
  await using server = await startDaemon({ rooms: { channel: { dayparts: { zone: 'UTC', parts } } } });
  const page = new WebSocket(`${server.url.replace('http', 'ws')}/ws/lobby`);
  const heard: Record<string, unknown>[] = [];
  page.on('message', (data) => heard.push(JSON.parse(String(data))));
  await once(page, 'open');
  await expect.poll(() => heard).toMatchObject([{ type: 'hello', next: null }]);
  const client = createClient(server.socket);
  const atMs = Date.now() + 3_600_000;
  const when = { everyMs: 86_400_000, fromAt: new Date(atMs).toISOString() };
  const source = { kind: 'file', path: file } as const;
  const what = { call: 'startBroadcast', params: { source, name: 'Keynote' } } as const;
  await client.call('addSchedule', { name: 'keynote', spec: { room: 'lobby', when, what } });
  await expect.poll(() => heard.at(-1)).toMatchObject({ type: 'next', next: { atMs, name: 'Keynote' } });
  await client.call('removeSchedule', { name: 'keynote' });
  await expect.poll(() => heard.at(-1)).toEqual({ type: 'next', next: null });
  await expect
    .poll(() => server.daemon.desk.findRoom('channel')?.broadcast?.name, { timeout: 30_000 })
    .toBe('All day');
  const coming = await client.call('nextOccurrences', { room: 'channel', days: 2 });
  expect(coming).toMatchObject([{ schedule: 'daypart-0000' }, { schedule: 'daypart-0000' }]);
  page.terminate();
});
