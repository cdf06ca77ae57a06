import type { Payload } from '../rtp/payload.ts';

/** A picture of 4K is cut into some hundred slices, so that each fits a packet; more than this many units only cost time. */
export const mostNalUnits = 4096;

const sps = 7;
const pps = 8;
const accessUnitDelimiter = 9;
const filler = 12;
const stapA = 24;
const fuA = 28;

/** Cuts H.264 access units in Annex B form into RTP payloads (RFC 6184, packetization mode 1). */
export class H264Packetizer {
  /** Every payload is at most `maxBytes` long. Small units share one, so that their number costs no packets. */
  packetize(accessUnit: Buffer, _key: boolean, maxBytes: number): Payload[] {
    const units = splitAnnexB(accessUnit).filter(
      (unit) => ![accessUnitDelimiter, filler].includes(typeOf(unit)),
    );
    const payloads: Payload[] = [];
    let small: Buffer[] = [];
    /** What they would be, aggregated. */
    let bytes = 1;
    const flush = () => {
      if (small.length > 0)
        payloads.push({ data: small.length === 1 ? (small[0] as Buffer) : aggregate(small) });
      small = [];
      bytes = 1;
    };
    for (const unit of units) {
      if (bytes + unit.length + 2 > maxBytes) flush();
      if (unit.length <= maxBytes) {
        small.push(unit);
        bytes += unit.length + 2;
      } else for (const payload of fragment(unit, maxBytes)) payloads.push(payload);
    }
    flush();
    return payloads;
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

function aggregate(units: Buffer[]): Buffer {
  const importance = Math.max(...units.map((unit) => (unit[0] as number) & 0x60));
  const parts = units.flatMap((unit) => [Buffer.from([unit.length >> 8, unit.length & 0xff]), unit]);
  return Buffer.concat([Buffer.from([importance | stapA]), ...parts]);
}

function fragment(unit: Buffer, maxBytes: number): Payload[] {
  const header = unit[0] as number;
  const body = unit.subarray(1);
  const room = maxBytes - 2;
  const payloads: Payload[] = [];
  for (let offset = 0; offset < body.length; offset += room) {
    const start = offset === 0 ? 0x80 : 0;
    const end = offset + room >= body.length ? 0x40 : 0;
    const head = Buffer.from([(header & 0x60) | fuA, start | end | (header & 0x1f)]);
    payloads.push({ data: Buffer.concat([head, body.subarray(offset, offset + room)]) });
  }
  return payloads;
}
