import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pseudoRandom } from '../../helpers/pseudo-random.ts';
import {
  amf,
  connectMessage,
  handshake,
  message,
  messages,
  publishMessage,
  RawRtmp,
} from '../../helpers/raw-rtmp.ts';
import { openServer, rawPublisher } from './open-server.ts';

const command = (...values: Parameters<typeof amf>) => message(messages.command, amf(...values));
const tick = message(messages.audio, Buffer.from([0x2f, 1, 2, 3]), { chunkStream: 4 });
/** Deep in objects: each holds the next under the name a. */
const nested = Buffer.concat(Array.from({ length: 15_000 }, () => Buffer.from([3, 0, 1, 97])));
/** Long as a text: five characters for each. */
const list = Buffer.concat([Buffer.from([10, 0, 0, 0x75, 0x30]), Buffer.alloc(2 * 30_000, 1)]);
const manyStreams = Buffer.concat(
  Array.from({ length: 60 }, (_, index) =>
    message(messages.command, Buffer.alloc(0), { chunkStream: index + 3 }),
  ),
);

const hostile: { name: string; parts: Buffer[] }[] = [
  {
    name: 'a connect with an address that is none',
    parts: [handshake, connectMessage('lobby', 'no address')],
  },
  { name: 'a connect without an object', parts: [handshake, command('connect', 1)] },
  {
    name: 'a publish without a name',
    parts: [handshake, connectMessage('lobby'), command('publish', 4, null)],
  },
  {
    name: 'a publish of a number',
    parts: [handshake, connectMessage('lobby'), command('publish', 4, null, 7)],
  },
  {
    name: 'a publish of a list',
    parts: [
      handshake,
      connectMessage('lobby'),
      message(messages.command, Buffer.concat([amf('publish', 4, null), list])),
    ],
  },
  {
    name: 'a connect to a list',
    parts: [
      handshake,
      message(
        messages.command,
        Buffer.concat([
          amf('connect', 1, { tcUrl: 'rtmp://localhost/lobby' }).subarray(0, -3),
          ...[Buffer.from([0, 3]), Buffer.from('app'), list, Buffer.from([0, 0, 9])],
        ]),
      ),
      publishMessage('x'),
    ],
  },
  { name: 'a publish before it connects', parts: [handshake, publishMessage('key9')] },
  {
    name: 'two wishes to publish',
    parts: [handshake, connectMessage('lobby'), publishMessage('x'), publishMessage('y')],
  },
  {
    name: 'a command that is no AMF',
    parts: [handshake, message(messages.command, Buffer.from([0xee, 1, 2]))],
  },
  {
    name: 'a text that is longer than its message',
    parts: [handshake, message(messages.command, Buffer.from([2, 0xff, 0xff, 65]))],
  },
  {
    name: 'objects in objects',
    parts: [handshake, message(messages.command, Buffer.concat([amf('connect', 1), nested]))],
  },
  {
    name: 'a list of four thousand million',
    parts: [
      handshake,
      message(messages.command, Buffer.concat([amf('connect', 1), Buffer.from([10, 255, 255, 255, 255])])),
    ],
  },
  {
    name: 'a prototype for a key',
    parts: [handshake, command('connect', 1, { ['__proto__']: 'x', app: 'lobby' })],
  },
  {
    name: 'a message of 16 MB',
    parts: [handshake, message(messages.command, Buffer.alloc(10), { length: 0xffffff })],
  },
  { name: 'messages on sixty chunk streams', parts: [handshake, manyStreams] },
  {
    name: 'chunks of no size',
    parts: [handshake, message(messages.chunkSize, Buffer.alloc(4)), connectMessage('lobby')],
  },
  { name: 'a chunk size without the size', parts: [handshake, message(messages.chunkSize, Buffer.alloc(0))] },
  { name: 'media from a stranger', parts: [handshake, connectMessage('lobby'), tick, tick] },
  { name: 'HTTP', parts: [Buffer.from('GET / HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(300))] },
  {
    name: 'TLS where there is none',
    parts: [Buffer.from([0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3]), Buffer.alloc(4000, 7)],
  },
];

describe('what strangers send', () => {
  let opened: Awaited<ReturnType<typeof openServer>>;
  beforeAll(async () => {
    opened = await openServer();
  });
  afterAll(() => opened?.[Symbol.asyncDispose]());

  it.each(hostile.map((one, index) => ({ ...one, secret: `key${index}` })))(
    '$name ends at worst its own connection',
    async ({ parts, secret }) => {
      const { pid, port } = opened.server;
      using client = await RawRtmp.connect(port);
      client.send(...parts);
      client.socket.end();
      await client.closed();
      using next = await rawPublisher(port, secret);
      await next.got('NetStream.Publish.Start');
      expect(opened.server.pid).toBe(pid);
    },
  );

  it('names that are longer than any are refused, and the daemon is not asked', async () => {
    const { server, asked } = opened;
    const before = asked.length;
    for (const [room, secret] of [
      ['x'.repeat(60_000), 'key1'],
      ['lobby', 'x'.repeat(60_000)],
    ] as const) {
      using client = await RawRtmp.connect(server.port);
      client.send(handshake, connectMessage(room, 'rtmp://localhost/lobby'), publishMessage(secret));
      await client.got('Refused: check the server');
    }
    expect(asked).toHaveLength(before);
  });

  it('a thousand damaged sessions disturb neither the process nor who publishes', async () => {
    await using opened = await openServer();
    const { server } = opened;
    const { pid } = server;
    using honest = await rawPublisher(server.port, 'key1');
    await honest.got('NetStream.Publish.Start');
    honest.send(tick);
    await opened.published.next();
    const whole = Buffer.concat([
      handshake,
      message(messages.chunkSize, Buffer.from([0, 0, 0x10, 0]), { stream: 0 }),
      connectMessage('lobby'),
      command('createStream', 2, null),
      publishMessage('key2'),
      message(messages.data, amf('@setDataFrame', 'onMetaData', { width: 320 }), { chunkStream: 4 }),
      tick,
      message(messages.video, Buffer.from([0x17, 0, 0, 0, 0, 1, 2, 3]), { chunkStream: 6 }),
      message(messages.video, Buffer.from([0x17, 1, 0, 0, 0, 9, 9, 9]), { chunkStream: 6 }),
    ]);
    const random = pseudoRandom(1935);
    for (let round = 0; round < 100; round++) {
      const clients = await Promise.all(Array.from({ length: 10 }, () => RawRtmp.connect(server.port)));
      for (const client of clients) {
        client.send(damaged(whole, random));
        client.socket.end();
      }
      await Promise.all(clients.map((client) => client.closed()));
    }
    expect(server.pid).toBe(pid);
    honest.socket.destroy();
    // Others may have got in with key2; ours is the only key1.
    for (let [id] = await opened.unpublished.next(); id !== 'p-1'; ) [id] = await opened.unpublished.next();
  });

  it('damaged media of whoever may publish ends at worst its own connection', async () => {
    await using opened = await openServer();
    const { server } = opened;
    const { pid } = server;
    const random = pseudoRandom(8);
    const media = Buffer.concat([
      message(messages.data, amf('@setDataFrame', 'onMetaData', { width: 320, videocodecid: 7 }), {
        chunkStream: 4,
      }),
      message(15, amf('x'), { chunkStream: 4 }),
      ...Array.from({ length: 8 }, (_, index) =>
        message(
          messages.video,
          Buffer.from([[0x17, 0x27, 0x97, 0xa7][index % 4] ?? 0, index % 3, 0, 0, 0, 1, 2]),
          {
            chunkStream: 6,
          },
        ),
      ),
      tick,
    ]);
    for (let round = 0; round < 150; round++) {
      using client = await rawPublisher(server.port, `key${round}`);
      await client.got('NetStream.Publish.Start');
      client.send(damaged(media, random), media);
      client.socket.end();
      await client.closed();
    }
    expect(server.pid).toBe(pid);
  });
});

/** Cut, with bytes changed, put in or left out; behind the handshake, where the parser is. */
function damaged(bytes: Buffer, random: (limit: number) => number): Buffer {
  const copy = Buffer.from(bytes);
  const from = random(4) === 0 ? 0 : Math.min(handshake.length, copy.length - 1) % copy.length;
  for (let change = random(12); change > 0; change--) copy[from + random(copy.length - from)] = random(256);
  const at = from + random(copy.length - from);
  switch (random(4)) {
    case 0:
      return copy.subarray(0, at);
    case 1:
      return Buffer.concat([copy.subarray(0, at), copy.subarray(Math.min(copy.length, at + random(40)))]);
    case 2:
      return Buffer.concat([copy.subarray(0, at), Buffer.alloc(random(400), random(256)), copy.subarray(at)]);
    default:
      return copy;
  }
}
