import { describe, expect, test } from 'vitest';
import { OpusPacketizer } from '../../../../src/ingest/media/opus/packetize-opus.ts';
import { Vp8Packetizer, Vp9Packetizer } from '../../../../src/ingest/media/vpx/packetize-vpx.ts';

const maxBytes = 20;
const bytes = (length: number) => Buffer.from(Array.from({ length }, (_, index) => index % 251));

/** RFC 7741, 4.2: first byte X R N S R PID; then I; then M and 15 bits of picture id. */
const vp8 = { name: 'VP8', make: () => new Vp8Packetizer(), headBytes: 4, idAt: 2 };
/** RFC 9628, 4.2: first byte I P L F B E V Z; then M and 15 bits of picture id. */
const vp9 = { name: 'VP9', make: () => new Vp9Packetizer(), headBytes: 3, idAt: 1 };

describe.each([vp8, vp9])('$name', ({ make, headBytes, idAt }) => {
  test.each([1, 5, 15, 16, 17, 18, 32, 33, 34, 35, 400])('a frame of %i bytes comes whole', (length) => {
    const payloads = make()
      .packetize(bytes(length), true, maxBytes)
      .map(({ data }) => data);
    expect(Buffer.concat(payloads.map((data) => data.subarray(headBytes)))).toEqual(bytes(length));
    for (const data of payloads) {
      expect(data.length).toBeLessThanOrEqual(maxBytes);
      expect(data.length).toBeGreaterThan(headBytes);
    }
  });

  test('a frame of nothing gives no packet', () => {
    expect(make().packetize(Buffer.alloc(0), false, maxBytes)).toEqual([]);
  });

  test('pictures are counted with 15 bits', () => {
    const packetizer = make();
    const ids: number[] = [];
    for (let count = 0; count < 2 ** 15 + 2; count++) {
      const payloads = packetizer.packetize(bytes(40), count === 0, maxBytes).map(({ data }) => data);
      const found = new Set(payloads.map((data) => data.readUInt16BE(idAt)));
      expect(found.size).toBe(1);
      ids.push(...found);
    }
    expect(ids.slice(0, 3)).toEqual([0x8000, 0x8001, 0x8002]);
    expect(ids.slice(-3)).toEqual([0xffff, 0x8000, 0x8001]);
  });
});

test('VP8 marks the start of a frame only', () => {
  const heads = new Vp8Packetizer()
    .packetize(bytes(40), true, maxBytes)
    .map(({ data }) => data.subarray(0, 2));
  expect(heads).toEqual([Buffer.from([0x90, 0x80]), Buffer.from([0x80, 0x80]), Buffer.from([0x80, 0x80])]);
});

test.each([
  { name: 'a key frame in three packets', key: true, length: 40, expected: [0x88, 0x80, 0x84] },
  { name: 'another frame in three packets', key: false, length: 40, expected: [0xc8, 0xc0, 0xc4] },
  { name: 'a key frame in one packet', key: true, length: 4, expected: [0x8c] },
  { name: 'another frame in one packet', key: false, length: 4, expected: [0xcc] },
])('VP9 marks start, end and prediction of $name', ({ key, length, expected }) => {
  const payloads = new Vp9Packetizer().packetize(bytes(length), key, maxBytes);
  expect(payloads.map(({ data }) => data.readUInt8(0))).toEqual(expected);
});

test('an Opus packet is one payload', () => {
  expect(new OpusPacketizer().packetize(bytes(300))).toEqual([{ data: bytes(300) }]);
});
