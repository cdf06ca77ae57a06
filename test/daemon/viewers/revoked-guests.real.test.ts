import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import type { NewLink } from '../../../src/contract/links.ts';
import { Links } from '../../../src/daemon/access/links.ts';
import { inProcess } from '../../cli/mirolive.ts';
import { startDaemon, type TestDaemon } from '../../helpers/daemon.ts';
import { sample } from '../../helpers/media/sample-files.ts';
import { realOffers } from '../sfu/offers/real-offers.ts';

let server: TestDaemon;
beforeAll(async () => {
  server = await startDaemon({ rooms: { lobby: { access: 'link' } } });
  const source = { kind: 'file', path: await sample('talk.mp4'), loop: true, audioTrack: null } as const;
  await server.daemon.desk.start({ room: 'lobby', source });
});
afterAll(async () => {
  await server?.[Symbol.asyncDispose]();
});

const run = async (...words: string[]) => {
  const { stdout, stderr, exitCode } = await inProcess([...words, '--socket', server.socket]);
  expect([stderr, exitCode]).toEqual(['', 0]);
  return stdout;
};
const guest = async () => {
  const { link, secret } = JSON.parse(await run('link', '--room', 'lobby', '--json')) as NewLink;
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify({ link: secret });
  const answer = await fetch(`${server.url}/enter/lobby`, { method: 'POST', headers, body });
  return { id: link.id, ...((await answer.json()) as { readonly pass: string }) };
};
const whep = async (pass: string) => {
  const headers = { 'content-type': 'application/sdp', authorization: `Bearer ${pass}` };
  const answer = await fetch(`${server.url}/whep/lobby`, { method: 'POST', headers, body: realOffers.pion });
  return answer.status;
};
const present = () => server.daemon.desk.findRoom('lobby')?.viewers.map(({ kind }) => kind);

test('a page whose link was revoked while its room was closed is put out when the room is for guests again', async () => {
  const { id, pass } = await guest();
  const socket = new WebSocket(server.url.replace('http', 'ws').concat('/ws/lobby'), ['mirolive', pass]);
  const heard: { readonly type: string; readonly why?: string }[] = [];
  socket.on('message', (data) => heard.push(JSON.parse(String(data))));
  const closed = new Promise<number>((resolve) => socket.once('close', resolve));
  await expect.poll(() => heard.map(({ type }) => type)).toContain('live');
  await run('rooms', 'set', 'lobby', 'access=closed');
  await run('links', 'revoke', id);
  await expect.poll(() => heard.map(({ type }) => type)).toContain('offline');
  expect([present(), heard.some(({ type }) => type === 'out')]).toEqual([['page'], false]);
  heard.length = 0;
  await run('rooms', 'set', 'lobby', 'access=link');
  expect(await closed).toBe(1008);
  expect(heard.filter(({ type }) => type === 'out')).toMatchObject([{ why: 'uninvited' }]);
  expect(heard.map(({ type }) => type)).not.toContain('live');
});

test('a WHEP player whose link is revoked while its session is made gets none', async () => {
  const { id, pass } = await guest();
  expect(await whep(pass)).toBe(201);
  const { entrance } = Links.prototype;
  using _ = vi.spyOn(Links.prototype, 'entrance').mockImplementation(function (this: Links, ...given) {
    const found = entrance.apply(this, given);
    // Once it was let in at the door.
    queueMicrotask(() => this.revoke(id, { kind: 'daemon' }));
    return found;
  });
  expect(await whep(pass)).toBe(401);
  // The one that was there has ended, too.
  await expect.poll(present).toEqual([]);
});
