import type { Cursor } from './cursor.ts';

/** How a frame code is read (NUT specification, `frame_code` table of the main header). */
export interface FrameCode {
  readonly flags: number;
  readonly stream: number;
  readonly sizeMul: number;
  readonly sizeLsb: number;
  readonly ptsDelta: number;
  readonly reserved: number;
  readonly headerIndex: number;
}

export interface TimeBase {
  readonly num: number;
  readonly den: number;
}

export interface MainHeader {
  readonly timeBases: readonly TimeBase[];
  readonly frameCodes: readonly FrameCode[];
  /** Bytes that frames of a code share and that are left out of the stream; the first is empty. */
  readonly elisionHeaders: readonly Buffer[];
}

export interface StreamHeader {
  readonly id: number;
  readonly kind: 'video' | 'audio' | 'other';
  /** Four characters that name the codec, such as `H264`; copies keep the name that their container has for it, such as `avc1`. */
  readonly codec: string;
  readonly timeBase: TimeBase;
  readonly msbPtsShift: number;
  /** What the codec has apart from its frames: parameter sets. */
  readonly codecData: Buffer;
}

/** Frame flags of the NUT specification. */
export const frameFlag = {
  key: 1,
  codedPts: 8,
  streamId: 16,
  sizeMsb: 32,
  checksum: 64,
  reserved: 128,
  headerIndex: 1024,
  matchTime: 2048,
  coded: 4096,
  invalid: 8192,
} as const;

const invalidCode: FrameCode = {
  flags: frameFlag.invalid,
  stream: 0,
  sizeMul: 1,
  sizeLsb: 0,
  ptsDelta: 0,
  reserved: 0,
  headerIndex: 0,
};

/** Greatest stream id that is believed: ours have two streams. */
const maxStreamId = 255;
/** Bits of a shortened time stamp, at most: what a double holds exactly. */
const maxPtsShift = 52;

/** The main header, from behind its start code and length. */
export function readMainHeader(cursor: Cursor): MainHeader {
  const version = cursor.unsigned();
  if (version !== 3) throw new Error(`expected NUT version 3, got ${version}`);
  cursor.unsigned(); // Streams: their own headers tell.
  cursor.unsigned(); // Greatest distance between syncpoints.
  const timeBases = times(cursor.unsigned(), () => readTimeBase(cursor));
  const frameCodes = readFrameCodes(cursor);
  const elisionHeaders = times(cursor.unsigned(), () => cursor.bytes(cursor.unsigned()));
  return {
    timeBases,
    frameCodes,
    elisionHeaders: [Buffer.alloc(0), ...elisionHeaders.map((b) => Buffer.from(b))],
  };
}

function readTimeBase(cursor: Cursor): TimeBase {
  const [num, den] = [cursor.unsigned(), cursor.unsigned()];
  if (![num, den].every((part) => part > 0 && part < 2 ** 32))
    throw new Error(`expected a time base in NUT, got ${num}/${den}`);
  return { num, den };
}

function readFrameCodes(cursor: Cursor): FrameCode[] {
  const codes: FrameCode[] = [];
  let ptsDelta = 0;
  let sizeMul = 1;
  let stream = 0;
  let headerIndex = 0;
  while (codes.length < 256 && !cursor.short) {
    const flags = cursor.unsigned();
    const fields = cursor.unsigned();
    if (fields > 0) ptsDelta = cursor.signed();
    if (fields > 1) sizeMul = cursor.unsigned();
    if (fields > 2) stream = cursor.unsigned();
    const sizeLsb = fields > 3 ? cursor.unsigned() : 0;
    const reserved = fields > 4 ? cursor.unsigned() : 0;
    const count = fields > 5 ? cursor.unsigned() : sizeMul - sizeLsb;
    if (fields > 6) cursor.signed();
    if (fields > 7) headerIndex = cursor.unsigned();
    for (let extra = 8; extra < fields && !cursor.short; extra++) cursor.unsigned();
    for (let step = 0; step < count && codes.length < 256; step++) {
      // The letter N begins every start code, so it is never a frame code.
      if (codes.length === 0x4e) codes.push(invalidCode);
      codes.push({ flags, stream, sizeMul, sizeLsb: sizeLsb + step, ptsDelta, reserved, headerIndex });
    }
  }
  return codes;
}

/** A stream header, from behind its start code and length. */
export function readStreamHeader(cursor: Cursor, timeBases: readonly TimeBase[]): StreamHeader {
  const id = cursor.unsigned();
  const streamClass = cursor.unsigned();
  const codec = cursor.bytes(cursor.unsigned()).toString('latin1');
  const timeBase = timeBases[cursor.unsigned()];
  if (id > maxStreamId) throw new Error(`a NUT stream has the id ${id}, more than any of ours has`);
  if (!timeBase) throw new Error(`NUT stream ${id} names a time base that is not declared`);
  const msbPtsShift = cursor.unsigned();
  if (msbPtsShift > maxPtsShift)
    throw new Error(`NUT stream ${id} shortens time stamps to ${msbPtsShift} bits`);
  cursor.unsigned(); // Distance of presentation and decoding, at most.
  cursor.unsigned(); // Pictures that are decoded before they are shown.
  cursor.unsigned(); // Flags.
  const codecData = Buffer.from(cursor.bytes(cursor.unsigned()));
  const kind = streamClass === 0 ? 'video' : streamClass === 1 ? 'audio' : 'other';
  return { id, kind, codec, timeBase, msbPtsShift, codecData };
}

function times<T>(count: number, make: () => T): T[] {
  if (count > 1000) throw new Error(`NUT header counts ${count} entries, more than any of ours has`);
  return Array.from({ length: count }, make);
}
