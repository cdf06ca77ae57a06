import { BackOff, usualBackOff } from '../../../contract/back-off.ts';
import { type Clock, systemClock, type Timer } from '../../../contract/clock.ts';
import type { Plan } from '../../../contract/plan.ts';
import { ffmpegArgs, timeOffsetMs } from '../../ffmpeg/args.ts';
import {
  Pipeline,
  type PipelineEnd,
  type RunningPipeline,
  type StartPipeline,
} from '../../ffmpeg/pipeline.ts';
import type { MediaFrame } from '../../media/media-frame.ts';
import type { Input } from '../../sources/input.ts';
import { Feed } from '../splicer/feed.ts';
import {
  type Fill,
  layersOf,
  type Player,
  type PlayerListener,
  type VolumeControl,
  volumeOf,
} from './player.ts';
import { SoundHoles } from './sound-holes.ts';
import { SoundRun } from './sound-run.ts';
import { SourceRate } from './source-rate.ts';

/** Failures in a row at the same place of the source, after which it is given up. */
export const maxFailures = 5;
/** The same, before the source has given a single frame: whoever started it is waiting. */
const maxFirstFailures = 2;
/** What has been read ahead lasts for 2 s: so long nobody sees that a file is read anew. */
const rereadBackOff = { ...usualBackOff, firstMs: 200 };
/** An ffmpeg that came so much further, in µs, was worth its start: the next one is begun at once, before viewers see anything. */
export const worthUs = 250_000;
/** The way to the first frame at its place may take so long, in ms: a disk may be slow, a GOP long, an address far away. */
const usualStartTimeoutMs = 15_000;
/** An encoder in hardware that takes pictures and gives none is known to be stuck sooner, in ms: nothing is lost by x264 in its place. */
const hardwareStartTimeoutMs = 3000;

/** More than the distance of two key frames in anything that is copied. */
const copyRunUpUs = 5_000_000;
/** Less than the distance of two pictures. */
const encoderStepUs = 1000;

/** How often a source has failed, and where; kept when it is begun again at its place. */
export interface Progress {
  readonly backOff: BackOff;
  /** In a row, at the same place. */
  failures: number;
  /** How far it had come when it failed last, in µs. */
  failedAtUs: number;
  /** Why it failed last; null: it did not. */
  message: string | null;
}

export function noFailures(): Progress {
  return {
    backOff: new BackOff(rereadBackOff),
    failures: 0,
    failedAtUs: Number.NEGATIVE_INFINITY,
    message: null,
  };
}

export interface FilePlayerOptions {
  readonly plan: Plan;
  /** How it goes on, where this plan is the cause of a failure, `again` at the same place; null: as before. */
  readonly planAfter: (plan: Plan, message: string, again: boolean) => Plan | null;
  /** Opens the source, in time or not at all; for each start of ffmpeg anew, `behind` what was read before. */
  readonly open: (signal: AbortSignal, behind: boolean) => Promise<Input>;
  readonly ffmpeg: string;
  readonly stallTimeoutMs: number;
  /** The same for its first output; default 15 s. */
  readonly startTimeoutMs?: number | undefined;
  /** Place in the source to begin at. */
  readonly startUs: number;
  /** Place in the source to end at; null: its end. */
  readonly stopUs: number | null;
  readonly volumePercent: number;
  /** What it may give for each second of it, over some seconds; null: as much as it has. */
  readonly maxBitrateBps: number | null;
  readonly fill: Fill;
  /** Tracks of the feed: those of the source, and those that are filled. */
  readonly kinds: readonly ('video' | 'audio')[];
  /** Whether somebody waits for its first frame, and wants to hear soon that none will come. */
  readonly awaited: boolean;
  readonly progress: Progress;
  readonly listener: PlayerListener;
  readonly startPipeline?: StartPipeline | undefined;
  readonly clock?: Clock | undefined;
}

/** Plays a source that can be begun anywhere: reads ahead, and goes on without a seam where ffmpeg fails. */
export class FilePlayer implements Player {
  readonly feed: Feed;
  readonly #options: FilePlayerOptions;
  readonly #clock: Clock;
  readonly #startPipeline: StartPipeline;
  #plan: Plan;
  #volumePercent: number;
  #pipeline: RunningPipeline | undefined;
  /** Whose the sound is, since the volume was changed; undefined: the pipeline's. */
  #sound: SoundRun | undefined;
  /** What is to take the sound over. */
  #joining: SoundRun | undefined;
  /** What has been read to its end: the source, but for its sound, where that is another's. */
  #read = false;
  #soundRead = false;
  readonly #closing = new AbortController();
  #retry: Timer | undefined;

  private constructor(options: FilePlayerOptions) {
    this.#options = options;
    const { kinds, plan, startUs, volumePercent, listener, clock, startPipeline } = options;
    this.#clock = clock ?? systemClock;
    this.#startPipeline = startPipeline ?? Pipeline.start;
    this.#plan = plan;
    this.#volumePercent = volumePercent;
    const onRoom = () => {
      this.#pipeline?.resume();
      this.#sound?.resume();
      listener.onRoom();
    };
    this.feed = new Feed(kinds, { fromUs: startUs, layers: layersOf(plan), onRoom });
  }

  static start(options: FilePlayerOptions): FilePlayer {
    const run = new FilePlayer(options);
    run.#begin(options.startUs);
    return run;
  }

  get plan(): Plan {
    return this.#plan;
  }

  get volume(): VolumeControl {
    return volumeOf(this.#plan);
  }

  setVolume(percent: number): void {
    if (percent === this.#volumePercent) return;
    this.#volumePercent = percent;
    // What is still to begin does so at this volume.
    if (this.#pipeline || this.#read) this.#beginSound();
  }

  async close(): Promise<void> {
    this.#closing.abort();
    this.#retry?.cancel();
    await this.#stop();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #begin(startUs: number): void {
    void this.#played(startUs).then(
      (end) => this.#pipelineEnded(end),
      (error: unknown) => this.#failed(error instanceof Error ? error.message : String(error)),
    );
  }

  /** One ffmpeg, from its start to its end. */
  async #played(startUs: number): Promise<PipelineEnd> {
    const { open, ffmpeg, stallTimeoutMs, startTimeoutMs = usualStartTimeoutMs } = this.#options;
    const { stopUs, listener, awaited } = this.#options;
    const { signal } = this.#closing;
    await using input = await open(signal, !awaited || this.feed.queuedToUs !== undefined);
    if (signal.aborted) return { kind: 'closed' };
    const plan = this.#plan;
    const volumePercent = this.#volumePercent;
    const stopMs = stopUs === null ? undefined : stopUs / 1000;
    const holes = new SoundHoles(plan.audio, volumePercent);
    const rate = new SourceRate(layersOf(plan), this.#options.maxBitrateBps);
    const pipeline = this.#startPipeline({
      ffmpeg,
      args: ffmpegArgs(plan, input, { startMs: startUs / 1000, stopMs, volumePercent }),
      env: input.env,
      aside: input.aside,
      slice: input.slice,
      startTimeoutMs: isInHardware(plan) ? Math.min(startTimeoutMs, hardwareStartTimeoutMs) : startTimeoutMs,
      stallTimeoutMs,
      clock: this.#clock,
      explain: (words) => input.explain(words),
      onFrames: (frames) => {
        if (this.feed.ended) return;
        for (const frame of holes.filled(frames)) {
          rate.see(frame);
          this.#take({ ...frame, ptsUs: frame.ptsUs - timeOffsetMs * 1000 + startUs });
        }
        if (rate.excess !== null) {
          void this.#stop();
          this.#complete(rate.excess);
          return;
        }
        if (this.feed.full) pipeline.pause();
        listener.onFeed(this.feed);
      },
    });
    this.#pipeline = pipeline;
    if (pipeline.pid !== undefined) listener.onPipeline(pipeline.pid, plan);
    return await pipeline.ended.finally(() => {
      if (this.#pipeline === pipeline) this.#pipeline = undefined;
    });
  }

  #take(frame: MediaFrame): void {
    if (frame.kind === 'audio' && this.#sound) return;
    this.feed.push(frame);
    for (const filling of this.#options.fill(frame)) this.feed.push(filling);
  }

  #pipelineEnded(end: PipelineEnd): void {
    if (this.#closing.signal.aborted || this.feed.ended || end.kind === 'closed') return;
    this.#read = end.kind === 'finished';
    if (end.kind === 'failed') this.#failed(end.message);
    else if (!this.#sound || this.#soundRead) this.#complete(null);
  }

  /** Reads the sound anew, at the volume of now; one at a time, so that many changes in a row are not many of ffmpeg. */
  #beginSound(): void {
    if (this.#closing.signal.aborted || this.#joining || !this.#plan.audio) return;
    const {
      open,
      ffmpeg,
      stallTimeoutMs,
      startTimeoutMs = usualStartTimeoutMs,
      startUs,
      stopUs,
    } = this.#options;
    const sound = SoundRun.start({
      ...{ plan: this.#plan, open, ffmpeg, stallTimeoutMs, startTimeoutMs, startUs, stopUs },
      ...{ feed: this.feed, clock: this.#clock, startPipeline: this.#startPipeline },
      volumePercent: this.#volumePercent,
      onJoined: () => {
        void this.#sound?.close();
        this.#sound = sound;
        this.#soundRead = false;
        this.#joining = undefined;
        if (sound.volumePercent !== this.#volumePercent) this.#beginSound();
      },
      onFed: () => this.#options.listener.onFeed(this.feed),
    });
    this.#joining = sound;
    void sound.ended.then((end) => this.#soundEnded(sound, end));
  }

  #soundEnded(sound: SoundRun, end: PipelineEnd): void {
    if (this.#closing.signal.aborted || end.kind === 'closed') return;
    if (sound === this.#sound) {
      this.#soundRead = true;
      if (end.kind === 'failed' && !this.feed.ended) this.#failed(end.message);
      else if (this.#read && !this.feed.ended) this.#complete(null);
    } else if (sound === this.#joining) {
      this.#joining = undefined;
      // What has been read stays as it is, and what follows is read at this volume.
      if (end.kind === 'failed' && !this.#read) this.#failed(end.message);
    }
  }

  /** Goes on where the feed ends, unless that has failed too often without any progress. */
  #failed(message: string): void {
    if (this.#closing.signal.aborted) return;
    void this.#stop();
    const { awaited, progress, listener, planAfter } = this.#options;
    const reachedUs = this.feed.queuedToUs ?? Number.NEGATIVE_INFINITY;
    const waitedFor = awaited && this.feed.queuedToUs === undefined;
    const again = progress.failures > 0 && reachedUs <= progress.failedAtUs;
    const changed = planAfter(this.#plan, message, again);
    if (changed) this.#plan = changed;
    if (changed || reachedUs - progress.failedAtUs >= worthUs) progress.backOff.reset();
    progress.failures = again && !changed ? progress.failures + 1 : 1;
    progress.failedAtUs = Math.max(progress.failedAtUs, reachedUs);
    progress.message = message;
    const delayMs = progress.backOff.failed(this.#clock.nowMs());
    if (progress.failures >= (waitedFor ? maxFirstFailures : maxFailures)) {
      this.#complete(message);
      return;
    }
    listener.onFailure(message);
    if (changed) listener.onPlan(changed);
    const startUs = this.#resumeAtUs();
    this.#retry = this.#clock.after(delayMs, () => this.#begin(startUs));
  }

  /** Ends all that reads. */
  async #stop(): Promise<void> {
    const reading = [this.#pipeline, this.#sound, this.#joining];
    this.#sound = undefined;
    this.#joining = undefined;
    this.#soundRead = false;
    this.#read = false;
    await Promise.all(reading.map((one) => one?.close()));
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
}

function isInHardware({ video }: Plan): boolean {
  const { name = 'x264' } = video?.encoder ?? {};
  return name !== 'x264';
}
