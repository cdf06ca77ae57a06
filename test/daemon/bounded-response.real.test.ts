import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { BoundedResponse } from '../../src/daemon/bounded-response.ts';
import { rawClient } from '../helpers/public-server.ts';

/** A server that answers each request at once, and how many requests it has seen, whoever answers them. */
async function countingServer() {
  let seen = 0;
  class CountedResponse<Request extends IncomingMessage> extends BoundedResponse<Request> {
    constructor(...given: ConstructorParameters<typeof BoundedResponse<Request>>) {
      super(...given);
      seen += 1;
    }
  }
  const server = createServer({ ServerResponse: CountedResponse }, async (request, response) => {
    // Fails where the connection has ended.
    await buffer(request).catch(() => {});
    response.end('a'.repeat(1000));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    seen: () => seen,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await once(server.close(), 'close');
    },
  };
}

const get = 'GET /lobby HTTP/1.1\r\nhost: a\r\n\r\n';

test.each([
  { name: 'to read', text: get },
  { name: 'with a body', text: 'POST /whep/lobby HTTP/1.1\r\nhost: a\r\ncontent-length: 4\r\n\r\nv=0\n' },
  { name: 'without a host', text: 'GET /lobby HTTP/1.1\r\n\r\n' },
  { name: 'that expect', text: 'GET /lobby HTTP/1.1\r\nhost: a\r\nexpect: more\r\n\r\n' },
])(
  '5,000 requests $name at once end their connection at the ninth, and leave the others alone',
  async ({ text }) => {
    await using server = await countingServer();
    using other = await rawClient(server.port);
    using client = await rawClient(server.port, text.repeat(5000));
    await client.closed;
    expect(server.seen()).toBe(9);
    other.socket.write(get);
    await expect.poll(other.heard).toMatch(/^HTTP\/1.1 200 /);
  },
);

test('as many requests as are wanted are answered, one after the other', async () => {
  await using server = await countingServer();
  using client = await rawClient(server.port);
  for (let asked = 1; asked <= 30; asked++) {
    client.socket.write(get);
    await expect.poll(() => client.heard().match(/HTTP\/1.1 200/g)?.length, { interval: 5 }).toBe(asked);
  }
  expect(server.seen()).toBe(30);
});
