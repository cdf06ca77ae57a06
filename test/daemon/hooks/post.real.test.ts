import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { expect, test } from 'vitest';
import { poster } from '../../../src/daemon/hooks/post.ts';
import { signedHeaders } from '../../../src/daemon/hooks/signature.ts';
import { serveHttp } from '../../helpers/servers/http-server.ts';

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const what = { id: 'e-aaaaaaaaaa', wallMs: 1_767_225_600_000, body: '{"type":"x","data":"ä"}' };
/** Short where nothing is to come: nobody judges how short. */
const send = (port: number, { timeoutMs = 60_000, allow = ['127.0.0.1'], path = '/hook?key=1' } = {}) =>
  poster({ allow: () => allow, agent: 'mirolive/test', timeoutMs })(
    { id: 'w-aaaaaaaaaa', url: `http://127.0.0.1:${port}${path}`, secret },
    what,
  );

/** A server that does what it likes with bytes. */
async function serveBytes(act: (socket: Socket) => void) {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    act(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    ...{ port: (server.address() as AddressInfo).port, sockets },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

test('what is sent is a signed POST, by a connection that is closed', async () => {
  let body = '';
  await using server = await serveHttp(async (request, response) => {
    for await (const piece of request) body += piece;
    response.writeHead(204).end();
  });
  expect(await send(server.port)).toEqual({ is: 'taken', status: 204 });
  expect(server.requests[0]).toMatchObject({ method: 'POST', url: '/hook?key=1' });
  expect(server.requests[0]?.headers).toMatchObject({
    ...signedHeaders(secret, what),
    ...{ 'content-type': 'application/json', 'user-agent': 'mirolive/test', connection: 'close' },
    ...{ host: `127.0.0.1:${server.port}`, 'content-length': `${Buffer.byteLength(what.body)}` },
  });
  expect(body).toBe(what.body);
});

test.each([
  { status: 500, expected: { is: 'refused', problem: 'it answered 500' } },
  { status: 410, expected: { is: 'gone' } },
  { status: 429, expected: { is: 'away', retryAfterMs: 7000 } },
])('an answer of $status is $expected.is', async ({ status, expected }) => {
  await using server = await serveHttp((_, response) =>
    response.writeHead(status, { 'retry-after': '7' }).end(),
  );
  expect(await send(server.port)).toMatchObject(expected);
});

test('a redirect, to itself too, is not followed', async () => {
  await using server = await serveHttp((_, response) => response.writeHead(307, { location: '/' }).end());
  expect(await send(server.port)).toMatchObject({ is: 'refused', status: 307 });
  expect(server.requests).toHaveLength(1);
});

test('of an answer without end no more is read than a little', async () => {
  let response: ServerResponse | undefined;
  const closed = Promise.withResolvers<void>();
  await using server = await serveHttp((_, answer) => {
    response = answer;
    answer.on('close', closed.resolve);
    const piece = Buffer.alloc(65_536);
    const fill = () => {
      while (!answer.destroyed && answer.write(piece));
    };
    answer.writeHead(200, { 'content-length': `${1024 ** 3}` });
    answer.on('drain', fill);
    fill();
  });
  expect(await send(server.port)).toEqual({ is: 'taken', status: 200 });
  await closed.promise;
  // What kernels hold for a connection is some MB.
  expect(response?.socket?.bytesWritten ?? 0).toBeLessThan(64 * 1024 * 1024);
});

test('an answer whose body never ends counts by its status', async () => {
  await using server = await serveHttp((_, response) => response.writeHead(200).write('a'));
  expect(await send(server.port)).toEqual({ is: 'taken', status: 200 });
});

test.each([
  { name: 'never answers', act: () => {} },
  { name: 'sends its headers a byte at a time', act: (socket: Socket) => socket.write('HTTP/1.1 2') },
  {
    name: 'says only that it goes on',
    act: (socket: Socket) => socket.write('HTTP/1.1 100 Continue\r\n\r\n'),
  },
])('a receiver that $name is away, and its connection is closed', async ({ act }) => {
  const ended = Promise.withResolvers<void>();
  await using server = await serveBytes((socket) => {
    act(socket);
    socket.on('close', ended.resolve);
    socket.resume();
  });
  expect(await send(server.port, { timeoutMs: 300 })).toEqual({
    ...{ is: 'away', status: null, problem: 'nothing within 0.3 s', retryAfterMs: null },
  });
  // One that was not connected in time is not either.
  if (server.sockets.size > 0) await ended.promise;
});

test.each([
  { name: 'resets', act: (socket: Socket) => socket.once('data', () => socket.resetAndDestroy()) },
  { name: 'hangs up', act: (socket: Socket) => socket.once('data', () => socket.end()) },
  { name: 'speaks no HTTP', act: (socket: Socket) => socket.end('SSH-2.0-OpenSSH_9\r\n\r\n') },
  {
    name: 'has headers without end',
    act: (socket: Socket) => socket.write(`HTTP/1.1 200 OK\r\nx: ${'x'.repeat(100_000)}`),
  },
])('a receiver that $name is away', async ({ act }) => {
  await using server = await serveBytes(act);
  expect(await send(server.port)).toMatchObject({ is: 'away', status: null });
});

test('one where nobody listens is away', async () => {
  const server = await serveBytes(() => {});
  await server[Symbol.asyncDispose]();
  expect(await send(server.port)).toMatchObject({
    ...{ is: 'away', problem: expect.stringContaining('ECONNREFUSED') },
  });
});

test('an address that is not allowed is not connected to', async () => {
  await using server = await serveBytes(() => {});
  expect(await send(server.port, { allow: ['10.0.0.0/8'] })).toMatchObject({
    ...{ is: 'away', problem: '127.0.0.1 is not opened: it leads to this machine' },
  });
  expect(server.sockets.size).toBe(0);
});
