/** The media's packet with nothing in it, which opens the way through firewalls and address translation. */
export function openingPacket(ssrc: number): Buffer {
  const packet = Buffer.alloc(12);
  packet[0] = 0x80;
  packet.writeUInt32BE(ssrc, 8);
  return packet;
}

/** Says that somebody is there: an empty receiver report, and a name as each report has to have one (RFC 3550, 6.1). */
export function receiverReport(ssrc: number): Buffer {
  const name = Buffer.from('receiver');
  const report = Buffer.alloc(8);
  report.writeUInt32BE(0x80c9_0001, 0);
  report.writeUInt32BE(ssrc, 4);
  // Its head, the SSRC, one item (CNAME: 1) and the zero that ends the list, up to a multiple of four.
  const description = Buffer.alloc(8 + Math.ceil((2 + name.length + 1) / 4) * 4);
  description.writeUInt16BE(0x81ca, 0);
  description.writeUInt16BE(description.length / 4 - 1, 2);
  description.writeUInt32BE(ssrc, 4);
  description.writeUInt16BE(0x0100 + name.length, 8);
  name.copy(description, 10);
  return Buffer.concat([report, description]);
}
