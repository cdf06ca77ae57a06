import {
  mapPidsIn,
  packetBytes,
  readPacket,
  startsKeyFrame,
  startsPicture,
  syncByte,
  type TsPacket,
  timeMsIn,
} from './ts-packets.ts';

/** No more is kept, in bytes: 5 s of 40 Mbit/s. */
export const maxKeptBytes = 24 * 1024 * 1024;
/** A table of 4 KiB, the longest there is, is in so many packets (ISO/IEC 13818-1, 2.4.4). */
const maxTablePackets = 24;
/** Programmes whose maps are kept: a whole transponder has some thirty. */
const maxTables = 256;
/** So much behind its first key frame shows what comes, in ms; and at least so much of all: sound may come in packets of half a second. */
const behindKeyFrameMs = 400;
const analysedMs = 1000;
/** The same where no key frame came. */
const analysedInVainMs = 2000;

/**
 * What whoever begins to read a stream is given first: all of it from its beginning, until it is played. From then on it is, of MPEG-TS,
 * its tables and all since the last key frame, so that anybody can begin at any time; of anything else nothing.
 */
export class KeptBytes {
  #chunks: Buffer[] = [];
  #bytes = 0;
  /** The chunk that the last key frame begins. */
  #keyChunk = 0;
  /** What is kept begins with the stream itself; with a key frame; or something is missing. */
  #from: 'beginning' | 'key frame' | 'nowhere' = 'beginning';
  /** Of a packet of MPEG-TS that has not come as a whole; null: it is another container. */
  #rest: Buffer | null = Buffer.alloc(0);
  /** The packets of each table as it was last, by its PID. */
  readonly #tables = new Map<number, Buffer[]>([[0, []]]);
  #video: { readonly pid: number; readonly firstMs: number; keyMs: number | undefined } | undefined;

  /** Whether a picture of MPEG-TS has come. */
  get hasVideo(): boolean {
    return this.#video !== undefined;
  }

  /** Whether a reader need not wait for a key frame. */
  get canBegin(): boolean {
    return this.#rest === null || this.#video?.keyMs !== undefined;
  }

  /** So much of it shows a reader what comes, in ms of its own time. */
  get analyseMs(): number {
    const { firstMs, keyMs } = this.#video ?? {};
    if (firstMs === undefined || keyMs === undefined) return analysedInVainMs;
    const toKeyMs = this.#from === 'beginning' ? keyMs - firstMs : 0;
    return Math.max(analysedMs, Math.round(toKeyMs + behindKeyFrameMs));
  }

  /** What a reader is given before what comes from now on. */
  get first(): Buffer {
    if (this.#from === 'nowhere') return Buffer.alloc(0);
    const tables = this.#from === 'key frame' ? [...this.#tables.values()].flat() : [];
    return Buffer.concat([...tables, ...this.#chunks, ...(this.#rest ? [this.#rest] : [])]);
  }

  push(chunk: Buffer): void {
    if (this.#rest === null) this.#keep(chunk);
    else this.#pushPackets(this.#rest.length > 0 ? Buffer.concat([this.#rest, chunk]) : chunk);
  }

  /** Somebody plays it. */
  taken(): void {
    if (this.#from === 'beginning') this.#dropToKeyFrame();
  }

  #pushPackets(data: Buffer): void {
    let from = 0;
    let at = 0;
    for (; at + packetBytes <= data.length; at += packetBytes) {
      if (data[at] !== syncByte) {
        this.#rest = null;
        this.#keep(data.subarray(from));
        return;
      }
      if (!this.#beginsAnew(data.subarray(at, at + packetBytes))) continue;
      this.#keep(data.subarray(from, at));
      from = at;
      this.#keyChunk = this.#chunks.length;
      if (this.#from !== 'beginning') this.#dropToKeyFrame();
    }
    this.#keep(data.subarray(from, at));
    this.#rest = data.subarray(at);
  }

  /** Whether a key frame begins in a packet. */
  #beginsAnew(bytes: Buffer): boolean {
    const packet = readPacket(bytes);
    const table = this.#tables.get(packet.pid);
    if (table) {
      this.#keepTable(table, packet, bytes);
      return false;
    }
    return startsPicture(packet) && this.#seePicture(packet);
  }

  #keepTable(table: Buffer[], packet: TsPacket, bytes: Buffer): void {
    if (packet.starts) table.splice(0);
    // What goes on with nothing is of no use.
    else if (table.length === 0 || table.length === maxTablePackets) return;
    table.push(Buffer.from(bytes));
    for (const pid of mapPidsIn(packet))
      if (!this.#tables.has(pid) && this.#tables.size < maxTables) this.#tables.set(pid, []);
  }

  #seePicture(packet: TsPacket): boolean {
    const timeMs = timeMsIn(packet) ?? 0;
    this.#video ??= { pid: packet.pid, firstMs: timeMs, keyMs: undefined };
    if (packet.pid !== this.#video.pid || !startsKeyFrame(packet)) return false;
    this.#video.keyMs ??= timeMs;
    return true;
  }

  #keep(bytes: Buffer): void {
    if (this.#from === 'nowhere' || bytes.length === 0) return;
    this.#chunks.push(bytes);
    this.#bytes += bytes.length;
    if (this.#bytes <= maxKeptBytes) return;
    if (this.#keyChunk > 0) this.#dropToKeyFrame();
    else this.#forget();
  }

  /** What is kept begins with the last key frame, where that is kept. */
  #dropToKeyFrame(): void {
    if (this.#video?.keyMs === undefined) {
      this.#forget();
      return;
    }
    for (const { length } of this.#chunks.splice(0, this.#keyChunk)) this.#bytes -= length;
    this.#keyChunk = 0;
    this.#from = 'key frame';
  }

  #forget(): void {
    this.#chunks = [];
    this.#bytes = 0;
    this.#keyChunk = 0;
    this.#from = 'nowhere';
  }
}
