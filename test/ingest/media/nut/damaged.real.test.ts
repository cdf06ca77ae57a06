import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { NutReader } from '../../../../src/ingest/media/nut/nut-reader.ts';
import { h264, opus, picture, tone } from '../../../helpers/media/recipes.ts';
import { makeMedia } from '../../../helpers/media/sample-files.ts';

const fileId = Buffer.from('nut/multimedia container\0');
const huge = 2 ** 60;

/** NUT's `v`: groups of 7 bits, the highest first. */
function v(value: number): Buffer {
  const bytes = [value % 128];
  for (let rest = Math.floor(value / 128); rest > 0; rest = Math.floor(rest / 128))
    bytes.unshift(128 + (rest % 128));
  return Buffer.from(bytes);
}

function packet(code: string, ...body: Buffer[]): Buffer {
  const length = body.reduce((sum, part) => sum + part.length, 0);
  return Buffer.concat([Buffer.from(code, 'hex'), v(length), ...body]);
}

/** A main header with one time base; `codes`: flags, least size and reserved fields of all frame codes. */
function main(
  options: { timeBase?: [number, number]; codes?: number[]; extra?: number; elided?: Buffer[] } = {},
): Buffer {
  const { timeBase = [1, 1000], codes = [flags.size, 0], extra, elided = [] } = options;
  return packet(
    '4e4d7a561f5f04ad',
    ...[v(3), v(1), v(65_536), v(1), v(timeBase[0]), v(timeBase[1])],
    // One row for all 256 codes: flags, number of fields, pts, mul, stream, size, reserved, count.
    ...(extra === undefined
      ? [v(codes[0] ?? 0), v(6), v(0), v(1), v(0), v(codes[1] ?? 0), v(codes[2] ?? 0), v(256)]
      : [v(0), v(extra)]),
    ...[v(elided.length), ...elided.flatMap((bytes) => [v(bytes.length), bytes])],
  );
}

function stream(options: { id?: number; timeBase?: number; shift?: number } = {}): Buffer {
  const { id = 0, timeBase = 0, shift = 7 } = options;
  const head = [v(id), v(0), v(4), Buffer.from('H264'), v(timeBase), v(shift)];
  return packet('4e5311405bf2f9db', ...head, v(1), v(0), v(0), v(0));
}

const flags = { size: 32, sizeAndReserved: 160, sizeAndHeader: 1056, none: 0, streamId: 16 };
const begun = (header = main(), one = stream()) => Buffer.concat([fileId, header, one]);
/** A frame by code 1, whose size is one byte more than the first field says. */
const frame = (...fields: number[]) => Buffer.concat([Buffer.from([1]), ...fields.map(v)]);

describe('NutReader refuses at once, however little of it has come', () => {
  test.each([
    {
      name: 'what is not NUT',
      bytes: Buffer.from('ffmpeg version 5.1, and so on'),
      expected: 'expected a NUT stream',
    },
    {
      name: 'version 4',
      bytes: Buffer.concat([fileId, packet('4e4d7a561f5f04ad', v(4))]),
      expected: 'NUT version 3',
    },
    {
      name: 'a header without end',
      bytes: Buffer.concat([fileId, Buffer.from('4e4d7a561f5f04ad', 'hex'), v(huge)]),
      expected: 'a NUT header of 1152921504606847000 bytes',
    },
    {
      name: 'a row of countless fields',
      bytes: begun(main({ extra: huge })),
      expected: 'shorter than what it declares',
    },
    {
      name: 'a time base of nothing',
      bytes: begun(main({ timeBase: [0, 1] })),
      expected: 'time base in NUT, got 0/1',
    },
    {
      name: 'a time base of endless parts',
      bytes: begun(main({ timeBase: [1, huge] })),
      expected: 'time base in NUT',
    },
    {
      name: 'a stream of a great number',
      bytes: begun(main(), stream({ id: huge })),
      expected: 'has the id 1152921504',
    },
    {
      name: 'a time base that is not there',
      bytes: begun(main(), stream({ timeBase: 9 })),
      expected: 'not declared',
    },
    {
      name: 'times of countless bits',
      bytes: begun(main(), stream({ shift: 1000 })),
      expected: 'to 1000 bits',
    },
    {
      name: 'a stream before the time bases',
      bytes: Buffer.concat([fileId, stream()]),
      expected: 'before the main header',
    },
    {
      name: 'a frame before any header',
      bytes: Buffer.concat([fileId, frame(5)]),
      expected: 'before the main header',
    },
    {
      name: 'a frame of an endless size',
      bytes: Buffer.concat([begun(), frame(huge)]),
      expected: 'a frame of 1152921504',
    },
    {
      name: 'a frame of no stream',
      bytes: Buffer.concat([begun(main({ codes: [flags.streamId, 0] })), frame(5)]),
      expected: 'a stream that is not declared',
    },
    {
      name: 'countless reserved fields',
      bytes: Buffer.concat([begun(main({ codes: [flags.sizeAndReserved, 0] })), frame(5, huge)]),
      expected: 'reserved fields',
    },
    {
      name: 'a frame shorter than what it leaves out',
      bytes: Buffer.concat([
        begun(main({ codes: [flags.sizeAndHeader, 0], elided: [Buffer.alloc(9)] })),
        frame(5, 1),
      ]),
      expected: 'leaves out bytes that it does not have',
    },
    {
      name: 'what no header declares to be left out',
      bytes: Buffer.concat([begun(main({ codes: [flags.sizeAndHeader, 0] })), frame(5, 77)]),
      expected: 'leaves out bytes that it does not have',
    },
    {
      name: 'an invalid frame code',
      bytes: Buffer.concat([begun(main({ codes: [8192, 0] })), frame(5)]),
      expected: 'damaged',
    },
  ])('$name', ({ bytes, expected }) => {
    expect(() => new NutReader().push(bytes)).toThrow(expected);
  });

  test('but takes the same headers where nothing is wrong', () => {
    const frames = new NutReader().push(Buffer.concat([begun(), frame(3), Buffer.from('abcd')]));
    expect(frames.map(({ data }) => data.toString())).toEqual(['abcd']);
  });
});

describe('NutReader and a real stream', () => {
  const recipe = {
    args: [...picture('160x90', 1), ...tone(440, 1), ...h264(10), ...opus, '-write_index', '0'],
  };
  const load = async () => await readFile(await makeMedia('whole.nut', recipe));

  test('waits for the rest, wherever it is cut', async () => {
    const bytes = await load();
    const frames = new NutReader().push(bytes).length;
    let before = 0;
    for (let length = 0; length < bytes.length; length += 13) {
      const found = new NutReader().push(bytes.subarray(0, length)).length;
      expect(found).toBeGreaterThanOrEqual(before);
      before = found;
    }
    expect(frames - before).toBeLessThanOrEqual(1);
  });

  test('throws or goes on where bytes are damaged, and never gives more than it was given', async () => {
    const bytes = await load();
    const random = generator(1);
    let refused = 0;
    for (let round = 0; round < 1500; round++) {
      const damaged = Buffer.from(bytes);
      // The headers are in the first bytes, and every bit of them counts.
      const reach = round % 2 === 0 ? 700 : bytes.length;
      for (let flips = 0; flips <= round % 5; flips++) damaged[random() % reach] = random() % 256;
      const reader = new NutReader();
      let given = 0;
      try {
        for (let offset = 0; offset < damaged.length; offset += 4096) {
          for (const { data, ptsUs } of reader.push(damaged.subarray(offset, offset + 4096))) {
            expect(Number.isFinite(ptsUs)).toBe(true);
            given += data.length;
          }
        }
      } catch (error) {
        expect(error).toBeInstanceOf(Error);
        expect((error as Error).name).toBe('Error');
        refused++;
      }
      expect(given).toBeLessThan(bytes.length * 2);
    }
    expect(refused).toBeGreaterThan(100);
  });
});

/** Numbers that look random, the same in each run (mulberry32). */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
}
