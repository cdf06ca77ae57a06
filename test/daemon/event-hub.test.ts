import { expect, test, vi } from 'vitest';
import { EventHub } from '../../src/daemon/event-hub.ts';
import { VirtualClock } from '../helpers/virtual-clock.ts';

test('EventHub tells who listens behind one that throws, and holds up nobody who announces', () => {
  using thrown = vi.spyOn(globalThis, 'queueMicrotask').mockImplementation(() => {});
  const hub = new EventHub(new VirtualClock());
  const heard: string[] = [];
  hub.listen(() => {
    throw new Error('a listener that nobody foresaw');
  });
  hub.listen(({ type }) => heard.push(type));
  hub.announce({ type: 'worker.died', pid: 1, message: 'killed' });
  expect([heard, thrown.mock.calls.length]).toEqual([['worker.died'], 1]);
});
