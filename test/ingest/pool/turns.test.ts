import { expect, test } from 'vitest';
import { longestTurnMs, Turns, turnMs, type Work } from '../../../src/ingest/pool/turns.ts';
import { VirtualClock } from '../../helpers/virtual-clock.ts';

function play(most = 2) {
  const clock = new VirtualClock();
  const turns = new Turns(most, clock);
  const went: string[] = [];
  const ask = (room: string, work: Partial<Work> = {}) =>
    turns.ask(room, { kind: 'look', remote: false, ...work }, () => went.push(room));
  return { clock, turns, went, ask };
}

test('Turns lets so many work at once, and the next when one is done', () => {
  const { went, ask, turns, clock } = play();
  const done = ['a', 'b', 'c', 'd'].map((room) => ask(room));
  expect(went).toEqual(['a', 'b']);
  done[1]?.();
  done[1]?.();
  expect(went).toEqual(['a', 'b', 'c']);
  for (const end of done) end();
  expect(went).toEqual(['a', 'b', 'c', 'd']);
  expect([turns.waiting, clock.timers]).toEqual([0, 0]);
});

test('Turns is fair between rooms: thirty looks of one do not keep the one of another waiting', () => {
  const { went, ask } = play(1);
  const done = Array.from({ length: 30 }, () => ask('a'));
  const other = ask('b');
  done[0]?.();
  expect(went).toEqual(['a', 'b']);
  other();
  expect(went).toEqual(['a', 'b', 'a']);
});

test('Turns starts what viewers wait for before it looks at anything', () => {
  const { went, ask } = play(1);
  const first = ask('a');
  ask('b');
  ask('c', { kind: 'start' });
  first();
  expect(went).toEqual(['a', 'c']);
});

test('Turns lets those look too for whom somebody waits, however many starts there are', () => {
  const { went, ask } = play(1);
  const first = ask('a', { kind: 'start' });
  const more = Array.from({ length: 9 }, (_, index) => ask(`start-${index}`, { kind: 'start' }));
  const look = ask('look');
  first();
  for (const end of more) end();
  look();
  expect(went.slice(0, 3)).toEqual(['a', 'start-0', 'look']);
  expect(went).toHaveLength(3);
});

test('Turns never gives one room all of them', () => {
  const { went, ask } = play(3);
  for (let item = 0; item < 5; item++) ask('a', { kind: 'start' });
  expect(went).toEqual(['a', 'a']);
  ask('b');
  expect(went).toEqual(['a', 'a', 'b']);
});

test.each([
  { name: 'a network', work: { remote: true }, ms: turnMs },
  { name: 'a disk that never answers', work: { remote: false }, ms: longestTurnMs },
])('Turns does not count for long who may wait for $name', async ({ work, ms }) => {
  const { went, ask, clock } = play(1);
  const first = ask('a', work);
  const second = ask('b', work);
  await clock.pass(ms - 1);
  expect(went).toEqual(['a']);
  await clock.pass(1);
  expect(went).toEqual(['a', 'b']);
  first();
  second();
  expect(clock.timers).toBe(0);
});

test('Turns forgets who leaves the queue', () => {
  const { went, ask } = play(1);
  const first = ask('a');
  ask('b')();
  ask('c');
  first();
  expect(went).toEqual(['a', 'c']);
});
