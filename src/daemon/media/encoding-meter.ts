import { availableParallelism, loadavg } from 'node:os';
import { measureEncoding } from '../../ingest/ffmpeg/test-encode.ts';
import type { EncodingCapacity } from '../../ingest/plan/encoding-cost.ts';

/** Finds out once, when it is first of interest, how fast this machine encodes. */
export class EncodingMeter {
  readonly #closing = new AbortController();
  readonly #ffmpeg: string;
  #measuring: Promise<number | null> | undefined;

  constructor(ffmpeg: string) {
    this.#ffmpeg = ffmpeg;
  }

  /** What others use of the cores is that of the last minute. Null: it could not be measured. */
  async capacity(): Promise<EncodingCapacity | null> {
    this.#measuring ??= measureEncoding(this.#ffmpeg, this.#closing.signal);
    const secondsPerMegapixel = await this.#measuring;
    if (secondsPerMegapixel === null) return null;
    const cores = availableParallelism();
    const [load = 0] = loadavg();
    return { secondsPerMegapixel, cores, freeCores: Math.max(0, cores - load) };
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#measuring;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
