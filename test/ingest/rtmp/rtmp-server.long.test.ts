import { EventEmitter, once } from 'node:events';
import { rename } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { usualBounds } from '../../../src/ingest/child/child-watch.ts';
import { fingerprint, makeCertificate } from '../../helpers/certificate.ts';
import { collect } from '../../helpers/collect.ts';
import {
  amf,
  connectMessage,
  handshake,
  message,
  messages,
  playMessage,
  publishMessage,
  RawRtmp,
} from '../../helpers/raw-rtmp.ts';
import { encoder } from '../../helpers/rtmp-encoder.ts';
import { temporaryFolder } from '../../helpers/state.ts';
import { openServer, rawPublisher } from './open-server.ts';

const sound = (timeMs: number, mark = 'tick') =>
  message(messages.audio, Buffer.concat([Buffer.from([0x2f]), Buffer.from(mark)]), {
    chunkStream: 4,
    timeMs,
  });

/** From now on chunks have 1 MB. */
const largeChunks = message(messages.chunkSize, Buffer.from([0, 0x0f, 0xff, 0xff]), { stream: 0 });

const picture = (timeMs: number, key: boolean, mark: string, bytes = 0, chunkBytes = 128) =>
  message(
    messages.video,
    Buffer.concat([Buffer.from([key ? 0x17 : 0x27, 1, 0, 0, 0]), Buffer.from(mark), Buffer.alloc(bytes)]),
    { chunkStream: 6, timeMs, chunkBytes },
  );

/** A header of H.264 with one parameter set. */
const pictureHeader = (setBytes: number) => {
  const head = Buffer.from('17000000000142c01effe10000', 'hex');
  head.writeUInt16BE(setBytes, 11);
  const noOthers = Buffer.from([0]);
  return message(messages.video, Buffer.concat([head, Buffer.alloc(setBytes, 1), noOthers]), {
    chunkStream: 6,
  });
};

/** A raw client that wants to pull. */
async function rawPull(pullUrl: string): Promise<RawRtmp> {
  const { port, pathname, search } = new URL(pullUrl);
  const pull = await RawRtmp.connect(Number(port));
  pull.send(handshake, connectMessage('lobby'), playMessage(pathname.slice('/lobby/'.length) + search));
  return pull;
}

/** Listens on a port as soon as it is free. */
async function listening(server: Server, port: number): Promise<void> {
  for (;;) {
    server.listen(port, '127.0.0.1');
    if (await once(server, 'listening').then(Boolean, () => false)) return;
  }
}

/** Keeps a publisher from being silent until something else is done. */
async function saying(publisher: RawRtmp, done: Promise<void>): Promise<void> {
  const timer = setInterval(() => publisher.send(sound(0)), 100);
  await done.finally(() => clearInterval(timer));
}

/** What is told of parts that cannot be had. */
function listeningHealth() {
  const health = new EventEmitter<{ lost: [string, string]; found: [string] }>();
  const listener = {
    lost: (part: string, { reason }: { readonly reason: string }) => health.emit('lost', part, reason),
    found: (part: string) => health.emit('found', part),
  };
  return { lost: collect(health, 'lost'), found: collect(health, 'found'), listener };
}

describe('RtmpServer', () => {
  it('takes an encoder with a valid key in, and gives ffmpeg its pictures and its sound', async () => {
    await using opened = await openServer();
    const { asked, url } = opened;
    await using publisher = encoder(url('key1'));
    const [{ id, pullUrl }] = await opened.published.next();
    expect(id).toBe('p-1');
    expect(asked).toEqual([{ room: 'lobby', secret: 'key1', protocol: 'rtmp', address: '127.0.0.1' }]);
    const args = ['-v', 'error', '-show_entries', 'stream=codec_name,width', '-of', 'csv=p=0', pullUrl];
    const { stdout } = await execa('ffprobe', args);
    expect(stdout.split('\n').sort()).toEqual(['aac', 'h264,320']);
    publisher.kill('SIGTERM');
    expect(await opened.unpublished.next()).toEqual(['p-1', 'left']);
  });

  it.each([
    {
      name: 'large pictures',
      flood: Array.from({ length: 14 }, (_, n) => picture(n * 40, true, 'x', 100_000)),
    },
    {
      name: 'parameter sets that each key frame is given',
      flood: [
        pictureHeader(2),
        pictureHeader(60_000),
        ...Array.from({ length: 25 }, (_, n) => picture(n * 40, true, 'x')),
      ],
    },
    { name: 'small ones', flood: Array.from({ length: 3300 }, (_, n) => sound(n)) },
  ])('ends whoever sends too much ($name), says so, and nobody else hears of it', async ({ flood }) => {
    await using opened = await openServer({ maxBitrateBps: 2_000_000 });
    using beside = await rawPublisher(opened.server.port, 'key2');
    await beside.got('NetStream.Publish.Start');
    using flooding = await rawPublisher(opened.server.port, 'key1');
    await flooding.got('NetStream.Publish.Start');
    await saying(
      beside,
      (async () => {
        flooding.send(...flood);
        await flooding.got('set a lower bit rate');
        await flooding.closed();
        expect(await opened.unpublished.next()).toEqual(['p-1', 'tooMuch']);
      })(),
    );
    expect(opened.unpublished.all).toEqual([['p-1', 'tooMuch']]);
    expect(opened.silent.all).toEqual([]);
  });

  it.each([
    { secret: 'key9x', words: 'Refused: check the server and the stream key.' },
    { secret: 'taken', words: 'Somebody publishes with this stream key already.' },
    { secret: 'key1/more', words: 'Refused: check the server and the stream key.' },
  ])('tells an encoder with $secret only: $words', async ({ secret, words }) => {
    await using opened = await openServer();
    const { stderr, exitCode } = await encoder(opened.url(secret), { seconds: 5 });
    expect(exitCode).not.toBe(0);
    expect(stderr).toContain(words);
    expect(opened.published.all).toEqual([]);
  });

  it('takes the server and the key as one address, and with a slash or a query too many', async () => {
    await using opened = await openServer();
    using client = await RawRtmp.connect(opened.server.port);
    client.send(handshake, connectMessage('lobby/'), publishMessage('/key1?sign=1'), sound(0));
    await client.got('NetStream.Publish.Start');
    expect(opened.asked).toMatchObject([{ room: 'lobby', secret: 'key1' }]);
  });

  it('answers encoders that wait for it before they publish, counts their bytes, and knows a server with a query', async () => {
    await using opened = await openServer();
    using client = await RawRtmp.connect(opened.server.port);
    const ask = (name: string, number: number) =>
      client.send(message(messages.command, amf(name, number, null, 'key1'), { stream: 0 }));
    const result = (number: number) => amf('_result', number, null);
    // Acknowledgements are wanted after 100 bytes; and a ping.
    client.send(handshake, message(5, Buffer.from([0, 0, 0, 100]), { stream: 0 }));
    client.send(message(4, Buffer.from([0, 6, 1, 2, 3, 4]), { chunkStream: 2, stream: 0 }));
    client.send(connectMessage('lobby?user=stage', 'encoder:no/address'));
    await client.got('NetConnection.Connect.Success');
    expect(client.received.includes(Buffer.from([0, 7, 1, 2, 3, 4]))).toBe(true);
    await client.got(Buffer.from('020000000000040300000000', 'hex'));
    ask('releaseStream', 2);
    await client.got(result(2));
    ask('FCPublish', 3);
    await client.got('onFCPublish');
    client.send(publishMessage('key1'), sound(0));
    await client.got('is now published');
    expect(opened.asked).toMatchObject([{ room: 'lobby', secret: 'key1' }]);
    client.send(message(messages.command, amf('closeStream', 0, null)));
    expect(await opened.unpublished.next()).toEqual(['p-1', 'left']);
  });

  it.each([
    { what: 'tls', parts: [Buffer.from([0x16, 3, 1, 2, 0])], words: null },
    { what: 'http', parts: [Buffer.from('GET / HTTP/1.1\r\n\r\n')], words: null },
    { what: 'play', parts: [handshake, connectMessage('lobby'), playMessage('x')], words: null },
    {
      what: 'place',
      parts: [handshake, connectMessage('live/lobby'), publishMessage('key1')],
      words: 'live/… (steps: 3)',
    },
  ])('tells the operator of whoever is sent away: $what', async ({ what, parts, words }) => {
    await using opened = await openServer();
    using client = await RawRtmp.connect(opened.server.port);
    client.send(...parts);
    const [told] = await opened.strangers.next();
    expect(told).toEqual({ protocol: 'rtmp', address: '127.0.0.1', what, words });
    await client.closed();
  });

  it('lets nobody play who is not our own ffmpeg', async () => {
    await using opened = await openServer();
    const { server, url } = opened;
    await using _publisher = encoder(url('key1'));
    const [{ pullUrl }] = await opened.published.next();
    const elsewhere = new URL(pullUrl);
    elsewhere.port = String(server.port);
    const strangers = [
      elsewhere.href,
      pullUrl.replace(/\?.*/, ''),
      `${pullUrl}0`,
      pullUrl.replace('p-1', 'p-2'),
    ];
    for (const address of strangers) {
      const { stderr, exitCode } = await execa('ffprobe', ['-v', 'error', address], { reject: false });
      expect(exitCode, address).not.toBe(0);
      expect(stderr).toContain('There is no');
    }
    expect((await execa('ffprobe', ['-v', 'error', pullUrl])).stderr).toBe('');
  });

  it.runIf(process.getuid?.() === 0)('hears no other user where streams are pulled', async () => {
    await using opened = await openServer();
    await using _publisher = encoder(opened.url('key1'));
    const [{ pullUrl }] = await opened.published.next();
    // It is not even greeted, and would hold its place until its wish is due.
    const script = `let came = 0;
      const socket = require('node:net').connect(${new URL(pullUrl).port}, '127.0.0.1');
      socket.on('data', (chunk) => (came += chunk.length)).on('error', () => {}).on('close', () => console.log(came));
      socket.write(Buffer.from('${handshake.toString('hex')}', 'hex'));`;
    const nobody = { uid: 65_534, gid: 65_534, cwd: '/' };
    expect((await execa(process.execPath, ['-e', script], nobody)).stdout).toBe('0');
  });

  it('lets nobody publish where streams are pulled', async () => {
    await using opened = await openServer();
    await using _publisher = encoder(opened.url('key1'));
    const [{ pullUrl }] = await opened.published.next();
    using client = await rawPublisher(Number(new URL(pullUrl).port), 'key2');
    await client.closed();
    expect(client.received.includes('Nobody publishes here.')).toBe(true);
    expect(opened.asked.map(({ secret }) => secret)).toEqual(['key1']);
  });

  it('lets no byte of whoever is refused into a stream, though it hangs on and sends', async () => {
    await using opened = await openServer();
    const { server } = opened;
    using honest = await rawPublisher(server.port, 'key1');
    await honest.got('NetStream.Publish.Start');
    honest.send(picture(0, true, 'honest-frame'));
    const [{ pullUrl }] = await opened.published.next();
    using pull = await rawPull(pullUrl);
    await saying(honest, pull.got('honest-frame'));
    const foreign = Array.from({ length: 20 }, (_, index) => picture(index, true, 'foreign-frame'));
    for (const secret of ['wrong', 'p-1', 'p-1?token=', 'taken']) {
      // All at once, without waiting for an answer.
      using liar = await RawRtmp.connect(server.port);
      liar.send(handshake, connectMessage('lobby'), publishMessage(secret), ...foreign);
      liar.send(publishMessage('p-1'), ...foreign);
      await liar.closed();
    }
    honest.send(picture(40, false, 'last-frame'));
    await pull.got('last-frame');
    expect(pull.received.includes('foreign-frame')).toBe(false);
  });

  it('cuts a publisher off at once', async () => {
    await using opened = await openServer();
    await using publisher = encoder(opened.url('key1'));
    await opened.published.next();
    opened.server.end('p-1');
    expect(await opened.unpublished.next()).toEqual(['p-1', 'left']);
    expect((await publisher).exitCode).not.toBe(0);
  });

  it('is not kept from publishers by connections that say nothing, and ends those', async () => {
    await using opened = await openServer({ maxConnections: 20 });
    const mute = await Promise.all(Array.from({ length: 50 }, () => RawRtmp.connect(opened.server.port)));
    await using _publisher = encoder(opened.url('key1'));
    await opened.published.next();
    await Promise.all(mute.map((client) => client.closed()));
    expect(opened.asked).toHaveLength(1);
  });

  it('says when nothing comes from a publisher that is connected, and when it does again', async () => {
    await using opened = await openServer();
    const { server } = opened;
    using client = await rawPublisher(server.port, 'key1');
    await client.got('NetStream.Publish.Start');
    client.send(sound(0));
    await opened.published.next();
    expect(await opened.silent.next()).toEqual(['p-1', true]);
    client.send(sound(5000));
    expect(await opened.silent.next()).toEqual(['p-1', false]);
  });

  it('says which tracks have come: of a picture from its key frame on', async () => {
    await using opened = await openServer();
    using client = await rawPublisher(opened.server.port, 'key1');
    await client.got('NetStream.Publish.Start');
    client.send(sound(0), picture(0, false, 'midst'));
    expect(await opened.published.next()).toEqual([
      expect.objectContaining({ id: 'p-1', tracks: ['audio'] }),
    ]);
    client.send(picture(40, true, 'key-frame'), picture(80, false, 'more'));
    expect(await opened.tracks.next()).toEqual(['p-1', ['audio', 'video']]);
  });

  it('lets whoever pulls from a publisher that is stuck wait until it is heard, and gives all then', async () => {
    await using opened = await openServer();
    const { server } = opened;
    using client = await rawPublisher(server.port, 'key1');
    await client.got('NetStream.Publish.Start');
    client.send(picture(0, true, 'key-frame'));
    const [{ pullUrl }] = await opened.published.next();
    await opened.silent.next();
    using pull = await rawPull(pullUrl);
    await pull.heard();
    // Whoever comes later is served.
    using other = await rawPublisher(server.port, 'key2');
    await other.got('NetStream.Publish.Start');
    expect(pull.received.includes('NetStream.Play.Start')).toBe(false);
    client.send(sound(5000, 'heard-again'));
    await pull.got('heard-again');
    expect(pull.received.includes('key-frame')).toBe(true);
  });

  it('hangs up on whoever pulls and does not read, instead of filling its memory', async () => {
    await using opened = await openServer();
    const { server } = opened;
    using client = await rawPublisher(server.port, 'key1');
    await client.got('NetStream.Publish.Start');
    const large = (timeMs: number) => picture(timeMs, false, '', 900_000, 0x0fffff);
    client.send(largeChunks, large(0));
    const [{ pullUrl }] = await opened.published.next();
    using lazy = await rawPull(pullUrl);
    await saying(client, lazy.got('NetStream.Play.Start'));
    lazy.socket.pause();
    for (let index = 1; index < 80; index++) client.send(large(index * 40));
    client.send(sound(4000, 'all-is-read'));
    // What was not read is dropped with the connection.
    lazy.socket.resume();
    await lazy.closed();
    expect(lazy.received.includes('all-is-read')).toBe(false);
  });

  it('comes back on the same port when it is killed with three publishers, who can come again', async () => {
    await using opened = await openServer();
    const { server, url } = opened;
    const publishers = ['key1', 'key2', 'key3'].map((secret) => encoder(url(secret)));
    await opened.published.count(3);
    const { pid, port } = server;
    process.kill(pid, 'SIGKILL');
    expect(await opened.died.next()).toEqual([{ pid, message: 'it was ended by SIGKILL' }]);
    expect(opened.unpublished.all.toSorted()).toEqual([
      ['p-1', 'died'],
      ['p-2', 'died'],
      ['p-3', 'died'],
    ]);
    await Promise.all(publishers);
    expect(await opened.back.next()).toEqual([{ pid: server.pid }]);
    expect(server.port).toBe(port);
    await using _again = encoder(url('key1'));
    expect((await opened.published.count(4))[3]).toMatchObject([{ id: 'p-1' }]);
  });

  it('is started anew when it hangs', async () => {
    const bounds = { ...usualBounds, silenceMs: 2000 };
    await using opened = await openServer({}, { bounds });
    process.kill(opened.server.pid, 'SIGSTOP');
    expect(await opened.died.next()).toMatchObject([{ message: 'it did not answer for 2 s' }]);
    await opened.back.next();
    using client = await rawPublisher(opened.server.port, 'key1');
    await client.got('NetStream.Publish.Start');
  });

  it('is ended when it takes too much memory, and is there for others at once', async () => {
    const maxMemoryBytes = 150 * 1024 ** 2;
    await using opened = await openServer({ maxBitrateBps: 1_000_000_000 }, { maxMemoryBytes });
    const { port } = opened.server;
    using clients = new DisposableStack();
    const publishers: RawRtmp[] = [];
    for (let index = 0; index < 15; index++) {
      const client = clients.use(await rawPublisher(port, `key${index}`));
      await client.got('NetStream.Publish.Start');
      publishers.push(client);
    }
    // What is kept for whoever begins to pull.
    for (const client of publishers) client.send(largeChunks, picture(0, true, 'key', 7_500_000, 0x0fffff));
    expect(await opened.died.next()).toMatchObject([{ message: 'it took more than 150 MiB of memory' }]);
    expect(opened.unpublished.all).toHaveLength(15);
    await opened.back.next();
    using other = await rawPublisher(port, 'key1');
    await other.got('NetStream.Publish.Start');
  });

  it('is told as missing while somebody else has its port, and as there again then', async () => {
    const { lost, found, listener } = listeningHealth();
    await using opened = await openServer({}, { health: listener });
    await found.next();
    const { pid, port } = opened.server;
    // It holds its port until it is gone, and whoever takes its place needs longer to begin than this.
    process.kill(pid, 'SIGSTOP');
    process.kill(pid, 'SIGKILL');
    await using holder = createServer();
    await listening(holder, port);
    expect(await lost.next()).toEqual(['rtmp', expect.stringContaining(`expected port ${port} to be free`)]);
    holder.close();
    expect(await found.next()).toEqual(['rtmp']);
    expect(await opened.back.next()).toEqual([{ pid: opened.server.pid }]);
    expect(opened.died.all).toHaveLength(1);
  });

  it('says that its port is taken, or that it may not listen', async () => {
    await using holder = createServer();
    await new Promise<void>((resolve) => holder.listen(0, '127.0.0.1', resolve));
    const { port } = holder.address() as { port: number };
    await expect(openServer({ port })).rejects.toMatchObject({
      code: 'PORT_IN_USE',
      message: `expected port ${port} to be free for RTMP, something holds it`,
    });
    await expect(openServer({ host: '192.0.2.1' })).rejects.toMatchObject({ code: 'INVALID_CONFIG' });
  });

  it('ends its process when it is closed, and may be closed twice', async () => {
    const { server } = await openServer();
    const { pid } = server;
    await server.close();
    await server.close();
    expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  });
});

describe('RTMPS', () => {
  it('takes publishers in by TLS, beside RTMP', async () => {
    using folder = temporaryFolder();
    const tls = await makeCertificate(folder.path);
    await using opened = await openServer({ tls: { port: 0, ...tls } });
    await using _publisher = encoder(`rtmps://127.0.0.1:${opened.server.tlsPort}/lobby/key1`);
    await opened.published.next();
    expect(opened.asked).toMatchObject([{ secret: 'key1', protocol: 'rtmps', address: '127.0.0.1' }]);
    await using _plain = encoder(opened.url('key2'));
    await opened.published.next();
  });

  it('takes another certificate over while somebody publishes, who goes on', async () => {
    using folder = temporaryFolder();
    const tls = await makeCertificate(folder.path);
    const other = await makeCertificate(folder.path, 'other');
    await using opened = await openServer({ tls: { port: 0, ...tls } });
    const { server } = opened;
    const port = server.tlsPort ?? 0;
    const left = collect(server, 'unpublish');
    await using _publisher = encoder(`rtmps://127.0.0.1:${port}/lobby/key1`);
    await opened.published.next();
    const before = await fingerprint(port);
    server.certify(other);
    await expect.poll(() => fingerprint(port)).not.toBe(before);
    expect(left.all).toEqual([]);
  });

  it.each([
    { name: 'certificate cannot be read', reason: 'ENOENT' },
    { name: 'port is taken', reason: 'to be free for RTMP' },
  ])('keeps RTMP from nobody where its $name when the process is replaced', async ({ reason }) => {
    using folder = temporaryFolder();
    const tls = await makeCertificate(folder.path);
    const { lost, found, listener } = listeningHealth();
    await using opened = await openServer({ tls: { port: 0, ...tls } }, { health: listener });
    await found.next();
    const { pid, tlsPort } = opened.server;
    const aside = join(folder.path, 'aside.pem');
    await using holder = createServer();
    process.kill(pid, 'SIGSTOP');
    if (reason === 'ENOENT') await rename(tls.cert, aside);
    process.kill(pid, 'SIGKILL');
    if (reason !== 'ENOENT') await listening(holder, tlsPort ?? 0);
    await opened.back.next();
    expect(await lost.next()).toEqual(['rtmp.tls', expect.stringContaining(reason)]);
    await using _plain = encoder(opened.url('key2'));
    await opened.published.next();
    expect(found.all).toEqual([['rtmp'], ['rtmp']]);
    if (reason === 'ENOENT') await rename(aside, tls.cert);
    holder.close();
    await found.count(3);
    expect(found.all.at(-1)).toEqual(['rtmp.tls']);
    expect(opened.server.tlsPort).toBe(tlsPort);
    await using _secure = encoder(`rtmps://127.0.0.1:${tlsPort}/lobby/key1`);
    await opened.published.next();
    expect(opened.died.all).toHaveLength(1);
  });

  it('says which file is wrong', async () => {
    using folder = temporaryFolder();
    const { cert } = await makeCertificate(folder.path);
    await expect(openServer({ tls: { port: 0, cert, key: '/nowhere/key.pem' } })).rejects.toMatchObject({
      code: 'INVALID_CONFIG',
      message: expect.stringContaining('/nowhere/key.pem'),
      hint: 'Check the section rtmp.tls of the configuration; then run: mirolive doctor',
    });
  });
});
