import { BitReader } from '../rtp-in/bit-reader.ts';
import type { PictureSize } from '../rtp-in/picture-size.ts';
import { splitObus } from './packetize-av1.ts';

const sequenceHeader = 1;

/** The size that the sequence header of a key frame tells (AV1 specification, 5.5). */
export function av1Size(keyFrame: Buffer): PictureSize | undefined {
  const header = splitObus(keyFrame).find((unit) => (((unit[0] as number) >> 3) & 0x0f) === sequenceHeader);
  if (!header) return undefined;
  const headBytes = (header[0] as number) & 0x04 ? 2 : 1;
  const reader = new BitReader(header.subarray(headBytes));
  reader.bits(4); // Profile, still picture.
  if (reader.flag())
    reader.bits(5); // Level of a still picture.
  else skipOperatingPoints(reader);
  const widthBits = reader.bits(4) + 1;
  const heightBits = reader.bits(4) + 1;
  return { width: reader.bits(widthBits) + 1, height: reader.bits(heightBits) + 1 };
}

/** From `timing_info_present_flag` to the last operating point (5.5.1). */
function skipOperatingPoints(reader: BitReader): void {
  const hasTiming = reader.flag();
  const delayBits = hasTiming ? readTiming(reader) : 0;
  const hasDisplayDelay = reader.flag();
  const points = reader.bits(5) + 1;
  for (let point = 0; point < points; point++) {
    reader.bits(12);
    const level = reader.bits(5);
    if (level > 7) reader.flag(); // Tier.
    if (delayBits > 0 && reader.flag()) reader.bits(delayBits * 2 + 1);
    if (hasDisplayDelay && reader.flag()) reader.bits(4);
  }
}

/** 5.5.3 and 5.5.4; gives the bits of a buffer's delay, 0 without a decoder model. */
function readTiming(reader: BitReader): number {
  reader.bits(64);
  if (reader.flag()) reader.golomb();
  if (!reader.flag()) return 0;
  const delayBits = reader.bits(5) + 1;
  reader.bits(42);
  return delayBits;
}
