import { expect, test } from 'vitest';
import { type AwayVisit, AwayVisits } from '../../../src/daemon/audience/visits.ts';

const visit = (id: string, room: string, browser: string, untilMs = 1000): AwayVisit => ({
  ...{ id, room, browser, untilMs, wallMs: 0, broadcast: '', isKept: false },
});

test('AwayVisits knows who is back by room and browser, each tab once, and forgets who does not come', () => {
  const away = new AwayVisits();
  away.add(visit('one', 'lobby', 'u-one'));
  away.add(visit('tab', 'lobby', 'u-one', 2000));
  away.add(visit('two', 'hall', 'u-one', 3000));
  expect(away.all().map(({ id }) => id)).toEqual(['one', 'tab', 'two']);
  expect(away.back('lobby', null)).toBeUndefined();
  expect(away.back('lobby', 'u-two')).toBeUndefined();
  expect(away.back('lobby', 'u-one')?.id).toBe('one');
  expect(away.over(1000)).toEqual([]);
  expect(away.over(2000).map(({ id }) => id)).toEqual(['tab']);
  expect(['lobby', 'hall'].map((room) => away.isFrom(room))).toEqual([false, true]);
  expect(away.back('hall', 'u-one')?.id).toBe('two');
  expect(away.all()).toEqual([]);
  expect(away.isFrom('hall')).toBe(false);
});

test('AwayVisits looks up a room at a cost that does not grow with the rooms', () => {
  const away = new AwayVisits();
  const rooms = Array.from({ length: 15_000 }, (_, at) => `room-${at}`);
  for (const room of rooms) away.add(visit('one', room, 'u-one'));
  const before = process.cpuUsage();
  expect(rooms.every((room) => away.isFrom(room))).toBe(true);
  // Each against each takes several seconds of the processor, however busy that is; each by itself some milliseconds.
  const { user, system } = process.cpuUsage(before);
  expect((user + system) / 1e6).toBeLessThan(1);
});
