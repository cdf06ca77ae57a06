import { expect, test } from 'vitest';
import type { CallName } from '../../../src/contract/api.ts';
import { MiroliveError } from '../../../src/contract/errors.ts';
import type { Event } from '../../../src/contract/events.ts';
import type { Principal } from '../../../src/contract/principal.ts';
import { heardBy, seenBy, seesEvent } from '../../../src/daemon/access/seen.ts';
import { roomIdle } from '../../../src/daemon/rooms/errors.ts';

const anna: Principal = { kind: 'socket', user: 'anna' };
const guest: Principal = { kind: 'token', id: 't-aaaaaaaaaa', name: 'guest', role: 'read', rooms: ['lobby'] };
const reader: Principal = { ...guest, rooms: null };

test.each<{ call: CallName; both: readonly [object, object] }>([
  { call: 'listRooms', both: [{ name: 'lobby' }, { name: 'hall' }] },
  { call: 'listBroadcasts', both: [{ room: 'lobby' }, { room: 'hall' }] },
  { call: 'listViewers', both: [{ room: 'lobby' }, { room: 'hall' }] },
  { call: 'listPublishers', both: [{ room: 'lobby' }, { room: 'hall' }] },
  { call: 'listSchedules', both: [{ spec: { room: 'lobby' } }, { spec: { room: 'hall' } }] },
  { call: 'nextOccurrences', both: [{ room: 'lobby' }, { room: 'hall' }] },
])('$call tells who is bound to rooms of these alone', ({ call, both }) => {
  expect(seenBy(guest, call, both)).toEqual(both.slice(0, 1));
  expect(seenBy({ kind: 'schedule', name: 'morning', maker: guest }, call, both)).toEqual(both.slice(0, 1));
  for (const caller of [anna, reader]) expect(seenBy(caller, call, both)).toBe(both);
});

test('how a room fares is told who is no admin without paths of the machine', () => {
  const health = { word: 'bad', reason: 'the slate cannot be read: /srv/a secret/x.png' };
  const [seen] = seenBy(reader, 'listRooms', [{ name: 'lobby', health }]) as [{ health: typeof health }];
  expect(seen.health).toEqual({ word: 'bad', reason: 'the slate cannot be read: …' });
  expect(seenBy(anna, 'listRooms', [{ name: 'lobby', health }])).toEqual([{ name: 'lobby', health }]);
});

test('status tells who is no admin nothing of where things are, and who is bound to rooms nothing of others', () => {
  const status = {
    ...{ version: '1', newerBuild: null, socket: '/run/secret.sock', worker: { path: '/opt/secret' } },
    ...{
      log: { file: '/var/secret.log', dropped: 0, problem: null },
      state: { folder: '/var/secret', problem: '/var/secret/state.db: locked' },
    },
    rooms: [
      { name: 'lobby', viewers: 2 },
      { name: 'hall', viewers: 40 },
    ],
    broadcasts: [{ room: 'lobby' }, { room: 'hall', name: 'hidden' }],
    nextRun: { schedule: 'hidden', room: 'hall' },
    ...{
      workers: [{ pid: 1 }],
      ingest: [{ pid: 2, rooms: ['hall'] }],
      degraded: [{ part: 'rtmp', reason: 'cannot reach rtmp://a/live/cam: ENOENT /opt/a secret/x.pem' }],
    },
    ...{ viewers: 42, publishers: 3, viewersWithoutPicture: 1 },
  };
  expect(seenBy(anna, 'status', status)).toBe(status);
  const read = JSON.stringify(seenBy(reader, 'status', status));
  expect(read).not.toContain('secret');
  expect(read).toContain('hall');
  expect(read).toContain('"cannot reach rtmp://a/live/cam: ENOENT …"');
  const bound = seenBy(guest, 'status', status) as typeof status;
  expect(JSON.stringify(bound)).not.toMatch(/secret|hall|hidden|"part"/);
  expect([bound.viewers, bound.publishers, bound.nextRun, bound.rooms.length]).toEqual([2, 0, null, 1]);
});

test.each<{ event: object; sees: boolean }>([
  { event: { type: 'viewer.joined', room: 'lobby' }, sees: true },
  { event: { type: 'viewer.joined', room: 'hall' }, sees: false },
  { event: { type: 'publisher.refused', room: null }, sees: false },
  { event: { type: 'worker.died' }, sees: false },
  { event: { type: 'ingest.died', rooms: ['lobby', 'hall'] }, sees: false },
  { event: { type: 'events.open' }, sees: true },
  { event: { type: 'daemon.stopping' }, sees: true },
])('who is bound to rooms sees $event: $sees', ({ event, sees }) => {
  expect(seesEvent(guest, event as Event)).toBe(sees);
  expect(seesEvent(reader, event as Event)).toBe(true);
});

test('who is bound to rooms hears nothing of others when his own is idle', () => {
  const idle = roomIdle('lobby', ['lobbyist', 'hall']);
  const heard = heardBy(guest, idle) as MiroliveError;
  expect([heard.code, heard.message]).toEqual([
    'ROOM_IDLE',
    'expected something on air in room lobby, there is nothing',
  ]);
  expect(JSON.stringify(heard)).not.toMatch(/lobbyist|hall/);
  expect(heardBy({ kind: 'schedule', name: 'morning', maker: guest }, idle)).toEqual(heard);
  for (const caller of [anna, reader]) expect(heardBy(caller, idle)).toBe(idle);
});

test('who does not run the machine is told whom to ask, not to change its configuration', () => {
  const refused = new MiroliveError('SOURCE_PRIVATE_ADDRESS', 'expected an address of a public network');
  expect(heardBy(anna, refused)).toBe(refused);
  expect(heardBy(reader, refused)).toMatchObject({
    code: 'SOURCE_PRIVATE_ADDRESS',
    message: refused.message,
    hint: expect.stringMatching(/^Ask who runs this server: .*sources\.allowPrivateNetworks/),
  });
  for (const code of ['SOURCE_TIMEOUT', 'PROGRAM_NOT_FOUND', 'ENCODER_NOT_USABLE'] as const)
    expect((heardBy(reader, new MiroliveError(code, 'x')) as MiroliveError).hint).toMatch(/^Ask who runs/);
  const own = new MiroliveError('SOURCE_NOT_MEDIA', 'x');
  expect(heardBy(reader, own)).toBe(own);
  const said = new MiroliveError('NOT_ALLOWED', 'x', { hint: 'Set it', forAdmin: true });
  expect(heardBy(reader, said)).toMatchObject({ hint: 'Ask who runs this server: Set it' });
});

test.each(['pre-restart', 'configuration', 'plan.b'])(
  'what rooms and files are called, as %s, changes nothing in what is heard',
  (word) => {
    const idle = roomIdle(word, ['lobbyist', 'hall']);
    const bound: Principal = { ...guest, rooms: [word] };
    expect(JSON.stringify(heardBy(bound, idle))).not.toMatch(/lobbyist|hall|Ask who/);
    const own = new MiroliveError('SOURCE_NOT_MEDIA', 'x', { hint: `Check the path: ls -l /srv/${word}` });
    expect(heardBy(reader, own)).toBe(own);
  },
);

test('who is no admin hears that the state cannot be used, and not where it is', () => {
  const lost = new MiroliveError('STATE_UNAVAILABLE', '/var/secret/state.db: database is locked');
  expect(heardBy(anna, lost)).toBe(lost);
  for (const caller of [reader, guest]) expect(JSON.stringify(heardBy(caller, lost))).not.toContain('secret');
});
