import { rtcpMessages } from './rtcp.ts';

/** RTCP payload-specific feedback: picture loss indication (RFC 4585, 6.3.1), full intra request (RFC 5104, 4.3.1). */
const payloadFeedback = 206;
const pictureLoss = 1;
const fullIntra = 4;

/**
 * The SSRCs of the streams that a compound RTCP message wants a key frame of, each once. Anything malformed ends the
 * reading, never throws.
 */
export function keyFrameRequests(rtcp: Buffer): number[] {
  const wanted = new Set<number>();
  for (const { type, format, data } of rtcpMessages(rtcp)) {
    if (type !== payloadFeedback || data.length < 12) continue;
    if (format === pictureLoss) wanted.add(data.readUInt32BE(8));
    if (format !== fullIntra) continue;
    // Each entry has its own SSRC, a number and three reserved bytes; the one in the head means nothing.
    for (let entry = 12; entry + 8 <= data.length; entry += 8) wanted.add(data.readUInt32BE(entry));
  }
  return [...wanted];
}

/** A picture loss indication; behind an empty receiver report, since a compound message begins with one (RFC 3550, 6.1). */
export function pictureLossIndication(ownSsrc: number, ssrc: number): Buffer {
  const message = Buffer.from([
    0x80,
    201,
    0,
    1,
    0,
    0,
    0,
    0,
    0x81,
    payloadFeedback,
    0,
    2,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
  ]);
  message.writeUInt32BE(ownSsrc, 4);
  message.writeUInt32BE(ownSsrc, 12);
  message.writeUInt32BE(ssrc, 16);
  return message;
}
