import type { Plan } from '../../../contract/models.ts';
import { ffmpegArgs, timeOffsetMs } from '../../ffmpeg/args.ts';
import { Pipeline, type PipelineEnd } from '../../ffmpeg/pipeline.ts';
import type { Input } from '../../sources/input.ts';
import { Feed } from '../splicer/feed.ts';
import { type Fill, layersOf, type Player, type PlayerListener } from './player.ts';

/** Failures in a row at the same place of the source, after which it is given up. */
const maxFailures = 5;
/** The same, before the source has given a single frame: whoever started it is waiting. */
const maxFirstFailures = 2;
/** Wait before the n-th attempt in a row, in ms, times n: the first is at once. */
const retryDelayMs = 200;

/** More than the distance of two key frames in anything that is copied. */
const copyRunUpUs = 5_000_000;
/** Less than the distance of two pictures. */
const encoderStepUs = 1000;

/** How often a source has failed, and where; kept when it is begun again at its place. */
export interface Progress {
  failures: number;
  /** How far it had come when it failed last, in µs. */
  failedAtUs: number;
}

export function noFailures(): Progress {
  return { failures: 0, failedAtUs: Number.NEGATIVE_INFINITY };
}

export interface FilePlayerOptions {
  readonly plan: Plan;
  /** How it goes on, where this plan is the cause of a failure, `again` at the same place; null: as before. */
  readonly planAfter: (plan: Plan, message: string, again: boolean) => Plan | null;
  /** Opens the source; for each start of ffmpeg anew. */
  readonly open: () => Promise<Input>;
  readonly ffmpeg: string;
  readonly stallTimeoutMs: number;
  /** The same for its first output; default `stallTimeoutMs`. */
  readonly startTimeoutMs?: number | undefined;
  /** Place in the source to begin at. */
  readonly startUs: number;
  /** Place in the source to end at; null: its end. */
  readonly stopUs: number | null;
  readonly volumePercent: number;
  readonly fill: Fill;
  /** Tracks of the feed: those of the source, and those that are filled. */
  readonly kinds: readonly ('video' | 'audio')[];
  /** Whether somebody waits for its first frame, and wants to hear soon that none will come. */
  readonly awaited: boolean;
  readonly progress: Progress;
  readonly listener: PlayerListener;
}

/** Plays a source that can be begun anywhere: reads ahead, and goes on without a seam where ffmpeg fails. */
export class FilePlayer implements Player {
  readonly feed: Feed;
  readonly #options: FilePlayerOptions;
  #plan: Plan;
  #pipeline: Pipeline | undefined;
  #input: Input | undefined;
  #closed = false;
  #retryTimer: NodeJS.Timeout | undefined;

  private constructor(options: FilePlayerOptions) {
    this.#options = options;
    const { kinds, plan, startUs, listener } = options;
    this.#plan = plan;
    const onRoom = () => {
      this.#pipeline?.resume();
      listener.onRoom();
    };
    this.feed = new Feed(kinds, { fromUs: startUs, layers: layersOf(plan), onRoom });
  }

  static start(options: FilePlayerOptions): FilePlayer {
    const run = new FilePlayer(options);
    void run.#run(options.startUs);
    return run;
  }

  get plan(): Plan {
    return this.#plan;
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#retryTimer);
    await this.#pipeline?.close();
    await this.#release();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #run(startUs: number): Promise<void> {
    const { open, ffmpeg, stallTimeoutMs, startTimeoutMs = stallTimeoutMs } = this.#options;
    const plan = this.#plan;
    const { stopUs, volumePercent, fill, listener } = this.#options;
    await this.#release();
    let input: Input;
    try {
      input = await open();
    } catch (error) {
      this.#failed(error instanceof Error ? error.message : String(error));
      return;
    }
    this.#input = input;
    if (this.#closed) return this.#release();
    const stopMs = stopUs === null ? undefined : stopUs / 1000;
    const pipeline = Pipeline.start({
      ffmpeg,
      args: ffmpegArgs(plan, input, { startMs: startUs / 1000, stopMs, volumePercent }),
      env: input.env,
      startTimeoutMs,
      stallTimeoutMs,
      explain: (words) => input.explain(words),
      onFrames: (frames) => {
        for (const frame of frames) {
          const placed = { ...frame, ptsUs: frame.ptsUs - timeOffsetMs * 1000 + startUs };
          this.feed.push(placed);
          for (const filling of fill(placed)) this.feed.push(filling);
        }
        if (this.feed.full) pipeline.pause();
        listener.onFeed(this.feed);
      },
    });
    this.#pipeline = pipeline;
    if (pipeline.pid !== undefined) listener.onPipeline(pipeline.pid, plan);
    this.#pipelineEnded(await pipeline.ended);
  }

  #pipelineEnded(end: PipelineEnd): void {
    this.#pipeline = undefined;
    if (this.#closed || end.kind === 'closed') return;
    if (end.kind === 'failed') this.#failed(end.message);
    else this.#complete(null);
  }

  /** Goes on where the feed ends, unless that has failed too often without any progress. */
  #failed(message: string): void {
    if (this.#closed) return;
    const { awaited, progress, listener, planAfter } = this.#options;
    const reachedUs = this.feed.queuedToUs ?? Number.NEGATIVE_INFINITY;
    const waitedFor = awaited && this.feed.queuedToUs === undefined;
    const again = progress.failures > 0 && reachedUs <= progress.failedAtUs;
    const changed = planAfter(this.#plan, message, again);
    if (changed) this.#plan = changed;
    progress.failures = again && !changed ? progress.failures + 1 : 1;
    progress.failedAtUs = Math.max(progress.failedAtUs, reachedUs);
    if (progress.failures >= (waitedFor ? maxFirstFailures : maxFailures)) {
      this.#complete(message);
      return;
    }
    listener.onFailure(message);
    if (changed) listener.onPlan(changed);
    const startUs = this.#resumeAtUs();
    this.#retryTimer = setTimeout(() => void this.#run(startUs), retryDelayMs * (progress.failures - 1));
  }

  /**
   * Where ffmpeg has to begin so that the feed goes on without a seam. A copy begins well before, since it can only begin
   * at a key frame, and the feed drops what it has; a new encoder begins with a key frame, exactly behind the last picture.
   * In whole milliseconds, as ffmpeg is told, so that times stay what they are.
   */
  #resumeAtUs(): number {
    const { startUs } = this.#options;
    const plan = this.#plan;
    const copied = plan.video?.action === 'copy';
    // Beside a copied picture encoders begin early too, with pictures that are not those that were sent.
    const encoded = copied ? (plan.video?.lower ?? []).map((_, layer) => layer) : [];
    const lastUs = this.feed.resume(encoded);
    if (lastUs === undefined) return startUs;
    return Math.max(0, Math.round((lastUs + (copied ? -copyRunUpUs : encoderStepUs)) / 1000) * 1000);
  }

  #complete(message: string | null): void {
    this.feed.end();
    const { listener } = this.#options;
    listener.onOver(message ?? (this.feed.barren ? 'ffmpeg gave no frame of it' : null));
    listener.onFeed(this.feed);
  }

  async #release(): Promise<void> {
    const input = this.#input;
    this.#input = undefined;
    await input?.[Symbol.asyncDispose]();
  }
}
