import { once } from 'node:events';
import { BackOff } from '../../../contract/back-off.ts';
import { type Clock, pause, systemClock } from '../../../contract/clock.ts';
import type { Plan } from '../../../contract/plan.ts';
import { BitrateBudget, mostFramesPerSecond } from '../../media/bitrate-budget.ts';
import type { MediaFrame } from '../../media/media-frame.ts';
import type { IncomingTrack } from '../../media/rtp-in/incoming-stream.ts';
import { RtpReceiver } from '../../media/rtp-in/rtp-receiver.ts';
import type { Slate } from '../slate/slate.ts';
import { Feed } from '../splicer/feed.ts';
import type { Kind } from '../splicer/track-queue.ts';
import { type Fill, type Player, type PlayerNews, tracksOf } from './player.ts';
import type { OpenRoute, Routes } from './routes.ts';
import { SourceRate } from './source-rate.ts';
import { StandIn } from './stand-in.ts';

/** A picture that is to begin asks for a key frame this often, in ms; what is lost on the way is the receiver's business. */
const askAgainMs = 2000;

/** Browsers change the size of their picture with their line; it is told no more often than this, in ms. */
const measureAgainMs = 10_000;

const tooMany = new Error(
  `expected at most ${mostFramesPerSecond} frames per second (limits.sourceBitrate), got more`,
);

export interface WhipPlayerOptions {
  readonly room: string;
  /** The publication's id. */
  readonly publication: string;
  readonly routes: Routes;
  /** Runs each piece of work on what comes of it; default at once. */
  readonly slice?: ((work: () => void) => void) | undefined;
  readonly fillFor: (plan: Plan) => Fill;
  /** What is shown where a picture is missing; undefined: it is not made yet, and will be. */
  readonly slate: () => Slate | undefined;
  readonly kinds: readonly Kind[];
  readonly tell: (news: PlayerNews) => void;
  readonly clock?: Clock | undefined;
}

/** Plays what somebody publishes by WebRTC: frames come by RTP from mediasoup, without ffmpeg. */
export class WhipPlayer implements Player {
  readonly #options: WhipPlayerOptions;
  readonly #clock: Clock;
  readonly #closing = new AbortController();
  readonly #done: Promise<void>;
  #plan: Plan = { video: null, audio: null };
  #feed: Feed | undefined;
  #receiver: RtpReceiver | undefined;
  #askedAtMs = Number.NEGATIVE_INFINITY;
  #measuredAtMs = Number.NEGATIVE_INFINITY;

  private constructor(options: WhipPlayerOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#done = this.#goOn();
  }

  static start(options: WhipPlayerOptions): WhipPlayer {
    return new WhipPlayer(options);
  }

  get plan(): Plan {
    return this.#plan;
  }

  get feed(): Feed | undefined {
    return this.#feed;
  }

  setVolume(): void {}

  requestKeyFrame(layer: number): void {
    const layers = this.#feed?.layers ?? 0;
    if (!this.#closing.signal.aborted && layers > 0)
      this.#receiver?.requestKeyFrame(Math.min(layer, layers - 1));
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#done;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** A port may be refused for a moment, and a worker may be about to be replaced: it is tried for as long as somebody publishes. */
  async #goOn(): Promise<void> {
    const { signal } = this.#closing;
    const backOff = new BackOff();
    while (!signal.aborted) {
      try {
        await this.#play();
      } catch (error) {
        if (signal.aborted) return;
        const message = error instanceof Error ? error.message : String(error);
        this.#options.tell({ type: 'away', message });
        await pause(this.#clock, backOff.failed(this.#clock.nowMs()), signal);
      }
    }
  }

  /** Plays until it is closed. */
  async #play(): Promise<void> {
    const { room, publication, routes, slice, kinds, fillFor, slate, tell } = this.#options;
    const { signal } = this.#closing;
    await using parts = new AsyncDisposableStack();
    const route: OpenRoute = await routes.open(room, publication, this.#clock, signal);
    parts.defer(() => route.close());
    const plan = planOf(route.tracks);
    const pictures = route.tracks.filter(({ kind }) => kind === 'video').length;
    const feed = new Feed(kinds, { layers: Math.max(1, pictures), live: true });
    const fill = fillFor(plan);
    const standIn = new StandIn({
      ...{ expected: kinds, planned: tracksOf(plan), layers: feed.layers, slate },
      onMissing: (missing) => tell({ type: 'lacks', kinds: missing }),
    });
    const rate = new SourceRate(feed.layers, null);
    // Bytes are counted where they come in, pictures can be told apart only here.
    const budget = new BitrateBudget(Number.POSITIVE_INFINITY);
    const failed = Promise.withResolvers<never>();
    failed.promise.catch((error) => error === tooMany && route.refuse());
    const receiver = await RtpReceiver.create({
      ...route,
      slice,
      onFrames: (frames) => {
        budget.spend(this.#clock.nowMs(), 0, frames.length);
        if (budget.isOver) failed.reject(tooMany);
        else this.#take(feed, fill, standIn, rate, frames);
      },
      onFailed: failed.reject,
    });
    parts.use(receiver);
    if (signal.aborted) return;
    this.#feed = feed;
    this.#receiver = receiver;
    this.#use(plan);
    route.connect(receiver.port);
    await Promise.race([once(signal, 'abort'), failed.promise]);
  }

  #take(feed: Feed, fill: Fill, standIn: StandIn, rate: SourceRate, frames: readonly MediaFrame[]): void {
    if (this.#closing.signal.aborted) return;
    for (const frame of frames) {
      rate.see(frame);
      for (const one of standIn.see(frame, this.#clock.nowMs())) feed.push(one);
      for (const filling of fill(frame)) feed.push(filling);
    }
    if (feed.needsKeyFrame || standIn.wantsKeyFrame) this.#askForKeyFrame();
    this.#measure();
    const measured = rate.measured(this.#plan);
    if (measured) this.#use(measured);
    this.#options.tell({ type: 'fed' });
  }

  #use(plan: Plan): void {
    this.#plan = plan;
    this.#options.tell({ type: 'planned', plan });
  }

  /** Publishers give key frames only when they are asked for, and one of all layers then. */
  #askForKeyFrame(): void {
    const nowMs = this.#clock.nowMs();
    if (nowMs - this.#askedAtMs < askAgainMs) return;
    this.#askedAtMs = nowMs;
    this.requestKeyFrame(0);
  }

  /** The size of the picture is known with its first key frame, and may change with each; its order with some pictures. */
  #measure(): void {
    const { video } = this.#plan;
    if (!video || !this.#receiver) return;
    const { largest: size = video, reorders } = this.#receiver;
    const { width, height } = size;
    const nowMs = this.#clock.nowMs();
    const isKnown = video.width > 0 && nowMs - this.#measuredAtMs < measureAgainMs;
    const isSame = isKnown || (width === video.width && height === video.height);
    if (isSame && (!reorders || video.bFrames)) return;
    this.#measuredAtMs = nowMs;
    this.#use({ ...this.#plan, video: { ...video, width, height, ...(reorders && { bFrames: true }) } });
  }
}

/** What comes is passed on as it is; its size will be seen in the pictures. */
function planOf(tracks: readonly IncomingTrack[]): Plan {
  const video = tracks.find((track) => track.kind === 'video');
  const audio = tracks.find((track) => track.kind === 'audio');
  const copied = { action: 'copy' as const, reasons: [], bitrateBps: null };
  return {
    video: video
      ? {
          ...{
            ...copied,
            index: 0,
            from: video.codec,
            codec: video.codec,
            name: 'source' as const,
            lower: [],
          },
          ...{ width: 0, height: 0, fps: null, deinterlace: false },
        }
      : null,
    audio: audio ? { ...copied, index: 0, track: 0, from: 'opus', codec: 'opus' as const } : null,
  };
}
