import { rtcpMessages } from './rtcp.ts';

/** RTCP transport-layer feedback, generic NACK (RFC 4585, 6.2.1). */
const transportFeedback = 205;
const genericNack = 1;

/** The packets that a compound RTCP message reports as lost. Anything malformed ends the reading, never throws. */
export function lostPackets(rtcp: Buffer): { ssrc: number; sequence: number }[] {
  const lost: { ssrc: number; sequence: number }[] = [];
  for (const { type, format, data } of rtcpMessages(rtcp)) {
    if (type !== transportFeedback || format !== genericNack || data.length < 16) continue;
    const ssrc = data.readUInt32BE(8);
    for (let item = 12; item < data.length; item += 4) {
      const first = data.readUInt16BE(item);
      const following = data.readUInt16BE(item + 2);
      lost.push({ ssrc, sequence: first });
      for (let bit = 0; bit < 16; bit++) {
        if (following & (1 << bit)) lost.push({ ssrc, sequence: (first + bit + 1) & 0xffff });
      }
    }
  }
  return lost;
}
