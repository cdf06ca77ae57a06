import type { Packetizer, Payload } from '../rtp/payload.ts';

/** Cuts VP8 frames (RFC 7741): a 4-byte descriptor with a 15-bit picture id, so that receivers tell lost frames from skipped ones. */
export class Vp8Packetizer implements Packetizer {
  #pictureId = 0;

  packetize(frame: Buffer, _key: boolean, maxBytes: number): Payload[] {
    const id = this.#pictureId;
    this.#pictureId = (id + 1) & 0x7fff;
    return cut(frame, maxBytes - 4, (first) => [
      0x80 | (first ? 0x10 : 0),
      0x80,
      0x80 | (id >> 8),
      id & 0xff,
    ]);
  }
}

/** Cuts VP9 frames (RFC 9628), one layer, non-flexible mode: a 3-byte descriptor. */
export class Vp9Packetizer implements Packetizer {
  #pictureId = 0;

  packetize(frame: Buffer, key: boolean, maxBytes: number): Payload[] {
    const id = this.#pictureId;
    this.#pictureId = (id + 1) & 0x7fff;
    return cut(frame, maxBytes - 3, (first, last) => {
      const predicted = key ? 0 : 0x40;
      return [0x80 | predicted | (first ? 0x08 : 0) | (last ? 0x04 : 0), 0x80 | (id >> 8), id & 0xff];
    });
  }
}

function cut(
  frame: Buffer,
  room: number,
  descriptor: (first: boolean, last: boolean) => number[],
): Payload[] {
  const payloads: Payload[] = [];
  for (let offset = 0; offset < frame.length; offset += room) {
    const head = Buffer.from(descriptor(offset === 0, offset + room >= frame.length));
    payloads.push({ data: Buffer.concat([head, frame.subarray(offset, offset + room)]) });
  }
  return payloads;
}
