import { expect, test, vi } from 'vitest';
import { EventHub, type NewEvent } from '../../src/daemon/event-hub.ts';
import { startedEvent, statsEvent } from '../cli/samples.ts';
import { VirtualClock } from '../helpers/virtual-clock.ts';

const died = (pid: number): NewEvent => ({ type: 'worker.died', pid, message: 'killed' });
const hourMs = 3_600_000;

test('EventHub remembers what happened, and since when', async () => {
  const clock = new VirtualClock();
  const hub = new EventHub(clock);
  const begun = hub.now;
  await clock.pass(hourMs);
  hub.announce(died(1));
  await clock.pass(hourMs);
  hub.announce(died(2));
  await clock.pass(hourMs);
  const pids = (ms: number) => hub.past(ms).events.map((event) => 'pid' in event && event.pid);
  expect({ all: pids(8 * hourMs), late: pids(1.5 * hourMs), none: pids(0) }).toEqual({
    ...{ all: [1, 2], late: [2], none: [] },
  });
  expect(hub.past(8 * hourMs).from).toBe(begun);
  expect(hub.past(0)).toMatchObject({ at: hub.now, from: hub.now });
});

test('EventHub tells who listens behind one that throws, and holds up nobody who announces', () => {
  using thrown = vi.spyOn(globalThis, 'queueMicrotask').mockImplementation(() => {});
  const hub = new EventHub(new VirtualClock());
  const heard: string[] = [];
  hub.listen(() => {
    throw new Error('a listener that nobody foresaw');
  });
  hub.listen(({ type }) => heard.push(type));
  hub.announce(died(1));
  expect([heard, thrown.mock.calls.length]).toEqual([['worker.died'], 1]);
});

test('EventHub forgets the oldest where there is too much, and says so; what comes each second it does not keep', async () => {
  const clock = new VirtualClock();
  const hub = new EventHub(clock);
  for (let count = 0; count < 20_000; count++) {
    await clock.pass(1000);
    hub.announce(count % 2 === 0 ? statsEvent : startedEvent);
  }
  const { from, events } = hub.past(24 * hourMs);
  expect(new Set(events.map(({ type }) => type))).toEqual(new Set(['broadcast.started']));
  expect(events.length).toBeGreaterThan(500);
  expect(JSON.stringify(events).length).toBeLessThan(1.1 * 1024 * 1024);
  expect(events[0]?.at.localeCompare(from)).toBe(1);
  expect(events.at(-1)?.at).toBe(hub.now);
});

test('EventHub does not keep the rounds of what is repeated, but what began it', () => {
  const hub = new EventHub(new VirtualClock());
  const begun = { type: 'pipeline.started', broadcast: 'b-aaaaaa', room: 'lobby', pid: 1 } as const;
  const plan = { video: null, audio: null };
  hub.announce({ ...begun, plan, round: false });
  hub.announce({ ...begun, plan, round: true });
  expect(hub.past(hourMs).events).toMatchObject([{ round: false }]);
});

test('EventHub finds what happened whatever became of the wall clock', async () => {
  const clock = new VirtualClock();
  const hub = new EventHub(clock);
  await clock.pass(hourMs);
  hub.announce(died(1));
  clock.putWall(-hourMs);
  await clock.pass(1000);
  hub.announce(died(2));
  await clock.pass(1000);
  const pids = (ms: number) => hub.past(ms).events.map((event) => 'pid' in event && event.pid);
  expect([pids(60_000), pids(1500)]).toEqual([[1, 2], [2]]);
});

test('EventHub keeps what went wrong apart from what goes on all the time, and tells both in their order', async () => {
  const clock = new VirtualClock();
  const hub = new EventHub(clock);
  hub.announce(startedEvent);
  await clock.pass(1000);
  hub.announce(died(1));
  await clock.pass(1000);
  for (let count = 0; count < 5000; count++) hub.announce(startedEvent);
  hub.announce(died(2));
  const { from, events } = hub.past(hourMs);
  const [first, second] = events;
  expect([first?.type, second?.type, events.at(-1)?.type]).toEqual([
    ...['worker.died', 'broadcast.started', 'worker.died'],
  ]);
  expect(from).toBe(hub.now);
});

test('EventHub forgets nothing for the sake of one long event, and says that it is missing', async () => {
  const clock = new VirtualClock();
  const hub = new EventHub(clock);
  await clock.pass(1000);
  hub.announce(died(1));
  await clock.pass(1000);
  hub.announce({ type: 'worker.died', pid: 2, message: '長'.repeat(100_000) });
  await clock.pass(1000);
  const { from, events } = hub.past(hourMs);
  expect(events).toMatchObject([{ pid: 1 }]);
  expect(from).toBe(new Date(clock.wallMs() - 1000).toISOString());
});

test('EventHub remembers who was refused last in each room, and a flood of them displaces nothing else', async () => {
  const clock = new VirtualClock();
  const hub = new EventHub(clock);
  const refused = (room: string, message: string): NewEvent => ({
    ...{
      type: 'publisher.refused',
      room,
      protocol: 'rtmp',
      address: '192.0.2.1',
      code: 'KEY_UNKNOWN',
      message,
    },
  });
  hub.announce(died(1));
  hub.announce(refused('lobby', 'first'));
  for (let count = 0; count < 10_000; count++) hub.announce(refused(`r${count}`, 'flood'));
  hub.announce(refused('lobby', 'wrong key'));
  hub.announce(refused('lobby', 'expired key'));
  const { from, events } = hub.past(hourMs);
  expect(from).toBe(hub.now);
  expect(events).toHaveLength(101);
  expect(events[0]).toMatchObject({ type: 'worker.died' });
  expect(events.filter((event) => 'room' in event && event.room === 'lobby')).toMatchObject([
    { message: 'expired key' },
  ]);
});

test('EventHub remembers why a publisher of the operator was refused, however many strangers are refused after it', () => {
  const hub = new EventHub(new VirtualClock());
  const refused = { type: 'publisher.refused', protocol: 'rtmp', room: 'lobby' } as const;
  const codec = { code: 'PUBLISHER_CODEC', message: 'got hvc1', address: '192.0.2.1' } as const;
  const stranger = { code: 'KEY_UNKNOWN', message: 'wrong key', address: '203.0.113.1' } as const;
  hub.announce({ ...refused, ...codec });
  for (let count = 0; count < 1000; count++) hub.announce({ ...refused, ...stranger });
  expect(hub.past(hourMs).events).toMatchObject([codec, stranger]);
});

test('EventHub remembers who was refused in a room of the operator, however many rooms are made up', () => {
  const hub = new EventHub(new VirtualClock(), (room) => room === 'lobby');
  const refused = { type: 'publisher.refused', protocol: 'rtmp', address: '192.0.2.1' } as const;
  const why = { code: 'KEY_UNKNOWN', message: 'wrong key' } as const;
  hub.announce({ ...refused, ...why, room: 'lobby' });
  for (let count = 0; count < 1000; count++) hub.announce({ ...refused, ...why, room: `r${count}` });
  const { events } = hub.past(hourMs);
  expect(events).toHaveLength(101);
  expect(events[0]).toMatchObject({ room: 'lobby' });
});
