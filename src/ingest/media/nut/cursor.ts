/**
 * Reads NUT's elementary values from a buffer that may end too early.
 * A read past the end yields 0 and sets `short`: the caller checks once, after a whole element.
 */
export class Cursor {
  readonly buffer: Buffer;
  offset: number;
  short = false;

  constructor(buffer: Buffer, offset = 0) {
    this.buffer = buffer;
    this.offset = offset;
  }

  byte(): number {
    if (this.offset >= this.buffer.length) {
      this.short = true;
      return 0;
    }
    return this.buffer[this.offset++] as number;
  }

  /** NUT's `v`: big-endian groups of 7 bits; values over 2^53 lose precision, which only the unused `match_time` default has. */
  unsigned(): number {
    let value = 0;
    for (let digits = 0; digits < 10; digits++) {
      const byte = this.byte();
      value = value * 128 + (byte & 0x7f);
      if (byte < 0x80) break;
    }
    return value;
  }

  /** NUT's `s`: the sign is in the lowest bit. */
  signed(): number {
    const value = this.unsigned() + 1;
    return value % 2 === 1 ? -Math.floor(value / 2) : value / 2;
  }

  uint32(): number {
    let value = 0;
    for (let digits = 0; digits < 4; digits++) value = value * 256 + this.byte();
    return value;
  }

  /** NUT's `vb`, or a run of `length` bytes; a view, not a copy. */
  bytes(length: number): Buffer {
    if (this.offset + length > this.buffer.length) this.short = true;
    const start = this.offset;
    this.offset += length;
    return this.buffer.subarray(start, this.offset);
  }
}
