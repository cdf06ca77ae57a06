import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import type { DaemonMessage, Self } from '../../../src/contract/signalling.ts';
import { startPublicServer } from '../../helpers/public-server.ts';

type Server = Awaited<ReturnType<typeof startPublicServer>>;
type Options = NonNullable<Parameters<typeof startPublicServer>[0]>;

/** Hands are raised in the lobby; the hall lets nobody raise one. */
const start = (options: Options = {}) =>
  startPublicServer({ rooms: { lobby: { hands: true }, hall: {} }, ...options });

/** A page that speaks as one of this build does, or another one. */
async function openPage(
  { port }: Server,
  {
    ticket,
    room = 'lobby',
    query = '?v=2',
  }: { readonly ticket?: string; readonly room?: string; readonly query?: string } = {},
) {
  const protocols = ['mirolive', ...(ticket === undefined ? [] : [ticket])];
  const socket = new WebSocket(`ws://127.0.0.1:${port}/ws/${room}${query}`, protocols);
  const heard: DaemonMessage[] = [];
  socket.on('message', (data) => heard.push(JSON.parse(String(data))));
  const closed = new Promise<number>((resolve) => socket.once('close', resolve));
  await expect.poll(() => heard.map(({ type }) => type)).toContain(query === '?v=2' ? 'self' : 'hello');
  const selves = () => heard.filter((message) => message.type === 'self');
  const answers = () => heard.filter((message) => message.type === 'answer');
  let id = 0;
  return {
    ...{ socket, heard, closed, answers },
    self: () => selves().at(-1) as Self,
    /** What was answered; null: it is done. */
    async ask(what: unknown) {
      const asked = id++;
      socket.send(JSON.stringify({ type: 'ask', id: asked, what }));
      await expect.poll(() => answers().some((answer) => answer.id === asked)).toBe(true);
      return answers().find((answer) => answer.id === asked)?.error?.code ?? null;
    },
    [Symbol.dispose]: () => socket.terminate(),
  };
}

const raise = (name = 'Anna') => ({ ask: 'raiseHand', name });
const lower = { ask: 'lowerHand' };
const viewers = ({ desk }: Server, room = 'lobby') => desk.findRoom(room)?.viewers ?? [];

test('A page is told who it is, raises its hand and lowers it, and operators see that', async () => {
  await using server = await start();
  using page = await openPage(server);
  const { id } = page.self();
  expect(page.self()).toMatchObject({ hands: true, hand: false });
  expect(viewers(server)).toMatchObject([{ id, hand: null }]);
  expect(await page.ask(raise(' Anna '))).toBeNull();
  expect(page.self()).toMatchObject({ id, hand: true });
  expect(viewers(server)).toMatchObject([{ id, hand: { name: 'Anna' } }]);
  expect(server.hands.list()).toMatchObject([{ id, room: 'lobby', name: 'Anna', here: true }]);
  // What it asks twice is so once.
  expect(await page.ask(raise('Bob'))).toBeNull();
  expect(server.hands.list()).toMatchObject([{ id, name: 'Anna' }]);
  expect(await page.ask(lower)).toBeNull();
  expect(await page.ask(lower)).toBeNull();
  expect(page.self()).toMatchObject({ hand: false });
  expect(server.hands.list()).toEqual([]);
});

test('An operator lowers a hand, and its page hears of it', async () => {
  await using server = await start();
  using page = await openPage(server);
  await page.ask(raise());
  server.hands.lower(page.self().id, 'operator');
  await expect.poll(() => page.self().hand).toBe(false);
});

test('Whoever comes back by his ticket is the viewer that he was: one, with his hand up, though his old line is not known to be dead', async () => {
  await using server = await start();
  using page = await openPage(server);
  using other = await openPage(server);
  await page.ask(raise());
  await other.ask(raise('Bob'));
  const { id, ticket } = page.self();
  const [before] = viewers(server);
  page.socket.pause();
  using back = await openPage(server, { ticket });
  expect(back.self()).toMatchObject({ id, ticket, hand: true });
  expect(viewers(server).map((viewer) => viewer.id)).toEqual([other.self().id, id]);
  expect(viewers(server).at(-1)).toMatchObject({ joinedAt: before?.joinedAt, hand: { name: 'Anna' } });
  expect(server.hands.list()).toMatchObject([
    { id, here: true },
    { name: 'Bob', here: true },
  ]);
  page.socket.resume();
  await page.closed;
  expect(viewers(server)).toHaveLength(2);
});

test('Whoever is taken the place of is nobody, asks for nothing any more, and is another viewer when he comes again', async () => {
  const visits: string[] = [];
  await using server = await start({ left: (id) => visits.push(id) });
  using page = await openPage(server);
  const { id, ticket } = page.self();
  // Its own end does not know yet.
  page.socket.pause();
  using back = await openPage(server, { ticket });
  page.socket.send(JSON.stringify({ type: 'ask', id: 7, what: raise('Ghost') }));
  page.socket.resume();
  expect(await page.closed).toBe(1013);
  expect(page.self()).toMatchObject({ id: '', ticket: '', hand: false });
  expect([page.answers(), server.hands.list()]).toEqual([[], []]);
  back.socket.close();
  await expect.poll(() => visits.length).toBe(2);
  // Visits are counted one by one, whoever it is that comes.
  expect(new Set([...visits, id]).size).toBe(3);
});

test('Whoever was put out raises no hand in his last moment', async () => {
  await using server = await start();
  using page = await openPage(server);
  server.server.steering.kick({ ids: [page.self().id], reason: null }, { kind: 'socket', user: null });
  page.socket.send(JSON.stringify({ type: 'ask', id: 7, what: raise('Ghost') }));
  expect(await page.closed).toBe(1008);
  expect(server.hands.list()).toEqual([]);
});

test('Whoever comes back takes no place but his own, in a room that is full', async () => {
  await using server = await start({ rooms: { lobby: { limits: { viewers: 1 } } } });
  using page = await openPage(server);
  const { id, ticket } = page.self();
  using back = await openPage(server, { ticket });
  expect(back.self().id).toBe(id);
  expect(await page.closed).toBe(1013);
});

test('Whoever leaves and comes back is the viewer that he was, and has his hand up', async () => {
  await using server = await start();
  using page = await openPage(server);
  await page.ask(raise());
  const { id, ticket } = page.self();
  page.socket.close();
  await expect.poll(() => viewers(server)).toEqual([]);
  expect(server.hands.list()).toMatchObject([{ id, here: false }]);
  using back = await openPage(server, { ticket });
  expect(back.self()).toMatchObject({ id, hand: true });
  expect(server.hands.list()).toMatchObject([{ id, here: true }]);
});

test('A ticket of another room, or one that is none, makes nobody who he is not', async () => {
  await using server = await start();
  using page = await openPage(server);
  const { id, ticket } = page.self();
  using elsewhere = await openPage(server, { ticket, room: 'hall' });
  using forged = await openPage(server, { ticket: `mlv_${id}_${'A'.repeat(43)}` });
  expect([elsewhere.self().id, forged.self().id]).not.toContain(id);
  expect(viewers(server)).toHaveLength(2);
});

test('Whoever is put out has no hand up any more', async () => {
  await using server = await start();
  using page = await openPage(server);
  await page.ask(raise());
  const ids = [page.self().id];
  server.server.steering.kick({ ids, reason: null }, { kind: 'socket', user: null });
  expect(server.hands.list()).toEqual([]);
});

test('Where no hands are raised a page is told so, and none goes up by what it says', async () => {
  await using server = await start();
  using page = await openPage(server, { room: 'hall' });
  expect(page.self()).toMatchObject({ hands: false, hand: false });
  expect(await page.ask(raise())).toBe('HANDS_OFF');
  expect(server.hands.list()).toEqual([]);
});

test('Asking is bounded: who asks all the time is told so, and goes on to watch', async () => {
  await using server = await start();
  using page = await openPage(server);
  for (let id = 0; id < 8; id++)
    page.socket.send(JSON.stringify({ type: 'ask', id, what: id % 2 === 0 ? raise() : lower }));
  await expect.poll(() => page.answers().length).toBe(8);
  const codes = page.answers().map(({ error }) => error?.code ?? null);
  expect(codes.slice(0, 6)).toEqual(Array(6).fill(null));
  expect(codes).toContain('LIMIT_REACHED');
  expect(page.socket.readyState).toBe(WebSocket.OPEN);
});

test.each([
  ['no name', { type: 'ask', id: 1, what: { ask: 'raiseHand' } }],
  ['an empty name', { type: 'ask', id: 1, what: raise('  ') }],
  ['a long name', { type: 'ask', id: 1, what: raise('a'.repeat(41)) }],
  ['a name that turns text around', { type: 'ask', id: 1, what: raise('a\u202eb') }],
  ['a name of two lines', { type: 'ask', id: 1, what: raise('a\nb') }],
  ['an unknown wish', { type: 'ask', id: 1, what: { ask: 'lowerHands', ids: ['v-aaaaaaaaaa'] } }],
  ['a wish for somebody else', { type: 'ask', id: 1, what: { ...lower, viewer: 'v-aaaaaaaaaa' } }],
  ['no id', { type: 'ask', what: lower }],
  ['an id that is no number', { type: 'ask', id: '1', what: lower }],
])('A page that asks with %s is hung up', async (_, message) => {
  await using server = await start();
  using page = await openPage(server);
  page.socket.send(JSON.stringify(message));
  expect(await page.closed).toBe(1008);
  expect(server.hands.list()).toEqual([]);
});

test('A page of an earlier build is told nothing that it would not understand', async () => {
  await using server = await start();
  using page = await openPage(server, { query: '' });
  server.server.lookAtRooms();
  using other = await openPage(server, { query: '?v=1' });
  page.socket.send(JSON.stringify({ type: 'ping' }));
  await expect.poll(() => page.heard.map(({ type }) => type)).toContain('pong');
  expect([...page.heard, ...other.heard].map(({ type }) => type)).not.toContain('self');
});
