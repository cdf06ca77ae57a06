import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { isOfSameUser } from '../guard/same-user.ts';
import { only } from './containers.ts';
import type { Input } from './input.ts';

/**
 * Bytes that are in this process, as ffmpeg opens them: at a port on loopback, as more than one may read them. Not at a Unix socket, which
 * ffmpeg takes for something that it can seek in.
 *
 * @param serve gives them to one reader @param options what else stands before the input
 */
export async function servedInput(
  serve: (reader: Socket) => void,
  options: readonly string[] = [],
): Promise<Pick<Input, 'parts' | 'env'> & AsyncDisposable> {
  const readers = new Set<Socket>();
  const server = createServer({ noDelay: true }, async (reader) => {
    readers.add(reader);
    reader.on('error', () => {}).once('close', () => readers.delete(reader));
    if (await isOfSameUser(reader)) serve(reader);
    else reader.destroy();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    parts: [{ options: [...only(['tcp']), ...options], location: `tcp://127.0.0.1:${port}` }],
    env: {},
    async [Symbol.asyncDispose]() {
      for (const reader of readers) reader.destroy();
      server.close();
    },
  };
}
