import { expect, test } from 'vitest';
import { Earlier } from '../../../src/daemon/rooms/earlier.ts';
import type { KeptRow } from '../../../src/daemon/rooms/kept-row.ts';
import { VirtualClock } from '../../helpers/virtual-clock.ts';

const row = (room: string) => ({ room, id: `b-${room}` }) as KeptRow;

function newEarlier() {
  const clock = new VirtualClock();
  const told: string[] = [];
  const hanging = new Map<string, PromiseWithResolvers<void>>();
  const earlier = new Earlier({
    restore: async ({ room }) => {
      await hanging.get(room)?.promise;
      told.push(`${room} goes on`);
    },
    remove: (room) => told.push(`${room} is removed`),
    health: {
      lost: (part, { reason }) => told.push(`${part}: ${reason}`),
      found: (part) => told.push(`${part} are well`),
    },
    clock,
  });
  const hang = (room: string) => hanging.set(room, Promise.withResolvers()).get(room);
  return { earlier, clock, hang, news: () => told.splice(0) };
}

function full(): never {
  throw new Error('there is no room');
}

test('What could not be read at the start goes on when it can be, and is told until then; it does so once', async () => {
  const { earlier, news } = newEarlier();
  earlier.look(full, 5000);
  await earlier.restored();
  expect(earlier.problem).toContain('there is no room');
  expect(news()).toEqual([
    expect.stringMatching(
      /^earlier broadcasts: what was kept does not go on until it can be read: .*no room/,
    ),
  ]);
  earlier.look(() => [row('lobby'), row('hall')], 5000);
  await earlier.restored();
  expect(earlier.problem).toBeNull();
  expect(news()).toEqual(['earlier broadcasts are well', 'lobby goes on', 'hall goes on']);
  earlier.look(() => [row('lobby')], 5000);
  await earlier.restored();
  expect(news()).toEqual([]);
});

test('What a machine begins is not written over rows that nobody has read, or that do not go on yet', async () => {
  const { earlier, hang } = newEarlier();
  const may = () => [
    earlier.mayWrite('lobby', 'b-new'),
    earlier.mayWrite('lobby', 'b-lobby'),
    earlier.mayWrite('hall', 'b-new'),
  ];
  earlier.look(full, 5000);
  expect(may()).toEqual([false, false, false]);
  expect(earlier.isRestored).toBe(false);
  const hung = hang('lobby');
  earlier.look(() => [row('lobby')], 5000);
  expect(may()).toEqual([false, true, true]);
  expect(earlier.isRestored).toBe(false);
  hung?.resolve();
  await earlier.restored();
  expect(may()).toEqual([true, true, true]);
  expect(earlier.isRestored).toBe(true);
});

test('One that hangs holds up no other, and a command no longer than 10 s', async () => {
  const { earlier, clock, hang, news } = newEarlier();
  hang('lobby');
  earlier.look(() => [row('lobby'), row('hall')], 5000);
  let isOver = false;
  void earlier.awaited().then(() => {
    isOver = true;
  });
  await clock.pass(9_999);
  expect([isOver, news()]).toEqual([false, ['earlier broadcasts are well', 'hall goes on']]);
  await clock.pass(1);
  expect([isOver, clock.timers]).toEqual([true, 0]);
});

test('A command that comes before what was kept is there waits for it', async () => {
  const { earlier, clock, hang, news } = newEarlier();
  const hung = hang('lobby');
  earlier.look(() => [row('lobby')], 5000);
  const awaited = earlier.awaited().then(() => news());
  hung?.resolve();
  expect(await awaited).toContain('lobby goes on');
  expect(clock.timers).toBe(0);
});

test('What a person stopped in a room before it could be read does not go on there', async () => {
  const { earlier, news } = newEarlier();
  earlier.look(full, 5000);
  earlier.stop('lobby');
  news();
  earlier.look(() => [row('lobby'), row('hall')], 5000);
  await earlier.restored();
  expect(news()).toEqual(['earlier broadcasts are well', 'lobby is removed', 'hall goes on']);
});
