import { expect, test } from 'vitest';
import { isRtcp, readRtp } from '../../../../src/ingest/media/rtp-in/rtp-packet.ts';
import { pseudoRandom } from '../../../helpers/pseudo-random.ts';

const fixed = [0x65, 0xff, 0xfe, 1, 2, 3, 4, 0xde, 0xad, 0xbe, 0xef];
const payload = [7, 8, 9];
const packet = (first: number, ...rest: number[]) => Buffer.from([first, ...fixed, ...rest]);

test('readRtp reads the fixed header', () => {
  expect(readRtp(packet(0x80, ...payload))).toEqual({
    payloadType: 0x65,
    marker: false,
    sequence: 0xfffe,
    timestamp: 0x01020304,
    ssrc: 0xdeadbeef,
    extension: Buffer.alloc(0),
    payload: Buffer.from(payload),
  });
  const marked = packet(0x80);
  marked.writeUInt8(0xe5, 1);
  expect(readRtp(marked)).toMatchObject({ payloadType: 0x65, marker: true });
});

test.each([
  { name: 'contributing sources', datagram: packet(0x82, ...Array(8).fill(5), ...payload), extension: [] },
  {
    name: 'a header extension',
    datagram: packet(0x90, 0xbe, 0xde, 0, 1, 0x50, 1, 0, 0, ...payload),
    extension: [0x50, 1, 0, 0],
  },
  {
    name: 'both',
    datagram: packet(0x91, ...Array(4).fill(5), 0xbe, 0xde, 0, 0, ...payload),
    extension: [],
  },
  { name: 'padding', datagram: packet(0xa0, ...payload, 0, 0, 3), extension: [] },
])('readRtp finds the payload with $name', ({ datagram, extension }) => {
  expect(readRtp(datagram)).toMatchObject({
    payload: Buffer.from(payload),
    extension: Buffer.from(extension),
  });
});

test('readRtp finds an empty payload behind nothing but padding', () => {
  expect(readRtp(packet(0xa0, 0, 2))?.payload.length).toBe(0);
});

test.each([
  { name: 'nothing', datagram: Buffer.alloc(0) },
  { name: 'eleven bytes', datagram: packet(0x80).subarray(0, 11) },
  { name: 'another version', datagram: packet(0x40, ...payload) },
  { name: 'contributing sources that are cut', datagram: packet(0x8f, ...payload) },
  { name: 'an extension that is cut', datagram: packet(0x90, 0xbe, 0xde, 0, 2, 0, 0, 0, 0) },
  { name: 'an extension without its length', datagram: packet(0x90, 0xbe, 0xde) },
  { name: 'more padding than there is', datagram: packet(0xa0, ...payload, 99) },
])('readRtp refuses $name', ({ datagram }) => {
  expect(readRtp(datagram)).toBeUndefined();
});

test('readRtp takes any bytes', () => {
  const random = pseudoRandom(3);
  for (let round = 0; round < 5000; round++) {
    const datagram = Buffer.from(Array.from({ length: random(40) }, () => random(256)));
    if (datagram.length > 0) datagram.writeUInt8(0x80 | random(64), 0);
    const read = readRtp(datagram);
    expect((read?.payload.length ?? 0) + (read?.extension.length ?? 0)).toBeLessThanOrEqual(28);
  }
});

test.each([
  { name: 'a sender report', type: 200, expected: true },
  { name: 'feedback', type: 206, expected: true },
  { name: 'a marked packet of a dynamic payload type', type: 0x80 | 96, expected: false },
  { name: 'a packet of the highest payload type', type: 127, expected: false },
])('isRtcp tells $name', ({ type, expected }) => {
  expect(isRtcp(Buffer.from([0x80, type, 0, 0]))).toBe(expected);
});
