import type { Depacketizer } from '../rtp-in/depacketizer.ts';
import { isShredded, mostNalUnits } from './packetize-h264.ts';

const idr = 5;
const sps = 7;
const lastNalType = 23;
const stapA = 24;
const fuA = 28;
const startCode = Buffer.from([0, 0, 0, 1]);

/** H.264 (RFC 6184, packetization mode 1). The picture comes out in Annex B form. */
export const h264: Depacketizer = {
  // As mediasoup has it: by the parameter sets, without which a decoder cannot begin.
  beginsKeyFrame: (payload) => nalUnits([payload])?.some((unit) => typeOf(unit) === sps) ?? false,
  frame: (payloads) => {
    const units = nalUnits(payloads);
    if (!units || units.length === 0) return undefined;
    const data = Buffer.concat(units.flatMap((unit) => [startCode, unit]));
    // Start codes within a unit make more of it for whoever reads on.
    if (isShredded(data)) return undefined;
    return { data, key: units.some((unit) => typeOf(unit) === idr) };
  },
};

/** The NAL units of successive payloads (RFC 6184, 5.6 to 5.8); undefined where they are not whole, or more than `mostNalUnits`. */
export function nalUnits(payloads: readonly Buffer[]): Buffer[] | undefined {
  const units: Buffer[] = [];
  let open: Buffer[] | undefined;
  for (const payload of payloads) {
    const type = typeOf(payload);
    if (type === fuA) {
      const head = payload[1] ?? 0;
      const isStart = (head & 0x80) !== 0;
      if (isStart !== (open === undefined) || payload.length < 3) return undefined;
      open ??= [unitHead(payload)];
      open.push(payload.subarray(2));
      if ((head & 0x40) === 0) continue;
      units.push(Buffer.concat(open));
      open = undefined;
    } else {
      const whole = type === stapA ? aggregated(payload) : isNal(type) ? [payload] : undefined;
      if (!whole || open) return undefined;
      for (const unit of whole) units.push(unit);
    }
    if (units.length > mostNalUnits) return undefined;
  }
  return open ? undefined : units;
}

function aggregated(payload: Buffer): Buffer[] | undefined {
  const units: Buffer[] = [];
  for (let at = 1; at < payload.length; ) {
    if (at + 2 > payload.length) return undefined;
    const end = at + 2 + payload.readUInt16BE(at);
    const unit = payload.subarray(at + 2, end);
    if (end > payload.length || !isNal(typeOf(unit))) return undefined;
    units.push(unit);
    at = end;
  }
  return units;
}

/** The head of a fragmented unit: importance from the first byte, type from the second. */
function unitHead(payload: Buffer): Buffer {
  return Buffer.from([((payload[0] as number) & 0xe0) | ((payload[1] as number) & 0x1f)]);
}

function isNal(type: number): boolean {
  return type >= 1 && type <= lastNalType;
}

/** 0, which no unit has, for nothing. */
function typeOf(unit: Buffer): number {
  return (unit[0] ?? 0) & 0x1f;
}
