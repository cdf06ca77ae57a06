import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import type { types } from 'mediasoup';
import { eventually } from './browser.ts';

const ssrc = 1;
const payloadType = 101;
const host = '127.0.0.1';
/** Of H.264: what a key frame begins with, and a slice of another picture. */
const [sps, slice] = [0x67, 0x41];

/** Sends packets that look like H.264 to a PlainTransport. */
export class PlainSource implements Disposable {
  readonly producer: types.Producer;
  readonly #socket: Socket;
  readonly #port: number;
  #sequence = 1;
  #timestamp = 0;

  private constructor(socket: Socket, port: number, producer: types.Producer) {
    this.#socket = socket;
    this.#port = port;
    this.producer = producer;
  }

  static async create(router: types.Router): Promise<PlainSource> {
    const transport = await router.createPlainTransport({
      listenInfo: { protocol: 'udp', ip: host, recvBufferSize: 4 * 1024 * 1024 },
      comedia: true,
    });
    const producer = await transport.produce({
      kind: 'video',
      rtpParameters: {
        codecs: [
          {
            ...{ mimeType: 'video/H264', payloadType, clockRate: 90_000 },
            parameters: { 'packetization-mode': 1, 'profile-level-id': '42e01f' },
            rtcpFeedback: [{ type: 'nack', parameter: 'pli' }],
          },
        ],
        encodings: [{ ssrc }],
      },
    });
    const socket = createSocket('udp4');
    socket.bind(0, host);
    await once(socket, 'listening');
    return new PlainSource(socket, transport.tuple.localPort, producer);
  }

  /** A picture in packets with payloads of these sizes. */
  sendPicture(kind: 'key' | 'other', sizes: readonly number[]): void {
    this.#timestamp += 3000;
    sizes.forEach((size, at) => {
      const packet = Buffer.alloc(12 + size);
      packet[0] = 0x80;
      packet[1] = payloadType | (at === sizes.length - 1 ? 0x80 : 0);
      packet.writeUInt16BE(this.#sequence++, 2);
      packet.writeUInt32BE(this.#timestamp, 4);
      packet.writeUInt32BE(ssrc, 8);
      packet[12] = kind === 'key' && at === 0 ? sps : slice;
      this.#socket.send(packet, this.#port, host);
    });
  }

  /** A packet that gets lost on its way. */
  losePacket(): void {
    this.#sequence++;
  }

  /** Resolves when the worker asks for a key frame (RFC 4585, 6.3.1). */
  async keyFrameWanted(): Promise<void> {
    for (;;) {
      const [packet] = (await once(this.#socket, 'message')) as [Buffer];
      if (packet[0] === 0x81 && packet[1] === 206) return;
    }
  }

  [Symbol.dispose](): void {
    this.#socket.close();
  }
}

/** Resolves when so many packets of a Producer have come. */
export async function hasArrived(producer: types.Producer, packets: number): Promise<void> {
  await eventually(
    () => producer.getStats(),
    ([stream]) => stream?.packetCount === packets,
  );
}
