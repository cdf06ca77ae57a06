import type { PictureSize } from '../rtp-in/picture-size.ts';

/** RFC 6386, 9.1: a tag of 3 bytes, a start code, two numbers of 14 bits. */
export function vp8Size(frame: Buffer): PictureSize | undefined {
  if (frame.length < 10 || frame.readUIntBE(3, 3) !== 0x9d012a) return undefined;
  return { width: frame.readUInt16LE(6) & 0x3fff, height: frame.readUInt16LE(8) & 0x3fff };
}

/** VP9 specification, 6.2, of profile 0: flags, a sync code, 4 bits of colour, two numbers of 16 bits less one. */
export function vp9Size(frame: Buffer): PictureSize | undefined {
  if (frame.length < 9 || ((frame[0] as number) & 0xfc) !== 0x80 || frame.readUIntBE(1, 3) !== 0x498342)
    return undefined;
  const isRgb = (frame[4] as number) >> 5 === 7;
  if (isRgb) return undefined;
  const sizes = frame.readUIntBE(4, 5) / 2 ** 4;
  return { width: (Math.floor(sizes / 2 ** 16) & 0xffff) + 1, height: (Math.floor(sizes) & 0xffff) + 1 };
}
