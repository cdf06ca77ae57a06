import { isDeepStrictEqual } from 'node:util';
import { BackOff, usualBackOff } from '../../../contract/back-off.ts';
import { type Clock, systemClock } from '../../../contract/clock.ts';
import type { Plan } from '../../../contract/plan.ts';
import { ffmpegArgs, gainOf, timeOffsetMs, volumeFilter } from '../../ffmpeg/args.ts';
import {
  Pipeline,
  type PipelineEnd,
  type RunningPipeline,
  type StartPipeline,
  saysUnstartable,
} from '../../ffmpeg/pipeline.ts';
import type { MediaFrame } from '../../media/media-frame.ts';
import type { Input } from '../../sources/input.ts';
import { Feed } from '../splicer/feed.ts';
import { KeyFrameWatch } from './key-frame-watch.ts';
import { pause } from './pause.ts';
import {
  type Fill,
  layersOf,
  type Player,
  type PlayerListener,
  soundless,
  type VolumeControl,
} from './player.ts';
import { SoundHoles } from './sound-holes.ts';
import { SourceRate } from './source-rate.ts';

/** Viewers see the slate meanwhile: nobody waits as long for a camera as for what only machines miss. */
const connectionBackOff = { ...usualBackOff, ceilingMs: 8000 };
/** Connecting, and finding out what comes, may take so long, in ms. */
const startTimeoutMs = 15_000;
/** What comes, but cannot be shown for so long after its start, in ms, is as good as away: its key frames are seconds apart. */
const pictureTimeoutMs = 30_000;

/** A live source that is there, and how it is to be played. */
export interface LivePlan {
  readonly plan: Plan;
  /** The plan by the rules of now, where its key frames were seen to be so far apart, in ms. */
  readonly replan: (keyframeIntervalMs?: number) => Plan;
}

export interface LivePlayerOptions {
  /** Looks at the source. */
  readonly prepare: (signal: AbortSignal) => Promise<LivePlan>;
  /** What `prepare` gave before, for the first time. */
  readonly prepared: LivePlan | null;
  /** Opens the source, in time or not at all; `behind` what plays already. */
  readonly open: (signal: AbortSignal, behind: boolean) => Promise<Input>;
  readonly ffmpeg: string;
  readonly stallTimeoutMs: number;
  readonly maxKeyframeIntervalMs: number;
  readonly volumePercent: number;
  /** What it may give, over some seconds; null: whoever takes it in sees to that. */
  readonly maxBitrateBps: number | null;
  readonly fillFor: (plan: Plan) => Fill;
  readonly kinds: readonly ('video' | 'audio')[];
  /** It cannot be connected to again: its end is the end, and so is what keeps it from being opened. */
  readonly once: boolean;
  /** Whether an encoder was the cause of a failure, `again` without a frame: it is planned anew, without it. */
  readonly encoderFailed: (plan: Plan, message: string, again: boolean) => boolean;
  readonly listener: PlayerListener;
  readonly startPipeline?: StartPipeline | undefined;
  readonly clock?: Clock | undefined;
}

/** Plays a source that comes at its own pace: connects again for as long as it is wanted, each time with a feed of its own. */
export class LivePlayer implements Player {
  readonly #options: LivePlayerOptions;
  readonly #clock: Clock;
  readonly #backOff = new BackOff(connectionBackOff);
  readonly #closing = new AbortController();
  /** Those that run, and whether each takes commands for its sound. */
  readonly #playing = new Map<RunningPipeline, boolean>();
  readonly #done: Promise<void>;
  #live: LivePlan | null;
  /** What the last look gave, before anything was seen of it. */
  #looked: Plan | null;
  /** Whoever comes next may send something else: it is looked at first. */
  #stale = false;
  #volumePercent: number;
  #feed: Feed | undefined;
  /** Why it is given up: it gave more than it may. */
  #excess: string | null = null;
  /** The ffmpeg before this one failed. */
  #failedBefore = false;
  /** It has given something. */
  #played = false;

  private constructor(options: LivePlayerOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#live = options.prepared;
    this.#looked = options.prepared?.plan ?? null;
    this.#volumePercent = options.volumePercent;
    this.#done = this.#goOn();
  }

  static start(options: LivePlayerOptions): LivePlayer {
    return new LivePlayer(options);
  }

  get plan(): Plan {
    return this.#live?.plan ?? { video: null, audio: null };
  }

  get feed(): Feed | undefined {
    return this.#feed;
  }

  get volume(): VolumeControl {
    const { audio } = this.plan;
    if (!audio) return soundless;
    if ([...this.#playing.values()].every((commanded) => commanded)) return { kind: 'applied' };
    return { kind: 'notApplicable', reason: `its sound is passed on as it comes (${audio.from})` };
  }

  setVolume(percent: number): void {
    this.#volumePercent = percent;
    for (const [pipeline, commanded] of this.#playing)
      if (commanded) pipeline.command(volumeFilter, 'volume', gainOf(percent));
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.all([...this.#playing.keys()].map((pipeline) => pipeline.close()));
    await this.#done;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #goOn(): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      const end = await this.#connection().catch(
        (error: unknown): PipelineEnd => ({ kind: 'failed', message: wordsOf(error), unstartable: true }),
      );
      if (signal.aborted) return;
      if (this.#excess !== null) return this.#complete(this.#excess);
      const message = end.kind === 'failed' ? end.message : null;
      if (this.#options.once && (end.kind !== 'failed' || end.unstartable)) return this.#complete(message);
      // Whoever starts it is waiting, and ffmpeg does not come by itself.
      if (!this.#played && message !== null && saysUnstartable(message)) return this.#complete(message);
      const again = this.#failedBefore && !this.#feed;
      const otherwise = message !== null && this.#options.encoderFailed(this.plan, message, again);
      this.#failedBefore = end.kind === 'failed' && !end.unstartable && !otherwise;
      if (otherwise) {
        this.#backOff.reset();
        this.#live = this.#live && { ...this.#live, plan: this.#live.replan() };
      } else this.#stale = !this.#options.once || !this.#feed;
      this.#lose(message ?? 'it has ended');
      await pause(this.#clock, this.#backOff.failed(this.#clock.nowMs()), signal);
    }
  }

  /** One connection to its end. */
  async #connection(): Promise<PipelineEnd> {
    const { signal } = this.#closing;
    if (this.#live && !this.#stale) return await this.#play(this.#live);
    const found = await this.#options.prepare(signal);
    // What was seen of the same while it played still holds.
    const isSame = this.#live !== null && isDeepStrictEqual(found.plan, this.#looked);
    const live = isSame && this.#live ? this.#live : found;
    this.#live = live;
    this.#looked = found.plan;
    this.#stale = false;
    return await this.#play(live);
  }

  /** Nothing more will come. */
  #complete(message: string | null): void {
    const { listener } = this.#options;
    this.#feed?.end();
    listener.onOver(message);
    if (this.#feed) listener.onFeed(this.#feed);
  }

  #lose(message: string): void {
    const { listener } = this.#options;
    const feed = this.#feed;
    this.#feed = undefined;
    feed?.end();
    listener.onAway(message);
    if (feed) listener.onFeed(feed);
  }

  /** Plays by a plan; where key frames turn out to be too far apart, by another one, which takes over without a seam. */
  async #play(live: LivePlan): Promise<PipelineEnd> {
    const { plan } = live;
    this.#options.listener.onPlan(plan);
    const { signal } = this.#closing;
    await using input = await this.#options.open(signal, this.#feed !== undefined);
    if (signal.aborted) return { kind: 'closed' };
    const watch = this.#watchFor(plan, input);
    let successor: Promise<PipelineEnd> | undefined;
    const end = await this.#pipeline(plan, input, (frame) => {
      if (successor) return;
      const intervalMs = watch?.see(frame);
      if (intervalMs === undefined) return;
      const replan = (otherMs = intervalMs) => live.replan(otherMs);
      this.#live = { plan: replan(), replan };
      successor = this.#play(this.#live);
      // Whether it fails is asked below, once this one has ended.
      successor.catch(() => {});
    });
    return successor ?? end;
  }

  /** What cannot be opened beside itself was measured beforehand. */
  #watchFor({ video }: Plan, { measurable = false }: Input): KeyFrameWatch | undefined {
    if (video?.action !== 'copy' || measurable) return undefined;
    return new KeyFrameWatch(this.#options.maxKeyframeIntervalMs);
  }

  async #pipeline(plan: Plan, input: Input, onFrame: (frame: MediaFrame) => void): Promise<PipelineEnd> {
    const { ffmpeg, stallTimeoutMs, kinds, listener, startPipeline = Pipeline.start } = this.#options;
    const { realTime = true } = input;
    const volumePercent = this.#volumePercent;
    const onRoom = () => {
      pipeline.resume();
      listener.onRoom();
    };
    const pace = realTime ? { live: true } : { onRoom, ...(!this.#options.once && { passes: this.#clock }) };
    const feed = new Feed(kinds, { layers: layersOf(plan), ...pace });
    const fill = this.#options.fillFor(plan);
    const before = [...this.#playing.keys()];
    let shown = false;
    const holes = new SoundHoles(plan.audio, volumePercent);
    const rate = new SourceRate(layersOf(plan), this.#options.maxBitrateBps);
    // What would be copied at this volume stays undecoded.
    const commanded = plan.audio !== null && (plan.audio.action === 'transcode' || volumePercent !== 100);
    const pipeline = startPipeline({
      ffmpeg,
      args: ffmpegArgs(plan, input, { volumePercent, commanded }),
      env: input.env,
      aside: input.aside,
      slice: input.slice,
      stallTimeoutMs,
      startTimeoutMs,
      commanded,
      clock: this.#clock,
      explain: (words) => input.explain(words),
      onFrames: (frames) => {
        for (const frame of holes.filled(frames)) {
          rate.see(frame);
          const placed = { ...frame, ptsUs: frame.ptsUs - timeOffsetMs * 1000 };
          feed.push(placed);
          for (const filling of fill(placed)) feed.push(filling);
          onFrame(placed);
        }
        this.#excess ??= rate.excess;
        if (this.#excess !== null) void pipeline.close();
        const measured = rate.measured(plan);
        if (measured) listener.onPlan(measured);
        if (!realTime && feed.full) pipeline.pause();
        shown ||= feed.ready;
        if (feed.ready && before.length > 0) {
          this.#feed = feed;
          for (const earlier of before.splice(0)) void earlier.close();
        }
        this.#begun(feed);
        listener.onFeed(feed);
      },
    });
    this.#playing.set(pipeline, commanded);
    if (pipeline.pid !== undefined) listener.onPipeline(pipeline.pid, plan);
    let useless = false;
    const limit = this.#clock.after(pictureTimeoutMs, () => {
      useless = !shown;
      if (useless) void pipeline.close();
    });
    const end = await pipeline.ended;
    limit.cancel();
    this.#playing.delete(pipeline);
    if (!useless) return end;
    const message = `nothing that can be shown came within ${pictureTimeoutMs} ms`;
    return { kind: 'failed', message, unstartable: false };
  }

  #begun(feed: Feed): void {
    if (this.#feed) return;
    this.#feed = feed;
    this.#played = true;
    this.#backOff.started(this.#clock.nowMs());
  }
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
