import { expect, test } from 'vitest';
import { KeptBytes } from '../../../../src/ingest/sources/srt/kept-bytes.ts';

const pids = { pat: 0, map: 0x100, video: 0x101, audio: 0x102 } as const;
type Of = keyof typeof pids;

interface Described {
  readonly of: Of;
  /** Any number that tells it from others. */
  readonly mark: number;
  readonly starts?: boolean;
  readonly randomAccess?: boolean;
  readonly data?: readonly number[];
  readonly ms?: number;
}

/** One packet of MPEG-TS (ISO/IEC 13818-1, 2.4.3.2), its last byte the mark. */
function packet({ of, mark, starts = true, randomAccess = false, data = [], ms = 0 }: Described): Buffer {
  const bytes = Buffer.alloc(188, 0xff);
  bytes[0] = 0x47;
  bytes.writeUInt16BE((starts ? 0x4000 : 0) | pids[of], 1);
  bytes[3] = 0x30;
  bytes[4] = 1;
  bytes[5] = randomAccess ? 0x40 : 0;
  Buffer.from(payload(of, ms, data)).copy(bytes, 6);
  bytes[187] = mark;
  return bytes;
}

function payload(of: Of, ms: number, data: readonly number[]): readonly number[] {
  if (of === 'pat') return [0, 0, 0xb0, 13, 0, 1, 0xc1, 0, 0, 0, 1, 0xe1, 0x00, 0, 0, 0, 0];
  if (of === 'map') return [0, 2, 0xb0, 13];
  const pts = ms * 90;
  const time = [0x21 | ((pts / 2 ** 29) & 0xe), (pts >> 22) & 0xff, ((pts >> 14) & 0xfe) | 1];
  const rest = [(pts >> 7) & 0xff, ((pts << 1) & 0xfe) | 1];
  return [0, 0, 1, of === 'video' ? 0xe0 : 0xc0, 0, 0, 0x80, 0x80, 5, ...time, ...rest, ...data];
}

const tables = [packet({ of: 'pat', mark: 1 }), packet({ of: 'map', mark: 2 })];
const picture = (mark: number, more: Partial<Described> = {}) => packet({ of: 'video', mark, ...more });
const keyPicture = (mark: number, ms = 0) => picture(mark, { randomAccess: true, ms });

const marksOf = (bytes: Buffer) =>
  Array.from({ length: bytes.length / 188 }, (_, index) => bytes[index * 188 + 187]);

function kept(...packets: Buffer[]): KeptBytes {
  const bytes = new KeptBytes();
  const all = Buffer.concat(packets);
  // In pieces that are no packets.
  for (let at = 0; at < all.length; at += 131) bytes.push(all.subarray(at, at + 131));
  return bytes;
}

test('KeptBytes gives all from the beginning until it is played, from then on the tables and all since the last key frame', () => {
  const bytes = kept(...tables, picture(3), keyPicture(4), picture(5), keyPicture(6), picture(7));
  expect(marksOf(bytes.first)).toEqual([1, 2, 3, 4, 5, 6, 7]);
  bytes.taken();
  expect(marksOf(bytes.first)).toEqual([1, 2, 6, 7]);
  bytes.push(Buffer.concat([packet({ of: 'audio', mark: 8 }), keyPicture(9), picture(10)]));
  expect(marksOf(bytes.first)).toEqual([1, 2, 9, 10]);
});

test.each([
  { name: 'H.264 by its SPS', data: [0, 0, 0, 1, 9, 0xf0, 0, 0, 0, 1, 0x67], begins: true },
  { name: 'HEVC by its VPS', data: [0, 0, 1, 0x46, 1, 0x50, 0, 0, 1, 0x40, 1], begins: true },
  { name: 'MPEG-2 by its sequence header', data: [0, 0, 1, 0xb3], begins: true },
  {
    name: 'a picture of H.264 that follows others',
    data: [0, 0, 0, 1, 9, 0xf0, 0, 0, 1, 0x41],
    begins: false,
  },
])('KeptBytes knows where a decoder can begin: $name', ({ data, begins }) => {
  expect(kept(...tables, picture(3, { data })).canBegin).toBe(begins);
});

test('KeptBytes says how much of it shows what comes: up to its first key frame, and a little behind that', () => {
  const bytes = kept(...tables, picture(3, { ms: 1000 }), keyPicture(4, 8000));
  expect(bytes.analyseMs).toBe(7400);
  bytes.taken();
  expect(bytes.analyseMs).toBe(1000);
  expect(kept(...tables, packet({ of: 'audio', mark: 3 }))).toMatchObject({
    analyseMs: 2000,
    hasVideo: false,
  });
});

test('KeptBytes gives another container from its beginning, once', () => {
  const bytes = new KeptBytes();
  bytes.push(Buffer.alloc(400, 'Matroska'));
  expect(bytes.canBegin).toBe(true);
  expect(bytes.first.length).toBe(400);
  bytes.taken();
  bytes.push(Buffer.alloc(188));
  expect(bytes.first.length).toBe(0);
});

test('KeptBytes keeps no more than 24 MiB, and goes on with the next key frame', () => {
  const bytes = kept(...tables, keyPicture(3));
  bytes.taken();
  bytes.push(Buffer.concat(Array.from({ length: 134_000 }, () => picture(4, { starts: false }))));
  expect(bytes.first.length).toBe(0);
  bytes.push(Buffer.concat([picture(5), keyPicture(6)]));
  expect(marksOf(bytes.first)).toEqual([1, 2, 6]);
});

test('KeptBytes keeps no more of a table than one has, and no part of one that it saw no beginning of', () => {
  const goesOn = (of: Of, mark: number) => packet({ of, mark, starts: false });
  const bytes = kept(goesOn('pat', 9), ...tables, keyPicture(3));
  bytes.taken();
  expect(marksOf(bytes.first)).toEqual([1, 2, 3]);
  for (let count = 0; count < 1000; count++) bytes.push(goesOn('map', 7));
  bytes.push(keyPicture(4));
  expect(bytes.first.length).toBeLessThan(40 * 188);
  expect(marksOf(bytes.first)).toEqual(expect.arrayContaining([1, 2, 7, 4]));
});
