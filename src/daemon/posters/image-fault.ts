import type { ImageType } from '../../contract/image-type.ts';

/** Segments of JPEG that begin a picture and tell its size: SOF0 to SOF15, without DHT, JPG and DAC (ITU-T T.81, table B.1). */
const isFrame = (marker: number) => marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
const startOfScan = 0xda;
const endOfImage = Buffer.from([0xff, 0xd9]);
const cutOff = 'it is cut off';
const noSize = 'it says no size';

/** What is wrong with an image, as far as its structure tells, which is walked through and not decoded; null: nothing. */
export function imageFault(type: ImageType, body: Uint8Array): string | null {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.length);
  try {
    return { 'image/jpeg': jpegFault, 'image/png': pngFault, 'image/webp': webpFault }[type](bytes);
  } catch (error) {
    // It was read beyond its end.
    if (error instanceof RangeError) return cutOff;
    throw error;
  }
}

/** ITU-T T.81, annex B. */
function jpegFault(bytes: Buffer): string | null {
  let sized = false;
  let at = 2;
  for (let marker = 0; marker !== startOfScan; ) {
    if (bytes.readUInt8(at) !== 0xff) return 'what follows one of its segments is none';
    marker = bytes.readUInt8(at + 1);
    if (isFrame(marker)) {
      // Its height may follow behind the first scan (DNL), which browsers do not take.
      if (bytes.readUInt16BE(at + 5) === 0 || bytes.readUInt16BE(at + 7) === 0) return noSize;
      sized = true;
    }
    // Bytes before a marker may be filled.
    at += marker === 0xff ? 1 : 2 + bytes.readUInt16BE(at + 2);
  }
  if (!sized) return noSize;
  // A thumbnail before the scan has an end of its own.
  return bytes.includes(endOfImage, at) ? null : cutOff;
}

/** PNG (third edition), sections 5.3 and 5.6. */
function pngFault(bytes: Buffer): string | null {
  if (bytes.toString('latin1', 12, 16) !== 'IHDR') return bytes.length < 16 ? cutOff : noSize;
  if (bytes.readUInt32BE(16) === 0 || bytes.readUInt32BE(20) === 0) return noSize;
  let drawn = false;
  for (let at = 8; ; ) {
    const length = bytes.readUInt32BE(at);
    const name = bytes.toString('latin1', at + 4, at + 8);
    // Its checksum is there too.
    bytes.readUInt32BE(at + 8 + length);
    if (name === 'IEND') return drawn ? null : 'there is no picture in it';
    drawn ||= name === 'IDAT' && length > 0;
    at += 12 + length;
  }
}

/** RFC 9649, section 2. */
function webpFault(bytes: Buffer): string | null {
  const end = 8 + bytes.readUInt32LE(4);
  if (end > bytes.length) return cutOff;
  for (let at = 12; at < end; ) {
    const length = bytes.readUInt32LE(at + 4);
    if (at + 8 + length > end) return cutOff;
    // A picture, with or without loss, or one of several that move.
    if (['VP8 ', 'VP8L', 'ANMF'].includes(bytes.toString('latin1', at, at + 4)) && length > 0) return null;
    at += 8 + length + (length % 2);
  }
  return 'there is no picture in it';
}
