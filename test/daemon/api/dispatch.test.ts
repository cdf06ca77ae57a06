import { expect, test } from 'vitest';
import { calls } from '../../../src/contract/api.ts';
import { mayCall, needs, type Principal, principalWord } from '../../../src/contract/principal.ts';
import { createDispatch } from '../../../src/daemon/api/dispatch.ts';
import type { Asking, Handlers } from '../../../src/daemon/api/handler-table.ts';

const anna: Principal = { kind: 'socket', user: 'anna' };
const nobody = new AbortController().signal;

test.each<{ caller: Principal; may: readonly string[]; word: string }>([
  { caller: anna, may: ['look', 'operate', 'administer'], word: 'anna' },
  { caller: { kind: 'socket', user: null }, may: ['look', 'operate', 'administer'], word: 'socket' },
  { caller: { kind: 'daemon' }, may: ['look', 'operate', 'administer'], word: 'daemon' },
  {
    caller: { kind: 'schedule', name: 'morning', maker: { kind: 'socket', user: 'anna' } },
    may: ['look', 'operate'],
    word: 'schedule:morning',
  },
])('$word may $may', ({ caller, may, word }) => {
  expect(needs.filter((needed) => mayCall(caller, needed))).toEqual(may);
  expect(principalWord(caller)).toBe(word);
});

test('dispatch gives a handler what is valid, who calls, and whether he waits', async () => {
  const asked: unknown[] = [];
  const stopRoom = async (input: unknown, asking: Asking) => {
    asked.push(input, asking);
    return {} as never;
  };
  const dispatch = createDispatch({ stopRoom } as unknown as Handlers);
  await dispatch('stopRoom', { room: 'lobby' }, anna, nobody);
  expect(asked).toEqual([{ room: 'lobby' }, { caller: anna, gone: nobody }]);
});

test.each([
  {
    name: 'parameters that are not right',
    call: 'stopRoom',
    params: { room: 7 },
    caller: anna,
    error: 'INVALID_REQUEST: room: expected text, got 7',
  },
  {
    name: 'a schedule that wants a stream key',
    call: 'createKey',
    params: { room: 'lobby' },
    caller: { kind: 'schedule', name: 'morning', maker: anna },
    error: 'NOT_ALLOWED: expected a caller who may administer, which createKey needs, got a schedule',
  },
] as const)('dispatch refuses $name, and does nothing', ({ call, params, caller, error }) => {
  const dispatch = createDispatch({} as Handlers);
  const words = () => {
    try {
      dispatch(call, params, caller, nobody);
    } catch (thrown) {
      const { code, message } = thrown as { code: string; message: string };
      return `${code}: ${message}`;
    }
  };
  expect(words()).toBe(error);
});

test('what changes nothing that goes out, and tells no secret, needs to look only', () => {
  const looking = Object.entries(calls).flatMap(([name, call]) => (call.needs === 'look' ? [name] : []));
  expect(looking).toEqual([
    'version',
    'status',
    'listRooms',
    'listBroadcasts',
    'getBroadcast',
    'getProgramme',
    'listViewers',
    'listPublishers',
    'listDevices',
    'events',
    'openapi',
  ]);
});
