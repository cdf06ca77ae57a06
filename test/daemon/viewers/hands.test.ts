import { expect, test } from 'vitest';
import type { Event } from '../../../src/contract/events.ts';
import { EventHub } from '../../../src/daemon/event-hub.ts';
import { Hands } from '../../../src/daemon/viewers/hands.ts';
import { openState, temporaryFolder } from '../../helpers/state.ts';
import { VirtualClock } from '../../helpers/virtual-clock.ts';

const [anna, bob, carl] = ['v-aaaaaaaaaa', 'v-bbbbbbbbbb', 'v-cccccccccc'] as const;

/** Hands in a state of their own, and what is heard of them. */
function opened(path?: string, clock = new VirtualClock()) {
  const folder = path === undefined ? temporaryFolder() : { path, [Symbol.dispose]: () => {} };
  const store = openState(folder.path);
  const hub = new EventHub(clock);
  const events: Event[] = [];
  hub.listen((event) => events.push(event));
  const on = new Set(['lobby', 'hall']);
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
  at.hands.here(anna);
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
  const raise = (number: number, room = 'lobby') => at.hands.raise({ id: `v-${number}`, room, name: 'x', network: `n${number % 20}` });
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
  second.hands.here(bob);
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
