import { obus as readObus } from '../../../../src/ingest/media/av1/depacketize-av1.ts';
import { nalUnits as readNalUnits } from '../../../../src/ingest/media/h264/depacketize-h264.ts';
import { type RtpPacket, readRtp } from '../../../../src/ingest/media/rtp-in/rtp-packet.ts';

export type { RtpPacket };

/** An RTP packet; throws where it is none. */
export function parseRtp(datagram: Buffer): RtpPacket {
  return whole(readRtp(datagram));
}

/** The elements of a one-byte header extension by id (RFC 8285, 4.2). */
export function extensionElements({ extension }: RtpPacket): Map<number, Buffer> {
  const elements = new Map<number, Buffer>();
  for (let at = 0; at < extension.length; ) {
    const head = extension.readUInt8(at++);
    if (head === 0) continue;
    const length = (head & 0x0f) + 1;
    elements.set(head >> 4, extension.subarray(at, at + length));
    at += length;
  }
  return elements;
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

/** The NAL units of one picture; throws where they are not whole. */
export function nalUnits(payloads: readonly Buffer[]): Buffer[] {
  return whole(readNalUnits(payloads));
}

/** The OBUs of one temporal unit; throws where they are not whole. */
export function obus(payloads: readonly Buffer[]): Buffer[] {
  return whole(readObus(payloads));
}

function whole<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('expected RTP that is whole');
  return value;
}
