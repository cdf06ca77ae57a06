import { BackOff } from '../../../contract/back-off.ts';
import type { Clock } from '../../../contract/clock.ts';
import type { CompatibleCodec, VideoCodec } from '../../../contract/plan.ts';
import type { MediaFrame } from '../../media/media-frame.ts';
import { sizeOfKeyFrame } from '../../media/rtp-in/size-of-key-frame.ts';
import { type CompatibleSize, compatibleSize } from '../../plan/compatible-size.ts';
import { CompatibleEncoder, type CompatibleEncoderOptions } from './compatible-encoder.ts';

/** One that has given nothing for so long while it was given pictures, in ms, hangs. */
const stuckMs = 10_000;
/** One that ends more often than this in a row is of no use to anybody. */
const mostFailures = 3;
/** A key frame is asked for so seldom, in ms: most sources give one by themselves. */
const askedApartMs = 1000;

type Encoder = Pick<CompatibleEncoder, 'ended' | 'busy' | 'write' | 'close'>;

export interface CompatibleStreamOptions {
  readonly ffmpeg: string;
  readonly from: VideoCodec;
  readonly to: CompatibleCodec;
  readonly clock: Clock;
  /** Gives numbers from 0 to below 1; default the machine's. */
  readonly random?: (() => number) | undefined;
  /** Nothing can be begun, or gone on with, before there is a key frame. */
  readonly onKeyFrameWanted: () => void;
  readonly send: (codec: CompatibleCodec, picture: MediaFrame, timeUs: number) => void;
  /** Default a real one. */
  readonly encoder?: ((options: CompatibleEncoderOptions) => Encoder) | undefined;
}

/** What encodes now: pictures of one size, from a moment on. */
interface Running {
  readonly encoder: Encoder;
  /** Of what it is given. */
  readonly from: CompatibleSize;
  readonly fromUs: number;
  /** It waits for a key frame, since it could not keep up. */
  skips: boolean;
  /** When it gave something last, or was given something first, in ms. */
  gaveMs: number;
  /** When it was given something last, in ms. */
  fedMs: number;
}

/** What leaves, once more in a codec that other players decode: begun with a key frame, and anew where the size changes or ffmpeg ends. */
export class CompatibleStream implements AsyncDisposable {
  readonly #options: CompatibleStreamOptions;
  readonly #backOff: BackOff;
  #running: Running | undefined;
  #notBeforeMs = Number.NEGATIVE_INFINITY;
  /** When a key frame was asked for last. */
  #askedMs = Number.NEGATIVE_INFINITY;
  /** The last time that was sent. */
  #sentUs = Number.NEGATIVE_INFINITY;
  #size: CompatibleSize | null = null;
  #problem: string | null = null;
  readonly #closing = new Set<Promise<void>>();
  #closed = false;

  constructor(options: CompatibleStreamOptions) {
    this.#options = options;
    this.#backOff = new BackOff(undefined, options.random);
  }

  get codec(): CompatibleCodec {
    return this.#options.to;
  }

  /** Of what it makes; null: nothing yet. */
  get size(): CompatibleSize | null {
    return this.#size;
  }

  /** Why it makes nothing; null: it does, or begins to. */
  get problem(): string | null {
    return this.#problem;
  }

  /** A picture leaves; of one rendition. */
  note({ key, data }: MediaFrame, timeUs: number): void {
    if (this.#closed) return;
    if (key) this.#begin(data, timeUs);
    const running = this.#running;
    if (running && this.#writes(running, key)) running.encoder.write(data, (timeUs - running.fromUs) / 1000);
    else this.#ask();
  }

  async close(): Promise<void> {
    this.#closed = true;
    if (this.#running) this.#end(this.#running);
    await Promise.all(this.#closing);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  get #nowMs(): number {
    return this.#options.clock.nowMs();
  }

  /** What it cannot keep up with is left out up to a key frame; one that hangs is given up. */
  #writes(running: Running, key: boolean): boolean {
    const { encoder } = running;
    running.skips = encoder.busy || (running.skips && !key);
    const nowMs = this.#nowMs;
    // It had nothing to give.
    if (nowMs - running.fedMs >= stuckMs) running.gaveMs = nowMs;
    running.fedMs = nowMs;
    if (nowMs - running.gaveMs >= stuckMs) {
      this.#end(running);
      this.#failed();
    }
    return !running.skips && running === this.#running;
  }

  #ask(): void {
    const nowMs = this.#nowMs;
    if (nowMs < Math.max(this.#notBeforeMs, this.#askedMs + askedApartMs)) return;
    this.#askedMs = nowMs;
    this.#options.onKeyFrameWanted();
  }

  #begin(keyFrame: Buffer, fromUs: number): void {
    const { ffmpeg, from: codec, to, encoder = (options) => new CompatibleEncoder(options) } = this.#options;
    const from = sizeOfKeyFrame(codec, keyFrame);
    const before = this.#running;
    if (!from || (before?.from.width === from.width && before.from.height === from.height)) return;
    if (this.#nowMs < this.#notBeforeMs) return;
    if (before) this.#end(before);
    const size = compatibleSize(from);
    this.#backOff.started(this.#nowMs);
    const running: Running = {
      encoder: encoder({
        ...{ ffmpeg, from: codec, to, size },
        onPicture: (picture) => this.#give(running, picture, size),
      }),
      ...{ from, fromUs, skips: false, gaveMs: this.#nowMs, fedMs: this.#nowMs },
    };
    this.#running = running;
    const over = () => this.#over(running);
    running.encoder.ended.then(over, over);
  }

  #give(running: Running, picture: MediaFrame, size: CompatibleSize): void {
    if (running !== this.#running) return;
    running.gaveMs = this.#nowMs;
    this.#size = size;
    this.#problem = null;
    const timeUs = running.fromUs + picture.ptsUs;
    if (timeUs <= this.#sentUs) return;
    this.#sentUs = timeUs;
    this.#options.send(this.codec, picture, timeUs);
  }

  /** It ended by itself. */
  #over(running: Running): void {
    if (running !== this.#running) return;
    this.#running = undefined;
    this.#failed();
  }

  #failed(): void {
    this.#notBeforeMs = this.#nowMs + this.#backOff.failed(this.#nowMs);
    if (this.#size === null || this.#backOff.state.failures > mostFailures)
      this.#problem = `ffmpeg makes no ${this.codec} of it`;
  }

  #end(running: Running): void {
    this.#running = undefined;
    const closing = running.encoder.close().catch(() => {});
    this.#closing.add(closing);
    void closing.finally(() => this.#closing.delete(closing));
  }
}
