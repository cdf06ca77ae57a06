import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startDaemon, type TestDaemon } from '../../helpers/daemon.ts';
import { startPublicServer } from '../../helpers/public-server.ts';

let server: TestDaemon;
beforeAll(async () => {
  server = await startDaemon();
});
afterAll(() => server?.[Symbol.asyncDispose]());

test('the page comes compressed, and not again to who has it', async () => {
  const first = await fetch(`${server.url}/lobby`);
  expect(first.headers.get('content-encoding')).toBe('gzip');
  expect(await first.text()).toContain('<video');
  const etag = first.headers.get('etag') ?? '';
  const second = await fetch(`${server.url}/lobby`, { headers: { 'if-none-match': etag } });
  expect(second.status).toBe(304);
  const plain = await fetch(`${server.url}/assets/icon.svg`, { headers: { 'accept-encoding': 'identity' } });
  expect(plain.headers.get('content-encoding')).toBeNull();
  expect(plain.headers.get('content-type')).toBe('image/svg+xml');
});

test.each([
  ['a name that no room can have', '/No_Room'],
  ['an asset that is not there', '/assets/other.js'],
  ['a path out of the page', '/assets/..%2f..%2fpackage.json'],
  ['a path below a room', '/lobby/settings'],
  ['a name of any length', `/${'a'.repeat(5000)}`],
  ['what cannot be decoded', '/%E0%A4%A'],
])('%s is not found', async (_, path) => {
  expect((await fetch(server.url + path)).status).toBe(404);
});

test('what is not found stays so for who has the page that says it', async () => {
  const headers = { accept: 'text/html' };
  const first = await fetch(`${server.url}/lobby/settings`, { headers });
  const etag = first.headers.get('etag') ?? '';
  expect(etag).not.toBe('');
  const second = await fetch(`${server.url}/lobby/settings`, {
    headers: { ...headers, 'if-none-match': etag },
  });
  expect(second.status).toBe(404);
});

test.each([
  { path: '/Lobby', location: '/lobby' },
  { path: '/LOBBY-2?muted=1', location: '/lobby-2?muted=1' },
  { path: '/lobby/', location: '/lobby' },
  { path: '/LOBBY/?muted=1', location: '/lobby?muted=1' },
])('who types capital letters, or a slash at the end, is led on: $path', async ({ path, location }) => {
  const { status, headers } = await fetch(server.url + path, { redirect: 'manual' });
  expect([status, headers.get('location')]).toEqual([308, location]);
});

test.each(['/Lobby%2f%2fevil.example', '//Evil.example', '//evil.example/', '/%5cEvil', '/%5cevil/'])(
  '%s leads nowhere',
  async (path) => {
    const { status, headers } = await fetch(server.url + path, { redirect: 'manual' });
    expect([status, headers.get('location')]).toEqual([404, null]);
  },
);

test.each([
  { typed: 'lobby', location: '/lobby' },
  { typed: 'https://live.example.org/Lobby/?muted=1', location: '/lobby' },
])('whoever gives $typed at / is led to the room', async ({ typed, location }) => {
  const asked = `${server.url}/?room=${encodeURIComponent(typed)}`;
  const { status, headers } = await fetch(asked, { redirect: 'manual' });
  expect([status, headers.get('location')]).toEqual([303, location]);
});

test.each(['//evil.example', '/\\evil', '%2f%2fevil.example', 'no room', '<script>'])(
  'whoever gives %j at / is led nowhere',
  async (typed) => {
    const asked = `${server.url}/?room=${encodeURIComponent(typed)}`;
    const { status, headers } = await fetch(asked, { redirect: 'manual' });
    expect([status, headers.get('location')]).toEqual([404, null]);
  },
);

test('/ and what is not there say in the look of the page where to go, to a program in a line', async () => {
  const accept = 'text/html,application/xhtml+xml,*/*;q=0.8';
  const home = await fetch(server.url, { headers: { accept } });
  const html = await home.text();
  expect([home.status, /<h1>(.*)<\/h1>/.exec(html)?.[1]]).toEqual([200, 'Watch a broadcast']);
  const [, style = ''] = /<style>(.*?)<\/style>/s.exec(html) ?? [];
  const hash = createHash('sha256').update(style).digest('base64');
  const policy = home.headers.get('content-security-policy');
  expect(policy).toContain("script-src 'none'");
  expect(policy).toContain(`style-src 'sha256-${hash}'`);
  expect(policy).toContain("form-action 'self'");
  expect(html).not.toContain('On air now');
  const lost = await fetch(`${server.url}/lobby/settings`, { headers: { accept } });
  expect([lost.status, /<h1>(.*)<\/h1>/.exec(await lost.text())?.[1]]).toEqual([
    404,
    'There is no page here',
  ]);
  expect(await (await fetch(`${server.url}/lobby/settings`)).text()).toBe('There is no such room.\n');
});

test('what comes with an offer is told the name of the room, and led nowhere', async () => {
  const response = await fetch(`${server.url}/whep/Lobby`, {
    ...{ method: 'POST', redirect: 'manual', body: 'v=0' },
    headers: { 'content-type': 'application/sdp' },
  });
  expect(response.status).toBe(404);
  expect(await response.text()).toContain('did you mean lobby?');
});

test('nothing but our own scripts may run in the page', async () => {
  const response = await fetch(`${server.url}/lobby`);
  const { headers } = response;
  const [, script = ''] = /<script>(.*?)<\/script>/s.exec(await response.text()) ?? [];
  const hash = createHash('sha256').update(script).digest('base64');
  expect(headers.get('content-security-policy')).toContain(`script-src 'sha256-${hash}' 'self';`);
  // Of this origin one file is a script.
  const later = await fetch(`${server.url}/assets/later.js`);
  expect(later.headers.get('content-type')).toContain('javascript');
  expect(headers.get('x-content-type-options')).toBe('nosniff');
});

test.each([
  { name: 'well', health: {}, status: 200, body: { status: 'ok', reasons: [] } },
  {
    name: 'degraded',
    health: {
      degraded: ['worker 1', 'rtmp', 'worker 2', 'room board-meeting'].map((part) => ({
        part,
        reason: 'ENOENT /opt/secret',
      })),
    },
    status: 200,
    body: {
      status: 'degraded',
      reasons: [
        { part: 'worker', count: 2 },
        { part: 'rtmp', count: 1 },
        { part: 'room', count: 1 },
      ],
    },
  },
  {
    name: 'of no use',
    health: { degraded: [{ part: 'worker 1', reason: 'ENOENT /opt/secret' }], servable: false },
    status: 503,
    body: { status: 'degraded', reasons: [{ part: 'worker', count: 1 }] },
  },
])(
  'the health check says that the daemon is $name, and counts kinds of parts alone',
  async ({ health, status, body }) => {
    await using bare = await startPublicServer({ health });
    const response = await fetch(`${bare.url}/healthz`);
    expect(response.status).toBe(status);
    expect(await response.json()).toEqual(body);
  },
);

test.each([
  { ready: true, status: 200 },
  { ready: false, status: 503 },
])('the readiness check answers $status', async ({ ready, status }) => {
  await using bare = await startPublicServer({ health: { ready } });
  expect((await fetch(`${bare.url}/readyz`)).status).toBe(status);
  expect((await fetch(`${bare.url}/healthz`)).status).toBe(200);
});

test('a whole daemon is ready once it has started', async () => {
  expect((await fetch(`${server.url}/readyz`)).status).toBe(200);
  expect(await (await fetch(`${server.url}/healthz`)).json()).toEqual({ status: 'ok', reasons: [] });
});
