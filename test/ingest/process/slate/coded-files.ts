import type { VideoCodec } from '../../../../src/contract/plan.ts';
import type { MediaFrame } from '../../../../src/ingest/media/media-frame.ts';

/** Pictures as the bytes of a file that ffmpeg's demuxer of this name reads. */
export function videoFile(
  codec: VideoCodec,
  pictures: readonly MediaFrame[],
): { demuxer: string; bytes: Buffer<ArrayBuffer> } {
  const data = pictures.map((picture) => picture.data);
  if (codec === 'h264') return { demuxer: 'h264', bytes: Buffer.concat(data) };
  if (codec === 'av1') return { demuxer: 'obu', bytes: Buffer.concat(data) };
  return { demuxer: 'ivf', bytes: ivf(codec, data) };
}

/** IVF: a header of 32 bytes, then each picture behind its length and time. */
function ivf(codec: 'vp8' | 'vp9', pictures: readonly Buffer[]): Buffer<ArrayBuffer> {
  const header = Buffer.alloc(32);
  header.write(codec === 'vp8' ? 'DKIF\0\0\x20\0VP80' : 'DKIF\0\0\x20\0VP90', 'latin1');
  header.writeUInt16LE(1280, 12);
  header.writeUInt16LE(720, 14);
  header.writeUInt32LE(20, 16);
  header.writeUInt32LE(1, 20);
  header.writeUInt32LE(pictures.length, 24);
  const parts = pictures.flatMap((picture, index) => {
    const head = Buffer.alloc(12);
    head.writeUInt32LE(picture.length, 0);
    head.writeUInt32LE(index, 4);
    return [head, picture];
  });
  return Buffer.concat([header, ...parts]);
}

/** Opus packets of 20 ms in stereo as an Ogg file (RFC 7845), each packet on a page of its own. */
export function oggFile(sounds: readonly MediaFrame[]): Buffer {
  const head = Buffer.from('OpusHead\x01\x02\0\0\x80\xbb\0\0\0\0\0', 'latin1');
  const tags = Buffer.concat([Buffer.from('OpusTags'), Buffer.alloc(8)]);
  return Buffer.concat([
    page(head, 0, 0, 2),
    page(tags, 1, 0, 0),
    ...sounds.map(({ data }, index) =>
      page(data, index + 2, (index + 1) * 960, index === sounds.length - 1 ? 4 : 0),
    ),
  ]);
}

/** A page of the Ogg format (RFC 3533, section 6) with one packet. */
function page(packet: Buffer, sequence: number, samples: number, flags: number): Buffer {
  const laces = [...Array<number>(Math.floor(packet.length / 255)).fill(255), packet.length % 255];
  const header = Buffer.alloc(27 + laces.length);
  header.write('OggS');
  header[5] = flags;
  header.writeBigInt64LE(BigInt(samples), 6);
  header.writeUInt32LE(1, 14);
  header.writeUInt32LE(sequence, 18);
  header[26] = laces.length;
  header.set(laces, 27);
  const whole = Buffer.concat([header, packet]);
  whole.writeUInt32LE(checksum(whole), 22);
  return whole;
}

function checksum(bytes: Buffer): number {
  let sum = 0;
  for (const byte of bytes) {
    sum ^= byte << 24;
    for (let bit = 0; bit < 8; bit++) sum = sum & 0x80000000 ? (sum << 1) ^ 0x04c11db7 : sum << 1;
  }
  return sum >>> 0;
}
