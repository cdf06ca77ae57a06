import { Transform, type TransformCallback } from 'node:stream';
import { type Slice, unmarked } from '../child/work-mark.ts';

const name = Buffer.from('location:');
const carriageReturn = 0x0d;

/**
 * Makes RTSP headers `Location:` unreadable in what a server sends, since ffmpeg would connect to where they lead. Without
 * reading RTSP, so that no server can make us read it otherwise than ffmpeg does; like ffmpeg, it skips carriage returns.
 * Nine such bytes among those of media come about once in 10^18.
 */
export class RedirectMask extends Transform {
  /** How many characters of the name have just passed. */
  #passed = 0;
  readonly #onMasked: () => void;
  readonly #slice: Slice;

  constructor(onMasked: () => void, slice = unmarked) {
    super();
    this.#onMasked = onMasked;
    this.#slice = slice;
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.#slice(() => this.#mask(chunk));
    done(null, chunk);
  }

  #mask(chunk: Buffer): void {
    const starts = new Starts(chunk);
    let at = 0;
    while (at < chunk.length) {
      if (this.#passed === 0) at = starts.next(at);
      if (at === chunk.length) break;
      this.#take(chunk, at);
      at++;
    }
  }

  #take(chunk: Buffer, at: number): void {
    const byte = chunk[at] as number;
    if (byte === carriageReturn) return;
    const lower = byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte;
    // No beginning of the name is inside of it: what does not go on can only begin anew.
    this.#passed = lower === name[this.#passed] ? this.#passed + 1 : lower === name[0] ? 1 : 0;
    if (this.#passed < name.length) return;
    chunk[at] = '!'.charCodeAt(0);
    this.#passed = 0;
    this.#onMasked();
  }
}

/** Where an l or L stands in a chunk; native search passes the rest quickly, and each byte once for either. */
class Starts {
  readonly #chunk: Buffer;
  #small = -1;
  #large = -1;

  constructor(chunk: Buffer) {
    this.#chunk = chunk;
  }

  /** From a place on; the chunk's length: nowhere. */
  next(from: number): number {
    if (this.#small < from) this.#small = this.#find(0x6c, from);
    if (this.#large < from) this.#large = this.#find(0x4c, from);
    return Math.min(this.#small, this.#large);
  }

  #find(byte: number, from: number): number {
    const at = this.#chunk.indexOf(byte, from);
    return at === -1 ? this.#chunk.length : at;
  }
}
