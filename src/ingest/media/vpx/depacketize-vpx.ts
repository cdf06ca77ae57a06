import type { Depacketizer } from '../rtp-in/depacketizer.ts';

/** What a payload is part of, and its part of the frame, behind the descriptor. */
interface Part {
  readonly begins: boolean;
  /** It belongs to a picture that needs no other, as far as the descriptor tells. */
  readonly key: boolean;
  readonly body: Buffer;
}

/** VP8 (RFC 7741). */
export const vp8: Depacketizer = depacketizer(vp8Part);

/** VP9 (RFC 9628). Spatial layers of one picture come one behind the other, as decoders take them. */
export const vp9: Depacketizer = depacketizer(vp9Part);

function depacketizer(partOf: (payload: Buffer) => Part | undefined): Depacketizer {
  return {
    beginsKeyFrame: (payload) => {
      const part = partOf(payload);
      return part ? part.begins && part.key : false;
    },
    frame: (payloads) => {
      const parts = payloads.map(partOf).filter((part) => part !== undefined);
      const [first] = parts;
      if (parts.length < payloads.length || !first?.begins) return undefined;
      return { data: Buffer.concat(parts.map(({ body }) => body)), key: first.key };
    },
  };
}

/** RFC 7741, 4.2: X R N S R PID, then by X: I L T K, and what those announce. */
function vp8Part(payload: Buffer): Part | undefined {
  const head = payload[0] ?? 0;
  let at = 1;
  if (head & 0x80) {
    const extended = payload[at++] ?? 0;
    if (extended & 0x80) at += (payload[at] ?? 0) & 0x80 ? 2 : 1;
    if (extended & 0x40) at++;
    if (extended & 0x30) at++;
  }
  const begins = (head & 0x17) === 0x10;
  const first = payload[at];
  // The first bit of a frame says 'not a key frame' (RFC 6386, 9.1).
  return first === undefined ? undefined : { begins, key: (first & 1) === 0, body: payload.subarray(at) };
}

/** RFC 9628, 4.2: I P L F B E V Z, and what those announce. */
function vp9Part(payload: Buffer): Part | undefined {
  const head = payload[0] ?? 0;
  const [hasId, isPredicted, hasLayers, isFlexible] = [head & 0x80, head & 0x40, head & 0x20, head & 0x10];
  let at = 1;
  let spatial = 0;
  if (hasId) at += (payload[at] ?? 0) & 0x80 ? 2 : 1;
  if (hasLayers) {
    spatial = ((payload[at++] ?? 0) >> 1) & 7;
    if (!isFlexible) at++;
  }
  // Up to three references, each of which tells whether another follows.
  if (isFlexible && isPredicted) {
    for (let count = 1; count < 3 && (payload[at] ?? 0) & 1; count++) at++;
    at++;
  }
  if (head & 0x02) at = scalabilityEnd(payload, at);
  if (at >= payload.length) return undefined;
  const begins = (head & 0x08) !== 0 && spatial === 0;
  return { begins, key: isPredicted === 0, body: payload.subarray(at) };
}

/** Where the scalability structure ends (RFC 9628, 4.2.1): N_S Y G, sizes of 4 bytes, a list of groups. */
function scalabilityEnd(payload: Buffer, start: number): number {
  const head = payload[start] ?? 0;
  let at = start + 1;
  if (head & 0x10) at += ((head >> 5) + 1) * 4;
  if ((head & 0x08) === 0) return at;
  let groups = payload[at++] ?? 0;
  for (; groups > 0; groups--) at += 1 + (((payload[at] ?? 0) >> 2) & 3);
  return at;
}
