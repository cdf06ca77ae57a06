import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server of HTTP on loopback that takes requests and never answers. */
export async function silentServer(): Promise<{
  readonly url: string;
  /** Resolves when somebody asks for something. */
  readonly asked: Promise<void>;
  close(): void;
}> {
  const asked = Promise.withResolvers<void>();
  const server = createServer(() => asked.resolve()).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/film.mp4`,
    asked: asked.promise,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
