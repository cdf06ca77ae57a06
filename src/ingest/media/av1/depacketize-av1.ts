import type { Depacketizer } from '../rtp-in/depacketizer.ts';
import { readLeb128, writeLeb128 } from './leb128.ts';
import { mostObus, splitObus } from './packetize-av1.ts';

const sequenceHeader = 1;
const temporalDelimiter = 2;
const frameHeader = 3;
const frame = 6;
/** A temporal unit begins with its delimiter everywhere but in RTP. */
const delimiter = Buffer.from([0x12, 0]);

/** AV1 (RTP Payload Format For AV1, v1.0.0). The temporal unit comes out in low-overhead form. */
export const av1: Depacketizer = {
  // Z is not set, N is: no rest of an OBU, and the first packet of a coded video sequence.
  beginsKeyFrame: (payload) => ((payload[0] ?? 0) & 0x88) === 0x08,
  frame: (payloads) => {
    const units = sized(obus(payloads) ?? []);
    const coded = units?.filter((unit) => obuType(unit) !== temporalDelimiter) ?? [];
    const first = coded.find((unit) => [frame, frameHeader].includes(obuType(unit)));
    if (!first) return undefined;
    const hasSequence = coded.some((unit) => obuType(unit) === sequenceHeader);
    return {
      data: Buffer.concat([delimiter, ...coded.flatMap(withSize)]),
      key: hasSequence && isKeyFrame(first),
    };
  },
};

/** The OBUs of one temporal unit as they came (4.4 and 4.5); undefined where they are not whole, or more than `mostObus`. */
export function obus(payloads: readonly Buffer[]): Buffer[] | undefined {
  const units: Buffer[] = [];
  let open: Buffer[] | undefined;
  for (const payload of payloads) {
    const head = payload[0] ?? 0;
    const elements = elementsOf(payload);
    const [first, ...others] = elements ?? [];
    if (!first || ((head & 0x80) !== 0) !== (open !== undefined)) return undefined;
    if (units.length + others.length > mostObus) return undefined;
    open ??= [];
    open.push(first);
    const parts: Buffer[][] = [open, ...others.map((element) => [element])];
    open = head & 0x40 ? parts.pop() : undefined;
    units.push(...parts.map((part) => Buffer.concat(part)));
  }
  return open ? undefined : units;
}

/** OBUs that may have size fields of their own, and so be several; undefined where they are more than `mostObus`. */
function sized(elements: readonly Buffer[]): Buffer[] | undefined {
  const units: Buffer[] = [];
  for (const element of elements) {
    units.push(...splitObus(element, mostObus + 1 - units.length));
    if (units.length > mostObus) return undefined;
  }
  return units;
}

/** What is in one payload: with W each has its length but the last of W elements; without, each. */
function elementsOf(payload: Buffer): Buffer[] | undefined {
  const count = ((payload[0] ?? 0) >> 4) & 3;
  const elements: Buffer[] = [];
  for (let at = 1; at < payload.length; ) {
    const isLast = elements.length + 1 === count;
    const size = isLast ? { value: payload.length - at, length: 0 } : readLeb128(payload, at);
    const start = at + size.length;
    at = start + size.value;
    if (at > payload.length) return undefined;
    elements.push(payload.subarray(start, at));
  }
  return count === 0 || elements.length === count ? elements : undefined;
}

function withSize(unit: Buffer): Buffer[] {
  const head = unit[0] as number;
  const headBytes = head & 0x04 ? 2 : 1;
  const body = unit.subarray(headBytes);
  return [Buffer.from([head | 0x02]), unit.subarray(1, headBytes), writeLeb128(body.length), body];
}

/** `show_existing_frame` and `frame_type` are both 0 (AV1 specification, 5.9.2). */
function isKeyFrame(unit: Buffer): boolean {
  const headBytes = (unit[0] as number) & 0x04 ? 2 : 1;
  return ((unit[headBytes] ?? 0xff) & 0xe0) === 0;
}

function obuType(unit: Buffer): number {
  return ((unit[0] ?? 0) >> 3) & 0x0f;
}
