import { expect, test } from 'vitest';
import { lostPackets } from '../../../../src/ingest/media/rtp/nack.ts';

/** A generic NACK (RFC 4585, 6.2.1): pairs of a first packet and a mask of those that follow. */
function nack(ssrc: number, ...items: [first: number, mask: number][]): Buffer {
  const message = Buffer.alloc(12 + items.length * 4);
  message.writeUInt8(0x81, 0);
  message.writeUInt8(205, 1);
  message.writeUInt16BE(message.length / 4 - 1, 2);
  message.writeUInt32BE(7, 4);
  message.writeUInt32BE(ssrc, 8);
  for (const [index, [first, mask]] of items.entries()) {
    message.writeUInt16BE(first, 12 + index * 4);
    message.writeUInt16BE(mask, 14 + index * 4);
  }
  return message;
}

const receiverReport = Buffer.from([0x80, 201, 0, 1, 0, 0, 0, 7]);
const pictureLoss = Buffer.from([0x81, 206, 0, 2, 0, 0, 0, 7, 0, 0, 0, 9]);
const transportCc = (() => {
  const message = nack(9, [1, 0]);
  message.writeUInt8(0x8f, 0);
  return message;
})();
const ssrc = 0xdeadbeef;

test.each([
  { name: 'one packet', rtcp: nack(ssrc, [100, 0]), expected: [100] },
  {
    name: 'those of its mask',
    rtcp: nack(ssrc, [100, 0b1000_0000_0000_0101]),
    expected: [100, 101, 103, 116],
  },
  { name: 'past the end of the numbers', rtcp: nack(ssrc, [65_535, 0b11]), expected: [65_535, 0, 1] },
  { name: 'several items', rtcp: nack(ssrc, [5, 1], [40, 0]), expected: [5, 6, 40] },
  {
    name: 'a message among others',
    rtcp: Buffer.concat([receiverReport, nack(ssrc, [5, 0]), pictureLoss, nack(ssrc, [8, 0])]),
    expected: [5, 8],
  },
  { name: 'nothing of other feedback', rtcp: Buffer.concat([pictureLoss, transportCc]), expected: [] },
  { name: 'nothing of a NACK without items', rtcp: nack(ssrc), expected: [] },
  { name: 'nothing of nothing', rtcp: Buffer.alloc(0), expected: [] },
  { name: 'nothing of three bytes', rtcp: Buffer.from([0x81, 205, 0]), expected: [] },
  { name: 'nothing of a NACK that is cut', rtcp: nack(ssrc, [5, 0]).subarray(0, 14), expected: [] },
  {
    name: 'what comes before garbage',
    rtcp: Buffer.concat([nack(ssrc, [5, 0]), Buffer.alloc(9, 0xff)]),
    expected: [5],
  },
  { name: 'nothing of zeros', rtcp: Buffer.alloc(64), expected: [] },
])('lostPackets reads $name', ({ rtcp, expected }) => {
  expect(lostPackets(rtcp)).toEqual(expected.map((sequence) => ({ ssrc, sequence })));
});

test('lostPackets takes any bytes', () => {
  let state = 7;
  for (let round = 0; round < 5000; round++) {
    const rtcp = Buffer.from(
      Array.from({ length: round % 64 }, () => {
        state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
        return (state >>> 16) & 0xff;
      }),
    );
    if (rtcp.length > 3) rtcp.set([0x81, 205, 0, round % 20], 0);
    expect(lostPackets(rtcp).length).toBeLessThanOrEqual((rtcp.length / 4) * 17);
  }
});
