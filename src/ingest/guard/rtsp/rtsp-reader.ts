import { headerOf, methodOf, type RtspMessage, statusOf } from './rtsp-message.ts';

/** The first line and the headers of one message, in bytes; ffmpeg takes as much for one line. */
const maxHeadBytes = 16 * 1024;
/** A description or a parameter, in bytes. */
const maxBodyBytes = 1024 * 1024;
/** In front of a packet that comes inside of the connection (RFC 2326, 10.12): `$`, its channel, its length. */
const frameMark = 0x24;
const frameHeadBytes = 4;

/** What stands in a connection of RTSP, one behind the other, as the very bytes that came. */
export type RtspPart =
  | { readonly kind: 'message'; readonly message: RtspMessage; readonly bytes: Buffer }
  | { readonly kind: 'packet'; readonly bytes: Buffer }
  /** No RTSP: nothing of what follows is read. */
  | { readonly kind: 'strange'; readonly bytes: Buffer };

/** Takes apart what comes by one direction of a connection of RTSP; each byte is copied a few times at most, however it is cut. */
export class RtspReader {
  #chunks: Buffer[] = [];
  #length = 0;
  /** With fewer bytes nothing can be said. */
  #needed = 1;

  add(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#length += chunk.length;
  }

  /** The next part; undefined while it has not come as a whole. */
  next(): RtspPart | undefined {
    if (this.#length < this.#needed) return undefined;
    const bytes = this.rest();
    const part = readPart(bytes);
    const isWhole = typeof part !== 'number';
    this.#needed = isWhole ? 1 : part;
    const left = isWhole ? bytes.subarray(part.bytes.length) : bytes;
    if (left.length > 0) this.add(left);
    return isWhole ? part : undefined;
  }

  /** What has come and is no part yet; it is forgotten. */
  rest(): Buffer {
    const [first] = this.#chunks;
    const bytes = first && this.#chunks.length === 1 ? first : Buffer.concat(this.#chunks);
    this.#chunks = [];
    this.#length = 0;
    return bytes;
  }
}

/** A number: so many bytes it has to be at least. */
function readPart(bytes: Buffer): RtspPart | number {
  if (bytes[0] === frameMark) {
    if (bytes.length < frameHeadBytes) return frameHeadBytes;
    const length = frameHeadBytes + bytes.readUInt16BE(2);
    return bytes.length < length ? length : { kind: 'packet', bytes: bytes.subarray(0, length) };
  }
  const strange = { kind: 'strange', bytes } as const;
  const head = bytes.toString('latin1', 0, maxHeadBytes);
  // Empty lines before a message are passed over.
  const [whole = '', text = ''] = /^[\r\n]*(\S.*?)\r?\n\r?\n/s.exec(head) ?? [];
  const [, first] = /^[\r\n]*(\S[^\n]*)\n/.exec(head) ?? [];
  if (first !== undefined && !/^RTSP\/\d| RTSP\/\d/i.test(first)) return strange;
  if (whole === '') return head.length < maxHeadBytes ? bytes.length + 1 : strange;
  const message: RtspMessage = { lines: text.split(/\r?\n/), body: Buffer.alloc(0) };
  const bodyBytes = Number(headerOf(message, 'content-length') ?? 0);
  const isRtsp = methodOf(message) !== undefined || statusOf(message) !== undefined;
  if (!isRtsp || !(Number.isInteger(bodyBytes) && bodyBytes >= 0 && bodyBytes <= maxBodyBytes))
    return strange;
  const length = whole.length + bodyBytes;
  if (bytes.length < length) return length;
  const body = bytes.subarray(whole.length, length);
  return { kind: 'message', message: { ...message, body }, bytes: bytes.subarray(0, length) };
}
