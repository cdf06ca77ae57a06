import { describe, expect, test } from 'vitest';
import type { VideoCodec } from '../../../../src/contract/plan.ts';
import { depacketizers } from '../../../../src/ingest/media/rtp-in/depacketizers.ts';
import { pseudoRandom } from '../../../helpers/pseudo-random.ts';

const startCode = [0, 0, 0, 1];
/** A STAP-A of units. */
const stap = (...units: number[][]) => [0x78, ...units.flatMap((unit) => [0, unit.length, ...unit])];
const [sps, pps, sei] = [
  [0x67, 1, 2],
  [0x68, 3],
  [0x06, 9],
];
const [idr, secondIdr, slice] = [
  [0x65, 0x88, 4],
  [0x65, 0x08, 5],
  [0x41, 0x9a, 6],
];
const annexB = (...units: number[][]) => units.flatMap((unit) => [...startCode, ...unit]);

/** OBUs as they go over RTP, and with their size as they go everywhere else. */
const sequence = [0x08, 0x11, 0x22];
const [keyFrame, interFrame, shownAgain] = [
  [0x30, 0x10, 1],
  [0x30, 0x30, 2],
  [0x18, 0x80],
];
const layered = [0x34, 0x20, 0x10, 7];
const sized = (...units: number[][]) =>
  [[0x10], ...units].flatMap((unit) => {
    const headBytes = ((unit[0] ?? 0) & 4) !== 0 ? 2 : 1;
    const [head = 0, ...rest] = unit;
    return [head | 2, ...rest.slice(0, headBytes - 1), unit.length - headBytes, ...unit.slice(headBytes)];
  });

type Case = {
  readonly name: string;
  readonly payloads: readonly number[][];
  readonly data: readonly number[];
  readonly key: boolean;
};

const whole: Readonly<Record<VideoCodec, readonly Case[]>> = {
  h264: [
    { name: 'a slice', payloads: [slice], data: annexB(slice), key: false },
    {
      name: 'parameter sets and IDR',
      payloads: [stap(sps, pps), idr],
      data: annexB(sps, pps, idr),
      key: true,
    },
    {
      name: 'IDR in an aggregate',
      payloads: [stap(sps, pps, sei, idr)],
      data: annexB(sps, pps, sei, idr),
      key: true,
    },
    {
      name: 'IDR in slices',
      payloads: [sps, pps, idr, secondIdr],
      data: annexB(sps, pps, idr, secondIdr),
      key: true,
    },
    {
      name: 'IDR in fragments',
      payloads: [sps, pps, [0x7c, 0x85, 1, 2], [0x7c, 0x05, 3], [0x7c, 0x45, 4]],
      data: annexB(sps, pps, [0x65, 1, 2, 3, 4]),
      key: true,
    },
    {
      name: 'two units in fragments',
      payloads: [
        [0x5c, 0x81, 1],
        [0x5c, 0x41, 2],
        [0x5c, 0x81, 3],
        [0x5c, 0x41, 4],
      ],
      data: annexB([0x41, 1, 2], [0x41, 3, 4]),
      key: false,
    },
    { name: 'parameter sets alone', payloads: [sps, pps], data: annexB(sps, pps), key: false },
  ],
  vp8: [
    {
      name: 'a short descriptor',
      payloads: [
        [0x10, 0x00, 7],
        [0x00, 8],
      ],
      data: [0x00, 7, 8],
      key: true,
    },
    { name: 'a predicted frame', payloads: [[0x10, 0x01, 7]], data: [0x01, 7], key: false },
    { name: 'a picture id of 7 bits', payloads: [[0x90, 0x80, 0x11, 0x00, 7]], data: [0x00, 7], key: true },
    {
      name: 'a picture id of 15 bits',
      payloads: [[0x90, 0x80, 0x81, 0x11, 0x00, 7]],
      data: [0x00, 7],
      key: true,
    },
    {
      name: 'temporal layers',
      payloads: [[0x90, 0xe0, 0x81, 0x11, 5, 0x40, 0x01, 7]],
      data: [0x01, 7],
      key: false,
    },
    { name: 'a key index alone', payloads: [[0x90, 0x10, 0x40, 0x00, 7]], data: [0x00, 7], key: true },
    {
      name: 'a second partition',
      payloads: [
        [0x10, 0x00, 7],
        [0x01, 8],
        [0x12, 9],
      ],
      data: [0x00, 7, 8, 9],
      key: true,
    },
  ],
  vp9: [
    {
      name: 'a key frame',
      payloads: [
        [0x88, 0x80, 1, 7],
        [0x84, 0x80, 1, 8],
      ],
      data: [7, 8],
      key: true,
    },
    { name: 'a predicted frame', payloads: [[0xcc, 0x01, 7]], data: [7], key: false },
    { name: 'layers', payloads: [[0xac, 0x80, 1, 0x10, 9, 7]], data: [7], key: true },
    {
      name: 'a spatial layer above',
      payloads: [
        [0xac, 1, 0x00, 9, 7],
        [0xec, 1, 0x02, 9, 8],
      ],
      data: [7, 8],
      key: true,
    },
    { name: 'flexible mode', payloads: [[0xfc, 1, 0x00, 0x03, 0x02, 7]], data: [7], key: false },
    { name: 'three references', payloads: [[0xdc, 1, 0x03, 0x05, 0x07, 7]], data: [7], key: false },
    {
      name: 'a scalability structure',
      payloads: [[0x8e, 1, 0x38, 0, 1, 0, 2, 0, 3, 0, 4, 2, 0x00, 0x08, 1, 1, 7]],
      data: [7],
      key: true,
    },
  ],
  av1: [
    {
      name: 'one element without its length',
      payloads: [[0x10, ...interFrame]],
      data: sized(interFrame),
      key: false,
    },
    {
      name: 'a key frame',
      payloads: [[0x28, 3, ...sequence, ...keyFrame]],
      data: sized(sequence, keyFrame),
      key: true,
    },
    {
      name: 'every element with its length',
      payloads: [[0x08, 3, ...sequence, 3, ...keyFrame]],
      data: sized(sequence, keyFrame),
      key: true,
    },
    {
      name: 'a frame in parts',
      payloads: [
        [0x58, 0x30],
        [0xd0, 0x30],
        [0x90, 2],
      ],
      data: sized(interFrame),
      key: false,
    },
    {
      name: 'a part and more',
      payloads: [
        [0x58, ...keyFrame.slice(0, 2)],
        [0xa0, 1, 1, ...interFrame],
      ],
      data: sized(keyFrame, interFrame),
      key: false,
    },
    {
      name: 'a size field of its own',
      payloads: [[0x10, 0x32, 2, 0x30, 2]],
      data: sized(interFrame),
      key: false,
    },
    {
      name: 'the extension of a layer',
      payloads: [[0x28, 3, ...sequence, ...layered]],
      data: sized(sequence, layered),
      key: true,
    },
    {
      name: 'no temporal delimiter twice',
      payloads: [[0x20, 1, 0x10, ...interFrame]],
      data: sized(interFrame),
      key: false,
    },
    {
      name: 'a key frame without a sequence header',
      payloads: [[0x10, ...keyFrame]],
      data: sized(keyFrame),
      key: false,
    },
    {
      name: 'a frame that is shown again',
      payloads: [[0x28, 3, ...sequence, ...shownAgain]],
      data: sized(sequence, shownAgain),
      key: false,
    },
  ],
};

describe.each(Object.entries(whole))('%s reads', (codec, cases) => {
  test.each(cases)('$name', ({ payloads, data, key }) => {
    const frame = depacketizers[codec as VideoCodec].frame(payloads.map((bytes) => Buffer.from(bytes)));
    expect(frame && [...frame.data]).toEqual([...data]);
    expect(frame?.key).toBe(key);
  });
});

/** What begins a unit for whoever reads them one behind the other. */
function startCodes(count: number): number[] {
  return Array.from({ length: count }, () => [0, 0, 1]).flat();
}

/** OBUs of two bytes, one behind the other by their size fields. */
function sizedFrames(count: number): number[] {
  return Array.from({ length: count }, () => [0x32, 0]).flat();
}

const damaged: Readonly<Record<VideoCodec, readonly { name: string; payloads: readonly number[][] }[]>> = {
  h264: [
    {
      name: 'a fragment without its first',
      payloads: [
        [0x7c, 0x05, 3],
        [0x7c, 0x45, 4],
      ],
    },
    {
      name: 'fragments without their last',
      payloads: [
        [0x7c, 0x85, 3],
        [0x7c, 0x05, 4],
      ],
    },
    { name: 'fragments with another unit between', payloads: [[0x7c, 0x85, 3], slice, [0x7c, 0x45, 4]] },
    {
      name: 'a first fragment twice',
      payloads: [
        [0x7c, 0x85, 3],
        [0x7c, 0x85, 3],
      ],
    },
    { name: 'an empty fragment', payloads: [[0x7c, 0xc5]] },
    { name: 'an aggregate that is cut', payloads: [[0x78, 0, 9, 0x67, 1]] },
    { name: 'an aggregate with half a length', payloads: [[0x78, 0, 1, 0x67, 0]] },
    { name: 'an aggregate of nothing', payloads: [[0x78]] },
    { name: 'a unit of no length in an aggregate', payloads: [[0x78, 0, 0]] },
    { name: 'an aggregate in an aggregate', payloads: [stap(stap(sps))] },
    { name: 'a payload of another mode', payloads: [[0x1d, 0x85, 0, 1, 2]] },
    {
      name: 'thousands of units',
      payloads: Array.from({ length: 13 }, () => stap(...Array.from({ length: 320 }, () => slice))),
    },
    { name: 'thousands of start codes in one unit', payloads: [[0x65, ...startCodes(4200)]] },
  ],
  vp8: [
    { name: 'a frame without its first', payloads: [[0x00, 8]] },
    { name: 'a second partition alone', payloads: [[0x11, 8]] },
    { name: 'a descriptor without a frame', payloads: [[0x90, 0x80, 0x81, 0x11]] },
    { name: 'a descriptor that is cut', payloads: [[0x90]] },
  ],
  vp9: [
    { name: 'a frame without its first', payloads: [[0x84, 1, 8]] },
    { name: 'a spatial layer without the one below', payloads: [[0xac, 1, 0x02, 9, 8]] },
    { name: 'a descriptor without a frame', payloads: [[0x88, 0x80, 1]] },
    { name: 'a scalability structure that is cut', payloads: [[0x8a, 1, 0x08, 0xff, 0x0c]] },
  ],
  av1: [
    {
      name: 'thousands of OBUs',
      payloads: Array.from({ length: 5 }, () => [
        0x00,
        ...Array.from({ length: 221 }, () => [3, ...interFrame]).flat(),
      ]),
    },
    {
      name: 'thousands of OBUs in few elements',
      payloads: Array.from({ length: 3 }, () => [0x10, ...sizedFrames(590)]),
    },
    { name: 'thousands of OBUs in one element', payloads: [[0x10, ...sizedFrames(1025)]] },
    { name: 'a rest without its beginning', payloads: [[0x90, 2]] },
    { name: 'a beginning without its rest', payloads: [[0x50, ...keyFrame]] },
    {
      name: 'a part without the mark of the next',
      payloads: [
        [0x50, 0x30],
        [0x10, 2],
      ],
    },
    { name: 'an element that is longer than its payload', payloads: [[0x00, 9, 0x30, 1]] },
    { name: 'a length that does not end', payloads: [[0x00, 0xff, 0xff]] },
    { name: 'fewer elements than are told', payloads: [[0x30, 1, 0x30]] },
    { name: 'an aggregation header alone', payloads: [[0x00]] },
    { name: 'no frame', payloads: [[0x10, ...sequence]] },
  ],
};

describe.each(Object.entries(damaged))('%s refuses', (codec, cases) => {
  test.each(cases)('$name', ({ payloads }) => {
    const buffers = payloads.map((bytes) => Buffer.from(bytes));
    expect(depacketizers[codec as VideoCodec].frame(buffers)).toBeUndefined();
  });
});

test.each([
  { codec: 'h264', name: 'parameter sets', payload: sps, expected: true },
  { codec: 'h264', name: 'parameter sets in an aggregate', payload: stap(sei, sps), expected: true },
  { codec: 'h264', name: 'an IDR picture without them', payload: idr, expected: false },
  { codec: 'h264', name: 'a fragment', payload: [0x7c, 0x85, 0x88], expected: false },
  { codec: 'vp8', name: 'a key frame', payload: [0x10, 0x00], expected: true },
  { codec: 'vp8', name: 'a rest', payload: [0x00, 0x00], expected: false },
  { codec: 'vp8', name: 'a predicted frame', payload: [0x10, 0x01], expected: false },
  { codec: 'vp9', name: 'a key frame', payload: [0x8c, 1, 7], expected: true },
  { codec: 'vp9', name: 'its spatial layer above', payload: [0xac, 1, 0x02, 9, 7], expected: false },
  { codec: 'vp9', name: 'a rest', payload: [0x84, 1, 7], expected: false },
  { codec: 'av1', name: 'a new sequence', payload: [0x28, 1], expected: true },
  { codec: 'av1', name: 'a rest in a new sequence', payload: [0x98, 1], expected: false },
  { codec: 'av1', name: 'another packet', payload: [0x10, 1], expected: false },
] as const)('$codec tells that a key frame begins with $name: $expected', ({ codec, payload, expected }) => {
  expect(depacketizers[codec].beginsKeyFrame(Buffer.from(payload))).toBe(expected);
});

test.each(Object.entries(depacketizers))('%s takes any bytes', (_, depacketizer) => {
  const random = pseudoRandom(11);
  for (let round = 0; round < 20_000; round++) {
    const payloads = Array.from({ length: 1 + random(3) }, () =>
      Buffer.from(Array.from({ length: 1 + random(24) }, () => random(256))),
    );
    for (const payload of payloads) depacketizer.beginsKeyFrame(payload);
    expect(depacketizer.frame(payloads)?.data.length ?? 0).toBeLessThan(500);
  }
});
