import { describe, expect, test } from 'vitest';
import { H264Packetizer, splitAnnexB } from '../../../../src/ingest/media/h264/packetize-h264.ts';
import { nalUnits } from '../rtp/depacketize.ts';

const maxBytes = 100;
const long = Buffer.from([0, 0, 0, 1]);
const short = Buffer.from([0, 0, 1]);
/** A NAL unit: header byte, then so many bytes of body. */
const unit = (header: number, bodyBytes: number) => Buffer.from([header, ...Array(bodyBytes).fill(0xab)]);
const sps = unit(0x67, 9);
const pps = unit(0x68, 3);
const sei = unit(0x06, 20);
const idr = unit(0x65, 60);
const slice = unit(0x41, 60);
const annexB = (...units: Buffer[]) => Buffer.concat(units.flatMap((one) => [long, one]));
/** What each payload is: NAL type, or those that it aggregates, or its part of a fragmented unit. */
function shape(payload: Buffer): string {
  const type = payload.readUInt8(0) & 0x1f;
  if (type === 24) return `stap(${nalUnits([payload]).map(typeOf)})`;
  if (type !== 28) return `${type}`;
  const head = payload.readUInt8(1);
  return `fu(${head & 0x1f}${head & 0x80 ? ' start' : ''}${head & 0x40 ? ' end' : ''})`;
}
const typeOf = (one: Buffer) => one.readUInt8(0) & 0x1f;

describe('splitAnnexB finds units', () => {
  test.each([
    { name: 'behind start codes of 4 bytes', bytes: annexB(sps, idr), expected: [sps, idr] },
    {
      name: 'behind start codes of 3 bytes',
      bytes: Buffer.concat([short, sps, short, idr]),
      expected: [sps, idr],
    },
    { name: 'behind both', bytes: Buffer.concat([short, sps, long, idr]), expected: [sps, idr] },
    { name: 'without zeros that trail', bytes: Buffer.concat([long, idr, Buffer.alloc(7)]), expected: [idr] },
    {
      name: 'with the bytes that prevent emulation',
      bytes: annexB(Buffer.from([0x65, 0, 0, 3, 1, 0, 0, 3, 0, 7])),
      expected: [Buffer.from([0x65, 0, 0, 3, 1, 0, 0, 3, 0, 7])],
    },
    { name: 'but none of no length', bytes: Buffer.concat([long, long, idr, long]), expected: [idr] },
    {
      name: 'but nothing before the first start code',
      bytes: Buffer.concat([Buffer.from([9, 9]), long, idr]),
      expected: [idr],
    },
    { name: 'nowhere in nothing', bytes: Buffer.alloc(0), expected: [] },
    { name: 'nowhere in zeros', bytes: Buffer.alloc(50), expected: [] },
    { name: 'nowhere without start codes', bytes: idr, expected: [] },
  ])('$name', ({ bytes, expected }) => {
    expect(splitAnnexB(bytes)).toEqual(expected);
  });
});

describe('H264Packetizer sends', () => {
  test.each([
    { name: 'a small slice alone', units: [slice], shapes: ['1'] },
    { name: 'what is small together', units: [sps, pps, idr], shapes: ['stap(7,8,5)'] },
    { name: 'as much together as fits', units: [sps, pps, sei, idr], shapes: ['stap(7,8,6)', '5'] },
    { name: 'one small unit as it is', units: [sei, unit(0x41, 90)], shapes: ['6', '1'] },
    { name: 'no delimiter and no filler', units: [unit(9, 1), slice, unit(12, 90)], shapes: ['1'] },
    {
      name: 'several slices in order',
      units: [slice, unit(0x41, 10), slice],
      shapes: ['stap(1,1)', '1'],
    },
    { name: 'a slice that just fits whole', units: [unit(0x41, 99)], shapes: ['1'] },
    {
      name: 'a slice of one byte more in two parts',
      units: [unit(0x41, 100)],
      shapes: ['fu(1 start)', 'fu(1 end)'],
    },
    {
      name: 'a large IDR in parts',
      units: [sps, pps, unit(0x65, 290)],
      shapes: ['stap(7,8)', 'fu(5 start)', 'fu(5)', 'fu(5 end)'],
    },
    {
      name: 'SEI that are too much for one packet in two',
      units: [unit(6, 50), unit(6, 50), unit(0x41, 90)],
      shapes: ['6', '6', '1'],
    },
    { name: 'a large SEI in parts', units: [unit(6, 150), slice], shapes: ['fu(6 start)', 'fu(6 end)', '1'] },
    { name: 'nothing of nothing', units: [], shapes: [] },
  ])('$name', ({ units, shapes }) => {
    const payloads = new H264Packetizer()
      .packetize(annexB(...units), false, maxBytes)
      .map(({ data }) => data);
    expect(payloads.map(shape)).toEqual(shapes);
    for (const payload of payloads) expect(payload.length).toBeLessThanOrEqual(maxBytes);
    const kept = units.filter((one) => ![9, 12].includes(typeOf(one)));
    expect(nalUnits(payloads)).toEqual(kept);
  });

  test('no more packets than its bytes need, however many units it is cut into', () => {
    const units = Array.from({ length: 4000 }, () => unit(0x41, 1));
    const payloads = new H264Packetizer().packetize(annexB(...units), false, maxBytes);
    expect(payloads.length).toBeLessThanOrEqual(Math.ceil((4000 * 4) / (maxBytes - 4)));
    expect(nalUnits(payloads.map(({ data }) => data))).toEqual(units);
  });

  test('the importance of the most important unit with those that it aggregates', () => {
    const [payload] = new H264Packetizer().packetize(annexB(sei, sps, pps), false, maxBytes);
    expect(payload?.data.readUInt8(0)).toBe(0x60 | 24);
  });

  test('every length of a slice whole', () => {
    for (let bodyBytes = 1; bodyBytes < 420; bodyBytes++) {
      const payloads = new H264Packetizer().packetize(annexB(unit(0x41, bodyBytes)), false, maxBytes);
      expect(nalUnits(payloads.map(({ data }) => data))).toEqual([unit(0x41, bodyBytes)]);
      expect(Math.max(...payloads.map(({ data }) => data.length))).toBeLessThanOrEqual(maxBytes);
    }
  });
});
