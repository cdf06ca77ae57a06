import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { startDaemon } from '../../helpers/daemon.ts';
import { sample } from '../../helpers/media/sample-files.ts';
import { plannedBroadcast } from '../../helpers/planned-broadcast.ts';
import { rawClient, startPublicServer, upgradeRequest } from '../../helpers/public-server.ts';

type Server = Awaited<ReturnType<typeof startPublicServer>>;
type Page = ReturnType<typeof openPage>;

/** Of a certificate that nobody has. */
const fingerprint = () => Array.from({ length: 32 }, () => 'AA').join(':');

/** A page, and all that it is told. */
function openPage(server: Pick<Server, 'port'>, room = 'lobby', headers: Record<string, string> = {}) {
  const socket = new WebSocket(`ws://127.0.0.1:${server.port}/ws/${room}`, { headers });
  const heard: { readonly type: string }[] = [];
  socket.on('message', (data) => heard.push(JSON.parse(String(data))));
  const closed = new Promise<number>((resolve) => socket.once('close', resolve));
  return {
    ...{ socket, heard, closed },
    /** Resolves once it has heard so many messages. */
    hears: (count: number) => expect.poll(() => heard.length).toBeGreaterThanOrEqual(count),
    say: (message: unknown) => socket.send(JSON.stringify(message)),
    [Symbol.dispose]: () => socket.terminate(),
  };
}

describe('a page', () => {
  test('is told of the room, counted, and gone when it goes', async () => {
    await using server = await startPublicServer();
    using page = openPage(server);
    await page.hears(1);
    expect(page.heard[0]).toEqual({
      ...{
        type: 'hello',
        version: '1',
        reportMs: 5000,
        frozen: true,
        room: 'lobby',
        live: false,
        title: null,
        viewers: 1,
        poster: null,
        next: null,
      },
    });
    expect(server.desk.findRoom('lobby')?.viewers).toMatchObject([
      { kind: 'page', state: 'waiting', address: '127.0.0.1' },
    ]);
    page.say({ type: 'ping' });
    await page.hears(2);
    expect(page.heard[1]).toEqual({ type: 'pong' });
    page.socket.close();
    await expect.poll(() => server.desk.findRoom('lobby')).toBeUndefined();
  });

  test('says how its viewer fares, and by which browser, which are shown as they are', async () => {
    await using server = await startPublicServer();
    const userAgent =
      'Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/126.0.0.0 Mobile Safari/537.36';
    using page = openPage(server, 'lobby?browser=u-aaaaaaaaaaaaaaaa', { 'user-agent': userAgent });
    await page.hears(1);
    const viewers = () => server.desk.findRoom('lobby')?.viewers;
    const unknown = { freezes: null, firstPictureMs: null, lossPercent: null, roundTripMs: null };
    const browser = { browser: 'u-aaaaaaaaaaaaaaaa', browserName: 'Chrome 126 on Android', userAgent };
    expect(viewers()).toMatchObject([{ ...browser, ...unknown }]);
    page.say({ type: 'report', freezes: 3, firstPictureMs: 640 });
    await expect.poll(viewers).toMatchObject([{ freezes: 3, firstPictureMs: 640 }]);
    page.say({ type: 'report', freezes: null, firstPictureMs: null });
    await expect.poll(viewers).toMatchObject([unknown]);
  });

  test.each([
    '',
    '?browser=',
    '?browser=U-AAAAAAAAAAAAAAAA',
    `?browser=u-${'a'.repeat(900)}`,
    '?browser=u-aaaaaaaaaaaaaaaa&browser=u-bbbbbbbbbbbbbbbb',
    '?browser[a]=1',
  ])('is let in by %s, as one whose browser is not known', async (query) => {
    await using server = await startPublicServer();
    using page = openPage(server, `lobby${query}`);
    await page.hears(1);
    expect(page.heard[0]).toMatchObject({ type: 'hello' });
    expect(server.desk.findRoom('lobby')?.viewers).toMatchObject([{ browser: null }]);
  });

  test('is told the title of what is on air to come', async () => {
    await using server = await startPublicServer();
    const room = server.desk.room('lobby');
    await room.actor.start({ id: 'b-aaaaaaaaaa', by: 'person' }, async () =>
      plannedBroadcast({ name: 'The talk' }),
    );
    using page = openPage(server);
    await page.hears(1);
    expect(page.heard[0]).toMatchObject({ title: 'The talk', live: false });
  });

  test("is told what comes next, by the daemon's clock, and when that is something else", async () => {
    const keynote = { atMs: Date.parse('2026-12-01T08:00Z'), name: 'Keynote' };
    let next: typeof keynote | null = keynote;
    await using server = await startPublicServer({ next: (room) => (room === 'lobby' ? next : null) });
    using page = openPage(server);
    using other = openPage(server, 'stage');
    await page.hears(1);
    await other.hears(1);
    expect(page.heard[0]).toMatchObject({ next: { ...keynote, nowMs: expect.any(Number) } });
    next = { ...keynote };
    server.server.lookAtNext();
    next = null;
    server.server.lookAtNext();
    await page.hears(2);
    expect(page.heard.slice(1)).toEqual([{ type: 'next', next: null }]);
    other.say({ type: 'ping' });
    await other.hears(2);
    expect(other.heard).toMatchObject([{ next: null }, { type: 'pong' }]);
  });

  test('is told what comes next by one look for its room, however many pages that has', async () => {
    const looks: string[] = [];
    let atMs = Date.parse('2026-12-01T08:00Z');
    await using server = await startPublicServer({
      next: (room) => {
        looks.push(room);
        return { atMs, name: null };
      },
    });
    await using pages = new AsyncDisposableStack();
    const all = ['lobby', 'stage'].flatMap((room) =>
      Array.from({ length: 10 }, () => pages.use(openPage(server, room))),
    );
    for (const page of all) await page.hears(1);
    expect(looks.toSorted()).toEqual(['lobby', 'stage']);
    atMs += 1000;
    for (let event = 0; event < 100; event++) server.server.lookAtNext();
    for (const { heard } of all)
      await expect
        .poll(() => heard.filter(({ type }) => type === 'next'))
        .toMatchObject([{ next: { atMs } }]);
    expect(looks.toSorted()).toEqual(['lobby', 'lobby', 'stage', 'stage']);
  });

  test('waits for what is about to be on air, and not for what comes next, until that is over', async () => {
    const next = { atMs: Date.parse('2026-12-01T08:00Z'), name: 'Keynote' };
    await using server = await startPublicServer({ next: () => next });
    const room = server.desk.room('lobby');
    await room.actor.start({ id: 'b-aaaaaaaaaa', by: 'person' }, async () => plannedBroadcast({}));
    using page = openPage(server);
    await page.hears(1);
    expect(page.heard[0]).toMatchObject({ live: false, next: null });
    await room.actor.stop();
    server.server.lookAtNext();
    await page.hears(2);
    expect(page.heard[1]).toMatchObject({ type: 'next', next });
  });

  test('that has not answered its offer is not connecting, and one that could get none is told to come again', async () => {
    await using server = await startDaemon();
    const { desk } = server.daemon;
    const path = await sample('talk.mp4');
    await desk.start({ room: 'lobby', source: { kind: 'file', path, loop: true, audioTrack: null } });
    const port = Number(new URL(server.url).port);
    using silent = openPage({ port });
    await silent.hears(2);
    const states = () => desk.room('lobby').viewers.map(({ state }) => state);
    expect(states()).toEqual(['waiting']);
    const { transport } = silent.heard[1] as unknown as { readonly transport: string };
    silent.say({ type: 'connect', transport, role: 'client', fingerprint: fingerprint(), picture: true });
    await expect.poll(states).toEqual(['connecting']);
    (await desk.room('lobby').media()).slot.server.close();
    using page = openPage({ port });
    expect(await page.closed).toBe(1013);
    expect(page.heard).toMatchObject([{ type: 'hello', live: true }]);
  });

  test.each([
    { name: 'no JSON', data: 'hello' },
    { name: 'another message', data: '{"type":"other"}' },
    { name: 'a report of less than nothing', data: '{"type":"report","freezes":-1,"firstPictureMs":1}' },
    { name: 'a report of words', data: '{"type":"report","freezes":"many","firstPictureMs":null}' },
    { name: 'a report without end', data: '{"type":"report","freezes":1e308,"firstPictureMs":1}' },
    { name: 'a report of more', data: '{"type":"report","freezes":1,"firstPictureMs":1,"address":"::1"}' },
    { name: 'a message with more', data: '{"type":"ping","more":1}' },
    { name: 'bytes', data: Buffer.from('{"type":"ping"}') },
    { name: 'a deep message', data: '['.repeat(4000) },
  ])('that sends $name is closed, and told why', async ({ data }) => {
    await using server = await startPublicServer();
    using page = openPage(server);
    await page.hears(1);
    page.socket.send(data);
    expect(await page.closed).toBe(1008);
    expect(page.heard.at(-1)).toMatchObject({ type: 'error', code: 'INVALID_REQUEST' });
  });

  test('that sends a message of more than 4 KiB is closed', async () => {
    await using server = await startPublicServer();
    using page = openPage(server);
    await page.hears(1);
    page.socket.send(' '.repeat(5000));
    expect(await page.closed).toBe(1009);
  });

  test.each([
    { name: 'wishes', send: (page: Page) => page.say({ type: 'quality', quality: 0 }) },
    { name: 'questions', send: (page: Page) => page.say({ type: 'ping' }) },
    { name: 'pings of the protocol', send: (page: Page) => page.socket.ping() },
  ])(
    'that floods the daemon with $name is closed, also where each waits for the one before',
    async ({ send }) => {
      await using server = await startPublicServer();
      using flood = openPage(server);
      using page = openPage(server);
      await Promise.all([flood.hears(1), page.hears(1)]);
      for (let count = 0; count < 200; count++) send(flood);
      expect(await flood.closed).toBe(1008);
      while (page.socket.readyState === WebSocket.OPEN) {
        send(page);
        page.say({ type: 'ping' });
        await Promise.race([once(page.socket, 'message'), page.closed]);
      }
      expect(await page.closed).toBe(1008);
      expect(page.heard.at(-1)).toMatchObject({ type: 'error', message: 'expected fewer messages' });
    },
  );

  test('that answers no ping is gone', async () => {
    const left: number[] = [];
    await using server = await startPublicServer({
      times: { pingMs: 1000 },
      left: (_, silentMs) => left.push(silentMs),
    });
    using alive = openPage(server);
    using dead = await rawClient(server.port, upgradeRequest('/ws/lobby'));
    await expect.poll(dead.heard).toContain('"hello"');
    await dead.closed;
    await alive.hears(1);
    expect(alive.socket.readyState).toBe(WebSocket.OPEN);
    // For how long it may have been gone already.
    await expect.poll(() => left).toEqual([2000]);
    alive.socket.close();
    await expect.poll(() => left).toEqual([2000, 0]);
  });

  test('that reads nothing is dropped before it fills the memory', async () => {
    await using server = await startPublicServer();
    const room = server.desk.room('lobby');
    using page = await rawClient(server.port, upgradeRequest('/ws/lobby'));
    await expect.poll(page.heard).toContain('"hello"');
    page.socket.pause();
    // What the kernel holds for it is a few MB; a reason as long as this is none that a room gives.
    const long = 'x'.repeat(1_000_000) as 'ended';
    await expect
      .poll(() => {
        room.emit('offline', long);
        return room.viewers.length;
      })
      .toBe(0);
  });

  test('elsewhere gets nothing, unless it is allowed', async () => {
    await using server = await startPublicServer({
      http: { allowedOrigins: ['https://portal.example.org'] },
    });
    using foreign = openPage(server, 'lobby', { origin: 'https://evil.example' });
    foreign.socket.on('error', () => {});
    expect(await foreign.closed).toBe(1006);
    expect(foreign.heard).toEqual([]);
    using allowed = openPage(server, 'lobby', { origin: 'https://portal.example.org' });
    await allowed.hears(1);
  });
});

describe('limits', () => {
  test('hold for each client behind a trusted proxy, and its address is shown', async () => {
    await using server = await startPublicServer({
      http: { trustedProxies: ['127.0.0.1'] },
      limits: { viewersPerAddress: 1 },
    });
    using first = openPage(server, 'lobby', { 'x-forwarded-for': '2001:db8::1' });
    await first.hears(1);
    using neighbour = openPage(server, 'lobby', { 'x-forwarded-for': '2001:db8::2' });
    expect(await neighbour.closed).toBe(1013);
    expect(neighbour.heard).toMatchObject([{ type: 'error', code: 'LIMIT_REACHED' }]);
    using other = openPage(server, 'lobby', { 'x-forwarded-for': '2001:db8:0:1::1' });
    await other.hears(1);
    const addresses = server.desk.findRoom('lobby')?.viewers.map(({ address }) => address);
    expect(addresses).toEqual(['2001:db8::1', '2001:db8:0:1::1']);
  });

  test('do not believe a client of its own address', async () => {
    await using server = await startPublicServer({ limits: { viewersPerAddress: 1 } });
    using first = openPage(server, 'lobby', { 'x-forwarded-for': '192.0.2.1' });
    await first.hears(1);
    using second = openPage(server, 'lobby', { 'x-forwarded-for': '192.0.2.2', forwarded: 'for=192.0.2.3' });
    expect(await second.closed).toBe(1013);
  });

  test('leave room for a viewer, however many wait where there is nothing', async () => {
    await using server = await startPublicServer({ limits: { viewers: 8, viewersPerAddress: 8 } });
    const strangers = Array.from({ length: 8 }, (_, index) => openPage(server, `nothing-${index}`));
    await Promise.all(strangers.map((stranger) => stranger.hears(1)));
    using viewer = openPage(server);
    await viewer.hears(1);
    expect(viewer.heard[0]).toMatchObject({ type: 'hello', room: 'lobby' });
    expect(strangers.filter(({ heard }) => heard[0]?.type === 'hello')).toHaveLength(2);
    for (const stranger of strangers) stranger[Symbol.dispose]();
  });

  test('hold no connection of who was refused and does not go', async () => {
    await using server = await startPublicServer({
      limits: { viewers: 1 },
      times: { farewellMs: 100 },
    });
    using first = openPage(server);
    await first.hears(1);
    using second = await rawClient(server.port, upgradeRequest('/ws/lobby'));
    await expect.poll(second.heard).toContain('LIMIT_REACHED');
    await second.closed;
    await expect.poll(() => server.server.connections).toBe(1);
  });
});
