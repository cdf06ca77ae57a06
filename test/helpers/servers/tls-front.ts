import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { type AddressInfo, connect } from 'node:net';
import { pipeline } from 'node:stream';
import { createServer } from 'node:tls';

/** Speaks TLS in front of a port of this machine. */
export async function tlsFront(
  port: number,
  { cert, key }: { cert: string; key: string },
): Promise<AsyncDisposable & { readonly port: number }> {
  const server = createServer({ cert: await readFile(cert), key: await readFile(key) }, (outside) => {
    const inside = connect(port, '127.0.0.1');
    pipeline(outside, inside, () => {});
    pipeline(inside, outside, () => {});
  });
  server.on('tlsClientError', () => {});
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      server.close();
    },
  };
}
