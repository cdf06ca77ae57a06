/** One RTP packet, taken apart (RFC 3550, 5.1). */
export interface RtpPacket {
  readonly payloadType: number;
  /** The last packet of a picture. */
  readonly marker: boolean;
  readonly sequence: number;
  readonly timestamp: number;
  readonly ssrc: number;
  /** What the header extension holds, without its head; empty where there is none. */
  readonly extension: Buffer;
  /** Without padding; empty in packets that are nothing else. */
  readonly payload: Buffer;
}

const nothing: Buffer = Buffer.alloc(0);

/** RTCP shares the port: its packet types lie where no payload type does (RFC 5761, 4). */
export function isRtcp(datagram: Buffer): boolean {
  const type = datagram[1] ?? 0;
  return type >= 192 && type <= 223;
}

/** Undefined for whatever is no RTP packet. The buffers are views of the datagram. */
export function readRtp(datagram: Buffer): RtpPacket | undefined {
  if (datagram.length < 12) return undefined;
  const first = datagram.readUInt8(0);
  if (first >> 6 !== 2) return undefined;
  let start = 12 + (first & 0x0f) * 4;
  let extension = nothing;
  if (first & 0x10) {
    if (start + 4 > datagram.length) return undefined;
    const end = start + 4 + datagram.readUInt16BE(start + 2) * 4;
    extension = datagram.subarray(start + 4, end);
    start = end;
  }
  const padding = first & 0x20 ? datagram.readUInt8(datagram.length - 1) : 0;
  const end = datagram.length - padding;
  if (start > end) return undefined;
  const second = datagram.readUInt8(1);
  return {
    payloadType: second & 0x7f,
    marker: (second & 0x80) !== 0,
    sequence: datagram.readUInt16BE(2),
    timestamp: datagram.readUInt32BE(4),
    ssrc: datagram.readUInt32BE(8),
    extension,
    payload: datagram.subarray(start, end),
  };
}
