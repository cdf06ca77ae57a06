import { type Clock, systemClock, type Timer } from '../../../contract/clock.ts';
import type { CompatibleCodec, MadePicture } from '../../../contract/plan.ts';
import { type Slice, unmarked } from '../../child/work-mark.ts';
import { silentAs } from '../../media/opus/opus-packet.ts';
import { Pace } from '../../media/pace.ts';
import type { CompatiblePictures, CompatiblePicturesOptions } from '../compatible/compatible-pictures.ts';
import { LastPicture, type SentPicture } from '../poster/sent-picture.ts';
import type { Feed } from './feed.ts';
import { RtpSink, type RtpSinkOptions } from './rtp-sink.ts';
import { nowhere, type Sink, type SinkCounters } from './sink.ts';
import { type Placed, type Step, Timeline } from './timeline.ts';

type MakeCompatible = (
  options: Pick<CompatiblePicturesOptions, 'send' | 'onKeyFrameWanted'>,
) => Pick<CompatiblePictures, 'want' | 'made' | 'note' | 'close'>;

export interface SplicerOptions extends Pick<RtpSinkOptions, 'video' | 'audio' | 'onKeyFrameWanted'> {
  /** A feed has been played to its end. */
  readonly onFinished: (feed: Feed) => void;
  /** The first frame of a feed has left, since it was cut to. */
  readonly onBegun: (feed: Feed) => void;
  /** A packet of sound of a feed leaves, as it came. */
  readonly onSound?: (feed: Feed, data: Buffer) => void;
  /** Runs work on what comes of a feed, marked as its source's; default unmarked. */
  readonly sliceOf?: (feed: Feed) => Slice;
  /** Default the machine's. */
  readonly clock?: Clock;
  /** Tells when to look for what came ahead of its time; default that clock. */
  readonly wakes?: Clock;
  /** Makes of what leaves what other players decode; default nothing. */
  readonly makeCompatible?: MakeCompatible | undefined;
  /** Default RTP from a socket of its own. */
  readonly openSink?: (options: RtpSinkOptions) => Promise<Sink>;
}

/** What has left since the splicer was made. */
export interface SplicerCounters extends SinkCounters {
  /** Time in the source of the last frame of one that was sent, in µs; a slate is none. */
  readonly sourceTimeUs: number;
}

/**
 * Joins successive feeds into one unbroken stream per track, and lets each frame go at its moment, so that the wall clock, the
 * time stamps and the sender reports agree.
 */
export class Splicer {
  readonly #options: SplicerOptions;
  readonly #clock: Clock;
  readonly #wakes: Clock;
  readonly #originMs: number;
  readonly #sink: Sink;
  readonly #compatible: ReturnType<MakeCompatible> | undefined;
  readonly #timeline = new Timeline();
  readonly #picture = new LastPicture();
  /** Sound leaves as silence. */
  muted = false;
  #sourceTimeUs = 0;
  #sentAtMs: number;
  /** How often what left last leaves; undefined: it comes ahead of its time. */
  #pace: Pace | undefined;
  readonly #paces = new WeakMap<Feed, Pace>();
  /** What left last, and was told; undefined: it is to be told again. */
  #begun: Feed | undefined;
  /** How work on what comes of feeds is marked, asked while they are known: they may leave when nobody has them any more. */
  readonly #slices = new WeakMap<Feed, Slice>();
  #taking = false;
  #closed = false;
  #wakeTimer: Timer | undefined;

  private constructor(options: SplicerOptions, clock: Clock, originMs: number, sink: Sink) {
    this.#options = options;
    this.#clock = clock;
    this.#wakes = options.wakes ?? clock;
    this.#originMs = originMs;
    this.#sink = sink;
    this.#compatible = options.makeCompatible?.({
      send: (codec, picture, timeUs) => sink.sendCompatible(codec, picture, timeUs),
      onKeyFrameWanted: options.onKeyFrameWanted,
    });
    this.#sentAtMs = originMs;
  }

  static async create(options: SplicerOptions): Promise<Splicer> {
    const { video, audio, onKeyFrameWanted, clock = systemClock, openSink = RtpSink.create } = options;
    const originMs = clock.nowMs();
    const sink = await openSink({ video, audio, onKeyFrameWanted, clock, originMs });
    return new Splicer(options, clock, originMs, sink);
  }

  /** One that sends nowhere: what plays on it does so at its pace. */
  static unseen(
    options: Pick<SplicerOptions, 'onFinished' | 'onBegun' | 'onSound' | 'sliceOf' | 'clock' | 'wakes'>,
  ): Splicer {
    const { clock = systemClock } = options;
    const all = { ...options, video: null, audio: null, onKeyFrameWanted: () => {} };
    return new Splicer(all, clock, clock.nowMs(), nowhere);
  }

  /** The local UDP port that packets come from. */
  get port(): number {
    return this.#sink.port;
  }

  get counters(): SplicerCounters {
    return { ...this.#sink.counters, sourceTimeUs: this.#sourceTimeUs };
  }

  /** The last key frame that viewers were sent, of what they see; null: none yet. */
  get sentPicture(): SentPicture | null {
    return this.#picture.sent;
  }

  /** How long nothing has left that was to come, although nothing waits for its moment either, in ms: the source is away. */
  get starvedMs(): number {
    const awaitedMs = this.#sentAtMs + (this.#pace?.usualMs ?? 0);
    return this.#timeline.waits ? 0 : Math.max(0, this.#clock.nowMs() - awaitedMs);
  }

  /** Sends to a PlainTransport on this machine from now on; first of all before anything is cued. Rejects once closed. */
  async connect(port: number): Promise<void> {
    await this.#sink.connect(port);
  }

  /** Puts a feed behind what is on air. */
  cue(feed: Feed): void {
    this.#mark(feed);
    this.#timeline.cue(feed);
    this.wake();
  }

  /** Takes back a feed that was cued and has not begun. */
  uncue(feed: Feed): void {
    this.#timeline.uncue(feed);
  }

  /** Lets a feed take over as soon as it is ready. */
  cut(feed: Feed): void {
    this.#mark(feed);
    this.#timeline.cut(feed);
    if (feed === this.#begun) this.#begun = undefined;
    this.wake();
  }

  /** What is made besides, of what leaves, for players that cannot decode that. */
  wantCompatible(codecs: readonly CompatibleCodec[]): void {
    this.#compatible?.want(codecs);
  }

  get compatible(): readonly MadePicture[] {
    return this.#compatible?.made ?? [];
  }

  /** Nothing plays any more, until something is cut to. */
  clear(): void {
    this.#timeline.clear();
    this.#picture.forget();
  }

  /** To be called when a feed has changed: frames came, or it ended. */
  wake = (): void => {
    if (this.#closed || this.#taking) return;
    this.#wakeTimer?.cancel();
    // A feed that has room may be filled, and followed, while it is looked at: what is new then is seen by the same look.
    this.#taking = true;
    let step: Step;
    try {
      step = this.#timeline.take(this.#nowUs());
    } finally {
      this.#taking = false;
    }
    const begun = this.#emit(step.due);
    if (step.wakeUs !== undefined) {
      const sleepMs = Math.ceil((step.wakeUs - this.#nowUs()) / 1000);
      // What is live is late already.
      const clock = this.#timeline.isLive ? this.#clock : this.#wakes;
      this.#wakeTimer = clock.after(sleepMs, this.wake);
    }
    // Whoever hears of it may cue and wake.
    for (const feed of begun) this.#begin(feed);
    for (const feed of step.finished) this.#options.onFinished(feed);
  };

  async close(): Promise<void> {
    this.#closed = true;
    this.#wakeTimer?.cancel();
    await Promise.all([this.#sink.close(), this.#compatible?.close()]);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #nowUs(): number {
    return (this.#wakes.nowMs() - this.#originMs) * 1000;
  }

  #begin(feed: Feed): void {
    if (feed === this.#begun) return;
    this.#begun = feed;
    this.#options.onBegun(feed);
  }

  /** Gives the feeds that it is of, in order. */
  #emit(due: readonly Placed[]): readonly Feed[] {
    const feeds: Feed[] = [];
    for (let from = 0, to = 0; from < due.length; from = to) {
      const { feed } = due[from] as Placed;
      while (due[to]?.feed === feed) to++;
      const frames = due.slice(from, to);
      const slice = this.#slices.get(feed) ?? unmarked;
      // To mark each frame would cost more than to send it.
      slice(() => {
        for (const frame of frames) this.#send(frame);
      });
      feeds.push(feed);
    }
    return feeds;
  }

  #mark(feed: Feed): void {
    const { sliceOf } = this.#options;
    if (sliceOf && !this.#slices.has(feed)) this.#slices.set(feed, sliceOf(feed));
  }

  #paceOf(feed: Feed): Pace {
    const pace = this.#paces.get(feed) ?? new Pace();
    this.#paces.set(feed, pace);
    return pace;
  }

  #send(placed: Placed): void {
    const { frame, feed } = placed;
    if (!feed.still) this.#sourceTimeUs = frame.ptsUs;
    this.#sentAtMs = this.#clock.nowMs();
    this.#pace = feed.live ? this.#paceOf(feed) : undefined;
    this.#pace?.note(this.#sentAtMs);
    const silenced = this.muted && frame.kind === 'audio';
    this.#picture.note(placed, this.#sentAtMs);
    if (frame.kind === 'audio') this.#options.onSound?.(feed, frame.data);
    this.#sink.send(silenced ? { ...placed, frame: { ...frame, data: silentAs(frame.data) } } : placed);
    this.#compatible?.note(placed);
  }
}
