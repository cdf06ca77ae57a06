import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { expect, test } from 'vitest';
import { BoundedSession } from '../../../src/ingest/rtmp/bounded-session.ts';
import { connectMessage, handshake, messages, publishMessage, RawRtmp } from '../../helpers/raw-rtmp.ts';

/** A packet of sound whose time is told as it is (fmt 0, with the extended time stamp). */
function absolute(timeMs: number): Buffer {
  const chunk = Buffer.alloc(16 + 4);
  chunk[0] = 4;
  chunk.writeUIntBE(0xffffff, 1, 3);
  chunk.writeUIntBE(4, 4, 3);
  chunk[7] = messages.audio;
  chunk.writeUInt32LE(1, 8);
  chunk.writeUInt32BE(timeMs, 12);
  chunk.set([0xaf, 1, 2, 3], 16);
  return chunk;
}

/** One whose time is told by how much later it is than the last (fmt 1). */
function later(deltaMs: number): Buffer {
  const chunk = Buffer.alloc(8 + 4);
  chunk[0] = 0x44;
  chunk.writeUIntBE(deltaMs, 1, 3);
  chunk.writeUIntBE(4, 4, 3);
  chunk[7] = messages.audio;
  chunk.set([0xaf, 1, 2, 3], 8);
  return chunk;
}

test('an RTMP publisher goes on where its times begin again after 49 days', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await using stack = new AsyncDisposableStack();
  stack.defer(async () => void server.close());
  await once(server, 'listening');
  let came = 0;
  const all = Promise.withResolvers<void>();
  server.on('connection', (socket) => {
    const session: BoundedSession = new BoundedSession(socket, {
      onPublish: (wish) => session.publish(wish, 'lobby', 'one'),
      onPlay: () => {},
      onMedia: () => {
        came++;
        if (came === 101) all.resolve();
      },
      onDone: () => {},
    });
    stack.defer(() => session.end());
  });
  const client = await RawRtmp.connect((server.address() as AddressInfo).port);
  stack.defer(() => void client.socket.destroy());
  client.send(handshake, connectMessage('lobby'), publishMessage('secret'));
  await client.got('NetStream.Publish.Start');
  client.send(absolute(2 ** 32 - 1000), ...Array.from({ length: 100 }, () => later(20)));
  await all.promise;
  expect(came).toBe(101);
});
