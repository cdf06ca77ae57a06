import { availableParallelism, loadavg } from 'node:os';
import type { Config } from '../../contract/config.ts';
import type { VideoEncoder } from '../../contract/models.ts';
import { type TestEncode, testEncode } from '../../ingest/ffmpeg/test-encode.ts';
import type { EncodingCapacity } from '../../ingest/plan/encoding-cost.ts';
import { type ChosenEncoder, chooseEncoder } from './choose-encoder.ts';

/** What this machine encodes with, and how fast: both found out once, by real test encodes. */
export class Encoding {
  readonly #closing = new AbortController();
  readonly #ffmpeg: string;
  readonly #chosen: Promise<ChosenEncoder>;
  #measured: Promise<TestEncode> | undefined;

  private constructor({ media, plan }: Config) {
    this.#ffmpeg = media.ffmpeg;
    this.#chosen = chooseEncoder(media.ffmpeg, plan.encoder, this.#closing.signal);
  }

  /**
   * Does not wait for what `auto` finds.
   *
   * @throws MiroliveError ENCODER_NOT_USABLE
   */
  static async create(config: Config): Promise<Encoding> {
    const encoding = new Encoding(config);
    if (config.plan.encoder !== 'auto') await encoding.#chosen;
    return encoding;
  }

  async encoder(): Promise<VideoEncoder> {
    return (await this.#chosen).encoder;
  }

  /** What others use of the cores is that of the last minute. Null: it could not be measured. */
  async capacity(): Promise<EncodingCapacity | null> {
    const { encoder, outcome } = await this.#chosen;
    this.#measured ??= outcome
      ? Promise.resolve(outcome)
      : testEncode(this.#ffmpeg, encoder, this.#closing.signal);
    const measured = await this.#measured;
    if ('reason' in measured) return null;
    const cores = availableParallelism();
    const [load = 0] = loadavg();
    return { ...measured, cores, freeCores: Math.max(0, cores - load) };
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.all([this.#chosen, this.#measured]);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
