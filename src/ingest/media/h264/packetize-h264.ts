import type { Payload } from '../rtp/payload.ts';

/** A picture of 4K is cut into some hundred slices, so that each fits a packet; more than this many units only cost time. */
export const mostNalUnits = 4096;

const sps = 7;
const pps = 8;
const accessUnitDelimiter = 9;
const filler = 12;
const stapA = 24;
const fuA = 28;

/** What payloads are written into is kept for the next picture, up to so many bytes: that of most. */
const keptBytes = 256 * 1024;
/** A picture of some 2 Mbit/s, and most key frames of it, in bytes. */
const usualBytes = 64 * 1024;
/** Bytes of a payload beside those of the units in it, at most: a head, or two. */
const headBytes = 2;

/** Cuts H.264 access units in Annex B form into RTP payloads (RFC 6184, packetization mode 1). */
export class H264Packetizer {
  #memory = Buffer.alloc(0);
  #filled = 0;

  /** Every payload is at most `maxBytes` long. Small units share one, so that their number costs no packets. */
  packetize(accessUnit: Buffer, _key: boolean, maxBytes: number): Payload[] {
    const units = splitAnnexB(accessUnit).filter((unit) => !isLeftOut(typeOf(unit)));
    this.#makeRoom(accessUnit.length, units.length, maxBytes);
    const payloads: Payload[] = [];
    let small: Buffer[] = [];
    /** What they would be, aggregated. */
    let bytes = 1;
    const flush = () => {
      if (small.length > 0)
        payloads.push({ data: small.length === 1 ? (small[0] as Buffer) : this.#aggregate(small) });
      small = [];
      bytes = 1;
    };
    for (const unit of units) {
      if (bytes + unit.length + 2 > maxBytes) flush();
      if (unit.length <= maxBytes) {
        small.push(unit);
        bytes += unit.length + 2;
      } else this.#fragment(unit, maxBytes, payloads);
    }
    flush();
    return payloads;
  }

  /** For all that may be written of an access unit. */
  #makeRoom(bytes: number, units: number, maxBytes: number): void {
    const payloads = Math.ceil(bytes / (maxBytes - headBytes)) + units;
    const most = bytes + (payloads + units) * headBytes;
    this.#filled = 0;
    if (this.#memory.length >= most && this.#memory.length <= keptBytes) return;
    this.#memory = Buffer.allocUnsafeSlow(Math.max(most, usualBytes));
  }

  #aggregate(units: readonly Buffer[]): Buffer {
    const from = this.#filled;
    let importance = 0;
    this.#filled++;
    for (const unit of units) {
      importance = Math.max(importance, (unit[0] as number) & 0x60);
      this.#memory[this.#filled++] = unit.length >> 8;
      this.#memory[this.#filled++] = unit.length & 0xff;
      this.#filled += unit.copy(this.#memory, this.#filled);
    }
    this.#memory[from] = importance | stapA;
    return this.#memory.subarray(from, this.#filled);
  }

  #fragment(unit: Buffer, maxBytes: number, payloads: Payload[]): void {
    const header = unit[0] as number;
    const room = maxBytes - headBytes;
    for (let offset = 1; offset < unit.length; offset += room) {
      const from = this.#filled;
      const start = offset === 1 ? 0x80 : 0;
      const end = offset + room >= unit.length ? 0x40 : 0;
      this.#memory[this.#filled++] = (header & 0x60) | fuA;
      this.#memory[this.#filled++] = start | end | (header & 0x1f);
      this.#filled += unit.copy(this.#memory, this.#filled, offset, offset + room);
      payloads.push({ data: this.#memory.subarray(from, this.#filled) });
    }
  }
}

/** Whether an access unit in Annex B form is cut into more than `mostNalUnits`. */
export function isShredded(accessUnit: Buffer): boolean {
  let count = 0;
  for (let at = accessUnit.indexOf(startCode); at !== -1; at = accessUnit.indexOf(startCode, at + 3))
    if (++count > mostNalUnits) return true;
  return false;
}

/** Whether an access unit in Annex B form has what a decoder needs to begin. */
export function hasParameterSets(accessUnit: Buffer): boolean {
  const types = splitAnnexB(accessUnit).map(typeOf);
  return types.includes(sps) && types.includes(pps);
}

/** The NAL units of an Annex B byte stream, without start codes and trailing zeros; views, not copies. */
export function splitAnnexB(stream: Buffer): Buffer[] {
  const units: Buffer[] = [];
  let start = -1;
  let at = stream.indexOf(startCode, 0);
  while (at !== -1) {
    if (start !== -1) units.push(trimZeros(stream.subarray(start, at)));
    start = at + 3;
    at = stream.indexOf(startCode, start);
  }
  if (start !== -1) units.push(trimZeros(stream.subarray(start)));
  return units.filter((unit) => unit.length > 0);
}

const startCode = Buffer.from([0, 0, 1]);

function trimZeros(unit: Buffer): Buffer {
  let end = unit.length;
  while (end > 0 && unit[end - 1] === 0) end--;
  return unit.subarray(0, end);
}

function typeOf(unit: Buffer): number {
  return (unit[0] as number) & 0x1f;
}

/** Delimiters and filling say nothing to a decoder. */
function isLeftOut(type: number): boolean {
  return type === accessUnitDelimiter || type === filler;
}
