import { availableParallelism, loadavg } from 'node:os';
import type { Logger } from 'pino';
import type { Config } from '../../contract/config.ts';
import { ffmpegEncoder } from '../../contract/encoders.ts';
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
  static async create(config: Config, log: Logger): Promise<Encoding> {
    const encoding = new Encoding(config);
    if (config.plan.encoder !== 'auto') await encoding.#chosen;
    else void encoding.#tell(log);
    return encoding;
  }

  /** The daemon's user may lack a right that whoever runs the doctor has. */
  async #tell(log: Logger): Promise<void> {
    const { encoder, refused } = await this.#chosen;
    if (this.#closing.signal.aborted) return;
    for (const { encoder: other, outcome } of refused)
      log.warn({ ...other, ...outcome }, `${ffmpegEncoder(other.name)} does not work, and is not used`);
    log.info(encoder, `H.264 is encoded by ${ffmpegEncoder(encoder.name)}`);
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
