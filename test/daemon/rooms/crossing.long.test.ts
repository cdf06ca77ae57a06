import { afterAll, beforeAll, expect, test } from 'vitest';
import { createClient } from '../../../src/cli/client.ts';
import type { CallParams } from '../../../src/contract/api.ts';
import { asMiroliveError } from '../../../src/contract/errors.ts';
import type { Event } from '../../../src/contract/events.ts';
import { eventually } from '../../helpers/browser.ts';
import { startDaemon, type TestDaemon } from '../../helpers/daemon.ts';
import { silentServer } from '../../helpers/servers/silent-server.ts';

const sources = { allowPrivateNetworks: true };
const bars = { kind: 'test', pattern: 'bars', label: '' } as const;

let server: TestDaemon;

beforeAll(async () => {
  const rooms = { channel: { alwaysOn: true }, watched: { alwaysOn: true } };
  server = await startDaemon({ rtmp: { enabled: false }, sources, limits: { broadcasts: 6 }, rooms });
});
afterAll(async () => {
  await server?.[Symbol.asyncDispose]();
});

const client = () => createClient(server.socket);

test('An always-on room that nobody watches stays one and the same when something is put on air in it', async () => {
  const before = server.daemon.desk.findRoom('channel');
  await eventually(
    async () => before?.broadcast?.live,
    (live) => live === true,
  );
  const started = await client().call('startBroadcast', { room: 'channel', source: bars });
  expect(server.daemon.desk.findRoom('channel')).toBe(before);
  const rooms = await client().call('listRooms', {});
  expect(rooms.find(({ name }) => name === 'channel')).toMatchObject({
    broadcast: started.id,
    state: 'live',
  });
  const offer = await fetch(`${server.url}/whep/channel`, {
    method: 'POST',
    headers: { 'content-type': 'application/sdp' },
    body: 'v=0',
  });
  // It is looked at what it offers, so there is something to be had.
  expect(offer.status).toBe(400);
  await expect(client().call('startBroadcast', { room: 'channel', source: bars })).rejects.toMatchObject({
    code: 'ROOM_BUSY',
  });
  await client().call('stopBroadcast', { id: started.id });
  const kept = await eventually(
    async () => server.daemon.desk.findRoom('channel')?.broadcast,
    (now) => now?.live === true && now.id !== started.id,
  );
  await expect(client().call('stopBroadcast', { id: started.id })).rejects.toMatchObject({
    code: 'BROADCAST_NOT_FOUND',
  });
  const message = 'expected something to stop, room channel is always on, on its slate';
  const idle = { code: 'ROOM_IDLE', message };
  await expect(client().call('stopRoom', { room: 'channel' })).rejects.toMatchObject(idle);
  await expect(client().call('stopBroadcast', { id: kept?.id ?? '' })).rejects.toMatchObject(idle);
  expect(server.daemon.desk.findRoom('channel')?.broadcast?.id).toBe(kept?.id);
});

test('Of two starts at the same moment exactly one gets the room, ten times over, and nothing piles up', async () => {
  const leave = server.daemon.desk.room('watched').hold();
  for (let time = 0; time < 10; time++) {
    const answers = await Promise.allSettled(
      [1, 2].map(() => client().call('startBroadcast', { room: 'watched', source: bars })),
    );
    const codes = answers.map((one) =>
      one.status === 'fulfilled' ? 'on air' : asMiroliveError(one.reason).code,
    );
    expect(codes.toSorted()).toEqual(['ROOM_BUSY', 'on air']);
    const inRoom = await client().call('listBroadcasts', { room: 'watched' });
    expect(inRoom.length).toBe(1);
    await client().call('stopRoom', { room: 'watched' });
  }
  leave();
  expect(server.daemon.desk.broadcasts.length).toBeLessThanOrEqual(2);
});

test('stop ends a start that is still being looked at; whoever waits for it hears so', async () => {
  const silent = await silentServer();
  const start = client().call('startBroadcast', { room: 'slow', source: { kind: 'url', url: silent.url } });
  const answer = start.catch((error: unknown) => asMiroliveError(error).code);
  await silent.asked;
  const stopped = await client().call('stopRoom', { room: 'slow' });
  expect(await answer).toBe('SUPERSEDED');
  expect(stopped).toMatchObject({ room: 'slow', state: 'starting' });
  await expect(client().call('stopRoom', { room: 'slow' })).rejects.toMatchObject({ code: 'ROOM_IDLE' });
  silent.close();
});

test('A start is called off where whoever asked for it hangs up before its answer', async () => {
  const silent = await silentServer();
  const caller = new AbortController();
  const source = { kind: 'url' as const, url: silent.url };
  const start = client().call('startBroadcast', { room: 'left', source }, { signal: caller.signal });
  const answer = start.catch((error: Error) => error.name);
  await silent.asked;
  caller.abort();
  expect(await answer).toBe('AbortError');
  await eventually(
    async () => server.daemon.desk.findRoom('left')?.actor.state.starts.length ?? 0,
    (starts) => starts === 0,
  );
  expect(await client().call('listBroadcasts', { room: 'left' })).toEqual([]);
  silent.close();
});

test('take programme outdates a take that is still being looked at, and the slate of a later command stays', async () => {
  const { room } = await client().call('startBroadcast', { room: 'panic', source: bars });
  const control = (command: CallParams<'control'>['command']) => client().call('control', { room, command });
  const silent = await silentServer();
  const slow = control({ type: 'take', source: { kind: 'url', url: silent.url } }).catch(
    (error: unknown) => asMiroliveError(error).code,
  );
  await silent.asked;
  await control({ type: 'release' });
  expect(await slow).toBe('SUPERSEDED');
  await control({ type: 'slate', on: true });
  const covered = await eventually(
    () => client().call('getProgramme', { room }),
    ({ onAir }) => onAir.entry === 'slate',
  );
  expect(covered.entries.map(({ entry }) => entry)).not.toContain('take');
  silent.close();
  await client().call('stopRoom', { room });
});

test('A daemon that ends while a start is looked at, or waits for its first frames, ends at once and says so', async () => {
  const events: Event[] = [];
  const silent = await silentServer();
  const ending = await startDaemon({ rtmp: { enabled: false }, sources });
  ending.daemon.hub.listen((event) => events.push(event));
  const looking = createClient(ending.socket)
    .call('startBroadcast', { room: 'slow', source: { kind: 'url', url: silent.url } })
    .catch((error: unknown) => asMiroliveError(error).code);
  await silent.asked;
  await ending[Symbol.asyncDispose]();
  expect(['SHUTTING_DOWN', 'DAEMON_UNREACHABLE']).toContain(await looking);
  expect(events.map(({ type }) => type)).not.toContain('broadcast.started');
  silent.close();
});
