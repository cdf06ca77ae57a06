import { once } from 'node:events';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import type { Principal } from '../../../src/contract/principal.ts';
import { startPublicServer } from '../../helpers/public-server.ts';

const anna: Principal = { kind: 'socket', user: 'anna' };
const [his, other, third] = ['a', 'b', 'c'].map((letter) => `u-${letter.repeat(16)}`);
let server: Awaited<ReturnType<typeof startPublicServer>>;
beforeAll(async () => {
  server = await startPublicServer({ entry: 'link' });
});
afterAll(() => server?.[Symbol.asyncDispose]());

const link = (maxUses: number | null = null) =>
  server.links.create({ room: 'lobby', name: null, expiresMs: null, maxUses }, anna);
const passBy = (secret: string) => server.links.enter('lobby', secret);
const ban = (who: string) => server.server.steering.ban({ who, forMs: null, reason: 'Too loud' }, anna);
const viewers = () => server.desk.findRoom('lobby')?.viewers ?? [];
const viewerOf = (browser: string | null = null) =>
  viewers().find((one) => one.browser === browser)?.id ?? '';
const page = async (pass: string, browser?: string) => {
  const query = browser === undefined ? '' : `?browser=${browser}`;
  const socket = new WebSocket(`ws://127.0.0.1:${server.port}/ws/lobby${query}`, ['mirolive', pass]);
  const closed = once(socket, 'close').then(([code]) => code as number);
  const [first] = await once(socket, 'message');
  const { type, why } = JSON.parse(String(first)) as { readonly type: string; readonly why?: string };
  return { said: why ?? type, closed, [Symbol.dispose]: () => socket.terminate() };
};
const whep = async (bearer: string) => {
  const headers = { 'content-type': 'application/sdp', authorization: `Bearer ${bearer}` };
  const answer = await fetch(`${server.url}/whep/lobby`, { method: 'POST', headers, body: 'v=0' });
  return answer.status;
};
const enter = async (secret: string, browser?: string) => {
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify({ link: secret, browser });
  const answer = await fetch(`${server.url}/enter/lobby`, { method: 'POST', headers, body });
  return answer.status;
};

test('a guest who is banned is out with his pass in whatever browser, and so is his browser; who came by the same link stays', async () => {
  const { secret, link: made } = link();
  const [mine, neighbours] = [passBy(secret), passBy(secret)];
  using tab = await page(mine, his);
  using elsewhere = await page(mine, third);
  using neighbour = await page(neighbours, other);
  const { ban: held, kicked, sharing, openLink } = ban(viewerOf(his));
  expect(held.banned).toMatchObject({ kind: 'guest', link: made.id, browser: his });
  expect([kicked.length, sharing, openLink]).toEqual([2, 1, made.id]);
  expect(await Promise.all([tab.closed, elsewhere.closed])).toEqual([1008, 1008]);
  // Its storage is emptied, or the pass is copied into another browser, or a player.
  for (const browser of [his, third, undefined]) {
    using again = await page(mine, browser);
    expect([again.said, await again.closed]).toEqual(['banned', 1008]);
  }
  expect(await whep(mine)).toBe(403);
  // With a new link in the same browser neither: it spends none.
  const single = link(1);
  expect(await enter(single.secret, his)).toBe(403);
  using renewed = await page(passBy(single.secret), his);
  expect(renewed.said).toBe('banned');
  await expect.poll(() => viewers().map(({ browser }) => browser)).toEqual([other]);
  // Whom the link lets in anew, in another browser, that is told; only its end is an end.
  using stranger = await page(passBy(secret), third);
  expect([neighbour.said, stranger.said]).toEqual(['hello', 'hello']);
  server.bans.lift(held.id, anna);
  using lifted = await page(mine, his);
  expect(lifted.said).toBe('hello');
});

test('of a guest who is banned from another room nothing is said of his way back', async () => {
  using lobby = await page(passBy(link().secret), 'u-dddddddddddddddd');
  const who = viewerOf('u-dddddddddddddddd');
  const { steering } = server.server;
  const { openLink, kicked } = steering.ban({ who, room: 'hall', forMs: null, reason: null }, anna);
  expect([lobby.said, openLink, kicked]).toEqual(['hello', null, []]);
});

test('a guest who has left is banned by his id, and it is said of a link that lets in nobody more', async () => {
  const { secret } = link(1);
  const pass = passBy(secret);
  const id = /g-[a-z2-7]{10}/.exec(pass)?.[0] ?? '';
  using first = await page(pass);
  expect(ban(viewerOf()).openLink).toBeNull();
  expect(await first.closed).toBe(1008);
  await expect.poll(() => viewers().some(({ browser }) => browser === null)).toBe(false);
  for (const { id } of server.bans.list()) server.bans.lift(id, anna);
  const made = ban(id);
  expect([made.kicked, made.ban.banned]).toEqual([
    [],
    { kind: 'guest', guest: id, link: null, browser: null },
  ]);
  using again = await page(pass);
  expect(again.said).toBe('banned');
});
