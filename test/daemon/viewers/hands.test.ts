import { expect, test } from 'vitest';
import type { Event } from '../../../src/contract/events.ts';
import { EventHub } from '../../../src/daemon/event-hub.ts';
import { Hands } from '../../../src/daemon/viewers/hands.ts';
import { openState, temporaryFolder } from '../../helpers/state.ts';
import { VirtualClock } from '../../helpers/virtual-clock.ts';

const [anna, bob, carl] = ['v-aaaaaaaaaa', 'v-bbbbbbbbbb', 'v-cccccccccc'] as const;

/** Hands in a state of their own, and what is heard of them. */
function opened(path?: string, clock = new VirtualClock(), rooms: readonly string[] = ['lobby', 'hall']) {
  const folder = path === undefined ? temporaryFolder() : { path, [Symbol.dispose]: () => {} };
  const store = openState(folder.path);
  const hub = new EventHub(clock);
  const events: Event[] = [];
  hub.listen((event) => events.push(event));
  const on = new Set(rooms);
  const hands = new Hands({ store, hub, clock, isOn: (room) => on.has(room) });
  const changed: string[] = [];
  hands.tell((id) => changed.push(id));
  return {
    ...{ path: folder.path, clock, store, hands, on, changed },
    up: (room?: string) => hands.list(room).map(({ id }) => id),
    heard: () => events.map((event) => [event.type, 'why' in event ? event.why : null]),
    [Symbol.dispose]() {
      hands.close();
      store.close();
      folder[Symbol.dispose]();
    },
  };
}

test('hands stand in the order in which they went up, whoever raises his once more', () => {
  using at = opened();
  for (const id of [bob, anna, bob]) at.hands.raise({ id, room: 'lobby', name: id, network: 'n' });
  at.hands.raise({ id: carl, room: 'hall', name: 'Carl', network: 'n' });
  expect(at.up('lobby')).toEqual([bob, anna]);
  expect(at.up()).toEqual([bob, anna, carl]);
  expect(at.hands.list('hall')).toEqual([
    { id: carl, room: 'hall', name: 'Carl', raisedAt: new Date(at.clock.wallMs()).toISOString(), here: true },
  ]);
  expect(at.changed).toEqual([bob, anna, carl]);
});

test('a hand goes down by whoever raised it and by an operator, once, and comes up again at the end', () => {
  using at = opened();
  for (const id of [anna, bob]) at.hands.raise({ id, room: 'lobby', name: id, network: 'n' });
  expect([at.hands.lower(anna, 'operator'), at.hands.lower(anna, 'self')]).toEqual([true, false]);
  at.hands.raise({ id: anna, room: 'lobby', name: anna, network: 'n' });
  expect(at.up()).toEqual([bob, anna]);
  expect(at.heard().filter(([type]) => type === 'hand.lowered')).toEqual([['hand.lowered', 'operator']]);
});

test('whoever loses his line keeps his place for 30 s', async () => {
  using at = opened();
  for (const id of [anna, bob]) at.hands.raise({ id, room: 'lobby', name: id, network: 'n' });
  for (const id of [anna, bob]) at.hands.away(id);
  await at.clock.pass(29_000);
  at.hands.here(anna, 'n');
  expect(at.hands.list().map(({ here }) => here)).toEqual([true, false]);
  await at.clock.pass(2000);
  expect(at.up()).toEqual([anna]);
  await at.clock.pass(60_000);
  expect(at.up()).toEqual([anna]);
  expect(at.heard().at(-1)).toEqual(['hand.lowered', 'left']);
});

test('where no hands are raised none goes up, and those that are up go down', () => {
  using at = opened();
  at.hands.raise({ id: anna, room: 'lobby', name: 'Anna', network: 'n' });
  at.hands.raise({ id: bob, room: 'hall', name: 'Bob', network: 'n' });
  at.on.delete('lobby');
  at.hands.look();
  expect(at.up()).toEqual([bob]);
  expect(() => at.hands.raise({ id: anna, room: 'lobby', name: 'Anna', network: 'n' })).toThrow(
    expect.objectContaining({ code: 'HANDS_OFF', hint: 'Let them be: mirolive rooms set lobby hands=true' }),
  );
});

test('a room has a queue that ends', () => {
  using at = opened();
  const raise = (number: number, room = 'lobby') =>
    at.hands.raise({ id: `v-${number}`, room, name: 'x', network: `n${number % 20}` });
  for (let number = 0; number < 500; number++) raise(number);
  expect(() => raise(500)).toThrow(expect.objectContaining({ code: 'LIMIT_REACHED' }));
  raise(500, 'hall');
});

test('a killed daemon finds the hands up that were, in their order, and keeps them for those who come back', async () => {
  using first = opened();
  for (const id of [carl, anna, bob]) {
    first.hands.raise({ id, room: 'lobby', name: id, network: 'n' });
    await first.clock.pass(10);
  }
  first.hands.lower(anna, 'self');
  await first.clock.pass(250);
  first.store.close();
  using second = opened(first.path, first.clock);
  expect(second.hands.list()).toMatchObject([
    { id: carl, here: false },
    { id: bob, here: false },
  ]);
  second.hands.here(bob, 'n');
  await second.clock.pass(91_000);
  expect(second.up()).toEqual([bob]);
  await second.clock.pass(250);
  second.store.close();
  using third = opened(first.path, first.clock);
  expect(third.up()).toEqual([bob]);
});

test('hands go up where the state cannot be used', () => {
  using at = opened();
  at.store.close();
  at.hands.raise({ id: anna, room: 'lobby', name: 'Anna', network: 'n' });
  expect(at.up()).toEqual([anna]);
});

test('one network has a part of the queue, and who is away makes place for who is there', () => {
  using at = opened();
  const raise = (number: number, network: string) =>
    at.hands.raise({ id: `v-${number}`, room: 'lobby', name: 'x', network });
  for (let number = 0; number < 50; number++) raise(number, 'office');
  const full = expect.objectContaining({ code: 'LIMIT_REACHED' });
  expect(() => raise(50, 'office')).toThrow(full);
  raise(51, 'home');
  at.hands.away('v-7');
  at.hands.away('v-9');
  raise(52, 'office');
  expect([at.up().includes('v-7'), at.up().includes('v-9'), at.up().length]).toEqual([false, true, 51]);
  for (let number = 100; at.up().length < 500; number++) raise(number, `n${number % 20}`);
  // Of the whole queue, whoever is away goes.
  raise(600, 'elsewhere');
  expect(at.up()).toHaveLength(500);
  expect(() => raise(601, 'elsewhere')).toThrow(full);
});

test('what could not be written is written again', async () => {
  using at = opened();
  for (const id of [anna, bob]) at.hands.raise({ id, room: 'lobby', name: id, network: 'n' });
  await at.clock.pass(250);
  const { note } = at.store;
  at.store.note = () => {
    throw new Error('no space');
  };
  at.hands.lower(anna, 'operator');
  await at.clock.pass(250);
  at.store.note = note;
  at.hands.raise({ id: carl, room: 'lobby', name: carl, network: 'n' });
  await at.clock.pass(10_000);
  at.store.close();
  using second = opened(at.path, at.clock);
  expect(second.up()).toEqual([bob, carl]);
});

test('what could not be read at the start does not come up later', async () => {
  using first = opened();
  first.hands.raise({ id: anna, room: 'lobby', name: anna, network: 'n' });
  await first.clock.pass(250);
  const { read } = first.store;
  first.store.read = () => {
    throw new Error('no');
  };
  const hub = new EventHub(first.clock);
  const blind = new Hands({ store: first.store, hub, clock: first.clock, isOn: () => true });
  first.store.read = read;
  expect(blind.list()).toEqual([]);
  blind.raise({ id: bob, room: 'lobby', name: bob, network: 'n' });
  await first.clock.pass(250);
  blind.close();
  first.store.close();
  using second = opened(first.path, first.clock);
  expect(second.up()).toEqual([bob]);
});

test('hands are down after a start in a room where none are raised by then', async () => {
  using first = opened();
  for (const id of [anna, bob]) first.hands.raise({ id, room: 'lobby', name: id, network: 'n' });
  await first.clock.pass(250);
  first.store.close();
  using second = opened(first.path, first.clock, []);
  expect(second.up()).toEqual([]);
  await second.clock.pass(250);
  second.store.close();
  using third = opened(first.path, first.clock);
  expect(third.up()).toEqual([]);
});

test('the order on the disk is that of the queue, however quickly one goes down and up again', async () => {
  using first = opened();
  for (const id of [anna, bob]) first.hands.raise({ id, room: 'lobby', name: id, network: 'n' });
  first.hands.lower(anna, 'self');
  first.hands.raise({ id: anna, room: 'lobby', name: anna, network: 'n' });
  await first.clock.pass(250);
  first.store.close();
  using second = opened(first.path, first.clock);
  expect(second.up()).toEqual([bob, anna]);
});
