import { createSocket, type RemoteInfo, Socket } from 'node:dgram';
import { once } from 'node:events';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { type Clock, systemClock } from '../../../../src/contract/clock.ts';
import { senderReports } from '../../../../src/ingest/media/rtp/sender-reports.ts';
import { Feed } from '../../../../src/ingest/process/splicer/feed.ts';
import { RtpSink } from '../../../../src/ingest/process/splicer/rtp-sink.ts';
import { VirtualClock } from '../../../helpers/virtual-clock.ts';
import { parseRtp } from '../../media/rtp/depacketize.ts';
import { steps } from '../../udp-sink.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

/** What stands for a worker: it tells from which port its first packet came. */
async function receiver() {
  const socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const from = once(socket, 'message').then(([, { port }]) => port as RemoteInfo['port']);
  return { port: socket.address().port, from, close: () => socket.close() };
}

function openSink(): Promise<RtpSink> {
  const identity = { ssrc: 1, payloadType: 100, clockRate: 48_000, extensionId: 1 };
  return RtpSink.create({
    ...{ video: null, audio: { identity }, clock: systemClock, originMs: systemClock.nowMs() },
    onKeyFrameWanted: () => {},
  });
}

test('RtpSink sends from the port that it has told, to whomever it is connected, one after the other', async () => {
  await using sink = await openSink();
  const { port } = sink;
  for (let worker = 1; worker <= 3; worker++) {
    const { from, close, port: there } = await receiver();
    await sink.connect(there);
    // Reports go out by themselves.
    expect(await from).toBe(port);
    expect(sink.port).toBe(port);
    close();
  }
});

test('RtpSink that is connected again before it is connected sends where it was told last', async () => {
  await using sink = await openSink();
  const [first, last] = [await receiver(), await receiver()];
  await Promise.all([sink.connect(first.port), sink.connect(last.port)]);
  expect(await last.from).toBe(sink.port);
  for (const { close } of [first, last]) close();
});

test('RtpSink that cannot be connected says so, and may be connected later', async () => {
  await using sink = await openSink();
  const { from, port, close } = await receiver();
  const refused = expect(sink.connect(70_000)).rejects.toThrow();
  await Promise.all([refused, sink.connect(port)]);
  expect(await from).toBe(sink.port);
  close();
});

test('RtpSink that is closed sends nothing more, and does not mind being given something', async () => {
  const sink = await openSink();
  await sink.close();
  const frame = { kind: 'audio', layer: 0, data: Buffer.alloc(3), key: true, ptsUs: 0 } as const;
  sink.send({ frame, timeUs: 0, feed: new Feed(['audio'], { onRoom: () => {} }) });
  expect(sink.counters.packets).toBe(0);
});

test('RtpSink gives all layers of a picture the same time stamps', async () => {
  const clock = new VirtualClock();
  const sent: Buffer[] = [];
  vi.spyOn(Socket.prototype, 'send').mockImplementation((packet) => void sent.push(packet as Buffer));
  const identities = [11, 12, 13].map((ssrc) => ({ ...picture, ssrc }));
  await using sink = await RtpSink.create({
    ...{ video: { codec: 'h264', identities }, audio: null, clock, originMs: clock.nowMs() },
    onKeyFrameWanted: () => {},
  });
  const { port, close } = await receiver();
  await sink.connect(port);
  const feed = new Feed(['video'], { layers: 3 });
  const data = Buffer.from([0, 0, 0, 1, 0x65, 1, 2, 3]);
  for (const layer of [0, 1, 2]) {
    sink.send({ frame: { kind: 'video', layer, data, key: true, ptsUs: 0 }, timeUs: 2e6, feed });
  }
  await clock.pass(100);
  close();
  const packets = sent.map((packet) => parseRtp(packet));
  expect(sent.map((packet) => packet.readUInt32BE(8))).toEqual([11, 12, 13]);
  expect(new Set(packets.map(({ timestamp }) => timestamp)).size).toBe(1);
});

test('RtpSink reports a compatible picture as of the moment of what it is made of, however late it leaves', async () => {
  const clock = new VirtualClock();
  const sent: Buffer[] = [];
  vi.spyOn(Socket.prototype, 'send').mockImplementation((packet) => {
    sent.push(Buffer.from(packet as Buffer));
  });
  const compatible = [{ codec: 'vp8', identity: { ...picture, ssrc: 21 } }] as const;
  await using sink = await RtpSink.create({
    ...{ video: { codec: 'h264', identities: [{ ...picture, ssrc: 11 }], compatible } },
    ...{ audio: null, clock, originMs: clock.nowMs(), onKeyFrameWanted: () => {} },
  });
  const { port, close } = await receiver();
  await sink.connect(port);
  const data = Buffer.from([0, 0, 0, 1, 0x65, 1, 2, 3]);
  const frame = { kind: 'video', layer: 0, data, key: true, ptsUs: 0 } as const;
  sink.send({ frame, timeUs: 2e6, feed: new Feed(['video']) });
  await clock.pass(200);
  sink.sendCompatible('vp8', frame, 2e6);
  sink.sendCompatible('h264', frame, 2e6);
  await clock.pass(400);
  close();
  const reports = sent.flatMap(senderReports);
  const momentOf = (ssrc: number) => {
    const packet = sent.map((one) => parseRtp(one)).find((one) => one.ssrc === ssrc);
    const report = reports.find((one) => one.ssrc === ssrc);
    if (!packet || !report) throw new Error(`nothing of ${ssrc} has left`);
    return report.ntpUs - (((report.timestamp - packet.timestamp) | 0) * 1e6) / 90_000;
  };
  expect(Math.abs(momentOf(21) - momentOf(11))).toBeLessThan(100);
  expect(new Set(reports.map(({ ssrc }) => ssrc))).toEqual(new Set([11, 21]));
  expect(sink.counters.pictures).toBe(1);
});

const sound = { ssrc: 1, payloadType: 100, clockRate: 48_000, extensionId: 1 };
const picture = { ssrc: 2, payloadType: 101, clockRate: 90_000, extensionId: 1 };

/** One that sends pictures, and all that it gives to the kernel: the memory itself, and what was in it then. */
async function openPictures(clock: Clock) {
  const given: { readonly memory: Buffer; readonly copy: Buffer }[] = [];
  const send = Socket.prototype.send as (...args: unknown[]) => void;
  vi.spyOn(Socket.prototype, 'send').mockImplementation(function (this: Socket, ...args: unknown[]) {
    const memory = args[0] as Buffer;
    given.push({ memory, copy: Buffer.from(memory) });
    send.apply(this, args);
  });
  const sink = await RtpSink.create({
    ...{ video: { codec: 'h264', identities: [picture] }, audio: { identity: sound } },
    ...{ clock, originMs: clock.nowMs() },
    onKeyFrameWanted: () => {},
  });
  const feed = new Feed(['video'], { onRoom: () => {} });
  /** A picture of one slice, of which every byte says which one it is. */
  const show = (number: number, bytes: number) => {
    const data = Buffer.alloc(bytes, number);
    data.set([0, 0, 0, 1, 0x41]);
    const frame = { kind: 'video', layer: 0, data, key: false, ptsUs: number } as const;
    sink.send({ frame, timeUs: number * 1e6, feed });
  };
  const sing = (number: number) => {
    const frame = { kind: 'audio', layer: 0, data: Buffer.alloc(300, number), key: true, ptsUs: 0 } as const;
    sink.send({ frame, timeUs: number * 20_000, feed });
  };
  return { sink, given, show, sing };
}

describe('RtpSink gives the kernel', () => {
  test('what each picture is, however much has not left when others come', async () => {
    const clock = new VirtualClock();
    const { sink, given, show } = await openPictures(clock);
    await using _ = sink;
    const { port, close } = await receiver();
    await sink.connect(port);
    show(1, 2_000_000);
    for (let number = 2; number <= 21; number++) show(number, 20_000);
    await clock.pass(100);
    close();
    const packets = given.map(({ copy }) => parseRtp(copy));
    const from = packets[0]?.timestamp ?? 0;
    const numbers = packets.map(
      ({ timestamp }) => ((timestamp - from + 2 ** 32) % 2 ** 32) / picture.clockRate + 1,
    );
    const sizes = Map.groupBy(numbers, (number) => number);
    expect([...sizes.keys()]).toEqual(Array.from({ length: 21 }, (_, index) => index + 1));
    expect(sizes.get(1)?.length).toBeGreaterThan(1600);
    expect(
      new Set(
        steps(
          packets.map(({ sequence }) => sequence),
          16,
        ),
      ),
    ).toEqual(new Set([1]));
    // Behind the head of a part of a unit.
    const spoilt = packets.findIndex(
      ({ payload }, index) => !payload.subarray(2).every((byte) => byte === numbers[index]),
    );
    expect(spoilt).toBe(-1);
  });

  test('all that waits for it in memory that nothing else is written to', async () => {
    const clock = new VirtualClock();
    const { sink, given, show, sing } = await openPictures(clock);
    await using _ = sink;
    const { port, close } = await receiver();
    await sink.connect(port);
    vi.spyOn(Socket.prototype, 'getSendQueueCount').mockImplementation(() => given.length);
    for (let number = 1; number <= 3; number++) {
      show(number, 1_000_000);
      for (let packet = 0; packet < 500; packet++) sing(number);
      await clock.pass(100);
    }
    close();
    expect(given.length).toBeGreaterThan(4000);
    expect(given.filter(({ memory, copy }) => !memory.equals(copy))).toEqual([]);
  });

  test('for what is sent again memory that nothing else is written to', async () => {
    const clock = new VirtualClock();
    const { sink, given, show } = await openPictures(clock);
    await using _ = sink;
    const worker = createSocket('udp4').bind(0, '127.0.0.1');
    await once(worker, 'listening');
    await sink.connect(worker.address().port);
    show(1, 1000);
    const nack = Buffer.from([0x81, 205, 0, 3, 0, 0, 0, 9, 0, 0, 0, picture.ssrc, 0, 0, 0, 0]);
    nack.writeUInt16BE(given[0]?.copy.readUInt16BE(2) ?? 0, 12);
    worker.send(nack, sink.port, '127.0.0.1');
    await expect.poll(() => sink.counters.resent).toBe(1);
    const again = given.at(-1);
    expect(again?.copy).toEqual(given[0]?.copy);
    for (let number = 2; number <= 5; number++) {
      show(number, 1_000_000);
      await clock.pass(100);
    }
    worker.close();
    expect(again?.memory).toEqual(again?.copy);
  });
});
