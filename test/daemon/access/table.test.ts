import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { type Call, type CallName, calls } from '../../../src/contract/api.ts';
import { asMiroliveError, MiroliveError } from '../../../src/contract/errors.ts';
import type { Principal } from '../../../src/contract/principal.ts';
import type { TokenRole } from '../../../src/contract/rights.ts';
import type { SourceKind } from '../../../src/contract/source-kinds.ts';
import { createGate } from '../../../src/daemon/access/gate.ts';
import { roomsOfThings, type ThingsOptions } from '../../../src/daemon/access/rooms-of-things.ts';
import { Tokens } from '../../../src/daemon/access/tokens.ts';
import { admitted, createDispatch } from '../../../src/daemon/api/dispatch.ts';
import type { Handlers } from '../../../src/daemon/api/handler-table.ts';
import { openState, temporaryFolder } from '../../helpers/state.ts';

const here = { lobby: 'b-aaaaaaaaaa', hall: 'b-bbbbbbbbbb' };
const links = { lobby: 'l-aaaaaaaaaa', hall: 'l-bbbbbbbbbb' };
type Room = keyof typeof here;

/** What is in both rooms: a broadcast and a schedule in each. */
const things = roomsOfThings({
  desk: {
    broadcast(id: string) {
      const [room] = Object.entries(here).find(([, one]) => one === id) ?? [];
      if (room === undefined) throw new MiroliveError('BROADCAST_NOT_FOUND', `there is no broadcast ${id}`);
      return { id, room };
    },
  },
  links: {
    roomOf(id: string) {
      const [room] = Object.entries(links).find(([, one]) => one === id) ?? [];
      if (room === undefined) throw new MiroliveError('LINK_NOT_FOUND', `there is no link ${id}`);
      return room;
    },
  },
  schedules: { get: (name: string) => ({ spec: { room: name } }), roomsOf: (name: string) => [name] },
} as unknown as ThingsOptions);

const bars = { kind: 'test' };
const when = { at: '2030-01-01 09:00', zone: 'UTC' };
const slate = { call: 'control', params: { command: { type: 'slate', on: true } } };

type Row = readonly [least: TokenRole, bound: 'any' | 'own' | 'never', params: (room: Room) => object];

/** Of each call: the least role that may make it; whether one may who is bound to rooms, for any, for his own, or never; and what it is given. */
const table: Readonly<Record<CallName, Row>> = {
  version: ['read', 'any', () => ({})],
  openapi: ['read', 'any', () => ({})],
  status: ['read', 'any', () => ({})],
  listRooms: ['read', 'any', () => ({})],
  events: ['read', 'own', (room) => ({ room })],
  observe: ['read', 'own', (room) => ({ room })],
  listBroadcasts: ['read', 'own', (room) => ({ room })],
  getBroadcast: ['read', 'own', (room) => ({ id: here[room] })],
  getProgramme: ['read', 'own', (room) => ({ room })],
  getStill: ['read', 'own', (room) => ({ room })],
  listViewers: ['read', 'own', (room) => ({ room })],
  getReport: ['read', 'own', (room) => ({ room })],
  listPublishers: ['read', 'own', (room) => ({ room })],
  listSchedules: ['read', 'own', (room) => ({ room })],
  getSchedule: ['read', 'own', (name) => ({ name })],
  nextOccurrences: ['read', 'own', (room) => ({ room })],
  startBroadcast: ['operator', 'own', (room) => ({ room, source: bars })],
  stopBroadcast: ['operator', 'own', (room) => ({ id: here[room] })],
  stopRoom: ['operator', 'own', (room) => ({ room })],
  keepBroadcast: ['operator', 'own', (room) => ({ room, on: true })],
  control: ['operator', 'own', (room) => ({ room, command: { type: 'next' } })],
  addSchedule: ['operator', 'own', (room) => ({ name: 'morning', spec: { room, when, what: slate } })],
  removeSchedule: ['operator', 'own', (name) => ({ name })],
  pauseSchedule: ['operator', 'own', (name) => ({ name, paused: true })],
  runSchedule: ['operator', 'own', (name) => ({ name })],
  stopSchedule: ['operator', 'own', (name) => ({ name })],
  announce: ['operator', 'own', (room) => ({ room, text: 'Shortly' })],
  listHands: ['read', 'own', (room) => ({ room })],
  lowerHands: ['operator', 'own', (room) => ({ room })],
  ban: ['operator', 'own', (room) => ({ room, who: '192.0.2.4' })],
  listBans: ['operator', 'own', (room) => ({ room })],
  createLink: ['operator', 'own', (room) => ({ room })],
  listLinks: ['operator', 'own', (room) => ({ room })],
  revokeLink: ['operator', 'own', (room) => ({ id: links[room] })],
  // Those of other rooms they do not find.
  kickViewers: ['operator', 'any', () => ({ ids: ['v-aaaaaaaaaa'] })],
  messageViewer: ['operator', 'any', () => ({ id: 'v-aaaaaaaaaa', text: 'Hello' })],
  unban: ['operator', 'any', () => ({ id: 'x-aaaaaaaaaa' })],
  probe: ['operator', 'any', () => ({ source: bars })],
  scan: ['operator', 'any', () => ({ path: '/srv/media/talk.mp4' })],
  listDevices: ['admin', 'never', () => ({})],
  doctor: ['admin', 'never', () => ({})],
  openStdin: ['admin', 'never', (room) => ({ room })],
  writeStdin: ['admin', 'never', () => ({ token: 'abcdefghijklmnop' })],
  getRoom: ['admin', 'never', (room) => ({ room })],
  setRoom: ['admin', 'never', (room) => ({ room })],
  createRoom: ['admin', 'never', (room) => ({ room })],
  deleteRoom: ['admin', 'never', (room) => ({ room })],
  reload: ['admin', 'never', () => ({})],
  listAudit: ['admin', 'never', (room) => ({ room })],
  createKey: ['admin', 'never', (room) => ({ room })],
  listKeys: ['admin', 'never', (room) => ({ room })],
  revokeKey: ['admin', 'never', () => ({ id: 'k-aaaaaaaaaa' })],
  rotateKey: ['admin', 'never', () => ({ id: 'k-aaaaaaaaaa' })],
  createToken: ['admin', 'never', () => ({ role: 'read' })],
  listTokens: ['admin', 'never', () => ({})],
  revokeToken: ['admin', 'never', () => ({ id: 't-aaaaaaaaaa' })],
  logs: ['admin', 'never', () => ({})],
  getLogLevel: ['admin', 'never', () => ({})],
  setLogLevel: ['admin', 'never', () => ({ level: 'debug' })],
  addWebhook: ['admin', 'never', () => ({ url: 'https://hooks.example/' })],
  listWebhooks: ['admin', 'never', () => ({})],
  removeWebhook: ['admin', 'never', () => ({ id: 'w-k3v7qm2xay' })],
  testWebhook: ['admin', 'never', () => ({ id: 'w-k3v7qm2xay' })],
  webhookLog: ['admin', 'never', () => ({ id: 'w-k3v7qm2xay' })],
  redeliverWebhook: ['admin', 'never', () => ({ id: 'w-k3v7qm2xay' })],
  planApply: ['admin', 'never', () => ({ declared: { name: 'webinar' } })],
  apply: ['admin', 'never', () => ({ declared: { name: 'webinar' } })],
  deleteHistory: ['admin', 'never', (room) => ({ room })],
  exportDeclared: ['admin', 'never', () => ({})],
};
const rows = Object.entries(table) as [CallName, Row][];
const ranks: readonly TokenRole[] = ['read', 'operator', 'admin'];
const absent = ['BROADCAST_NOT_FOUND', 'LINK_NOT_FOUND', 'SCHEDULE_NOT_FOUND'];

const bearer = (role: TokenRole, rooms: string[] | null = null) =>
  ({ kind: 'token', id: 't-aaaaaaaaaa', name: 'anna', role, rooms }) as const;

/** What comes of a call: `done`, or the code of its error; and what its handler was given. */
async function outcome(
  name: CallName,
  params: object,
  caller: Principal,
  { roots = ['/srv/media'], stateOf = () => 'valid' }: { roots?: string[]; stateOf?: Tokens['stateOf'] } = {},
) {
  let given: unknown;
  const handle = (input: unknown) => {
    given = input;
    return name.startsWith('list') || name === 'nextOccurrences' ? [] : {};
  };
  const gate = createGate({ tokens: { stateOf }, roots: () => roots, things });
  const handlers = { [name]: handle } as unknown as Handlers;
  const dispatch = createDispatch(handlers, () => {}, gate);
  try {
    if (name === 'events') given = admitted(name, params, caller, gate);
    // The answer of a status is seen elsewhere.
    else if (name === 'status') given = admitted(name, params, caller, gate);
    else await dispatch(name, params, caller, new AbortController().signal);
    return { is: 'done', given };
  } catch (error) {
    return { is: asMiroliveError(error).code as string, given };
  }
}

test('every call is in the table', () => {
  expect(Object.keys(calls).filter((name) => !Object.hasOwn(table, name))).toEqual([]);
});

describe.each(rows)('%s', (name, [least, bound, params]) => {
  test.each(ranks)('by a %s', async (role) => {
    const may = ranks.indexOf(role) >= ranks.indexOf(least);
    expect((await outcome(name, params('lobby'), bearer(role))).is).toBe(may ? 'done' : 'NOT_ALLOWED');
    const maker = bearer(role);
    const { is } = await outcome(name, params('lobby'), { kind: 'schedule', name: 'morning', maker });
    expect(is).toBe(may && least !== 'admin' ? 'done' : 'NOT_ALLOWED');
  });

  test.each(ranks)('by a %s who is bound to rooms', async (role) => {
    const may = bound !== 'never' && ranks.indexOf(role) >= ranks.indexOf(least);
    const caller = bearer(role, ['lobby', 'stage']);
    expect((await outcome(name, params('lobby'), caller)).is).toBe(may ? 'done' : 'NOT_ALLOWED');
    const elsewhere = await outcome(name, params('hall'), caller);
    if (may && bound === 'any') expect(elsewhere.is).toBe('done');
    else expect(['NOT_ALLOWED', ...absent]).toContain(elsewhere.is);
    if (!may || bound === 'own') expect(elsewhere.given).toBeUndefined();
  });

  test('by whoever may use the socket', async () => {
    expect((await outcome(name, params('hall'), { kind: 'socket', user: 'anna' })).is).toBe('done');
  });

  test.each(['expired', 'revoked', undefined] as const)('by a token that is %s', async (state) => {
    const how = { stateOf: () => state };
    for (const caller of [bearer('admin'), bearer('operator', ['lobby'])]) {
      expect((await outcome(name, params('lobby'), caller, how)).is).toBe('NOT_ALLOWED');
      const run: Principal = { kind: 'schedule', name: 'morning', maker: caller };
      expect((await outcome(name, params('lobby'), run, how)).is).toBe('NOT_ALLOWED');
    }
  });
});

/** Of each kind: something of it, and whether an operator may have it: always, with `media.roots`, or never. */
const kinds: readonly (readonly [SourceKind, object, 'always' | 'roots' | 'never'])[] = [
  ['file', { path: '/srv/media/talk.mp4' }, 'roots'],
  ['folder', { path: '/srv/media' }, 'roots'],
  ['url', { url: 'https://cdn.example/live.m3u8' }, 'always'],
  ['url', { url: 'RTSP://cam.example/1' }, 'always'],
  ['url', { url: 'rtmps://cdn.example/a/b' }, 'always'],
  ['url', { url: 'udp://0.0.0.0:5000' }, 'never'],
  ['url', { url: 'UDP://239.0.0.1:5000' }, 'never'],
  ['url', { url: 'srt://0.0.0.0:9000?mode=listener' }, 'never'],
  ['url', { url: 'srt://cam.example:9000' }, 'never'],
  ['publisher', { key: 'cam1' }, 'always'],
  ['device', { video: '/dev/video0' }, 'never'],
  ['screen', {}, 'never'],
  ['window', { window: 'Slides' }, 'never'],
  ['stdin', { token: 'abcdefghijklmnop' }, 'never'],
  ['test', {}, 'always'],
  ['slate', {}, 'always'],
  ['card', { title: 'Soon' }, 'always'],
];

/** Each way in which a source may come. */
const ways: readonly (readonly [string, CallName, (source: object) => object])[] = [
  ['startBroadcast', 'startBroadcast', (source) => ({ room: 'lobby', source })],
  [
    'an item of a list',
    'startBroadcast',
    (source) => ({ room: 'lobby', source: { kind: 'playlist', items: [{ source }] } }),
  ],
  [
    'what a list is filled with',
    'startBroadcast',
    (source) => ({ room: 'lobby', source: { kind: 'playlist', items: [{ source: bars }], filler: source } }),
  ],
  ['take', 'control', (source) => ({ room: 'lobby', command: { type: 'take', source } })],
  ['add', 'control', (source) => ({ room: 'lobby', command: { type: 'add', items: [{ source }] } })],
  ['replace', 'control', (source) => ({ room: 'lobby', command: { type: 'replace', items: [{ source }] } })],
  ['probe', 'probe', (source) => ({ source })],
  [
    'a schedule of a broadcast',
    'addSchedule',
    (source) => ({
      name: 'morning',
      spec: { room: 'lobby', when, what: { call: 'startBroadcast', params: { source } } },
    }),
  ],
  [
    'a schedule of a take',
    'addSchedule',
    (source) => ({
      name: 'morning',
      spec: { room: 'lobby', when, what: { call: 'control', params: { command: { type: 'take', source } } } },
    }),
  ],
];

describe.each(ways)('a source by %s', (_, call, params) => {
  test.each(kinds)('of kind %s %j', async (kind, more, may) => {
    const given = params({ kind, ...more });
    // What a call takes of nobody is none of this.
    if (!(calls[call] as Call).params.safeParse(given).success) return;
    for (const rooms of [null, ['lobby']])
      for (const roots of [[], ['/srv/media']]) {
        const allowed = may === 'always' || (may === 'roots' && roots.length > 0);
        const of = await outcome(call, given, bearer('operator', rooms), { roots });
        expect([roots, of.is]).toEqual([roots, allowed ? 'done' : 'NOT_ALLOWED']);
        const marks = JSON.stringify(of.given ?? '').includes('"confined":true');
        expect(marks).toBe(allowed && ['file', 'url'].includes(kind));
      }
    const admin = await outcome(call, given, bearer('admin'), { roots: [] });
    expect([admin.is, JSON.stringify(admin.given).includes('confined')]).toEqual(['done', false]);
  });
});

test('a scan needs media.roots of who is no admin', async () => {
  const path = '/srv/media/talk.mp4';
  expect((await outcome('scan', { path }, bearer('operator'), { roots: [] })).is).toBe('NOT_ALLOWED');
  expect((await outcome('scan', { path }, bearer('operator'))).is).toBe('done');
  expect((await outcome('scan', { path }, bearer('admin'), { roots: [] })).is).toBe('done');
});

test('every call that takes a source is one of those ways, or an admin has to make it', () => {
  const known = new Set<string>([...ways.map(([, call]) => call), 'scan']);
  const takes = Object.entries(calls).filter(([, { params, needs }]) => {
    const text = JSON.stringify(z.toJSONSchema(params, { io: 'input', unrepresentable: 'any' }));
    return needs !== 'administer' && /"const":"file"|"path":\{/.test(text);
  });
  expect(takes.map(([name]) => name).filter((name) => !known.has(name))).toEqual([]);
  expect(takes.length).toBeGreaterThan(3);
});

test('a token that nobody has made is none, on every call', async () => {
  using folder = temporaryFolder();
  using store = openState(folder.path);
  using tokens = Tokens.create(store);
  const forged = { ...bearer('admin'), id: 't-zzzzzzzzzz' };
  for (const [name, [, , params]] of rows) {
    const { is } = await outcome(name, params('lobby'), forged, { stateOf: (id) => tokens.stateOf(id) });
    expect([name, is]).toEqual([name, 'NOT_ALLOWED']);
  }
});
