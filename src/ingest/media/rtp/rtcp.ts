/** One RTCP message of a compound one (RFC 3550, 6.1). */
export interface RtcpMessage {
  /** The count or format in the first byte's low five bits. */
  readonly format: number;
  readonly type: number;
  /** The whole message with its head; a multiple of four bytes, at least four. */
  readonly data: Buffer;
}

/** The messages of a datagram, in order; the reading ends where one is malformed, and never throws. */
export function* rtcpMessages(datagram: Buffer): Generator<RtcpMessage> {
  for (let offset = 0; offset + 4 <= datagram.length; ) {
    const head = datagram.readUInt8(offset);
    const end = offset + 4 + datagram.readUInt16BE(offset + 2) * 4;
    if (end > datagram.length) return;
    yield { format: head & 0x1f, type: datagram.readUInt8(offset + 1), data: datagram.subarray(offset, end) };
    offset = end;
  }
}
