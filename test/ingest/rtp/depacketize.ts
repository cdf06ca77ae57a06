/** One RTP packet, taken apart (RFC 3550, 5.1; RFC 8285). */
export interface RtpPacket {
  readonly payloadType: number;
  readonly marker: boolean;
  readonly sequence: number;
  readonly timestamp: number;
  readonly ssrc: number;
  /** Elements of a one-byte header extension, by id. */
  readonly extensions: ReadonlyMap<number, Buffer>;
  readonly payload: Buffer;
}

export function parseRtp(packet: Buffer): RtpPacket {
  const first = packet.readUInt8(0);
  if (first >> 6 !== 2) throw new Error(`expected RTP version 2, got ${first >> 6}`);
  if (first & 0x2f) throw new Error('expected neither padding nor contributing sources');
  const extensions = new Map<number, Buffer>();
  let offset = 12;
  if (first & 0x10) {
    if (packet.readUInt16BE(12) !== 0xbede) throw new Error('expected a one-byte header extension');
    const end = 16 + packet.readUInt16BE(14) * 4;
    for (let at = 16; at < end; ) {
      const head = packet.readUInt8(at++);
      if (head === 0) continue;
      const length = (head & 0x0f) + 1;
      extensions.set(head >> 4, packet.subarray(at, at + length));
      at += length;
    }
    offset = end;
  }
  return {
    payloadType: packet.readUInt8(1) & 0x7f,
    marker: (packet.readUInt8(1) & 0x80) !== 0,
    sequence: packet.readUInt16BE(2),
    timestamp: packet.readUInt32BE(4),
    ssrc: packet.readUInt32BE(8),
    extensions,
    payload: packet.subarray(offset),
  };
}

/** Packets of one picture each, by their markers. */
export function pictures(packets: readonly RtpPacket[]): RtpPacket[][] {
  const found: RtpPacket[][] = [[]];
  for (const packet of packets) {
    found.at(-1)?.push(packet);
    if (packet.marker) found.push([]);
  }
  return found.filter((picture) => picture.length > 0);
}

/** The NAL units of one picture (RFC 6184, 5.6 to 5.8). */
export function nalUnits(payloads: readonly Buffer[]): Buffer[] {
  const units: Buffer[] = [];
  let open: Buffer[] | undefined;
  for (const payload of payloads) {
    const type = payload.readUInt8(0) & 0x1f;
    if (open && type !== 28) throw new Error(`a fragmented unit is interrupted by type ${type}`);
    if (type === 24) {
      for (let at = 1; at < payload.length; ) {
        const length = payload.readUInt16BE(at);
        units.push(payload.subarray(at + 2, at + 2 + length));
        at += 2 + length;
      }
    } else if (type === 28) {
      const head = payload.readUInt8(1);
      if (head & 0x80) open = [Buffer.from([(payload.readUInt8(0) & 0xe0) | (head & 0x1f)])];
      if (!open) throw new Error('a fragment comes before the first of its unit');
      open.push(payload.subarray(2));
      if (head & 0x40) {
        units.push(Buffer.concat(open));
        open = undefined;
      }
    } else {
      units.push(payload);
    }
  }
  if (open) throw new Error('a fragmented unit does not end');
  return units;
}

/** The OBUs of one temporal unit (RTP payload format for AV1, 4.4); with W = 0 every element has its length. */
export function obus(payloads: readonly Buffer[]): Buffer[] {
  const units: Buffer[] = [];
  let open: Buffer | undefined;
  for (const payload of payloads) {
    const head = payload.readUInt8(0);
    const [continues, continued, count] = [(head & 0x80) !== 0, (head & 0x40) !== 0, (head >> 4) & 3];
    if (continues !== (open !== undefined)) throw new Error('Z does not fit the Y of the packet before');
    if (count !== 0) throw new Error('expected the length of every element');
    const elements: Buffer[] = [];
    for (let at = 1; at < payload.length; ) {
      let [length, shift] = [0, 0];
      for (let byte = 0x80; byte & 0x80; shift += 7) {
        byte = payload.readUInt8(at++);
        length |= (byte & 0x7f) << shift;
      }
      if (at + length > payload.length) throw new Error('an element is longer than its packet');
      elements.push(payload.subarray(at, at + length));
      at += length;
    }
    if (open) elements[0] = Buffer.concat([open, elements[0] as Buffer]);
    open = continued ? elements.pop() : undefined;
    units.push(...elements);
  }
  if (open) throw new Error('an OBU does not end');
  return units;
}
