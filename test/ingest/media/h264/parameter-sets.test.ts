import { describe, expect, test } from 'vitest';
import { splitAnnexB } from '../../../../src/ingest/media/h264/packetize-h264.ts';
import { ParameterSets } from '../../../../src/ingest/media/h264/parameter-sets.ts';

const long = Buffer.from([0, 0, 0, 1]);
const annexB = (...units: Buffer[]) => Buffer.concat(units.flatMap((one) => [long, one]));
/** Behind the profile, the constraints and the level, the id: 0 is the bit 1, 1 the bits 010. */
const sps = Buffer.from([0x67, 66, 0, 30, 0x80, 1]);
const otherSps = Buffer.from([0x67, 66, 0, 30, 0x80, 2]);
const secondSps = Buffer.from([0x67, 66, 0, 30, 0x40, 3]);
const pps = Buffer.from([0x68, 0x80, 1]);
const otherPps = Buffer.from([0x68, 0x80, 2]);
const secondPps = Buffer.from([0x68, 0x40, 3]);
const sei = Buffer.from([0x06, 5, 1]);
const aud = Buffer.from([0x09, 0xf0]);
const idr = Buffer.from([0x65, 0x88, 1]);
const slice = Buffer.from([0x41, 0x9a, 1]);

test('ParameterSets refuses a picture that is cut into thousands of units', () => {
  const units = (count: number) => annexB(...Array.from({ length: count }, () => slice));
  expect(new ParameterSets().completed(units(4096))).toEqual(units(4096));
  expect(() => new ParameterSets().completed(units(4097))).toThrow('a picture has more than 4096 NAL units');
});

describe('ParameterSets gives an IDR picture', () => {
  test.each<{ name: string; apart?: Buffer[]; before?: Buffer[][]; units: Buffer[]; expected: Buffer[] }>([
    { name: 'those that came apart', apart: [sps, pps], units: [idr], expected: [sps, pps, idr] },
    { name: 'those of the beginning', before: [[sps, pps, idr]], units: [idr], expected: [sps, pps, idr] },
    {
      name: 'those that came last, in whatever picture',
      ...{ apart: [sps, pps], before: [[otherSps, otherPps, slice]] },
      ...{ units: [idr], expected: [otherSps, otherPps, idr] },
    },
    {
      name: 'nothing, where it has them all',
      ...{ apart: [sps, pps], units: [otherSps, pps, idr], expected: [otherSps, pps, idr] },
    },
    { name: 'the PPS alone', apart: [sps, pps], units: [otherSps, idr], expected: [otherSps, pps, idr] },
    {
      name: 'the SPS alone',
      apart: [sps, pps],
      units: [sei, otherPps, idr],
      expected: [sps, otherPps, sei, idr],
    },
    {
      name: 'every one of several',
      ...{ apart: [sps, pps, secondPps, secondSps], units: [idr] },
      expected: [sps, secondSps, pps, secondPps, idr],
    },
    {
      name: 'them behind its delimiter and before its SEI',
      ...{ apart: [sps, pps], units: [aud, sei, idr, idr], expected: [aud, sps, pps, sei, idr, idr] },
    },
    { name: 'nothing, where none are known', units: [idr], expected: [idr] },
  ])('$name', ({ apart = [], before = [], units, expected }) => {
    const sets = new ParameterSets(annexB(...apart));
    for (const one of before) sets.completed(annexB(...one));
    expect(splitAnnexB(sets.completed(annexB(...units)))).toEqual(expected);
  });

  test('not to another picture, or to one that is damaged', () => {
    const sets = new ParameterSets(annexB(sps, pps));
    for (const data of [
      annexB(slice),
      annexB(sei, slice),
      annexB(sei),
      Buffer.alloc(0),
      Buffer.from([0, 0, 1]),
    ])
      expect(sets.completed(data)).toBe(data);
  });

  test.each([
    { type: 'SPS', head: [0x67, 66, 0, 30], most: 32 },
    { type: 'PPS', head: [0x68], most: 256 },
  ])('no $type by an id that none may have', ({ head, most }) => {
    const all = Array.from({ length: 4000 }, (_, id) => Buffer.from([...head, ...golomb(id)]));
    const sets = new ParameterSets(annexB(...all.slice(0, 2000)));
    sets.completed(annexB(...all.slice(2000), slice));
    expect(splitAnnexB(sets.completed(annexB(idr)))).toEqual([...all.slice(0, most), idr]);
  });

  test('new ones in the place of old ones, however often', () => {
    const sets = new ParameterSets();
    const long = (last: number) => Buffer.concat([pps, Buffer.alloc(5000, 0xab), Buffer.from([last])]);
    for (let round = 1; round <= 5; round++) sets.completed(annexB(sps, long(round), slice));
    expect(splitAnnexB(sets.completed(annexB(idr)))).toEqual([sps, long(5), idr]);
  });

  test('no more of them than a stream may have', () => {
    const sets = new ParameterSets();
    for (let id = 0; id < 100; id++)
      sets.completed(
        annexB(Buffer.concat([Buffer.from([0x68, 1, id * 2 + 1]), Buffer.alloc(1000, 0xab)]), slice),
      );
    expect(sets.completed(annexB(idr)).length).toBeLessThan(8400);
  });
});

/** Bytes that begin with the Exp-Golomb code of a number, and a bit behind it. */
function golomb(value: number): number[] {
  const code = (value + 1).toString(2);
  const bits = `${'0'.repeat(code.length - 1)}${code}1`;
  return (bits.match(/.{1,8}/g) ?? []).map((byte) => Number.parseInt(byte.padEnd(8, '0'), 2));
}
