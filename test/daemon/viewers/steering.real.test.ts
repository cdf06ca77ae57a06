import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import type { Principal } from '../../../src/contract/principal.ts';
import { viewerHandlers } from '../../../src/daemon/api/viewer-handlers.ts';
import { startPublicServer } from '../../helpers/public-server.ts';

const anna: Principal = { kind: 'socket', user: 'anna' };
const ids = { first: 'u-aaaaaaaaaaaaaaaa', second: 'u-bbbbbbbbbbbbbbbb' };
const reason = 'Please use the other room';

type Server = Awaited<ReturnType<typeof startPublicServer>>;

/** A page of a browser, behind a proxy that is trusted. */
async function openPage({ port }: Server, browser: string | null, room = 'lobby', address = '192.0.2.4') {
  const query = browser === null ? '' : `?browser=${browser}`;
  const headers = { 'x-forwarded-for': address };
  const socket = new WebSocket(`ws://127.0.0.1:${port}/ws/${room}${query}`, { headers });
  const heard: { readonly type: string }[] = [];
  socket.on('message', (data) => heard.push(JSON.parse(String(data))));
  const closed = new Promise<number>((resolve) => socket.once('close', resolve));
  await expect.poll(() => heard.length).toBeGreaterThan(0);
  return { heard, closed, leave: () => socket.close(), [Symbol.dispose]: () => socket.terminate() };
}
const start = (more: Parameters<typeof startPublicServer>[0] = {}) =>
  startPublicServer({ ...more, http: { trustedProxies: ['127.0.0.1'], ...more?.http } });
const viewers = ({ desk }: Server, room = 'lobby') => desk.findRoom(room)?.viewers ?? [];

test('A viewer who is kicked is told why, is gone, and may come back; others of its address are counted', async () => {
  await using server = await start();
  const { steering } = server.server;
  using page = await openPage(server, ids.first);
  const id = viewers(server)[0]?.id ?? '';
  using neighbour = await openPage(server, ids.second);
  using stranger = await openPage(server, null, 'lobby', '198.51.100.1');
  const gone = 'v-zzzzzzzzzz';
  expect(steering.kick({ ids: [id, gone, id], reason }, anna)).toEqual({
    kicked: [id],
    missing: [gone],
    sharing: 1,
  });
  expect(await page.closed).toBe(1008);
  expect(page.heard.at(-1)).toEqual({ type: 'out', why: 'kicked', reason, untilMs: null });
  await expect.poll(() => viewers(server)).toHaveLength(2);
  expect(() => steering.kick({ ids: [id], reason: null }, anna)).toThrow(
    expect.objectContaining({ code: 'VIEWER_NOT_FOUND' }),
  );
  using again = await openPage(server, ids.first);
  expect(again.heard[0]).toMatchObject({ type: 'hello' });
  for (const { heard } of [neighbour, stranger]) expect(heard.some(({ type }) => type === 'out')).toBe(false);
});

test('A viewer who is banned is banned by its browser, in each tab and room, and its neighbours are not', async () => {
  await using server = await start();
  const { steering } = server.server;
  using page = await openPage(server, ids.first);
  const id = viewers(server)[0]?.id ?? '';
  using tab = await openPage(server, ids.first, 'hall', '198.51.100.1');
  using neighbour = await openPage(server, ids.second);
  const { ban, kicked, sharing } = steering.ban({ who: id, forMs: 60_000, reason }, anna);
  expect(ban).toMatchObject({ banned: { kind: 'browser', browser: ids.first }, room: null, reason });
  expect([kicked.length, sharing]).toEqual([2, 1]);
  const untilMs = Date.parse(ban.until ?? '');
  for (const { heard, closed } of [page, tab]) {
    expect(await closed).toBe(1008);
    expect(heard.at(-1)).toEqual({ type: 'out', why: 'banned', reason, untilMs });
  }
  using again = await openPage(server, ids.first, 'stage');
  expect(again.heard).toEqual([{ type: 'out', why: 'banned', reason, untilMs }]);
  expect(await again.closed).toBe(1008);
  expect(viewers(server)).toHaveLength(1);
  server.bans.lift(ban.id, anna);
  using lifted = await openPage(server, ids.first);
  expect(lifted.heard[0]).toMatchObject({ type: 'hello' });
  expect(neighbour.heard.some(({ type }) => type === 'out')).toBe(false);
});

test('A network that is banned has neither page, nor WHEP, nor stills; of IPv6 it is the /64', async () => {
  await using server = await start();
  using page = await openPage(server, ids.first, 'lobby', '2001:db8:1:2::1');
  using other = await openPage(server, null, 'lobby', '2001:db8:1:3::1');
  const { ban, kicked } = server.server.steering.ban(
    { who: '2001:db8:1:2::9', forMs: null, reason: null },
    anna,
  );
  expect(ban.banned).toEqual({ kind: 'network', network: '2001:db8:1:2::/64' });
  expect(kicked).toHaveLength(1);
  expect(await page.closed).toBe(1008);
  const headers = { 'x-forwarded-for': '2001:db8:1:2:ffff::', 'content-type': 'application/sdp' };
  const whep = await fetch(`${server.url}/whep/lobby`, { method: 'POST', headers, body: 'v=0' });
  expect([whep.status, await whep.json()]).toMatchObject([403, { error: { code: 'VIEWER_BANNED' } }]);
  const still = await fetch(`${server.url}/poster/lobby`, { headers });
  expect([still.status, await still.json()]).toMatchObject([403, { error: { code: 'VIEWER_BANNED' } }]);
  expect((await fetch(`${server.url}/lobby`, { headers })).status).toBe(200);
  expect(other.heard.some(({ type }) => type === 'out')).toBe(false);
});

test('A viewer without an id is banned by its address where that is asked for, and it is said who shares it', async () => {
  await using server = await start();
  using page = await openPage(server, null);
  const id = viewers(server)[0]?.id ?? '';
  using neighbour = await openPage(server, ids.first);
  const { steering } = server.server;
  const input = { who: id, room: 'lobby', forMs: null, reason: null };
  expect(() => steering.ban(input, anna)).toThrow(
    expect.objectContaining({
      code: 'ONLY_BY_ADDRESS',
      message: expect.stringMatching(/1 other viewer shares/),
      hint: `Ban the address, whoever has it: mirolive viewers ban ${id} --address`,
    }),
  );
  expect([server.bans.list(), page.heard.length]).toEqual([[], 1]);
  const { ban, kicked } = steering.ban({ ...input, address: true }, anna);
  expect(kicked).toHaveLength(2);
  expect(ban).toMatchObject({ banned: { kind: 'network', network: '192.0.2.4' }, room: 'lobby' });
  expect(await page.closed).toBe(1008);
  expect(await neighbour.closed).toBe(1008);
  using elsewhere = await openPage(server, null, 'hall');
  expect(elsewhere.heard[0]).toMatchObject({ type: 'hello' });
});

test.each(['lobby', '0.0.0.0/0', '10.0.0.0/7', '::/0', 'v-zzzzzzzzzz', 'u-short'])(
  'Nobody is banned by %s',
  async (who) => {
    await using server = await start();
    using page = await openPage(server, ids.first);
    expect(() => server.server.steering.ban({ who, forMs: null, reason: null }, anna)).toThrow(
      expect.objectContaining({ code: who.startsWith('v-') ? 'VIEWER_NOT_FOUND' : 'INVALID_REQUEST' }),
    );
    expect(server.bans.list()).toEqual([]);
    expect(page.heard).toHaveLength(1);
  },
);

test('A line reaches one viewer or all of a room, those too who come meanwhile, and not who has no place for it', async () => {
  await using server = await start();
  const { steering } = server.server;
  using page = await openPage(server, ids.first);
  using old = await openPage(server, null);
  using hall = await openPage(server, ids.second, 'hall');
  const [id = '', oldId = ''] = viewers(server).map((viewer) => viewer.id);
  expect(steering.message({ id, text: 'Hello', forMs: null }, anna)).toEqual({ reached: true });
  expect(steering.message({ id: oldId, text: 'Hello', forMs: null }, anna)).toEqual({ reached: false });
  expect(() => steering.message({ id: 'v-zzzzzzzzzz', text: 'Hello', forMs: null }, anna)).toThrow(
    expect.objectContaining({ code: 'VIEWER_NOT_FOUND' }),
  );
  expect(steering.announce({ text: 'Shortly', room: 'lobby', forMs: 60_000 }, anna)).toEqual({
    reached: 1,
    unreached: [oldId],
  });
  expect(steering.announce({ text: 'To all', forMs: 60_000 }, anna)).toEqual({
    reached: 2,
    unreached: [oldId],
  });
  using late = await openPage(server, 'u-cccccccccccccccc');
  const lines = ({ heard }: { heard: readonly object[] }) =>
    heard.flatMap((one) => ('text' in one && 'type' in one && one.type === 'notice' ? [one.text] : []));
  await expect.poll(() => lines(page)).toEqual(['Hello', 'Shortly', 'To all']);
  await expect.poll(() => lines(late)).toEqual(['Shortly', 'To all']);
  await expect.poll(() => lines(hall)).toEqual(['To all']);
  expect(lines(old)).toEqual([]);
});

test('A room that is full says so to pages and WHEP, and lets in when there is place; other rooms are not full', async () => {
  await using server = await start({ rooms: { lobby: { limits: { viewers: 1 } } } });
  using page = await openPage(server, ids.first);
  using second = await openPage(server, ids.second);
  expect(second.heard).toMatchObject([{ type: 'error', code: 'ROOM_FULL' }]);
  expect(await second.closed).toBe(1013);
  const headers = { 'content-type': 'application/sdp' };
  const whep = await fetch(`${server.url}/whep/lobby`, { method: 'POST', headers, body: 'v=0' });
  expect([whep.status, whep.headers.get('retry-after')]).toEqual([503, '2']);
  using hall = await openPage(server, ids.second, 'hall');
  expect(hall.heard[0]).toMatchObject({ type: 'hello' });
  page.leave();
  await page.closed;
  await expect.poll(() => viewers(server)).toEqual([]);
  using third = await openPage(server, ids.second);
  expect(third.heard[0]).toMatchObject({ type: 'hello' });
});

test('Who is bound to rooms does nothing to viewers of others, and does not learn of them', async () => {
  await using server = await start();
  const { steering } = server.server;
  using page = await openPage(server, ids.first);
  using hall = await openPage(server, ids.second, 'hall');
  const [mine = '', theirs = ''] = ['lobby', 'hall'].map((room) => viewers(server, room)[0]?.id ?? '');
  const bound: Principal = {
    kind: 'token',
    id: 't-aaaaaaaaaa',
    name: 'bob',
    role: 'operator',
    rooms: ['lobby'],
  };
  const text = { text: 'Hello', forMs: 1000 };
  const line = { who: ids.first, forMs: null, reason: null };
  const missing = expect.objectContaining({ code: 'VIEWER_NOT_FOUND' });
  const refused = expect.objectContaining({ code: 'NOT_ALLOWED' });
  expect(() => steering.message({ id: theirs, ...text }, bound)).toThrow(missing);
  expect(() => steering.ban({ ...line, who: theirs, room: 'lobby' }, bound)).toThrow(missing);
  for (const room of [undefined, 'hall']) {
    expect(() => steering.announce({ room, ...text }, bound)).toThrow(refused);
    expect(() => steering.ban({ ...line, room }, bound)).toThrow(refused);
  }
  expect(steering.announce({ room: 'lobby', ...text }, bound).reached).toBe(1);
  expect(steering.kick({ ids: [mine, theirs], reason: null }, bound)).toMatchObject({
    kicked: [mine],
    missing: [theirs],
  });
  expect(await page.closed).toBe(1008);
  expect(hall.heard).toHaveLength(1);
  const everywhere = steering.ban(line, anna).ban;
  const here = steering.ban({ ...line, who: '192.0.2.9', room: 'lobby' }, anna).ban;
  const calls = viewerHandlers({
    ...{ steering, bans: server.bans, hands: server.hands, desk: server.desk },
    lines: { lookAtNew: async () => {} },
  });
  const asking = { caller: bound, gone: new AbortController().signal, wanted() {}, body: null };
  expect(calls.listBans({}, asking)).toEqual([here]);
  expect(() => calls.unban({ id: everywhere.id }, asking)).toThrow(
    expect.objectContaining({ code: 'BAN_NOT_FOUND' }),
  );
  calls.unban({ id: here.id }, asking);
  expect(server.bans.list()).toEqual([everywhere]);
});
