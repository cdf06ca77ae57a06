import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { pipeline } from 'node:stream';
import { expect, test } from 'vitest';
import type { MiroliveError } from '../../../../src/contract/errors.ts';
import { unmarked } from '../../../../src/ingest/child/work-mark.ts';
import { RtspBridge } from '../../../../src/ingest/guard/rtsp/rtsp-bridge.ts';
import { RtspReader } from '../../../../src/ingest/guard/rtsp/rtsp-reader.ts';
import { VirtualClock } from '../../../helpers/virtual-clock.ts';

const local = '127.0.0.1';

/** A bridge between a player and a server, each of which the test plays. */
class Talk implements AsyncDisposable {
  readonly clock = new VirtualClock();
  readonly bridge: RtspBridge;
  refusal: MiroliveError | null = null;
  readonly #toServer: AsyncIterator<Buffer>;
  readonly #toPlayer: AsyncIterator<Buffer>;
  readonly #fromPlayer = new RtspReader();
  readonly #fromServer = new RtspReader();
  readonly #sockets: Socket[] = [];

  constructor({ secure = false } = {}) {
    const refuse = (reason: MiroliveError) => {
      this.refusal = reason;
    };
    const ends = { host: 'cam', server: local, local, secure, refuse };
    this.bridge = new RtspBridge(ends, unmarked, this.clock);
    const [answers, mask] = this.bridge.answers;
    if (!answers || !mask) throw new Error('expected two in the way of answers');
    pipeline(answers, mask, () => {});
    this.#toServer = this.bridge.requests[Symbol.asyncIterator]();
    this.#toPlayer = mask[Symbol.asyncIterator]();
  }

  async asks(...lines: string[]): Promise<string> {
    this.bridge.requests.write(message(lines));
    return await this.asked();
  }

  /** What is asked next, by whomever. */
  async asked(): Promise<string> {
    return await next(this.#toServer, this.#fromPlayer);
  }

  answers(...lines: string[]): void {
    this.bridge.answers[0]?.write(message(lines));
  }

  async heard(): Promise<string> {
    return await next(this.#toPlayer, this.#fromServer);
  }

  /** Ports of the server's machine. */
  async ports(): Promise<[Socket, Socket]> {
    const pair = [createSocket('udp4'), createSocket('udp4')] as const;
    for (const socket of pair) {
      this.#sockets.push(socket);
      socket.bind(0, local);
      await once(socket, 'listening');
    }
    return [...pair];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.bridge.close();
    for (const socket of this.#sockets) socket.close();
  }
}

const message = (lines: readonly string[]) => `${lines.join('\r\n')}\r\n\r\n`;

/** The next message or packet. */
async function next(from: AsyncIterator<Buffer>, reader: RtspReader): Promise<string> {
  for (;;) {
    const part = reader.next();
    if (part) return part.bytes.toString('latin1');
    const { value, done } = await from.next();
    if (done) throw new Error('expected more');
    reader.add(value);
  }
}

const setup = ['SETUP rtsp://c/1 RTSP/1.0', 'CSeq: 3', 'Transport: RTP/AVP/TCP;unicast;interleaved=2-3'];
const clientPorts = (request: string) => {
  const [, media, reports] = /client_port=(\d+)-(\d+)/.exec(request) ?? [];
  return [Number(media), Number(reports)] as const;
};
const rtp = (sequence: number) => {
  const packet = Buffer.alloc(13, 'x');
  packet.writeUInt16BE(0x8060, 0);
  packet.writeUInt16BE(sequence, 2);
  return packet;
};
const framed = (packet: Buffer) =>
  Buffer.concat([Buffer.from([0x24, 2, 0, packet.length]), packet]).toString('latin1');

/** Up to a track that comes by UDP, from these ports of the server. */
async function setUpByUdp(talk: Talk, [media, reports]: readonly [Socket, Socket]) {
  await talk.asks(...setup);
  talk.answers('RTSP/1.0 461 Unsupported Transport', 'CSeq: 3');
  const ports = clientPorts(await talk.asked());
  const told = `server_port=${media.address().port}-${reports.address().port}`;
  const transport = `Transport: RTP/AVP;unicast;client_port=${ports.join('-')};${told};source=192.0.2.7`;
  talk.answers('RTSP/1.0 200 OK', 'CSeq: 4', transport, 'Session: S;timeout=60');
  return { ports, heard: await talk.heard() };
}

test('RtspBridge lets all pass of a server that sends inside of the connection', async () => {
  await using talk = new Talk();
  expect(await talk.asks('DESCRIBE rtsp://c/1 RTSP/1.0', 'CSeq: 2')).toBe(
    message(['DESCRIBE rtsp://c/1 RTSP/1.0', 'CSeq: 2']),
  );
  talk.answers('RTSP/1.0 401 Unauthorized', 'CSeq: 2');
  expect(await talk.heard()).toBe(message(['RTSP/1.0 401 Unauthorized', 'CSeq: 2']));
  expect(await talk.asks(...setup)).toBe(message(setup));
  const taken = ['RTSP/1.0 200 OK', 'CSeq: 3', 'Transport: RTP/AVP/TCP;unicast;interleaved=2-3'];
  talk.answers(...taken);
  expect(await talk.heard()).toBe(message(taken));
  talk.bridge.answers[0]?.write(framed(rtp(1)), 'latin1');
  expect(await talk.heard()).toBe(framed(rtp(1)));
  expect(talk.bridge).toMatchObject({ byUdp: false, missing: null });
});

test.each([
  { name: 'does not know it', answer: ['RTSP/1.0 461 Unsupported Transport', 'CSeq: 3'], session: [] },
  { name: 'calls it a bad request', answer: ['RTSP/1.0 400 Bad Request', 'CSeq: 3'], session: [] },
  {
    name: 'takes no notice of it',
    answer: ['RTSP/1.0 200 OK', 'CSeq: 3', 'Session: S', 'Transport: RTP/AVP;unicast'],
    session: ['Session: S'],
  },
])('RtspBridge asks for UDP where a server $name', async ({ answer, session }) => {
  await using talk = new Talk();
  await talk.asks(...setup);
  talk.answers(...answer);
  const again = await talk.asked();
  const [media, reports] = clientPorts(again);
  expect([media % 2, reports]).toEqual([0, media + 1]);
  const transport = `Transport: RTP/AVP;unicast;client_port=${media}-${reports}`;
  expect(again).toBe(message([setup[0] ?? '', ...session, transport, 'CSeq: 4']));
});

test('RtspBridge takes packets from the server alone, puts them in order, and gives them as if they came inside', async () => {
  await using talk = new Talk();
  const server = await talk.ports();
  const strangers = await talk.ports();
  const opened = once(server[0], 'message');
  const reported = once(server[1], 'message');
  const { ports, heard } = await setUpByUdp(talk, server);
  expect(heard).toBe(
    message([
      'RTSP/1.0 200 OK',
      'Session: S;timeout=60',
      'CSeq: 3',
      'Transport: RTP/AVP/TCP;unicast;interleaved=2-3',
    ]),
  );
  expect((await opened)[0]).toHaveLength(12);
  expect((await reported)[0]).toMatchObject({ 0: 0x80, 1: 201 });

  expect(
    await talk.asks('PLAY rtsp://c/ RTSP/1.0', 'CSeq: 4', 'Session: S', 'Authorization: Digest x'),
  ).toContain('CSeq: 5');
  const send = async (socket: Socket, packet: Buffer) =>
    await new Promise((sent) => socket.send(packet, ports[0], local, sent));
  await send(strangers[0], rtp(1));
  for (const sequence of [7, 9, 8]) await send(server[0], rtp(sequence));
  await send(server[0], Buffer.from('no packet'));
  talk.answers('RTSP/1.0 200 OK', 'CSeq: 5');
  // ffmpeg passes over what comes before it.
  expect(await talk.heard()).toContain('CSeq: 4');
  for (const sequence of [7, 8, 9]) expect(await talk.heard()).toBe(framed(rtp(sequence)));

  // 11 is lost.
  for (const sequence of [10, 12]) await send(server[0], rtp(sequence));
  expect(await talk.heard()).toBe(framed(rtp(10)));
  await send(server[0], rtp(13));
  // The one that waits for the reports, and the one for what is missing.
  await expect.poll(() => talk.clock.timers).toBe(2);
  await talk.clock.pass(50);
  expect(await talk.heard()).toBe(framed(rtp(12)));
  expect(await talk.heard()).toBe(framed(rtp(13)));
  expect(talk.bridge).toMatchObject({ byUdp: true, missing: null });
  expect(talk.bridge.close()?.toString()).toBe(
    message(['TEARDOWN rtsp://c/ RTSP/1.0', 'CSeq: 1', 'Session: S']),
  );
});

test('RtspBridge reports to the server every 5 s, and says goodbye once', async () => {
  await using talk = new Talk();
  const server = await talk.ports();
  const first = once(server[1], 'message');
  await setUpByUdp(talk, server);
  await first;
  const second = once(server[1], 'message');
  await talk.clock.pass(5000);
  await second;
  await talk.asks('PLAY rtsp://c/ RTSP/1.0', 'CSeq: 4', 'Session: S');
  await talk.asks('TEARDOWN rtsp://c/ RTSP/1.0', 'CSeq: 5', 'Session: S');
  expect(talk.bridge.close()).toBeNull();
});

test('RtspBridge says where nothing comes by UDP', async () => {
  await using talk = new Talk();
  const { ports } = await setUpByUdp(talk, await talk.ports());
  expect(talk.bridge.missing).toMatchObject({
    message: `cam sends by UDP alone, and nothing came from 127.0.0.1 to UDP ports ${ports.join('-')}; it says that it sends from 192.0.2.7, from where nothing is taken`,
    hint: expect.stringMatching(/^Let a firewall pass UDP from there/),
  });
});

test.each([
  {
    name: 'to a group alone',
    answer: [
      'RTSP/1.0 200 OK',
      'CSeq: 4',
      'Transport: RTP/AVP;multicast;destination=239.1.1.1;port=5000-5001',
    ],
    words: 'cam sends neither inside of TCP nor by UDP to one receiver: it sends to a group (multicast)',
  },
  {
    name: 'inside of TCP to who has to ask for UDP',
    answer: ['RTSP/1.0 200 OK', 'CSeq: 4', 'Transport: RTP/AVP/TCP;unicast;interleaved=0-1'],
    words:
      'cam sends neither inside of TCP nor by UDP to one receiver: it sends inside of TCP, which it refused before',
  },
  {
    name: 'in neither way',
    answer: ['RTSP/1.0 461 Unsupported Transport', 'CSeq: 4'],
    words:
      'cam sends neither inside of TCP nor by UDP to one receiver: it answered 461 Unsupported Transport',
  },
])('RtspBridge refuses a server that sends $name', async ({ answer, words }) => {
  await using talk = new Talk();
  await talk.asks(...setup);
  talk.answers('RTSP/1.0 461 Unsupported Transport', 'CSeq: 3');
  await talk.asked();
  talk.answers(...answer);
  expect(await talk.heard()).toBe(message(['RTSP/1.0 461 Unsupported Transport', 'CSeq: 3']));
  expect(talk.refusal).toMatchObject({ message: words, code: 'SOURCE_UNREACHABLE' });
});

test('RtspBridge takes nothing by UDP that was to be secret', async () => {
  await using talk = new Talk({ secure: true });
  await talk.asks(...setup);
  talk.answers('RTSP/1.0 461 Unsupported Transport', 'CSeq: 3');
  expect(await talk.heard()).toContain('461');
  expect(talk.refusal?.message).toBe(
    'cam sends by UDP alone, where nothing of what rtsps:// asks for is secret',
  );
});
