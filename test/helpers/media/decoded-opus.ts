import { execa } from 'execa';

/** The samples of one channel that a decoder makes of Opus packets of 20 ms, at 48 kHz; as many as the packets have. */
export async function decodedOpus(packets: readonly Buffer[]): Promise<Float32Array> {
  const { stdout } = await execa('ffmpeg', ['-v', 'error', '-i', '-', '-ac', '1', '-f', 'f32le', '-'], {
    input: ogg(packets),
    encoding: 'buffer',
  });
  return new Float32Array(stdout.buffer.slice(stdout.byteOffset, stdout.byteOffset + stdout.length));
}

/** Opus in Ogg (RFC 7845), a packet on each page, without pre-skip. */
export function ogg(packets: readonly Buffer[]): Buffer {
  const head = Buffer.concat([Buffer.from('OpusHead'), Buffer.from([1, 2, 0, 0, 0x80, 0xbb, 0, 0, 0, 0, 0])]);
  const tags = Buffer.concat([Buffer.from('OpusTags'), Buffer.alloc(8)]);
  const pages = [head, tags, ...packets].map((data, index) =>
    page(data, { index, samples: Math.max(0, index - 1) * 960, last: index === packets.length + 1 }),
  );
  return Buffer.concat(pages);
}

/** RFC 3533, section 6. */
function page(data: Buffer, at: { index: number; samples: number; last: boolean }): Buffer {
  const segments = [...Array(Math.floor(data.length / 255)).fill(255), data.length % 255];
  const head = Buffer.alloc(27);
  head.write('OggS');
  head.writeUInt8(at.index === 0 ? 2 : at.last ? 4 : 0, 5);
  head.writeBigUInt64LE(BigInt(at.samples), 6);
  head.writeUInt32LE(1, 14);
  head.writeUInt32LE(at.index, 18);
  head.writeUInt8(segments.length, 26);
  const whole = Buffer.concat([head, Buffer.from(segments), data]);
  whole.writeUInt32LE(checksum(whole), 22);
  return whole;
}

function checksum(bytes: Buffer): number {
  let sum = 0;
  for (const byte of bytes) {
    sum ^= byte << 24;
    for (let bit = 0; bit < 8; bit++) sum = (sum & 0x80000000) === 0 ? sum << 1 : (sum << 1) ^ 0x04c11db7;
  }
  return sum >>> 0;
}
