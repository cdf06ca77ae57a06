import type { Packetizer, Payload } from '../rtp/payload.ts';
import { dependencyDescriptor } from './dependency-descriptor.ts';
import { readLeb128, writeLeb128 } from './leb128.ts';

const sequenceHeader = 1;
const temporalDelimiter = 2;
const tileList = 8;
const padding = 15;
/** No level has frames of more than 128 tiles (AV1 specification, annex A.3); more OBUs than this only cost time. */
export const mostObus = 1024;

/**
 * Cuts AV1 temporal units (RTP Payload Format For AV1, v1.0.0) of one layer. Every payload has a dependency descriptor,
 * since mediasoup knows AV1's key frames by nothing else.
 */
export class Av1Packetizer implements Packetizer {
  #frameNumber = 0;
  #sequenceHeader: Buffer | undefined;

  packetize(temporalUnit: Buffer, key: boolean, maxBytes: number): Payload[] {
    const packets = pack(this.#elements(temporalUnit, key), maxBytes - 1);
    if (packets.length === 0) return [];
    const frameNumber = this.#frameNumber;
    this.#frameNumber = (frameNumber + 1) & 0xffff;
    return packets.map((packet, index) => {
      const newSequence = key && index === 0 ? 0x08 : 0;
      const continues = packet.continuesLast ? 0x80 : 0;
      const continued = packet.continuedNext ? 0x40 : 0;
      const data = Buffer.concat([Buffer.from([continues | continued | newSequence]), ...packet.parts]);
      const extension = dependencyDescriptor({
        key,
        start: index === 0,
        end: index === packets.length - 1,
        frameNumber,
      });
      return { data, extension };
    });
  }

  /** The OBUs to send, without their size fields; a key frame begins with a sequence header. */
  #elements(temporalUnit: Buffer, key: boolean): Buffer[] {
    const units = splitObus(temporalUnit).filter(
      (unit) => ![temporalDelimiter, tileList, padding].includes(obuType(unit)),
    );
    const own = units.find((unit) => obuType(unit) === sequenceHeader);
    if (own) this.#sequenceHeader = Buffer.from(own);
    return key && !own && this.#sequenceHeader ? [this.#sequenceHeader, ...units] : units;
  }
}

function obuType(unit: Buffer): number {
  return ((unit[0] as number) >> 3) & 0x0f;
}

/** The OBUs of a temporal unit in low-overhead form, each with its size field taken out; it ends where one is damaged, or behind `most` of them. */
export function splitObus(temporalUnit: Buffer, most = mostObus): Buffer[] {
  const units: Buffer[] = [];
  let offset = 0;
  while (offset < temporalUnit.length && units.length < most) {
    const header = temporalUnit[offset] as number;
    const headLength = header & 0x04 ? 2 : 1;
    const sized = (header & 0x02) !== 0;
    const size = sized ? readLeb128(temporalUnit, offset + headLength) : undefined;
    const bodyStart = offset + headLength + (size?.length ?? 0);
    const bodyEnd = size ? bodyStart + size.value : temporalUnit.length;
    if (bodyEnd > temporalUnit.length || bodyStart > temporalUnit.length) break;
    const head = Buffer.from(temporalUnit.subarray(offset, offset + headLength));
    head[0] = header & ~0x02;
    units.push(Buffer.concat([head, temporalUnit.subarray(bodyStart, bodyEnd)]));
    offset = bodyEnd;
  }
  return units;
}

interface Packet {
  readonly parts: Buffer[];
  continuesLast: boolean;
  continuedNext: boolean;
}

/** Fills packets of at most `room` bytes with length-prefixed OBU elements, cutting an OBU where a packet is full. */
function pack(elements: Buffer[], room: number): Packet[] {
  const packets: Packet[] = [];
  let packet: Packet = { parts: [], continuesLast: false, continuedNext: false };
  let free = room;
  for (const element of elements) {
    let rest = element;
    while (rest.length > 0) {
      // Two bytes of LEB128 tell any length that fits a packet.
      if (free < 3) {
        packets.push(packet);
        packet = { parts: [], continuesLast: rest !== element, continuedNext: false };
        free = room;
      }
      const part = rest.subarray(0, free - 2);
      packet.parts.push(writeLeb128(part.length), part);
      free -= 2 + part.length;
      rest = rest.subarray(part.length);
      if (rest.length > 0) {
        packet.continuedNext = true;
        free = 0;
      }
    }
  }
  if (packet.parts.length > 0) packets.push(packet);
  return packets;
}
