import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { Network } from '../../../src/ingest/guard/network.ts';
import { outside, testNetwork } from '../../helpers/outside.ts';

/** A server on the outside that says hello, and how often somebody came. */
async function greeter() {
  let calls = 0;
  const server = createServer((socket) => {
    calls++;
    socket.on('error', () => {}).end('hello');
  });
  server.listen(0, outside);
  await once(server, 'listening');
  const address = server.address();
  return {
    port: typeof address === 'object' ? (address?.port ?? 0) : 0,
    calls: () => calls,
    async [Symbol.asyncDispose]() {
      server.close();
    },
  };
}

test('Network connects to the address that it has checked', async () => {
  await using server = await greeter();
  const network = testNetwork({ 'cam.example': outside });
  for (const host of ['cam.example', outside]) {
    const socket = await network.connect({ host, port: server.port, tls: false });
    const [said] = await once(socket, 'data');
    expect(`${said}`).toBe('hello');
    socket.destroy();
  }
});

test.each([
  { name: 'a private address', host: '127.0.0.1', what: '127.0.0.1' },
  { name: 'an IPv6 address', host: '::1', what: '::1' },
  { name: 'a name that leads there', host: 'inner.example', what: 'inner.example, which is 127.0.0.1,' },
  {
    name: 'a name with one such address among others',
    host: 'both.example',
    what: 'both.example, which is ::1,',
  },
])('Network refuses $name', async ({ host, what }) => {
  await using server = await greeter();
  const network = testNetwork({ 'inner.example': '127.0.0.1', 'both.example': [outside, '::1'] });
  await expect(network.connect({ host, port: server.port, tls: false })).rejects.toMatchObject({
    code: 'SOURCE_PRIVATE_ADDRESS',
    message: `${what} is not opened: it leads to a place that is private here`,
  });
  expect(server.calls()).toBe(0);
});

test('Network refuses a name whose second answer is another one', async () => {
  await using server = await greeter();
  const answers = [outside, '127.0.0.1'];
  let asked = 0;
  const lookup = async () => [{ address: answers[asked++] ?? '', family: 4 }];
  const network = testNetwork({}, { lookup });
  const there = { host: 'rebound.example', port: server.port, tls: false };
  (await network.connect(there)).destroy();
  // One question for each connection: what was checked is what was connected to.
  expect(asked).toBe(1);
  await expect(network.connect(there)).rejects.toMatchObject({ code: 'SOURCE_PRIVATE_ADDRESS' });
});

test('Network opens private addresses where that is allowed', async () => {
  await using server = await greeter();
  const network = new Network({ allowPrivateNetworks: true });
  (await network.connect({ host: outside, port: server.port, tls: false })).destroy();
});

test.each([
  ['localhost', /^localhost, which is (127\.0\.0\.1|::1), is not opened: it leads to this machine$/],
  ['127.1', /^127\.1, which is 127\.0\.0\.1, is not opened: it leads to this machine$/],
  ['0x7f000001', /^0x7f000001, which is 127\.0\.0\.1, is not opened: it leads to this machine$/],
  ['2130706433', /^2130706433, which is 127\.0\.0\.1, is not opened: it leads to this machine$/],
])('Network with no settings refuses %s', async (host, message) => {
  const network = new Network({ allowPrivateNetworks: false });
  await expect(network.connect({ host, port: 80, tls: false })).rejects.toThrow(message);
});

test('Network says why there is no connection', async () => {
  const network = testNetwork({ 'empty.example': [], 'cam.example': outside });
  const refused = (host: string, port: number, tls = false) =>
    network.connect({ host, port, tls }).catch((error: Error) => error.message);
  expect(await refused('none.example', 80)).toBe(
    'the name none.example cannot be looked up: getaddrinfo ENOTFOUND none.example',
  );
  expect(await refused('empty.example', 80)).toBe(
    'the name empty.example cannot be looked up: it has no address',
  );
  expect(await refused('cam.example', 1)).toBe(
    `cannot connect to cam.example:1: connect ECONNREFUSED ${outside}:1`,
  );
  await using server = await greeter();
  expect(await refused('cam.example', server.port, true)).toBe(
    `cam.example:${server.port} does not speak TLS`,
  );
});
