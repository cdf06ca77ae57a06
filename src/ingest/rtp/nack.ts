/** RTCP transport-layer feedback, generic NACK (RFC 4585, 6.2.1). */
const transportFeedback = 205;
const genericNack = 1;

/** The packets that a compound RTCP message reports as lost. Anything malformed ends the reading, never throws. */
export function lostPackets(rtcp: Buffer): { ssrc: number; sequence: number }[] {
  const lost: { ssrc: number; sequence: number }[] = [];
  for (let offset = 0; offset + 4 <= rtcp.length; ) {
    const end = offset + 4 + rtcp.readUInt16BE(offset + 2) * 4;
    if (end > rtcp.length) break;
    if (
      rtcp[offset + 1] === transportFeedback &&
      ((rtcp[offset] as number) & 0x1f) === genericNack &&
      end - offset >= 16
    ) {
      const ssrc = rtcp.readUInt32BE(offset + 8);
      for (let item = offset + 12; item + 4 <= end; item += 4) {
        const first = rtcp.readUInt16BE(item);
        const following = rtcp.readUInt16BE(item + 2);
        lost.push({ ssrc, sequence: first });
        for (let bit = 0; bit < 16; bit++) {
          if (following & (1 << bit)) lost.push({ ssrc, sequence: (first + bit + 1) & 0xffff });
        }
      }
    }
    offset = end;
  }
  return lost;
}
