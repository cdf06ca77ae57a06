import { execa } from 'execa';
import { describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { rawClient, startPublicServer, upgradeRequest } from '../../helpers/public-server.ts';

const hasCurl = !(await execa('curl', ['--version'], { reject: false })).failed;
/** All of a second or less, so that a test waits for a fact and not for its patience. */
const quick = { headersMs: 300, requestMs: 600, idleMs: 600, keepAliveMs: 300, checkMs: 50 };

describe('a client that takes its time', () => {
  test.each([
    { name: 'says nothing', text: '' },
    { name: 'does not end its headers', text: 'GET /lobby HTTP/1.1\r\nhost: a\r\n' },
    {
      name: 'does not end its body',
      text: 'POST /whep/lobby HTTP/1.1\r\nhost: a\r\ncontent-type: application/sdp\r\ncontent-length: 100\r\n\r\nv=0',
    },
    { name: 'asks nothing more', text: 'GET /lobby HTTP/1.1\r\nhost: a\r\n\r\n' },
  ])('is cut off where it $name', async ({ text }) => {
    await using server = await startPublicServer({ times: quick });
    using client = await rawClient(server.port, text);
    await client.closed;
    await expect.poll(() => server.server.connections).toBe(0);
  });

  test('is cut off where it sends its body byte by byte', async () => {
    await using server = await startPublicServer({ times: quick });
    const head =
      'POST /whep/lobby HTTP/1.1\r\nhost: a\r\ncontent-type: application/sdp\r\ncontent-length: 9999\r\n\r\n';
    using client = await rawClient(server.port, head);
    const drip = setInterval(() => client.socket.write('v'), 50);
    await client.closed;
    clearInterval(drip);
    await expect.poll(() => server.server.connections).toBe(0);
  });
});

describe('requests of one connection', () => {
  const request = 'GET /lobby HTTP/1.1\r\nhost: a\r\n\r\n';

  test('are answered in order where a few are sent at once', async () => {
    await using server = await startPublicServer();
    using client = await rawClient(server.port, request.repeat(5));
    await expect.poll(() => client.heard().match(/HTTP\/1.1 200/g)?.length).toBe(5);
  });

  test('are not answered into memory where a thousand are sent at once: it is cut off', async () => {
    await using server = await startPublicServer();
    using client = await rawClient(server.port, request.repeat(1000));
    await client.closed;
    expect(client.heard().match(/HTTP\/1.1 200/g)?.length ?? 0).toBeLessThan(10);
    await expect.poll(() => server.server.connections).toBe(0);
    expect((await fetch(`${server.url}/lobby`)).status).toBe(200);
  });
});

describe('connections are bounded', () => {
  test('for each network, and free again when one has gone', async () => {
    await using server = await startPublicServer({ limits: { connectionsPerNetwork: 3 } });
    const clients = await Promise.all([1, 2, 3].map(() => rawClient(server.port)));
    await expect.poll(() => server.server.connections).toBe(3);
    // The oldest makes place, as it has said nothing.
    using fourth = await rawClient(server.port);
    await clients[0]?.closed;
    expect(server.server.connections).toBe(3);
    fourth.socket.destroy();
    await expect.poll(() => server.server.connections).toBe(2);
    expect((await fetch(`${server.url}/lobby`)).status).toBe(200);
    for (const client of clients) client[Symbol.dispose]();
  });

  test('in all, also those of a trusted proxy', async () => {
    await using server = await startPublicServer({
      http: { trustedProxies: ['127.0.0.0/8'] },
      limits: { connectionsPerNetwork: 1, connections: 3 },
    });
    const clients = await Promise.all([1, 2, 3].map(() => rawClient(server.port)));
    await expect.poll(() => server.server.connections).toBe(3);
    using _fourth = await rawClient(server.port);
    await clients[0]?.closed;
    expect(server.server.connections).toBe(3);
    for (const client of clients) client[Symbol.dispose]();
  });

  test('and who has asked for something makes place for nobody', async () => {
    await using server = await startPublicServer({ limits: { connectionsPerNetwork: 2 } });
    using page = await rawClient(server.port, upgradeRequest('/ws/lobby'));
    using kept = await rawClient(server.port, 'GET /healthz HTTP/1.1\r\nhost: a\r\n\r\n');
    await expect.poll(page.heard).toContain('hello');
    await expect.poll(kept.heard).toContain('HTTP/1.1');
    using refused = await rawClient(server.port);
    await refused.closed;
    expect([page.socket.destroyed, kept.socket.destroyed]).toEqual([false, false]);
  });
});

describe('a request for another protocol', () => {
  test.each([
    { name: 'of a room that can be none', path: '/ws/No_Room', headers: {}, status: 404 },
    { name: 'elsewhere', path: '/nothing/here', headers: {}, status: 404 },
    {
      name: 'of a foreign page',
      path: '/ws/lobby',
      headers: { origin: 'https://evil.example' },
      status: 403,
    },
    { name: 'of a page that hides', path: '/ws/lobby', headers: { origin: 'null' }, status: 403 },
    {
      name: 'of an unknown version',
      path: '/ws/lobby',
      headers: { 'sec-websocket-version': '99' },
      status: 400,
    },
    { name: 'of a bad key', path: '/ws/lobby', headers: { 'sec-websocket-key': 'x' }, status: 400 },
    { name: 'that is not known', path: '/lobby', headers: { upgrade: 'foo/2' }, status: 200 },
    {
      name: 'in clear HTTP/2',
      path: '/healthz',
      headers: { upgrade: 'h2c', 'http2-settings': 'AAMA' },
      status: 200,
    },
    { name: 'on the page itself', path: '/lobby', headers: {}, status: 200 },
  ])('$name is answered $status, and its connections go', async ({ path, headers, status }) => {
    await using server = await startPublicServer();
    const clients = await Promise.all(
      Array.from({ length: 40 }, () => rawClient(server.port, upgradeRequest(path, headers))),
    );
    for (const [index, client] of clients.entries()) {
      await expect.poll(client.heard, { interval: 5 }).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
      client.socket.write('more');
      if (index % 2 === 0) client.socket.end();
      else client.socket.resetAndDestroy();
    }
    await expect.poll(() => server.server.connections).toBe(0);
    expect((await fetch(`${server.url}/lobby`)).status).toBe(200);
  });

  test('keeps no connection of a client that resets it before it is answered', async () => {
    const unforeseen: unknown[] = [];
    const note = (error: unknown) => unforeseen.push(error);
    process.on('uncaughtException', note);
    await using server = await startPublicServer();
    for (let count = 0; count < 40; count++) {
      const path = count % 2 === 0 ? '/ws/lobby' : '/ws/No_Room';
      using client = await rawClient(server.port, upgradeRequest(path));
      client.socket.resetAndDestroy();
    }
    await expect.poll(() => server.server.connections).toBe(0);
    process.off('uncaughtException', note);
    expect(unforeseen).toEqual([]);
  });

  test.runIf(hasCurl)('by curl --http2 is answered by HTTP/1.1', async () => {
    await using server = await startPublicServer();
    const format = '%{http_version} %{http_code}';
    for (const path of ['/lobby', '/healthz', '/ws/lobby']) {
      const { stdout } = await execa('curl', [
        '--http2',
        '-s',
        '-o',
        '/dev/null',
        '-w',
        format,
        server.url + path,
      ]);
      expect(stdout).toBe(path === '/ws/lobby' ? '1.1 426' : '1.1 200');
    }
  });
});

describe('the end of the server', () => {
  const times = { farewellMs: 300 };

  test('is told to pages, which go by themselves', async () => {
    await using server = await startPublicServer({ times: { farewellMs: 60_000 } });
    const page = new WebSocket(`ws://127.0.0.1:${server.port}/ws/lobby`);
    const messages: unknown[] = [];
    page.on('message', (data) => messages.push(JSON.parse(String(data)).type));
    const code = new Promise((resolve) => page.once('close', resolve));
    await expect.poll(() => messages).toEqual(['hello']);
    await server.server.close();
    expect(await code).toBe(1001);
    expect(messages).toEqual(['hello', 'bye']);
  });

  test.each([
    { name: 'a page that never answers', text: upgradeRequest('/ws/lobby') },
    { name: 'a connection that says nothing', text: '' },
    {
      name: 'a request that does not end',
      text: 'POST /whep/lobby HTTP/1.1\r\nhost: a\r\ncontent-length: 9\r\n\r\n',
    },
    { name: 'a connection that is kept', text: 'GET /lobby HTTP/1.1\r\nhost: a\r\n\r\n' },
  ])('does not wait for $name', async ({ text }) => {
    await using server = await startPublicServer({ times });
    using client = await rawClient(server.port, text);
    if (text.startsWith('GET')) await expect.poll(client.heard).toContain('HTTP/1.1');
    client.socket.pause();
    await Promise.all([server.server.close(), server.server.close()]);
    await expect.poll(() => server.server.connections).toBe(0);
  });

  test('answers 503 to who comes meanwhile, and takes nobody in', async () => {
    await using server = await startPublicServer({ times: { farewellMs: 60_000 } });
    using page = await rawClient(server.port, upgradeRequest('/ws/lobby'));
    await expect.poll(page.heard).toContain('hello');
    const ended = server.server.close();
    using late = await rawClient(server.port, upgradeRequest('/ws/lobby'));
    await expect.poll(late.heard).toMatch(/^HTTP\/1.1 503 /);
    page.socket.destroy();
    await ended;
  });
});
