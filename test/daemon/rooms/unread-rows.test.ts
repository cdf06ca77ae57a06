import { expect, test } from 'vitest';
import { UnreadRows } from '../../../src/daemon/rooms/unread-rows.ts';

function newRows() {
  const told: string[] = [];
  const store = {
    put: (room: string) => told.push(`${room} is written`),
    remove: (room: string) => told.push(`${room} is removed`),
  };
  const rows = new UnreadRows(store, {
    lost: (part, { reason }) => told.push(`${part}: ${reason}`),
    found: (part) => told.push(`${part} is well`),
  });
  rows.add('lobby', 'b-1', 'expected version 1, got 2');
  return { rows, over: rows.over(store), news: () => told.splice(0) };
}

test('what is kept and cannot be read is told, with what can be done', () => {
  expect(newRows().news()).toEqual([
    'room lobby: it does not go on with b-1, which was kept: expected version 1, got 2; give that up (mirolive stop --room lobby), or start again the version that it is of',
  ]);
});

test('it is told until something else is kept in its room', () => {
  const { over, news } = newRows();
  news();
  over.put('hall', { id: 'b-2' });
  over.put('lobby', { seen: null });
  over.put('lobby', { id: 'b-3' });
  over.put('lobby', { id: 'b-4' });
  over.remove('lobby');
  expect(news()).toEqual([
    ...['hall is written', 'lobby is written', 'room lobby is well', 'lobby is written'],
    ...['lobby is written', 'lobby is removed'],
  ]);
});

test('it is told until somebody gives it up, which removes it', () => {
  const { rows, news } = newRows();
  news();
  expect([rows.giveUp('hall'), rows.giveUp('lobby'), rows.giveUp('lobby')]).toEqual([
    undefined,
    'b-1',
    undefined,
  ]);
  expect(news()).toEqual(['room lobby is well', 'lobby is removed']);
});
