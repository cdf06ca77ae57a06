/** A number of at most 8 bytes (AV1 specification, 4.10.5); infinite where it does not end. */
export function readLeb128(buffer: Buffer, offset: number): { value: number; length: number } {
  let value = 0;
  for (let length = 1; length <= 8; length++) {
    const byte = buffer[offset + length - 1] ?? 0xff;
    value += (byte & 0x7f) * 2 ** (7 * (length - 1));
    if (byte < 0x80) return { value, length };
  }
  return { value: Number.POSITIVE_INFINITY, length: 8 };
}

/** The shortest form of a number below 2^31. */
export function writeLeb128(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest >>= 7) bytes.push((rest & 0x7f) | 0x80);
  return Buffer.from([...bytes, rest]);
}
