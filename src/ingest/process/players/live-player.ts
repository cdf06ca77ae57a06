import { setTimeout } from 'node:timers/promises';
import { systemClock } from '../../../contract/clock.ts';
import type { Plan } from '../../../contract/models.ts';
import { ffmpegArgs, timeOffsetMs } from '../../ffmpeg/args.ts';
import { Pipeline, type PipelineEnd, saysUnstartable } from '../../ffmpeg/pipeline.ts';
import type { MediaFrame } from '../../media/media-frame.ts';
import type { Input } from '../../sources/input.ts';
import { Feed } from '../splicer/feed.ts';
import { KeyFrameWatch } from './key-frame-watch.ts';
import { type Fill, layersOf, type Player, type PlayerListener } from './player.ts';

/** Before the n-th attempt in a row it waits the n-th of these, in ms; the last one from then on. */
const retryDelaysMs = [0, 500, 1000, 2000, 4000, 8000];
/** A connection that held for so long, in ms, worked: the next attempt is the first again. */
const heldMs = 5000;
/** Connecting, and finding out what comes, may take so long, in ms. */
const startTimeoutMs = 15_000;

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
  readonly open: () => Promise<Input>;
  readonly ffmpeg: string;
  readonly stallTimeoutMs: number;
  readonly maxKeyframeIntervalMs: number;
  readonly volumePercent: number;
  readonly fillFor: (plan: Plan) => Fill;
  readonly kinds: readonly ('video' | 'audio')[];
  /** It cannot be connected to again: its end is the end, and so is what keeps it from being opened. */
  readonly once: boolean;
  /** Whether an encoder was the cause of a failure: it is planned anew, without it. */
  readonly encoderFailed: (plan: Plan, message: string) => boolean;
  readonly listener: PlayerListener;
}

/** Plays a source that comes at its own pace: connects again for as long as it is wanted, each time with a feed of its own. */
export class LivePlayer implements Player {
  readonly #options: LivePlayerOptions;
  readonly #closing = new AbortController();
  readonly #playing = new Set<Pipeline>();
  readonly #done: Promise<void>;
  #live: LivePlan | null;
  #feed: Feed | undefined;
  /** It has given something. */
  #played = false;

  private constructor(options: LivePlayerOptions) {
    this.#options = options;
    this.#live = options.prepared;
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

  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.all([...this.#playing].map((pipeline) => pipeline.close()));
    await this.#done;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #goOn(): Promise<void> {
    const { signal } = this.#closing;
    for (let attempt = 0; !signal.aborted; ) {
      const startedMs = performance.now();
      const end = await this.#connection().catch(
        (error: unknown): PipelineEnd => ({ kind: 'failed', message: wordsOf(error), unstartable: true }),
      );
      if (signal.aborted) return;
      const message = end.kind === 'failed' ? end.message : null;
      if (this.#options.once && (end.kind !== 'failed' || end.unstartable)) return this.#complete(message);
      // Whoever starts it is waiting, and ffmpeg does not come by itself.
      if (!this.#played && message !== null && saysUnstartable(message)) return this.#complete(message);
      const otherwise = message !== null && this.#options.encoderFailed(this.plan, message);
      const held = this.#feed !== undefined && performance.now() - startedMs > heldMs;
      attempt = otherwise || held ? 0 : attempt + 1;
      // What gave nothing may have become another source: it is looked at anew.
      if (otherwise) this.#live = this.#live && { ...this.#live, plan: this.#live.replan() };
      else if (!this.#feed) this.#live = null;
      this.#lose(message ?? 'it has ended');
      await pause(retryDelaysMs[attempt] ?? (retryDelaysMs.at(-1) as number), signal);
    }
  }

  /** One connection to its end. */
  async #connection(): Promise<PipelineEnd> {
    const { signal } = this.#closing;
    this.#live ??= await this.#options.prepare(signal);
    return await this.#play(this.#live);
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
    await using input = await this.#options.open();
    if (this.#closing.signal.aborted) return { kind: 'closed' };
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
    const { ffmpeg, stallTimeoutMs, volumePercent, kinds, listener } = this.#options;
    const { realTime = true } = input;
    const onRoom = () => {
      pipeline.resume();
      listener.onRoom();
    };
    const pace = realTime ? { live: true } : { onRoom, ...(!this.#options.once && { passes: systemClock }) };
    const feed = new Feed(kinds, { layers: layersOf(plan), ...pace });
    const fill = this.#options.fillFor(plan);
    const before = [...this.#playing];
    const pipeline = Pipeline.start({
      ffmpeg,
      args: ffmpegArgs(plan, input, { volumePercent }),
      env: input.env,
      stallTimeoutMs,
      startTimeoutMs,
      explain: (words) => input.explain(words),
      onFrames: (frames) => {
        for (const frame of frames) {
          const placed = { ...frame, ptsUs: frame.ptsUs - timeOffsetMs * 1000 };
          feed.push(placed);
          for (const filling of fill(placed)) feed.push(filling);
          onFrame(placed);
        }
        if (!realTime && feed.full) pipeline.pause();
        if (feed.ready && before.length > 0) {
          this.#feed = feed;
          for (const earlier of before.splice(0)) void earlier.close();
        }
        this.#feed ??= feed;
        this.#played = true;
        listener.onFeed(feed);
      },
    });
    this.#playing.add(pipeline);
    if (pipeline.pid !== undefined) listener.onPipeline(pipeline.pid, plan);
    const end = await pipeline.ended;
    this.#playing.delete(pipeline);
    return end;
  }
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return setTimeout(ms, undefined, { signal }).catch(() => {});
}
