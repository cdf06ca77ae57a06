import { describe, expect, test } from 'vitest';
import { Av1Packetizer, splitObus } from '../../../../src/ingest/media/av1/packetize-av1.ts';
import { obus } from '../rtp/depacketize.ts';

const maxBytes = 50;
const types = { sequenceHeader: 1, delimiter: 2, metadata: 5, frame: 6, tileList: 8, padding: 15 } as const;

/** An OBU without its size field, as it goes over RTP. */
function obu(type: keyof typeof types, bodyBytes: number, layer?: number): Buffer {
  const head = (types[type] << 3) | (layer === undefined ? 0 : 0x04);
  return Buffer.from([head, ...(layer === undefined ? [] : [layer]), ...Array(bodyBytes).fill(0xab)]);
}

/** The same in low-overhead form: with its size behind its head. */
function sized(unit: Buffer): Buffer {
  const headBytes = unit.readUInt8(0) & 0x04 ? 2 : 1;
  const head = Buffer.from(unit.subarray(0, headBytes));
  head.writeUInt8(unit.readUInt8(0) | 0x02, 0);
  const length = unit.length - headBytes;
  const size = length < 128 ? [length] : [(length & 0x7f) | 0x80, length >> 7];
  return Buffer.concat([head, Buffer.from(size), unit.subarray(headBytes)]);
}

const temporalUnit = (...units: Buffer[]) => Buffer.concat([sized(obu('delimiter', 0)), ...units.map(sized)]);
const sequence = obu('sequenceHeader', 10);

describe('splitObus finds', () => {
  test.each([
    { name: 'one unit', bytes: sized(obu('frame', 3)), expected: [obu('frame', 3)] },
    { name: 'one without a size', bytes: obu('frame', 300), expected: [obu('frame', 300)] },
    { name: 'the size of two bytes', bytes: sized(obu('frame', 300)), expected: [obu('frame', 300)] },
    {
      name: 'a size with needless bytes',
      bytes: Buffer.from([0x32, 0x81, 0x80, 0x00, 0x77]),
      expected: [Buffer.from([0x30, 0x77])],
    },
    {
      name: 'the extension of a head',
      bytes: sized(obu('frame', 3, 0x28)),
      expected: [obu('frame', 3, 0x28)],
    },
    {
      name: 'an empty unit before another',
      bytes: Buffer.concat([sized(obu('delimiter', 0)), sized(sequence)]),
      expected: [obu('delimiter', 0), sequence],
    },
    { name: 'nothing in nothing', bytes: Buffer.alloc(0), expected: [] },
    {
      name: 'what comes before a unit that is longer than all',
      bytes: Buffer.concat([sized(sequence), Buffer.from([0x32, 0x50, 1, 2])]),
      expected: [sequence],
    },
    {
      name: 'what comes before a size without end',
      bytes: Buffer.concat([sized(sequence), Buffer.from([0x32, ...Array(12).fill(0xff)])]),
      expected: [sequence],
    },
    { name: 'nothing in a head alone', bytes: Buffer.from([0x32]), expected: [] },
    { name: 'nothing in half a head', bytes: Buffer.from([0x34]), expected: [] },
  ])('$name', ({ bytes, expected }) => {
    expect(splitObus(bytes)).toEqual(expected);
  });
});

describe('Av1Packetizer sends', () => {
  test.each([
    { name: 'one small unit', units: [obu('frame', 9)], heads: [0x00] },
    {
      name: 'several small units in one packet',
      units: [obu('metadata', 9), obu('frame', 9)],
      heads: [0x00],
    },
    { name: 'a unit in two parts', units: [obu('frame', 60)], heads: [0x40, 0x80] },
    { name: 'a unit in three parts', units: [obu('frame', 130)], heads: [0x40, 0xc0, 0x80] },
    {
      name: 'a new unit behind the end of another',
      units: [obu('frame', 60), obu('frame', 60)],
      heads: [0x40, 0xc0, 0x80],
    },
    {
      name: 'nothing of what receivers do not need',
      units: [obu('tileList', 5), obu('padding', 5)],
      heads: [],
    },
  ])('$name', ({ units, heads }) => {
    const payloads = new Av1Packetizer()
      .packetize(temporalUnit(...units), false, maxBytes)
      .map(({ data }) => data);
    expect(payloads.map((data) => data.readUInt8(0))).toEqual(heads);
    expect(obus(payloads)).toEqual(heads.length === 0 ? [] : units);
    for (const payload of payloads) expect(payload.length).toBeLessThanOrEqual(maxBytes);
  });

  test('units of every length whole', () => {
    for (let bodyBytes = 0; bodyBytes < 300; bodyBytes++) {
      const units = [obu('frame', bodyBytes), obu('metadata', 7), obu('frame', 299 - bodyBytes)];
      const payloads = new Av1Packetizer().packetize(temporalUnit(...units), false, 200);
      expect(obus(payloads.map(({ data }) => data))).toEqual(units);
      expect(Math.max(...payloads.map(({ data }) => data.length))).toBeLessThanOrEqual(200);
    }
  });

  test('a key frame that lacks its sequence header with the last one', () => {
    const packetizer = new Av1Packetizer();
    packetizer.packetize(temporalUnit(sequence, obu('frame', 5)), true, maxBytes);
    const payloads = packetizer.packetize(temporalUnit(obu('frame', 5)), true, maxBytes);
    expect(obus(payloads.map(({ data }) => data))).toEqual([sequence, obu('frame', 5)]);
  });

  test('a mark of a new sequence with the first packet of a key frame only', () => {
    const packetizer = new Av1Packetizer();
    const key = packetizer.packetize(temporalUnit(sequence, obu('frame', 90)), true, maxBytes);
    const other = packetizer.packetize(temporalUnit(obu('frame', 90)), false, maxBytes);
    expect(key.map(({ data }) => data.readUInt8(0) & 0x08)).toEqual([8, 0, 0]);
    expect(other.map(({ data }) => data.readUInt8(0) & 0x08)).toEqual([0, 0]);
  });

  test('frame numbers without holes, also where a unit gives no packet', () => {
    const packetizer = new Av1Packetizer();
    const numbers: number[] = [];
    for (let count = 0; count < 2 ** 16 + 2; count++) {
      packetizer.packetize(temporalUnit(), false, maxBytes);
      const [payload] = packetizer.packetize(temporalUnit(obu('frame', 5)), false, maxBytes);
      numbers.push(payload?.extension?.readUInt16BE(1) ?? -1);
    }
    expect(numbers.every((number, count) => number === count % 2 ** 16)).toBe(true);
  });
});
