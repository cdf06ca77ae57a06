import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** Types of RTMP messages. */
export const messages = { chunkSize: 1, userControl: 4, audio: 8, video: 9, data: 18, command: 20 } as const;

/** A value in AMF0: text, number, null, or text by key. */
export type Amf = string | number | null | { readonly [key: string]: string | number };

/** Values in AMF0, one behind the other. */
export function amf(...values: Amf[]): Buffer {
  return Buffer.concat(values.map(encode));
}

function encode(value: Amf): Buffer {
  if (value === null) return Buffer.from([5]);
  if (typeof value === 'number') {
    const bytes = Buffer.alloc(9);
    bytes.writeDoubleBE(value, 1);
    return bytes;
  }
  if (typeof value === 'string') return Buffer.concat([Buffer.from([2]), text(value)]);
  const entries = Object.entries(value).map(([key, inner]) => Buffer.concat([text(key), encode(inner)]));
  return Buffer.concat([Buffer.from([3]), ...entries, Buffer.from([0, 0, 9])]);
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 0xff]), bytes]);
}

/** One message in chunks. Its lengths may be lies. */
export function message(
  type: number,
  body: Buffer,
  { chunkStream = 3, length = body.length, stream = 1, timeMs = 0, chunkBytes = 128 } = {},
): Buffer {
  const header = Buffer.alloc(12);
  header[0] = chunkStream;
  header.writeUIntBE(timeMs, 1, 3);
  header.writeUIntBE(length, 4, 3);
  header[7] = type;
  header.writeUInt32LE(stream, 8);
  const parts: Buffer[] = [header];
  for (let at = 0; at < body.length; at += chunkBytes) {
    if (at > 0) parts.push(Buffer.from([0xc0 | chunkStream]));
    parts.push(body.subarray(at, at + chunkBytes));
  }
  return Buffer.concat(parts);
}

export const connectMessage = (app: string, tcUrl = `rtmp://localhost/${app}`) =>
  message(messages.command, amf('connect', 1, { app, tcUrl }), { stream: 0 });
export const publishMessage = (name: string) =>
  message(messages.command, amf('publish', 4, null, name, 'live'));
export const playMessage = (name: string) => message(messages.command, amf('play', 4, null, name));
/** C0, C1 and C2 of the simple handshake, all at once. */
export const handshake = Buffer.concat([Buffer.from([3]), Buffer.alloc(1536), Buffer.alloc(1536)]);

/** A client without manners: it sends what a test wants, and keeps all that it gets. */
export class RawRtmp {
  readonly socket: Socket;
  received: Buffer = Buffer.alloc(0);
  readonly #closed: Promise<void>;

  private constructor(socket: Socket) {
    this.socket = socket;
    // However it ends: 'once' would take a reset for a failure of whoever waits.
    this.#closed = new Promise((resolve) => socket.once('close', () => resolve()));
    socket.on('error', () => {});
    socket.on('data', (bytes) => {
      this.received = Buffer.concat([this.received, bytes]);
    });
  }

  static async connect(port: number): Promise<RawRtmp> {
    const client = new RawRtmp(connect(port, '127.0.0.1'));
    await once(client.socket, 'connect');
    return client;
  }

  send(...parts: Buffer[]): void {
    this.socket.write(Buffer.concat(parts));
  }

  /** Resolves once it has got this; rejects if the connection closes before. */
  async got(words: string | Buffer): Promise<void> {
    while (!this.received.includes(words)) {
      if (this.socket.closed) throw new Error(`closed before it got ${words.toString()}`);
      await Promise.race([new Promise((resolve) => this.socket.once('data', resolve)), this.#closed]);
    }
  }

  /** Resolves once the other side has read all that was sent before: it answers a ping (RTMP 1.0, section 7.1.7). */
  async heard(): Promise<void> {
    const ping = Buffer.from([0, 6, 0x70, 0x69, 0x6e, 0x67]);
    this.send(message(messages.userControl, ping, { chunkStream: 2, stream: 0 }));
    await this.got(Buffer.from([0, 7, ...ping.subarray(2)]));
  }

  closed(): Promise<void> {
    return this.#closed;
  }

  [Symbol.dispose](): void {
    this.socket.destroy();
  }
}
