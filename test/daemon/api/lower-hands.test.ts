import { expect, test } from 'vitest';
import type { Principal } from '../../../src/contract/principal.ts';
import { type ViewerHandlerOptions, viewerHandlers } from '../../../src/daemon/api/viewer-handlers.ts';
import { EventHub } from '../../../src/daemon/event-hub.ts';
import { Hands } from '../../../src/daemon/viewers/hands.ts';
import { openState, temporaryFolder } from '../../helpers/state.ts';
import { VirtualClock } from '../../helpers/virtual-clock.ts';

const [anna, bob, carl] = ['v-aaaaaaaaaa', 'v-bbbbbbbbbb', 'v-cccccccccc'] as const;
const socket: Principal = { kind: 'socket', user: 'anna' };
const bound: Principal = {
  ...{ kind: 'token', id: 't-aaaaaaaaaa', name: 'bob', role: 'operator', rooms: ['lobby'] },
};
const missing = expect.objectContaining({ code: 'VIEWER_NOT_FOUND', hint: 'See which are: mirolive hands' });

/** Two hands in the lobby, and one in the hall. */
function raised() {
  const folder = temporaryFolder();
  const store = openState(folder.path);
  const clock = new VirtualClock();
  const hands = new Hands({ store, hub: new EventHub(clock), clock, isOn: () => true });
  for (const [id, room] of [
    [anna, 'lobby'],
    [bob, 'lobby'],
    [carl, 'hall'],
  ] as const)
    hands.raise({ id, room, name: id, network: 'n' });
  const { lowerHands } = viewerHandlers({ hands } as unknown as ViewerHandlerOptions);
  const lower = (caller: Principal, input: Partial<Parameters<typeof lowerHands>[0]>) =>
    lowerHands({ ids: null, ...input }, { caller } as Parameters<typeof lowerHands>[1]);
  return {
    ...{ lower, up: () => hands.list().map(({ id }) => id) },
    [Symbol.dispose]() {
      hands.close();
      store.close();
      folder[Symbol.dispose]();
    },
  };
}

test('hands are lowered by their ids, all of a room, and all', () => {
  using at = raised();
  expect(at.lower(socket, { ids: [bob, bob, 'v-zzzzzzzzzz'] })).toEqual({
    lowered: [bob],
    missing: ['v-zzzzzzzzzz'],
  });
  expect(() => at.lower(socket, { ids: [bob] })).toThrow(missing);
  expect(at.lower(socket, { room: 'lobby' })).toEqual({ lowered: [anna], missing: [] });
  expect(at.lower(socket, {})).toEqual({ lowered: [carl], missing: [] });
  expect(at.lower(socket, {})).toEqual({ lowered: [], missing: [] });
});

test('of a room alone those are lowered that are up there', () => {
  using at = raised();
  expect(() => at.lower(socket, { ids: [carl], room: 'lobby' })).toThrow(missing);
  expect(at.up()).toEqual([anna, bob, carl]);
});

test('who is bound to rooms lowers no hand of others, and does not learn of it', () => {
  using at = raised();
  expect(() => at.lower(bound, { ids: [carl] })).toThrow(missing);
  expect(at.lower(bound, {})).toEqual({ lowered: [anna, bob], missing: [] });
  expect(at.up()).toEqual([carl]);
});
