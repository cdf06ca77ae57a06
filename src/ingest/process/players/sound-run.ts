import type { Clock } from '../../../contract/clock.ts';
import type { Plan } from '../../../contract/plan.ts';
import { ffmpegArgs, timeOffsetMs } from '../../ffmpeg/args.ts';
import type { PipelineEnd, RunningPipeline, StartPipeline } from '../../ffmpeg/pipeline.ts';
import type { MediaFrame } from '../../media/media-frame.ts';
import type { Input } from '../../sources/input.ts';
import type { Feed } from '../splicer/feed.ts';
import { SoundHoles } from './sound-holes.ts';

/** ffmpeg takes about so long to begin, in µs: what is on air until then has left when the new sound comes. */
const aheadUs = 600_000;
/** A decoder and an encoder that begin in the midst need so much, in µs, until they give what they would have given. */
const runUpUs = 200_000;
/** So much of the new sound is in hand, in µs, before the old is given up. */
const inHandUs = 300_000;
/** Packets of Opus as we make it, in µs. */
const packetUs = 20_000;
/** What an Opus encoder gives is so much earlier than what went in, in µs: 312 samples at 48 kHz (RFC 7845, pre-skip). */
const preSkipUs = 6500;

export interface SoundRunOptions {
  readonly plan: Pick<Plan, 'audio'>;
  readonly open: (signal: AbortSignal, behind: boolean) => Promise<Input>;
  readonly ffmpeg: string;
  readonly startTimeoutMs: number;
  readonly stallTimeoutMs: number;
  /** The whole source's place to begin and end at, in µs. */
  readonly startUs: number;
  readonly stopUs: number | null;
  readonly volumePercent: number;
  /** Whose sound it takes over. */
  readonly feed: Feed;
  readonly startPipeline: StartPipeline;
  readonly clock: Clock;
  /** From now on the sound of the feed is this one's. */
  readonly onJoined: () => void;
  /** Frames came into the feed. */
  readonly onFed: () => void;
}

/**
 * Reads a source once more, for its sound alone, and at another volume: from a little before a place that is not on air yet,
 * where the new sound follows the old one, packet by packet. The picture knows nothing of it.
 */
export class SoundRun {
  readonly volumePercent: number;
  /** Never rejects. */
  readonly ended: Promise<PipelineEnd>;
  readonly #options: SoundRunOptions;
  readonly #startUs: number;
  readonly #holes: SoundHoles;
  #pipeline: RunningPipeline | undefined;
  /** What came before it has joined. */
  #waiting: MediaFrame[] | null = [];
  readonly #closing = new AbortController();

  private constructor(options: SoundRunOptions) {
    this.#options = options;
    this.volumePercent = options.volumePercent;
    this.#holes = new SoundHoles(options.plan.audio, options.volumePercent);
    this.#startUs = beginsAtUs(options);
    this.ended = this.#play().catch((error: unknown) => ({
      ...({ kind: 'failed', unstartable: true } as const),
      message: error instanceof Error ? error.message : String(error),
    }));
  }

  static start(options: SoundRunOptions): SoundRun {
    return new SoundRun(options);
  }

  /** Whether the feed's sound is this one's. */
  get joined(): boolean {
    return this.#waiting === null;
  }

  /** There is room in the feed. */
  resume(): void {
    this.#pipeline?.resume();
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#pipeline?.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #play(): Promise<PipelineEnd> {
    const { plan, open, ffmpeg, startTimeoutMs, stallTimeoutMs, stopUs, startPipeline, clock } =
      this.#options;
    const { signal } = this.#closing;
    await using input = await open(signal, true);
    if (signal.aborted) return { kind: 'closed' };
    const place = { startMs: this.#startUs / 1000, stopMs: stopUs === null ? undefined : stopUs / 1000 };
    const pipeline = startPipeline({
      ffmpeg,
      args: ffmpegArgs({ video: null, audio: plan.audio }, input, {
        ...place,
        volumePercent: this.volumePercent,
      }),
      env: input.env,
      aside: input.aside,
      slice: input.slice,
      startTimeoutMs,
      stallTimeoutMs,
      clock,
      explain: (words) => input.explain(words),
      onFrames: (frames) => this.#take(frames),
    });
    this.#pipeline = pipeline;
    const end = await pipeline.ended;
    if (end.kind === 'finished') this.#join(0);
    return this.#closing.signal.aborted ? { kind: 'closed' } : end;
  }

  #take(frames: readonly MediaFrame[]): void {
    if (this.#closing.signal.aborted) return;
    const { feed, onFed } = this.#options;
    const shiftUs = this.#startUs - timeOffsetMs * 1000;
    const placed = this.#holes.filled(frames).map((frame) => ({ ...frame, ptsUs: frame.ptsUs + shiftUs }));
    if (this.#waiting) {
      this.#waiting.push(...placed);
      this.#join(inHandUs);
      return;
    }
    for (const frame of placed) feed.push(frame);
    if (feed.full) this.#pipeline?.pause();
    onFed();
  }

  /** Takes over, where so much of it, in µs, lies behind what leaves next. */
  #join(neededUs: number): void {
    const { feed, startUs, onJoined, onFed } = this.#options;
    const [first] = this.#waiting ?? [];
    if (!this.#waiting || !first) return;
    const wellFromUs = this.#startUs > startUs ? first.ptsUs + runUpUs : first.ptsUs;
    const fromUs = Math.max(wellFromUs, feed.soundFromUs ?? Number.NEGATIVE_INFINITY);
    const from = this.#waiting.findIndex(({ ptsUs }) => ptsUs >= fromUs - packetUs / 2);
    const rest = from === -1 ? [] : this.#waiting.slice(from);
    const [begin, last] = [rest[0], rest.at(-1)];
    if (!begin || !last || last.ptsUs - begin.ptsUs < neededUs) {
      // What has left is of no use any more.
      if (from > 1) this.#waiting.splice(1, from - 1);
      return;
    }
    this.#waiting = null;
    feed.replaceSound(rest);
    onJoined();
    onFed();
  }
}

/** A run-up before a packet of the old sound that will not have left, so that packets of both are at the same times. */
function beginsAtUs({ feed, startUs }: SoundRunOptions): number {
  const { soundFromUs } = feed;
  if (soundFromUs === undefined) return startUs;
  const packets = Math.round((aheadUs - runUpUs) / packetUs);
  return Math.max(startUs, Math.round(soundFromUs + packets * packetUs + preSkipUs));
}
