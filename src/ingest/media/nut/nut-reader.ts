import type { MediaFrame } from '../media-frame.ts';
import { Cursor } from './cursor.ts';
import {
  type FrameCode,
  frameFlag,
  type MainHeader,
  readMainHeader,
  readStreamHeader,
  type StreamHeader,
} from './headers.ts';

const fileId = Buffer.from('nut/multimedia container\0');
/** Start codes of the NUT specification, as they stand in the stream. */
const startCode = {
  main: '4e4d7a561f5f04ad',
  stream: '4e5311405bf2f9db',
  syncpoint: '4e4be4adeeca4569',
} as const;

/** The greatest frame that is believed, in bytes: a 4K intra picture stays far below it. */
const maxFrameBytes = 32 * 1024 * 1024;
/** The greatest header, in bytes: it holds parameter sets and a name or two. */
const maxPacketBytes = 1024 * 1024;
/** Fields of a frame's head that are skipped, at most: ffmpeg writes none. */
const maxReservedFields = 16;

interface StreamState {
  readonly header: StreamHeader;
  /** How many streams of the same kind were declared before it. */
  readonly layer: number;
  lastPts: number;
}

/**
 * Demuxes the NUT stream that ffmpeg writes to its standard output. NUT keeps every codec's own time base and key-frame
 * flags, and writes each packet at once, so that nothing waits for the end of a cluster.
 * Give it chunks as they come; it gives back the frames that they complete, as views of what came: whoever keeps one for long
 * copies it. Throws on what is not NUT version 3.
 */
export class NutReader {
  /** What came after the last complete element. */
  #chunks: Buffer[] = [];
  #pendingBytes = 0;
  /** Nothing is complete with fewer bytes than these. */
  #wantedBytes = 1;
  #begun = false;
  #main: MainHeader | undefined;
  readonly #streams = new Map<number, StreamState>();

  push(chunk: Buffer): MediaFrame[] {
    const frames: MediaFrame[] = [];
    let rest = chunk;
    // Of what came, no more is copied than what it takes to complete an element.
    while (this.#pendingBytes > 0) {
      const missing = this.#wantedBytes - this.#pendingBytes;
      this.#chunks.push(rest.subarray(0, missing));
      this.#pendingBytes += Math.min(missing, rest.length);
      if (missing > rest.length) return frames;
      rest = rest.subarray(missing);
      this.#take(Buffer.concat(this.#chunks), frames);
    }
    this.#take(rest, frames);
    return frames;
  }

  /** Reads what is complete, and keeps the rest. */
  #take(pending: Buffer, frames: MediaFrame[]): void {
    let consumed = 0;
    for (;;) {
      const cursor = new Cursor(pending, consumed);
      const frame = this.#element(cursor);
      if (cursor.short) {
        this.#wantedBytes = Math.max(cursor.offset, pending.length + 1) - consumed;
        break;
      }
      if (frame) frames.push(frame);
      consumed = cursor.offset;
    }
    this.#chunks = consumed < pending.length ? [pending.subarray(consumed)] : [];
    this.#pendingBytes = pending.length - consumed;
  }

  /** What is declared of the picture's renditions; throws where there is no such one. */
  picture(layer: number): StreamHeader {
    const found = [...this.#streams.values()].find(
      ({ header, layer: its }) => header.kind === 'video' && its === layer,
    );
    if (!found) throw new Error(`NUT declares no picture ${layer}`);
    return found.header;
  }

  /** Reads one element; where it is not complete, `cursor.short` is set and nothing has changed. */
  #element(cursor: Cursor): MediaFrame | undefined {
    if (!this.#begun) {
      const id = cursor.bytes(fileId.length);
      if (cursor.short) return undefined;
      if (!id.equals(fileId)) throw new Error('expected a NUT stream from ffmpeg, got something else');
      this.#begun = true;
      return undefined;
    }
    const first = cursor.byte();
    if (cursor.short) return undefined;
    if (first === 0x4e) {
      cursor.offset--;
      this.#packet(cursor);
      return undefined;
    }
    return this.#frame(first, cursor);
  }

  #packet(cursor: Cursor): void {
    const code = cursor.bytes(8).toString('hex');
    const length = cursor.unsigned();
    if (cursor.short) return;
    if (length > maxPacketBytes)
      throw new Error(`a NUT header of ${length} bytes is more than ${maxPacketBytes}`);
    if (length > 4096) cursor.uint32(); // Checksum of the packet's head: the pipe is reliable.
    const body = new Cursor(cursor.bytes(length));
    if (cursor.short) return;
    if (code === startCode.main) {
      this.#main = readMainHeader(body);
    } else if (code === startCode.stream) {
      const header = readStreamHeader(body, this.#mainHeader().timeBases);
      const layer = this.#streams.get(header.id)?.layer ?? this.#count(header.kind);
      this.#streams.set(header.id, { header, layer, lastPts: 0 });
    } else if (code === startCode.syncpoint) {
      this.#syncpoint(body);
    }
    if (body.short) throw new Error('a NUT packet is shorter than what it declares');
  }

  /** A syncpoint gives every stream the same moment as the base of its next time stamp. */
  #syncpoint(body: Cursor): void {
    const { timeBases } = this.#mainHeader();
    const coded = body.unsigned();
    const base = timeBases[coded % timeBases.length];
    if (!base) throw new Error('a NUT syncpoint comes before the time bases');
    const ticks = Math.floor(coded / timeBases.length);
    for (const stream of this.#streams.values()) {
      const { num, den } = stream.header.timeBase;
      stream.lastPts = Number(
        (BigInt(ticks) * BigInt(base.num) * BigInt(den)) / (BigInt(base.den) * BigInt(num)),
      );
    }
  }

  #frame(code: number, cursor: Cursor): MediaFrame | undefined {
    const main = this.#mainHeader();
    const entry = main.frameCodes[code] as FrameCode;
    let flags = entry.flags;
    if (flags & frameFlag.invalid)
      throw new Error(`NUT frame code ${code} is invalid: the stream is damaged`);
    if (flags & frameFlag.coded) flags ^= cursor.unsigned();
    const stream = this.#streams.get(flags & frameFlag.streamId ? cursor.unsigned() : entry.stream);
    if (cursor.short) return undefined;
    if (!stream) throw new Error('a NUT frame names a stream that is not declared');
    const pts =
      flags & frameFlag.codedPts ? fullPts(cursor.unsigned(), stream) : stream.lastPts + entry.ptsDelta;
    const msb = flags & frameFlag.sizeMsb ? cursor.unsigned() : 0;
    if (flags & frameFlag.matchTime) cursor.signed();
    let headerIndex = flags & frameFlag.headerIndex ? cursor.unsigned() : entry.headerIndex;
    const reserved = flags & frameFlag.reserved ? cursor.unsigned() : entry.reserved;
    if (reserved > maxReservedFields) throw new Error(`a NUT frame has ${reserved} reserved fields`);
    for (let skipped = 0; skipped < reserved; skipped++) cursor.unsigned();
    if (flags & frameFlag.checksum) cursor.uint32();
    if (cursor.short) return undefined;
    const size = entry.sizeLsb + msb * entry.sizeMul;
    if (size > maxFrameBytes) throw new Error(`a frame of ${size} bytes is more than ${maxFrameBytes}`);
    if (size > 4096) headerIndex = 0; // As the specification has it: long frames have no elided header.
    const elided = main.elisionHeaders[headerIndex];
    if (!elided || elided.length > size)
      throw new Error('a NUT frame leaves out bytes that it does not have');
    const rest = cursor.bytes(size - elided.length);
    if (cursor.short) return undefined;
    stream.lastPts = pts;
    const { kind, timeBase } = stream.header;
    if (kind === 'other') return undefined;
    return {
      kind,
      layer: kind === 'video' ? stream.layer : 0,
      ptsUs: (pts * timeBase.num * 1e6) / timeBase.den,
      key: kind === 'audio' || (flags & frameFlag.key) !== 0,
      data: elided.length === 0 ? rest : Buffer.concat([elided, rest]),
    };
  }

  #count(kind: StreamHeader['kind']): number {
    return [...this.#streams.values()].filter(({ header }) => header.kind === kind).length;
  }

  #mainHeader(): MainHeader {
    if (!this.#main) throw new Error('a NUT frame comes before the main header');
    return this.#main;
  }
}

/** The whole time stamp of what is coded as its lowest bits near the last one, or as itself. */
function fullPts(coded: number, stream: StreamState): number {
  const range = 2 ** stream.header.msbPtsShift;
  if (coded >= range) return coded - range;
  const lowest = stream.lastPts - Math.floor((range - 1) / 2);
  return lowest + ((((coded - lowest) % range) + range) % range);
}
