import { once } from 'node:events';
import { afterEach, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { createClient } from '../../../src/cli/client.ts';
import { startDaemon } from '../../helpers/daemon.ts';

const hourMs = 3_600_000;
const bars = { kind: 'test', pattern: 'bars' } as const;
const clock = { kind: 'test', pattern: 'clock' } as const;
const daily = (fromMs: number) => ({ everyMs: 24 * hourMs, fromAt: new Date(fromMs).toISOString() });
const stream = (source: typeof bars | typeof clock, name?: string) =>
  ({ call: 'startBroadcast', params: { source, ...(name && { name }) } }) as const;

afterEach(() => void vi.restoreAllMocks());

/** Hours pass at once, by the clock on the wall; it is looked at when schedules change. */
function wallClock() {
  const now = Date.now;
  let putOnMs = 0;
  vi.spyOn(Date, 'now').mockImplementation(() => now() + putOnMs);
  return async (byMs: number, { call }: ReturnType<typeof createClient>) => {
    putOnMs += byMs;
    const spec = { room: 'elsewhere', when: daily(Date.now() + hourMs), what: stream(bars) };
    await call('addSchedule', { name: `at-${putOnMs}`, spec });
  };
}

test('A schedule begins in a free room, goes above what is on air in a busy one, and gives that back', async () => {
  await using server = await startDaemon();
  const client = createClient(server.socket);
  const pass = wallClock();
  const spec = { when: daily(Date.now() + 9 * hourMs), what: stream(bars), end: { forMs: hourMs } };
  const last = async (name: string) => (await client.call('getSchedule', { name })).last?.outcome;
  const broadcasts = async (room: string) => await client.call('listBroadcasts', { room });
  await client.call('addSchedule', { name: 'free', spec: { room: 'lobby', ...spec } });
  await client.call('addSchedule', { name: 'busy', spec: { room: 'hall', ...spec } });
  const channel = await client.call('startBroadcast', { room: 'hall', source: clock, wait: false });
  for (const name of ['free', 'busy']) await client.call('runSchedule', { name });
  await expect.poll(() => last('free'), { timeout: 30_000 }).toBe('running');
  await expect.poll(() => last('busy'), { timeout: 30_000 }).toBe('running');
  expect(await broadcasts('lobby')).toMatchObject([{ kept: true, source: bars }]);
  const runs = async () =>
    (await client.call('getProgramme', { room: 'hall' })).entries
      .filter(({ entry }) => entry === 'run')
      .map(({ words }) => words);
  expect(await runs()).toEqual(['test bars (schedule busy)']);
  await expect(client.call('runSchedule', { name: 'busy' })).rejects.toMatchObject({
    code: 'SCHEDULE_RUNNING',
  });
  await pass(hourMs, client);
  await expect.poll(() => last('free'), { timeout: 30_000 }).toBe('ended');
  await expect.poll(() => last('busy'), { timeout: 30_000 }).toBe('ended');
  expect(await broadcasts('lobby')).toEqual([]);
  expect(await broadcasts('hall')).toMatchObject([{ id: channel.id }]);
  await expect.poll(runs).toEqual([]);
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

test('A stream that is scheduled for the end of another one has its place, and viewers are never without one', async () => {
  await using server = await startDaemon();
  const client = createClient(server.socket);
  const pass = wallClock();
  const events: string[] = [];
  server.daemon.hub.listen((event) => {
    if (event.type === 'broadcast.ended') events.push(`ended ${event.reason}`);
    if (event.type === 'schedule.started')
      events.push(`${event.schedule} ${event.above ? 'above' : 'on air'}`);
  });
  const page = new WebSocket(`${server.url.replace('http', 'ws')}/ws/lobby`);
  const shown: string[] = [];
  page.on('message', (data) => {
    const { type, title } = JSON.parse(String(data)) as { type: string; title?: string };
    if (!['poster', 'next', 'viewers'].includes(type)) shown.push(title ? `${type} ${title}` : type);
  });
  await once(page, 'open');
  const begins = Date.now() + 1000;
  const end = { forMs: hourMs };
  const add = async (name: string, fromMs: number, source: typeof bars | typeof clock) =>
    await client.call('addSchedule', {
      name,
      spec: { room: 'lobby', when: daily(fromMs), what: stream(source, name), end },
    });
  await add('noon', begins + hourMs, clock);
  await add('morning', begins, bars);
  await expect.poll(() => events, { timeout: 30_000 }).toEqual(['morning on air']);
  await expect.poll(() => shown, { timeout: 30_000 }).toEqual(['hello', 'live morning']);
  await pass(hourMs, client);
  await expect
    .poll(() => events, { timeout: 30_000 })
    .toEqual(['morning on air', 'ended replaced', 'noon on air']);
  expect(await client.call('listBroadcasts', {})).toMatchObject([{ name: 'noon', source: clock }]);
  await expect.poll(() => shown, { timeout: 30_000 }).toEqual(['hello', 'live morning', 'live noon']);
  page.terminate();
});
