import { expect, test } from 'vitest';
import type { Event } from '../../src/contract/events.ts';
import { EventHub } from '../../src/daemon/event-hub.ts';
import { Health } from '../../src/daemon/health.ts';
import { VirtualClock } from '../helpers/virtual-clock.ts';

function healthOf() {
  const hub = new EventHub();
  const events: Event[] = [];
  hub.listen((event) => events.push(event));
  const clock = new VirtualClock();
  return { health: new Health({ hub, clock }), clock, events };
}

test('Health says what is missing, since when, why, and when it is tried again; once to whoever listens', async () => {
  const { health, clock, events } = healthOf();
  health.lost('worker 1', { reason: 'it does not start', failures: 2, nextTryMs: 500 });
  await clock.pass(500);
  health.lost('worker 1', { reason: 'it still does not', failures: 3, nextTryMs: 1000 });
  expect(health.degraded).toEqual([
    {
      ...{ part: 'worker 1', reason: 'it still does not', failures: 3 },
      ...{ since: '2026-01-01T00:00:00.000Z', nextTryAt: '2026-01-01T00:00:01.500Z' },
    },
  ]);
  health.found('worker 1');
  health.found('worker 1');
  expect(health.degraded).toEqual([]);
  expect(events.map(({ type }) => type)).toEqual(['daemon.degraded', 'daemon.recovered']);
});

test('Health serves while one of what is needed is there, or is only being replaced', () => {
  const { health } = healthOf();
  let workers = 1;
  health.need('worker', () => workers > 0);
  health.lost('worker 2', { reason: 'gone', failures: 2, nextTryMs: 500 });
  health.lost('room lobby', { reason: 'gone', failures: 2, nextTryMs: 500 });
  expect([health.servable, health.ready]).toEqual([true, false]);
  health.open();
  expect(health.ready).toBe(true);
  workers = 0;
  expect([health.servable, health.ready]).toEqual([false, false]);
  health.found('worker 2');
  expect(health.servable).toBe(true);
  health.close();
  expect([health.servable, health.ready]).toEqual([true, false]);
});

test('Health tells neither of what is missed nor of what is had back once the daemon ends', () => {
  const { health, events } = healthOf();
  health.open();
  health.lost('room lobby', { reason: 'gone', failures: 2, nextTryMs: 500 });
  health.close();
  health.found('room lobby');
  health.lost('rtmp', { reason: 'it ends', failures: 1, nextTryMs: null });
  expect(events.map(({ type }) => type)).toEqual(['daemon.degraded']);
});
