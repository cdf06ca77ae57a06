import { expect, test } from 'vitest';
import { calls } from '../../../src/contract/api.ts';
import { MiroliveError } from '../../../src/contract/errors.ts';
import { mayCall, needs, type Principal, rightsOf, roomsOf } from '../../../src/contract/principal.ts';
import { principalWord } from '../../../src/contract/principal-word.ts';
import type { TokenRole } from '../../../src/contract/rights.ts';
import { createDispatch, type Gate } from '../../../src/daemon/api/dispatch.ts';
import type { Asking, Handlers } from '../../../src/daemon/api/handler-table.ts';
import type { Deed } from '../../../src/daemon/state/audit-log.ts';

const anna: Principal = { kind: 'socket', user: 'anna' };
const bearer = (role: TokenRole, rooms: string[] | null = null) =>
  ({ kind: 'token', id: 't-aaaaaaaaaa', name: 'bert', role, rooms }) as const;
const nobody = new AbortController().signal;
/** Lets everybody in. */
const open: Gate = { check: () => {}, admit: (_, input) => input, shown: (_, answer) => answer };

test.each<{ caller: Principal; may: readonly string[]; word: string }>([
  { caller: anna, may: ['look', 'operate', 'administer'], word: 'anna' },
  { caller: { kind: 'socket', user: null }, may: ['look', 'operate', 'administer'], word: 'socket' },
  { caller: { kind: 'daemon' }, may: ['look', 'operate', 'administer'], word: 'daemon' },
  {
    caller: { kind: 'schedule', name: 'morning', maker: { kind: 'socket', user: 'anna' } },
    may: ['look', 'operate'],
    word: 'schedule:morning',
  },
  { caller: bearer('read'), may: ['look'], word: 'token:bert' },
  { caller: bearer('operator'), may: ['look', 'operate'], word: 'token:bert' },
  { caller: bearer('admin'), may: ['look', 'operate', 'administer'], word: 'token:bert' },
  { caller: bearer('admin', ['lobby']), may: ['look', 'operate'], word: 'token:bert' },
  {
    caller: { kind: 'schedule', name: 'morning', maker: bearer('read') },
    may: ['look'],
    word: 'schedule:morning',
  },
])('$word may $may', ({ caller, may, word }) => {
  expect(needs.filter((needed) => mayCall(caller, needed))).toEqual(may);
  expect(principalWord(caller)).toBe(word);
  expect(rightsOf(caller)).toEqual({
    role: may.includes('administer') ? 'admin' : may.includes('operate') ? 'operator' : 'read',
    rooms: roomsOf(caller),
  });
});

test('dispatch gives a handler what is valid, who calls, and whether he waits', async () => {
  const asked: unknown[] = [];
  const stopRoom = async (input: unknown, asking: Asking) => {
    asked.push(input, asking);
    return {} as never;
  };
  const dispatch = createDispatch({ stopRoom } as unknown as Handlers, () => {}, open);
  await dispatch('stopRoom', { room: 'lobby' }, anna, nobody);
  expect(asked).toEqual([
    { room: 'lobby' },
    { body: null, caller: anna, gone: nobody, wanted: expect.any(Function) },
  ]);
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
  const dispatch = createDispatch({} as Handlers, () => {}, open);
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

/** What is told of a call with this outcome. */
async function deedsOf(name: keyof Handlers, params: unknown, act: () => unknown, caller: Principal = anna) {
  const deeds: Deed[] = [];
  const dispatch = createDispatch({ [name]: act } as unknown as Handlers, (deed) => deeds.push(deed), open);
  try {
    await dispatch(name, params, caller, nobody);
  } catch {
    // It is told by the deed.
  }
  return deeds;
}

const ok = async () => ({ id: 'b-aaaaaaaaaa', room: 'lobby' });
const camera = {
  kind: 'url',
  url: 'https://anna:pa55word@cam.example/live?token=s3cret',
  headers: { cookie: 'x=s3cret' },
};
const fails = () => {
  throw new MiroliveError('ROOM_IDLE', 'nothing is on air');
};

test.each<{
  name: string;
  call: keyof Handlers;
  params: unknown;
  act?: () => unknown;
  caller?: Principal;
  told: object | null;
}>([
  {
    name: 'a start, without what is secret',
    call: 'startBroadcast',
    params: { room: 'lobby', source: camera },
    told: {
      what: 'startBroadcast',
      subject: 'b-aaaaaaaaaa',
      room: 'lobby',
      details: { source: 'https://cam.example/live' },
    },
  },
  {
    name: 'a take, without what is secret',
    call: 'control',
    params: { room: 'lobby', command: { type: 'take', source: camera } },
    told: { what: 'control.take', room: 'lobby', details: { source: 'https://cam.example/live' } },
  },
  {
    name: 'what a command is given',
    call: 'control',
    params: { room: 'lobby', command: { type: 'volume', percent: 50 } },
    told: { what: 'control.volume', details: { percent: 50 } },
  },
  {
    name: 'the room of a broadcast that was named by its id',
    call: 'stopBroadcast',
    params: { id: 'b-aaaaaaaaaa' },
    told: { what: 'stopBroadcast', subject: 'b-aaaaaaaaaa', room: 'lobby', result: 'ok' },
  },
  {
    name: 'what failed later',
    call: 'stopRoom',
    params: { room: 'lobby' },
    act: async () => fails(),
    told: { what: 'stopRoom', subject: 'lobby', result: 'ROOM_IDLE' },
  },
  {
    name: 'what failed at once',
    call: 'stopRoom',
    params: { room: 'lobby' },
    act: fails,
    told: { what: 'stopRoom', subject: 'lobby', result: 'ROOM_IDLE' },
  },
  {
    name: 'what somebody may not do',
    call: 'createKey',
    params: { room: 'lobby' },
    caller: { kind: 'schedule', name: 'morning', maker: { kind: 'socket', user: 'anna' } },
    told: { what: 'createKey', result: 'NOT_ALLOWED' },
  },
  { name: 'a key once, with its transaction', call: 'createKey', params: { room: 'lobby' }, told: null },
  { name: 'nothing of a question', call: 'listRooms', params: {}, told: null },
  { name: 'nothing of a probe', call: 'probe', params: { source: camera }, told: null },
  { name: 'nothing of what is not right', call: 'stopRoom', params: { room: 7 }, told: null },
])('dispatch tells $name', async ({ call, params, act = ok, caller = anna, told }) => {
  const deeds = await deedsOf(call, params, act, caller);
  expect(deeds).toEqual(told === null ? [] : [expect.objectContaining({ who: caller, ...told })]);
  expect(JSON.stringify(deeds)).not.toMatch(/s3cret|pa55word/);
});

test('what changes nothing that goes out, and tells no secret, needs to look only', () => {
  const looking = Object.entries(calls).flatMap(([name, call]) => (call.needs === 'look' ? [name] : []));
  expect(looking).toEqual([
    'version',
    'status',
    'openapi',
    'listRooms',
    'getStill',
    'listBroadcasts',
    'getBroadcast',
    'getProgramme',
    'listViewers',
    'listHands',
    'listPublishers',
    'listSchedules',
    'getSchedule',
    'nextOccurrences',
    'events',
    'getReport',
    'observe',
  ]);
});

test('dispatch tells what somebody did when it is wanted, not when he has waited for it, and what failed after that besides', async () => {
  const deeds: string[] = [];
  const waited = Promise.withResolvers<never>();
  const startBroadcast = (_: unknown, { wanted }: Asking) => {
    wanted({ id: 'b-aaaaaaaaaa', room: 'lobby' });
    return waited.promise;
  };
  const tell = ({ what, subject, result }: Deed) => deeds.push(`${what} ${subject} ${result}`);
  const dispatch = createDispatch({ startBroadcast } as unknown as Handlers, tell, open);
  const started = dispatch('startBroadcast', { room: 'lobby', source: camera }, anna, nobody);
  expect(deeds).toEqual(['startBroadcast b-aaaaaaaaaa ok']);
  waited.reject(new MiroliveError('PIPELINE_FAILED', 'no frame came'));
  await expect(started).rejects.toThrow('no frame came');
  expect(deeds.slice(1)).toEqual(['startBroadcast lobby PIPELINE_FAILED']);
});
