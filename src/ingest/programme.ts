import type { Control } from '../contract/control.ts';
import { MiroliveError } from '../contract/errors.ts';
import type { BroadcastStats, Plan } from '../contract/models.ts';
import type { ProgrammeState } from '../contract/programme-state.ts';
import { ffmpegArgs, timeOffsetMs } from './ffmpeg/args.ts';
import { Pipeline, type PipelineEnd } from './pipeline/pipeline.ts';
import { fileInput } from './sources/file-input.ts';
import { Feed } from './splicer/feed.ts';
import { Splicer, type SplicerTrack } from './splicer/splicer.ts';

/** Failures in a row at the same place of the source, after which it is given up. */
const maxFailures = 5;
/** The same, before the source has given a single frame: whoever started it is waiting. */
const maxFirstFailures = 2;
/** Wait before the n-th attempt in a row, in ms, times n: the first is at once. */
const retryDelayMs = 200;
/** Looped sources are read ahead up to this much, in µs, so that short ones leave no gap either. */
const readAheadUs = 2_000_000;

/** More than the distance of two key frames in anything that is copied. */
const copyRunUpUs = 5_000_000;
/** Less than the distance of two pictures. */
const encoderStepUs = 1000;

/** What is to be played, and how. Plain data: it crosses to the ingest thread. */
export interface ProgrammeOptions {
  readonly path: string;
  readonly plan: Plan;
  readonly loop: boolean;
  readonly durationMs: number | null;
  readonly ffmpeg: string;
  readonly stallTimeoutMs: number;
  readonly video: SplicerTrack | null;
  readonly audio: SplicerTrack | null;
}

/** What a programme tells. */
export type ProgrammeEvent =
  /** The first frames have left. */
  | { readonly type: 'live' }
  | { readonly type: 'pipeline.started'; readonly pid: number }
  | { readonly type: 'pipeline.failed'; readonly message: string; readonly restarts: number }
  | { readonly type: 'stats'; readonly stats: BroadcastStats }
  /** Nothing more will come; `message` where it failed. */
  | { readonly type: 'ended'; readonly message: string | null; readonly stats: BroadcastStats };

/** Plays one source: starts its pipelines, one after the other, and feeds the splicer. */
export class Programme {
  readonly #options: ProgrammeOptions;
  readonly #emit: (event: ProgrammeEvent) => void;
  #splicer!: Splicer;
  #pipeline: Pipeline | undefined;
  /** Feeds that are not over, the one being filled last. */
  readonly #feeds: Feed[] = [];
  /** The feed that was over last. */
  #last: Feed | undefined;
  #live = false;
  #failures = 0;
  #failedAtUs = Number.NEGATIVE_INFINITY;
  #giveUpReason: string | null = null;
  #restarts = 0;
  #loops = 0;
  #closed = false;
  #retryTimer: NodeJS.Timeout | undefined;
  #statsTimer: NodeJS.Timeout | undefined;
  #before = { pictures: 0, bytes: 0, atMs: 0 };
  #rates = { fps: 0, bitrateBps: 0 };

  private constructor(options: ProgrammeOptions, emit: (event: ProgrammeEvent) => void) {
    this.#options = options;
    this.#emit = emit;
  }

  static async create(options: ProgrammeOptions, emit: (event: ProgrammeEvent) => void): Promise<Programme> {
    const programme = new Programme(options, emit);
    programme.#splicer = await Splicer.create({
      video: options.video,
      audio: options.audio,
      onFinished: (feed) => programme.#finished(feed),
      onDrained: () => programme.#drained(),
    });
    return programme;
  }

  /** The UDP port on loopback that its packets come from. */
  get port(): number {
    return this.#splicer.port;
  }

  /** Begins to play, to a PlainTransport's port on this machine. */
  async play(port: number, startMs: number): Promise<void> {
    try {
      await this.#splicer.connect(port);
    } catch (error) {
      const message = `cannot send to port ${port}: ${error instanceof Error ? error.message : error}`;
      if (!this.#closed) this.#emit({ type: 'ended', message, stats: this.#stats() });
      return;
    }
    if (this.#closed) return;
    this.#before.atMs = performance.now();
    this.#statsTimer = setInterval(() => this.#report(), 1000);
    this.#begin(Math.round(startMs) * 1000);
  }

  /** Does what an operator wants of it. */
  async control(command: Control): Promise<void> {
    throw new MiroliveError('INVALID_REQUEST', `${command.type} is not there yet`);
  }

  /** How it is now. */
  state(): ProgrammeState {
    throw new MiroliveError('INVALID_REQUEST', 'the state of a programme is not there yet');
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#retryTimer);
    clearInterval(this.#statsTimer);
    await Promise.all([this.#pipeline?.close(), this.#splicer.close()]);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** A new feed, from a place of the source. */
  #begin(startUs: number): void {
    const { video, audio } = this.#options;
    const kinds = [...(video ? (['video'] as const) : []), ...(audio ? (['audio'] as const) : [])];
    const feed = new Feed(kinds, startUs);
    this.#failures = 0;
    this.#failedAtUs = Number.NEGATIVE_INFINITY;
    this.#feeds.push(feed);
    this.#splicer.cue(feed);
    this.#run(feed, startUs);
  }

  #run(feed: Feed, startUs: number): void {
    const { path, plan, ffmpeg, stallTimeoutMs } = this.#options;
    const pipeline = Pipeline.start({
      ffmpeg,
      args: ffmpegArgs(plan, fileInput(path), { startMs: startUs / 1000 }),
      stallTimeoutMs,
      onFrames: (frames) => {
        for (const frame of frames)
          feed.push({ ...frame, ptsUs: frame.ptsUs - timeOffsetMs * 1000 + startUs });
        if (feed.full) pipeline.pause();
        this.#splicer.wake();
      },
    });
    this.#pipeline = pipeline;
    if (pipeline.pid !== undefined) this.#emit({ type: 'pipeline.started', pid: pipeline.pid });
    void pipeline.ended.then((end) => this.#pipelineEnded(feed, end));
  }

  #pipelineEnded(feed: Feed, end: PipelineEnd): void {
    this.#pipeline = undefined;
    if (this.#closed || end.kind === 'closed') return;
    if (end.kind === 'failed') this.#failed(feed, end.message);
    else this.#complete(feed);
  }

  /** Goes on where the feed ends, unless that has failed too often without any progress. */
  #failed(feed: Feed, message: string): void {
    const reachedUs = feed.queuedToUs ?? Number.NEGATIVE_INFINITY;
    const waitedFor = !this.#live && this.#feeds.length === 1 && feed.queuedToUs === undefined;
    this.#failures = reachedUs > this.#failedAtUs ? 1 : this.#failures + 1;
    this.#failedAtUs = reachedUs;
    if (this.#failures >= (waitedFor ? maxFirstFailures : maxFailures)) {
      this.#giveUpReason = message;
      this.#complete(feed);
      return;
    }
    this.#restarts++;
    this.#emit({ type: 'pipeline.failed', message, restarts: this.#restarts });
    const startUs = this.#resumeAtUs(feed);
    const resume = () => this.#run(feed, startUs);
    this.#retryTimer = setTimeout(resume, retryDelayMs * (this.#failures - 1));
  }

  /**
   * Where ffmpeg has to begin so that the feed goes on without a seam. A copy begins well before, since it can only begin
   * at a key frame, and the feed drops what it has; a new encoder begins with a key frame, exactly behind the last picture.
   * In whole milliseconds, as ffmpeg is told, so that times stay what they are.
   */
  #resumeAtUs(feed: Feed): number {
    const lastUs = feed.resume();
    if (lastUs === undefined) return feed.fromUs;
    const copied = this.#options.plan.video?.action === 'copy';
    return Math.max(0, Math.round((lastUs + (copied ? -copyRunUpUs : encoderStepUs)) / 1000) * 1000);
  }

  #complete(feed: Feed): void {
    feed.end();
    this.#readAhead();
    this.#splicer.wake();
  }

  #finished(feed: Feed): void {
    this.#feeds.splice(this.#feeds.indexOf(feed), 1);
    this.#last = feed;
    if (this.#options.loop && this.#giveUpReason === null && !feed.barren) {
      this.#loops++;
      this.#readAhead();
      return;
    }
    clearInterval(this.#statsTimer);
    const message = this.#giveUpReason ?? (feed.barren ? 'ffmpeg gave no frame of it' : null);
    if (this.#feeds.length === 0) this.#emit({ type: 'ended', message, stats: this.#stats() });
  }

  #drained(): void {
    if (!this.#live) {
      this.#live = true;
      this.#emit({ type: 'live' });
    }
    const filling = this.#feeds.at(-1);
    if (this.#pipeline?.paused && !filling?.full) this.#pipeline.resume();
    this.#readAhead();
  }

  /** A looped source begins again as soon as it was read to its end, so that its beginning waits when its end is shown. */
  #readAhead(): void {
    if (!this.#options.loop || this.#giveUpReason !== null || this.#closed) return;
    const last = this.#feeds.at(-1) ?? this.#last;
    if (!last?.ended || last.barren || this.#bufferedUs() >= readAheadUs) return;
    const again = last.again();
    if (again) {
      this.#feeds.push(again);
      this.#splicer.cue(again);
      this.#readAhead();
    } else {
      this.#begin(0);
    }
  }

  #bufferedUs(): number {
    return this.#feeds.reduce((sum, feed) => sum + feed.bufferedUs, 0);
  }

  #report(): void {
    const { pictures, bytes } = this.#splicer.counters;
    const atMs = performance.now();
    const seconds = (atMs - this.#before.atMs) / 1000;
    this.#rates = {
      fps: (pictures - this.#before.pictures) / seconds,
      bitrateBps: ((bytes - this.#before.bytes) * 8) / seconds,
    };
    this.#before = { pictures, bytes, atMs };
    this.#emit({ type: 'stats', stats: this.#stats() });
  }

  #stats(): BroadcastStats {
    return {
      positionMs: Math.max(0, this.#splicer.counters.sourceTimeUs / 1000),
      durationMs: this.#options.durationMs,
      loops: this.#loops,
      ...this.#rates,
      bufferedMs: this.#bufferedUs() / 1000,
      restarts: this.#restarts,
      slates: 0,
    };
  }
}
