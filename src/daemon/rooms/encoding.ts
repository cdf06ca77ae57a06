import { availableParallelism, loadavg } from 'node:os';
import type { Logger } from 'pino';
import { backOffDelayMs, usualBackOff } from '../../contract/back-off.ts';
import type { Clock, Timer } from '../../contract/clock.ts';
import type { Config } from '../../contract/config.ts';
import { type EncoderName, ffmpegEncoder } from '../../contract/encoders.ts';
import type { VideoEncoder } from '../../contract/plan.ts';
import { x264Encoder } from '../../ingest/ffmpeg/h264-encoder.ts';
import { type TestEncode, testEncode } from '../../ingest/ffmpeg/test-encode.ts';
import { missingToneMaps } from '../../ingest/ffmpeg/tone-maps.ts';
import type { EncodingCapacity } from '../../ingest/plan/encoding-cost.ts';
import type { PlanOptions } from '../../ingest/plan/plan-options.ts';
import { type ChosenEncoder, chooseEncoder, isLate } from './choose-encoder.ts';

/** After so long, in ms, it is measured again where it could not be: a machine may have had too much else to do. */
const measureAgainMs = 60_000;
/** The same for encoders in hardware that could not be tried to the end. */
const lateBackOff = { ...usualBackOff, firstMs: 60_000, ceilingMs: 3_600_000 };

/** What of this machine's ffmpeg plans are made by. */
export type EncodingMeans = Pick<PlanOptions, 'encoder' | 'toneMaps'>;

/** How it is found out what there is. */
const realLooks = { chooseEncoder, missingToneMaps };

/** What this machine encodes with, and how fast: both found out by real test encodes. */
export class Encoding {
  readonly #closing = new AbortController();
  readonly #ffmpeg: string;
  readonly #chooseEncoder: typeof chooseEncoder;
  #chosen: Promise<ChosenEncoder>;
  readonly #findToneMaps: typeof missingToneMaps;
  #missingToneMaps: Promise<readonly string[] | null>;
  readonly #log: Logger;
  readonly #clock: Clock;
  /** What they came to. */
  #soFar: EncodingMeans = { encoder: x264Encoder, toneMaps: false };
  /** Beside it, once more. */
  #choosing: Promise<ChosenEncoder> | undefined;
  #measured: Promise<TestEncode> | undefined;
  #again: Timer | undefined;
  /** Of an encoder. */
  #tryAgain: Timer | undefined;
  /** Of filters. */
  #askAgain: Timer | undefined;

  private constructor({ media, plan }: Config, log: Logger, clock: Clock, looks: typeof realLooks) {
    this.#chooseEncoder = looks.chooseEncoder;
    this.#findToneMaps = looks.missingToneMaps;
    this.#log = log;
    this.#clock = clock;
    this.#ffmpeg = media.ffmpeg;
    this.#chosen = this.#chooseEncoder(media.ffmpeg, plan.encoder, this.#closing.signal);
    this.#missingToneMaps = this.#askToneMaps();
  }

  /**
   * Does not wait for what `auto` finds.
   *
   * @throws MiroliveError ENCODER_NOT_USABLE
   */
  static async create(config: Config, log: Logger, clock: Clock, looks = realLooks): Promise<Encoding> {
    const encoding = new Encoding(config, log, clock, looks);
    if (config.plan.encoder !== 'auto') await encoding.#chosen;
    void encoding.#tell(0);
    return encoding;
  }

  /** The daemon's user may lack a right that whoever runs the doctor has. */
  async #tell(triedAgain: number): Promise<void> {
    const { encoder, refused } = await this.#chosen;
    this.#soFar = { ...this.#soFar, encoder };
    if (this.#closing.signal.aborted) return;
    const log = this.#log;
    const late = encoder.name === 'x264' ? refused.filter(isLate) : [];
    for (const tried of refused) {
      const { encoder: other, outcome } = tried;
      const what = late.includes(tried)
        ? 'is not done in time, and is tried again later'
        : 'does not work, and is not used';
      log.warn({ ...other, ...outcome }, `${ffmpegEncoder(other.name)} ${what}`);
    }
    log.info(encoder, `H.264 is encoded by ${ffmpegEncoder(encoder.name)}`);
    if (late.length === 0) return;
    const names = late.map(({ encoder: { name } }) => name);
    const delayMs = backOffDelayMs(triedAgain + 1, 0, lateBackOff);
    this.#tryAgain = this.#clock.after(delayMs, () => void this.#choose(names, triedAgain + 1));
  }

  /** What is measured and chosen meanwhile is so by the encoder of before. */
  async #choose(names: readonly EncoderName[], triedAgain: number): Promise<void> {
    const choosing = this.#chooseEncoder(this.#ffmpeg, 'auto', this.#closing.signal, names);
    this.#choosing = choosing;
    const chosen = await choosing;
    if (chosen.encoder.name !== 'x264') this.#measured = undefined;
    this.#chosen = choosing;
    await this.#tell(triedAgain);
  }

  async encoder(): Promise<VideoEncoder> {
    return (await this.#chosen).encoder;
  }

  /** By what pictures are made that are not copied. */
  async means(): Promise<EncodingMeans> {
    return { encoder: await this.encoder(), toneMaps: (await this.#missingToneMaps)?.length === 0 };
  }

  /** The same as far as it is known: while encoders in hardware are tried, that in software. */
  get meansSoFar(): EncodingMeans {
    return this.#soFar;
  }

  /** Until it has answered, colours stay as they are. */
  async #askToneMaps(): Promise<readonly string[] | null> {
    const missing = await this.#findToneMaps(this.#ffmpeg, this.#closing.signal);
    this.#soFar = { ...this.#soFar, toneMaps: missing?.length === 0 };
    if (missing === null && !this.#closing.signal.aborted)
      this.#askAgain = this.#clock.after(measureAgainMs, () => {
        this.#missingToneMaps = this.#askToneMaps();
      });
    return missing;
  }

  /** What others use of the cores is that of the last minute. Null: it could not be measured. */
  async capacity(): Promise<EncodingCapacity | null> {
    const { encoder, outcome } = await this.#chosen;
    this.#measured ??= outcome ? Promise.resolve(outcome) : this.#measure(encoder);
    const measured = await this.#measured;
    if ('reason' in measured) return null;
    const cores = availableParallelism();
    const [load = 0] = loadavg();
    return { ...measured, cores, freeCores: Math.max(0, cores - load) };
  }

  async #measure(encoder: VideoEncoder): Promise<TestEncode> {
    const { signal } = this.#closing;
    const measured = await testEncode(this.#ffmpeg, encoder, signal);
    if ('reason' in measured && !signal.aborted) {
      this.#log.warn(
        { encoder: encoder.name, reason: measured.reason },
        'it is not known what this machine can encode: all renditions are taken to be possible',
      );
      this.#again = this.#clock.after(measureAgainMs, () => {
        this.#measured = undefined;
      });
    }
    return measured;
  }

  async close(): Promise<void> {
    this.#closing.abort();
    this.#again?.cancel();
    this.#tryAgain?.cancel();
    this.#askAgain?.cancel();
    await Promise.all([this.#chosen, this.#choosing, this.#measured, this.#missingToneMaps]);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
