import type { TcpFlow } from './tcp-flows.ts';

/** A picture or a piece of sound in an RTMP connection. */
export interface RtmpMessage {
  readonly kind: 'video' | 'audio';
  /** When it is to be decoded, on the sender's clock, in ms. */
  readonly timeMs: number;
  readonly bytes: number;
  /** When its last byte was there. */
  readonly atMs: number;
}

/** Both sides send three parts first: a version, and two of 1536 bytes (RTMP 1.0, 5.2). */
const handshakeBytes = 1 + 2 * 1536;
const version = 3;
const kinds: Readonly<Record<number, RtmpMessage['kind']>> = { 8: 'audio', 9: 'video' };
const setChunkSize = 1;
/** In FLV the second byte is 0 where the codec's parameters come, and no media. */
const parameters = 0;
const extended = 0xffffff;

interface Head {
  timeMs: number;
  deltaMs: number;
  length: number;
  type: number;
  extended: boolean;
}

interface Partial extends Head {
  parts: Buffer[];
  missing: number;
}

/** The media in one direction of a connection; empty where it is not RTMP. The reading ends where the capture does. */
export function rtmpMessages({ data, arrivals }: TcpFlow): RtmpMessage[] {
  if (data.length <= handshakeBytes || data.readUInt8(0) !== version) return [];
  const messages: RtmpMessage[] = [];
  const streams = new Map<number, Partial>();
  let [offset, chunkSize, arrival] = [handshakeBytes, 128, 0];
  try {
    while (offset < data.length) {
      const chunk = readHead(data, offset, streams);
      offset = chunk.offset;
      const { message } = chunk;
      const end = offset + Math.min(chunkSize, message.missing);
      if (end > data.length) break;
      message.parts.push(data.subarray(offset, end));
      message.missing -= end - offset;
      offset = end;
      if (message.missing > 0) continue;
      const whole = Buffer.concat(message.parts);
      if (message.type === setChunkSize) chunkSize = whole.readUInt32BE(0);
      const kind = kinds[message.type];
      if (kind && whole.length > 2 && whole.readUInt8(1) !== parameters) {
        while ((arrivals[arrival]?.upTo ?? Number.POSITIVE_INFINITY) < end) arrival += 1;
        const atMs = arrivals[arrival]?.atMs ?? Number.NaN;
        messages.push({ kind, timeMs: message.timeMs, bytes: whole.length, atMs });
      }
      message.parts = [];
      message.missing = message.length;
    }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
  return messages;
}

/** The head of a chunk (RTMP 1.0, 5.3.1), and what it is a part of. Throws a RangeError at the end of the capture. */
function readHead(data: Buffer, start: number, streams: Map<number, Partial>) {
  let offset = start;
  const first = data.readUInt8(offset++);
  const format = first >> 6;
  let stream = first & 0x3f;
  if (stream === 0) stream = data.readUInt8(offset++) + 64;
  else if (stream === 1) {
    stream = data.readUInt16LE(offset) + 64;
    offset += 2;
  }
  const before = streams.get(stream);
  const begins = before === undefined || before.missing === before.length;
  const head: Head = before ?? { timeMs: 0, deltaMs: 0, length: 0, type: 0, extended: false };
  const { timeMs } = head;
  let given = head.deltaMs;
  if (format < 3) {
    given = data.readUIntBE(offset, 3);
    head.extended = given === extended;
    offset += 3;
  }
  if (format < 2) {
    head.length = data.readUIntBE(offset, 3);
    head.type = data.readUInt8(offset + 3);
    offset += 4;
  }
  if (format === 0) offset += 4;
  if (head.extended) {
    const whole = data.readUInt32BE(offset);
    if (format < 3) given = whole;
    offset += 4;
  }
  if (begins) {
    head.timeMs = format === 0 ? given : timeMs + given;
    if (format < 3) head.deltaMs = format === 0 ? 0 : given;
  }
  const message: Partial = before ?? Object.assign(head, { parts: [], missing: 0 });
  if (begins) message.missing = message.length;
  streams.set(stream, message);
  return { offset, message };
}
