import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { parseRtp, type RtpPacket } from './media/rtp/depacketize.ts';

/** What a sender report says (RFC 3550, 6.4.1). */
export interface SenderReport {
  readonly ssrc: number;
  readonly wallMs: number;
  readonly timestamp: number;
  readonly packets: number;
  readonly bytes: number;
  /** When it came, in ms of `performance.now()`. */
  readonly atMs: number;
}

/** Takes what a splicer sends, in place of mediasoup's PlainTransport. */
export class UdpSink {
  readonly rtp: RtpPacket[] = [];
  readonly reports: SenderReport[] = [];
  readonly #socket: Socket;
  #senderPort = 0;
  /** Pictures that have come whole: by their markers, which sound does not have. */
  pictures = 0;

  static async create(): Promise<UdpSink> {
    const socket = createSocket({ type: 'udp4', recvBufferSize: 4_000_000 });
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    return new UdpSink(socket);
  }

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('message', (message, { port }) => {
      this.#senderPort = port;
      const type = message.readUInt8(1);
      if (type === 200) this.reports.push(parseReport(message));
      else this.#take(parseRtp(message));
    });
  }

  get port(): number {
    return this.#socket.address().port;
  }

  /** The port that the last packet came from. */
  get senderPort(): number {
    return this.#senderPort;
  }

  /** Resolves as soon as what has come is enough. */
  async until(enough: () => boolean): Promise<void> {
    while (!enough()) await once(this.#socket, 'message');
  }

  #take(packet: RtpPacket): void {
    this.rtp.push(packet);
    if (packet.marker) this.pictures++;
  }

  async send(message: Buffer): Promise<void> {
    await new Promise<void>((sent) =>
      this.#socket.send(message, this.#senderPort, '127.0.0.1', () => sent()),
    );
  }

  /** The packets of one track, in the order in which they came. */
  track(ssrc: number): RtpPacket[] {
    return this.rtp.filter((packet) => packet.ssrc === ssrc);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = once(this.#socket, 'close');
    this.#socket.close();
    await closed;
  }
}

function parseReport(message: Buffer): SenderReport {
  const seconds = message.readUInt32BE(8) + message.readUInt32BE(12) / 2 ** 32;
  return {
    ssrc: message.readUInt32BE(4),
    wallMs: (seconds - 2_208_988_800) * 1000,
    timestamp: message.readUInt32BE(16),
    packets: message.readUInt32BE(20),
    bytes: message.readUInt32BE(24),
    atMs: performance.now(),
  };
}

/** Steps between successive numbers that wrap, such as sequence numbers (16 bits) and time stamps (32). */
export function steps(values: readonly number[], bits: 16 | 32): number[] {
  const range = 2 ** bits;
  return values.slice(1).map((value, index) => {
    const step = (value - (values[index] ?? 0) + range) % range;
    return step > range / 2 ? step - range : step;
  });
}
