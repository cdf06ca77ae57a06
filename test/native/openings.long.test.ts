import type { types } from 'mediasoup';
import * as mediasoup from 'mediasoup';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  type ClientCertificate,
  connectClient,
  makeCertificate,
} from '../../native/mediasoup-worker/client.mjs';
import { locateWorker } from '../../native/mediasoup-worker/locate.mjs';
import { headerLength } from '../../native/mediasoup-worker/srtp.mjs';
import { routerCodecs } from '../../src/daemon/sfu/codecs.ts';
import { eventually } from '../helpers/browser.ts';
import { hasArrived, PlainSource } from '../helpers/plain-source.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const loopback = { protocol: 'udp', ip: '127.0.0.1' } as const;
const sendTimeUri = 'http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time';
/** What AEAD_AES_128_GCM adds to a packet. */
const tagBytes = 16;
/** Bytes before the first header extension, where there are no contributing sources. */
const extensionsFrom = 16;
/** What the time at which a packet is sent goes round in, in ms. */
const sendTimeRangeMs = 64_000;
/** All viewers that begin in a worker, together: 160 Mbit/s. What a timer sends is rounded up to whole packets. */
const mostBytesPerMs = 20_000 * 1.25;

/** A packet as it came to a viewer. */
interface Received {
  readonly sequence: number;
  /** Of its payload: tells which packet of the source it is. */
  readonly size: number;
  readonly bytes: number;
  /** When the worker sent it, on a clock of its own that goes round, in ms. */
  readonly sentMs: number;
}

let scope: AsyncDisposableStack;
let worker: types.Worker;
let webRtcServer: types.WebRtcServer;
let certificate: ClientCertificate;

beforeEach(async () => {
  scope = new AsyncDisposableStack();
  certificate = await makeCertificate(scope.use(await temporaryFolder()).path);
  worker = await mediasoup.createWorker({ workerBin: locateWorker()?.path ?? '', logLevel: 'warn' });
  scope.defer(() => worker.close());
  webRtcServer = await worker.createWebRtcServer({ listenInfos: [loopback] });
});
afterEach(() => scope.disposeAsync());

const pli = { type: 'nack', parameter: 'pli' };
const nack = { type: 'nack', parameter: '' };

const newRouter = () => worker.createRouter({ mediaCodecs: routerCodecs() });
const newSource = async (router: types.Router) => scope.use(await PlainSource.create(router));

/** A line on a viewer's way. */
interface Line {
  readonly bytesPerMs: number;
  /** What waits for it; what comes beyond that is lost. */
  readonly queueBytes: number;
}

/** A viewer that is connected, and gets what is sent from then on that it watches; what its line loses it asks for. */
async function newViewer(router: types.Router, feedback: types.RtcpFeedback[] = [pli], line?: Line) {
  const transport = await router.createWebRtcTransport({ webRtcServer });
  const client = await connectClient({ transport, certificate });
  scope.defer(client.close);
  const received: Received[] = [];
  const { codecs = [], headerExtensions = [] } = router.rtpCapabilities;
  const rtpCapabilities = {
    // Nothing that estimates bandwidth, which would send packets of its own.
    codecs: codecs.map((codec) => ({ ...codec, rtcpFeedback: feedback })),
    headerExtensions: headerExtensions.filter(({ uri }) => uri === sendTimeUri),
  };
  let ssrc = 0;
  let again = 0;
  let queue = { bytes: 0, atMs: 0 };
  const isLost = ({ bytes, sentMs }: Received, { bytesPerMs, queueBytes }: Line) => {
    const left = Math.max(0, queue.bytes - bytesPerMs * laterByMs(sentMs, queue.atMs));
    const lost = left + bytes > queueBytes;
    queue = { bytes: lost ? left : left + bytes, atMs: sentMs };
    return lost;
  };
  const watch = async (producerId: string) => {
    const consumer = await transport.consume({ producerId, rtpCapabilities });
    const [codec, resent] = consumer.rtpParameters.codecs;
    ssrc = consumer.rtpParameters.encodings?.[0]?.ssrc ?? 0;
    const sendTime = consumer.rtpParameters.headerExtensions?.find(({ uri }) => uri === sendTimeUri);
    client.onRtp((packet) => {
      if (((packet[1] as number) & 0x7f) === codec?.payloadType) {
        const came = parsed(packet, sendTime?.id ?? 0);
        if (line && isLost(came, line)) miss(came.sequence);
        else received.push(came);
      } else if (((packet[1] as number) & 0x7f) === resent?.payloadType) again += packet.length;
    });
  };
  /** Resolves when there are so many packets; gives them. */
  const packets = (count: number) =>
    eventually(
      async () => received,
      ({ length }) => length >= count,
    );
  /** Asks again for this packet and the sixteen behind it (RFC 4585, 6.2.1). */
  const miss = (sequence: number) => {
    const nack = Buffer.alloc(16);
    nack.writeUInt32BE(0x81_cd_00_03);
    nack.writeUInt32BE(ssrc, 8);
    nack.writeUInt16BE(sequence & 0xffff, 12);
    nack.writeUInt16BE(0xffff, 14);
    client.send(client.srtp.encryptRtcp(nack));
  };
  /** Asks for a key frame (RFC 4585, 6.3.1). */
  const askKeyFrame = () => {
    const pli = Buffer.alloc(12);
    pli.writeUInt32BE(0x81_ce_00_02);
    pli.writeUInt32BE(ssrc, 8);
    client.send(client.srtp.encryptRtcp(pli));
  };
  /** Asks, as a browser does that cannot show what it has, until this is so; gives the packets. */
  const asksUntil = (isSo: (received: readonly Received[]) => boolean) =>
    eventually(async () => {
      if (!isSo(received)) askKeyFrame();
      return received;
    }, isSo);
  return { watch, packets, miss, asksUntil, bytesAgain: () => again };
}

function parsed(packet: Buffer, sendTimeId: number): Received {
  const header = headerLength(packet);
  return {
    sequence: packet.readUInt16BE(2),
    size: packet.length - header - tagBytes,
    bytes: packet.length,
    sentMs: sendTimeMs(packet.subarray(extensionsFrom, header), sendTimeId),
  };
}

/** Among header extensions of one byte (RFC 8285, 4.2): in 2^-18 s, in three bytes. */
function sendTimeMs(extensions: Buffer, id: number): number {
  let at = 0;
  while (at < extensions.length) {
    const head = extensions[at] as number;
    if (head >> 4 === id) return (extensions.readUIntBE(at + 1, 3) * 1000) / 2 ** 18;
    at += head === 0 ? 1 : 2 + (head & 0x0f);
  }
  throw new Error('expected the time at which the packet was sent');
}

/** From the first to the last of these; the worker's clock begins anew each minute. */
function spanMs(received: readonly Received[]): number {
  const origin = received[0]?.sentMs ?? 0;
  const times = received.map(({ sentMs }) => laterByMs(sentMs, origin));
  return Math.max(...times) - Math.min(...times);
}

function laterByMs(sentMs: number, thanMs: number): number {
  const half = sendTimeRangeMs / 2;
  return ((sentMs - thanMs + half + sendTimeRangeMs) % sendTimeRangeMs) - half;
}

const sizes = (received: readonly Received[]) => received.map(({ size }) => size);

describe('a viewer of pictures that nobody can be asked for', () => {
  test('begins with the last key frame and all since, then gets what comes', async () => {
    const router = await newRouter();
    const source = await newSource(router);
    source.sendPicture('key', [10, 11]);
    source.sendPicture('key', [100, 101, 102]);
    source.sendPicture('other', [200, 201]);
    source.sendPicture('other', [300]);
    await hasArrived(source.producer, 8);
    const viewer = await newViewer(router);
    await viewer.watch(source.producer.id);
    await viewer.packets(6);
    source.sendPicture('other', [400]);
    const packets = await viewer.packets(7);
    expect(sizes(packets)).toEqual([100, 101, 102, 200, 201, 300, 400]);
    const [first] = packets;
    expect(packets.map(({ sequence }) => (sequence - (first?.sequence ?? 0)) & 0xffff)).toEqual([
      ...[0, 1, 2, 3, 4, 5, 6],
    ]);
  });

  test('waits for the next key frame where one of the packets since the last is missing', async () => {
    const router = await newRouter();
    const source = await newSource(router);
    source.sendPicture('key', [100, 101]);
    source.sendPicture('other', [200]);
    source.losePacket();
    source.sendPicture('other', [300]);
    await hasArrived(source.producer, 4);
    const viewer = await newViewer(router);
    const wanted = source.keyFrameWanted();
    await viewer.watch(source.producer.id);
    await wanted;
    source.sendPicture('other', [400]);
    source.sendPicture('key', [500, 501]);
    expect(sizes(await viewer.packets(2))).toEqual([500, 501]);
  });

  test.each([
    { name: 'behind a pipe between Routers', isThereBefore: true },
    { name: 'behind a pipe that is made for the first such viewer', isThereBefore: false },
  ])('begins with the last key frame $name', async ({ isThereBefore }) => {
    const [router, behind] = [await newRouter(), await newRouter()];
    const source = await newSource(router);
    const pipe = async () => {
      const { pipeProducer } = await router.pipeToRouter({
        ...{ producerId: source.producer.id, router: behind, keepId: false },
        listenInfo: loopback,
      });
      return pipeProducer as types.Producer;
    };
    const early = isThereBefore ? await pipe() : undefined;
    source.sendPicture('key', [100, 101]);
    source.sendPicture('other', [200]);
    await hasArrived(early ?? source.producer, 3);
    const [first, second] = [await newViewer(behind), await newViewer(router)];
    await first.watch((early ?? (await pipe())).id);
    await second.watch(source.producer.id);
    // The other end of a new pipe asks when the first packet has come through.
    source.sendPicture('other', [300]);
    expect(sizes(await first.packets(4))).toEqual([100, 101, 200, 300]);
    expect(sizes(await second.packets(4))).toEqual([100, 101, 200, 300]);
  });

  test('is given no more of them where its line loses packets, and waits for a key frame, which is asked for', async () => {
    const router = await newRouter();
    const source = await newSource(router);
    source.sendPicture('key', [100]);
    // So many that a second passes before all of them are sent and watched for, and never more at once than sockets hold.
    const old = 180;
    for (let picture = 1; picture <= old; picture++) {
      source.sendPicture('other', new Array(5).fill(1200));
      if (picture % 20 === 0) await hasArrived(source.producer, 1 + picture * 5);
    }
    const viewer = await newViewer(router, [nack, pli]);
    const wanted = source.keyFrameWanted();
    await viewer.watch(source.producer.id);
    const [first] = await viewer.packets(1);
    viewer.miss((first?.sequence ?? 0) + 1);
    await wanted;
    source.sendPicture('other', [400]);
    source.sendPicture('key', [500]);
    const packets = await eventually(
      () => viewer.packets(2),
      (received) => sizes(received).includes(500),
    );
    expect(packets.length).toBeLessThan(old * 5);
    expect(sizes(packets)).not.toContain(400);
  });

  test('is given them again, slower, where its line lost part of them and nobody can be asked for a key frame', async () => {
    const router = await newRouter();
    const source = await newSource(router);
    const keyFrame = Array.from({ length: 200 }, (_, at) => 1000 + at);
    source.sendPicture('key', keyFrame);
    await hasArrived(source.producer, keyFrame.length);
    // Half of what is given at first, and a browser's socket.
    const viewer = await newViewer(router, [nack, pli], { bytesPerMs: 2500, queueBytes: 64 * 1024 });
    await viewer.watch(source.producer.id);
    const endsWhole = (received: readonly Received[]) =>
      sizes(received.slice(-keyFrame.length)).join() === keyFrame.join();
    await viewer.asksUntil(endsWhole);
    source.sendPicture('other', [10]);
    const packets = await eventually(
      () => viewer.packets(1),
      (received) => sizes(received).includes(10),
    );
    expect(sizes(packets.slice(-1 - keyFrame.length))).toEqual([...keyFrame, 10]);
  });

  test('is given them again alone, behind a pipe too, however often it asks', async () => {
    const [router, behind] = [await newRouter(), await newRouter()];
    const source = await newSource(router);
    const { pipeProducer } = await router.pipeToRouter({
      ...{ producerId: source.producer.id, router: behind, keepId: false },
      listenInfo: loopback,
    });
    const piped = pipeProducer as types.Producer;
    source.sendPicture('key', [100, 101]);
    source.sendPicture('other', [200]);
    await hasArrived(piped, 3);
    const [first, second] = [await newViewer(behind), await newViewer(behind)];
    for (const viewer of [first, second]) await viewer.watch(piped.id);
    await first.packets(3);
    await second.packets(3);
    await second.asksUntil(({ length }) => length >= 6);
    source.sendPicture('other', [300]);
    expect(sizes(await first.packets(4))).toEqual([100, 101, 200, 300]);
    expect(sizes(await second.packets(7))).toEqual([100, 101, 200, 100, 101, 200, 300]);
  });

  test('is sent again no more than it was sent, however often it asks', async () => {
    const router = await newRouter();
    const source = await newSource(router);
    const viewer = await newViewer(router, [nack, pli]);
    await viewer.watch(source.producer.id);
    const pictures = 20;
    source.sendPicture('key', [1000]);
    for (let picture = 1; picture < pictures; picture++) source.sendPicture('other', [1000]);
    const received = await viewer.packets(pictures);
    const sent = received.reduce((sum, { bytes }) => sum + bytes, 0);
    // The worker sends a packet again once in the time of a round trip.
    for (let round = 0; round < 10; round++) {
      viewer.miss(received[0]?.sequence ?? 0);
      await new Promise((resolve) => setTimeout(resolve, 150));
    }
    expect(viewer.bytesAgain()).toBeGreaterThan(0.7 * sent);
    expect(viewer.bytesAgain()).toBeLessThan(1.1 * sent);
  });

  test('has its turn among the viewers of all Routers of the worker, which share what may be sent', async () => {
    const routers = [await newRouter(), await newRouter()];
    const sources = await Promise.all(routers.map(newSource));
    const keyFrame = new Array<number>(100).fill(1200);
    for (const source of sources) source.sendPicture('key', keyFrame);
    await Promise.all(sources.map(({ producer }) => hasArrived(producer, keyFrame.length)));
    const crowd = await Promise.all(
      sources.flatMap(({ producer }, at) =>
        Array.from({ length: 10 }, async () => ({
          viewer: await newViewer(routers[at] as types.Router),
          producerId: producer.id,
        })),
      ),
    );
    await Promise.all(crowd.map(({ viewer, producerId }) => viewer.watch(producerId)));
    const all = (await Promise.all(crowd.map(({ viewer }) => viewer.packets(keyFrame.length)))).flat();
    const bytes = all.reduce((sum, packet) => sum + packet.bytes, 0);
    expect(bytes / spanMs(all)).toBeLessThan(mostBytesPerMs);
  });
});
