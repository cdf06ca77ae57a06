import { isDeepStrictEqual } from 'node:util';
import { BackOff, usualBackOff } from '../../../contract/back-off.ts';
import { pause } from '../../../contract/clock.ts';
import type { Plan } from '../../../contract/plan.ts';
import { encodesSound } from '../../ffmpeg/args.ts';
import { saysUnstartable } from '../../ffmpeg/pipeline.ts';
import type { MediaFrame } from '../../media/media-frame.ts';
import type { SeenPicture } from '../../plan/plan.ts';
import type { Input } from '../../sources/input.ts';
import type { Slate } from '../slate/slate.ts';
import { Feed } from '../splicer/feed.ts';
import type { Kind } from '../splicer/track-queue.ts';
import { KeyFrameWatch } from './key-frame-watch.ts';
import type { Planned, PlayedSource } from './played-source.ts';
import { layersOf, type Player, tracksOf } from './player.ts';
import { resized } from './resized.ts';
import { SoundPacer } from './sound-pacer.ts';
import { failedToStart, type RunEnd, SourceRun, type Taker } from './source-run.ts';
import { StandIn } from './stand-in.ts';

/** Viewers see the slate meanwhile: nobody waits as long for a camera as for what only machines miss. */
const connectionBackOff = { ...usualBackOff, ceilingMs: 8000 };
/** What comes, but cannot be shown for so long after its start, in ms, is as good as away: its key frames are seconds apart. */
const pictureTimeoutMs = 30_000;

export interface LivePlayerOptions extends PlayedSource {
  /** Looks at the source. */
  readonly prepare: (signal: AbortSignal) => Promise<Planned>;
  /** What `prepare` gave before, for the first time. */
  readonly prepared: Planned | null;
  readonly maxKeyframeIntervalMs: number;
  /** What is shown where a picture is missing; undefined: it is not made yet, and will be. */
  readonly slate: () => Slate | undefined;
  /** Tracks that are to come, whatever is planned; null: those of the plan. */
  readonly expected: readonly Kind[] | null;
  /** Tracks of which something has come when it begins; null: nobody knows but whoever looks. */
  readonly came: readonly Kind[] | null;
  /** It cannot be connected to again: its end is the end, and so is what keeps it from being opened. */
  readonly once: boolean;
}

/** Plays a source that comes at its own pace: connects again for as long as it is wanted, each time with a feed of its own. */
export class LivePlayer implements Player {
  readonly #options: LivePlayerOptions;
  readonly #backOff = new BackOff(connectionBackOff);
  readonly #closing = new AbortController();
  readonly #runs = new Set<SourceRun>();
  readonly #done: Promise<void>;
  #planned: Planned | null;
  /** What plays, or did last. */
  #plan: Plan = { video: null, audio: null };
  /** What the last look gave, before anything was seen of it. */
  #looked: Plan | null;
  /** Whoever comes next may send something else: it is looked at first. */
  #stale = false;
  #volumePercent: number;
  #feed: Feed | undefined;
  /** The ffmpeg before this one failed. */
  #failedBefore = false;
  /** It has given something. */
  #played = false;
  /** Tracks of which something has come, and those that had when it was looked at last. */
  #came: readonly Kind[];
  #sought: readonly Kind[] = [];
  readonly #seeks = new BackOff(connectionBackOff);
  /** Tracks that were told to be missing. */
  #lacks: readonly Kind[] = [];
  /** What plays now is given up for what another look found; undefined: nothing plays. */
  #replay: ((planned: Planned) => void) | undefined;

  private constructor(options: LivePlayerOptions) {
    this.#options = options;
    this.#planned = options.prepared;
    this.#looked = options.prepared?.plan ?? null;
    this.#volumePercent = options.volumePercent;
    this.#came = options.came ?? [];
    this.#done = this.#goOn();
  }

  static start(options: LivePlayerOptions): LivePlayer {
    return new LivePlayer(options);
  }

  get plan(): Plan {
    return this.#plan;
  }

  get feed(): Feed | undefined {
    return this.#feed;
  }

  comes(kinds: readonly Kind[]): void {
    this.#came = kinds;
    void this.#seek();
  }

  setVolume(percent: number): void {
    this.#volumePercent = percent;
    for (const run of this.#runs) run.setVolume(percent);
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.all([...this.#runs].map((run) => run.close()));
    await this.#done;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #goOn(): Promise<void> {
    const { once, clock, encoderFailed } = this.#options;
    const { signal } = this.#closing;
    while (!signal.aborted) {
      const end = await this.#connection().catch((error: unknown) => failedToStart(error));
      if (signal.aborted) return;
      const { message, at } = end.kind === 'failed' ? end : { message: null, at: null };
      if (at === 'limit' || (once && (at === null || at === 'start'))) return this.#complete(message);
      // Whoever starts it is waiting, and ffmpeg does not come by itself.
      if (!this.#played && message !== null && saysUnstartable(message)) return this.#complete(message);
      const again = this.#failedBefore && !this.#feed;
      const otherwise = message !== null && encoderFailed(this.plan, message, again);
      this.#failedBefore = at !== null && at !== 'start' && at !== 'way' && !otherwise;
      if (otherwise) {
        this.#backOff.reset();
        this.#planned = this.#planned && { ...this.#planned, plan: this.#planned.replan() };
      }
      const delayMs = this.#backOff.failed(clock.nowMs());
      const isFirst = this.#backOff.state.failures === 1;
      const crashed = at === 'killed' && !otherwise && isFirst && this.#feed !== undefined;
      if (!otherwise && !crashed) this.#stale = !once || !this.#feed;
      this.#lose(crashed ? 'crashed' : 'away', message ?? 'it has ended');
      await pause(clock, delayMs, signal);
    }
  }

  /** One connection to its end. */
  async #connection(): Promise<RunEnd> {
    if (this.#planned && !this.#stale) return await this.#play(this.#planned);
    const found = await this.#look();
    // What was seen of the same while it played still holds.
    const isSame = this.#planned !== null && isDeepStrictEqual(found.plan, this.#looked);
    const planned = isSame && this.#planned ? { ...this.#planned, lookMs: found.lookMs } : found;
    this.#planned = planned;
    this.#looked = found.plan;
    this.#stale = false;
    return await this.#play(planned);
  }

  async #look(): Promise<Planned> {
    this.#sought = this.#came;
    return await this.#options.prepare(this.#closing.signal);
  }

  /** Looks again where a track has come since the last look that is not played: what plays goes on until then. */
  async #seek(): Promise<void> {
    const replay = this.#replay;
    const isNew = this.#came.some(
      (kind) => !this.#sought.includes(kind) && !tracksOf(this.#plan).includes(kind),
    );
    if (!replay || !isNew) return;
    const found = await this.#look().catch(() => null);
    if (replay !== this.#replay || this.#closing.signal.aborted) return;
    if (!found) await this.#seekLater();
    // It may have come with nothing that can be played.
    else if (tracksOf(found.plan).length > tracksOf(this.#plan).length) replay(found);
  }

  /** What came could not be had just now. */
  async #seekLater(): Promise<void> {
    const { clock } = this.#options;
    this.#sought = [];
    await pause(clock, this.#seeks.failed(clock.nowMs()), this.#closing.signal);
    await this.#seek();
  }

  /** Nothing more will come. */
  #complete(message: string | null): void {
    this.#feed?.end();
    this.#options.tell({ type: 'over', message });
  }

  #lose(type: 'away' | 'crashed', message: string): void {
    this.#lacks = [];
    this.#feed?.end();
    this.#feed = undefined;
    this.#options.tell({ type, message });
  }

  /** Plays by a plan; where its pictures turn out to be others, by another one, which takes over without a seam. */
  async #play(planned: Planned): Promise<RunEnd> {
    const { tell } = this.#options;
    const { plan } = planned;
    const earlier = [...this.#runs];
    if (earlier.length === 0) this.#use(plan);
    let successor: { readonly end: Promise<RunEnd>; isOver: boolean } | undefined;
    const replay = (instead: Planned, onFailed = () => {}) => {
      if (successor) return;
      this.#planned = instead;
      const next = { end: this.#play(instead), isOver: false };
      successor = next;
      void next.end.then(() => {
        next.isOver = true;
        if (this.#plan === plan && this.#runs.has(run)) onFailed();
      });
    };
    const onOther = (seen: SeenPicture, { measurable = false }: Input) => {
      const replan = (other = seen) => planned.replan(other);
      const instead = { ...planned, plan: replan(), replan };
      if (!measurable) replay(instead);
      else {
        // It cannot be opened beside itself.
        this.#planned = instead;
        run.fail('its picture cannot be passed on as it is: intra refresh');
      }
    };
    const own = (found: Planned) => {
      this.#looked = found.plan;
      replay(found, () => {
        successor = undefined;
        this.#replay = own;
        void this.#seekLater();
      });
    };
    this.#replay = own;
    const run = SourceRun.start({
      ...{ ...this.#options, ...planned, commanded: true, volume: () => this.#volumePercent },
      behind: this.#feed !== undefined,
      takerOf: (input) => this.#takerOf(run, plan, input, earlier, (seen) => onOther(seen, input)),
      onPipeline: (pid) => tell({ type: 'pipeline.started', pid, plan }),
    });
    this.#runs.add(run);
    void this.#seek();
    const end = await run.ended;
    this.#runs.delete(run);
    if (this.#replay === own) this.#replay = undefined;
    // Where that one failed before it took over, this one played on without it.
    return successor && (end.kind === 'closed' || !successor.isOver) ? await successor.end : end;
  }

  #use(plan: Plan): void {
    this.#plan = plan;
    this.#options.tell({ type: 'planned', plan });
  }

  #takerOf(
    run: SourceRun,
    plan: Plan,
    input: Input,
    earlier: SourceRun[],
    onOther: (seen: SeenPicture) => void,
  ): Taker {
    const { tell, fillFor, clock } = this.#options;
    const { realTime = true } = input;
    const feed = this.#feedOf(run, plan, realTime);
    const fill = fillFor(plan);
    const standIn = this.#standInFor(plan, feed);
    const watch = this.#watchFor(plan, input);
    const limit = clock.after(pictureTimeoutMs, () =>
      run.fail(`nothing that can be shown came within ${pictureTimeoutMs} ms`),
    );
    const fed = () => {
      if (!realTime && feed.full) run.pause();
      if (feed.ready) {
        limit.cancel();
        if (earlier.length > 0) {
          this.#feed = feed;
          this.#use(plan);
          if (shown !== plan) tell({ type: 'planned', plan: shown });
          this.#lack(feed, standIn.missing);
        }
        for (const one of earlier.splice(0)) void one.close();
      }
      this.#begun(feed);
      tell({ type: 'fed' });
    };
    const sound = this.#pacerFor(plan, realTime, (packets) => {
      for (const packet of packets) feed.push(packet);
      fed();
    });
    void run.ended.then(() => {
      limit.cancel();
      sound?.close();
    });
    /** Something came into the feed: sound that waits for its moment did not. */
    let isNew = false;
    let shown = plan;
    const show = (other: Plan) => {
      shown = other;
      // What is still to take over tells of its plan when it does.
      if (earlier.length === 0) tell({ type: 'planned', plan: other });
    };
    const push = (frame: MediaFrame) => {
      feed.push(frame);
      isNew = true;
    };
    return {
      onGap: ({ fromUs, toUs }, message) => {
        tell({ type: 'gap', missingMs: Math.round((toUs - fromUs) / 1000), message });
        return false;
      },
      onFrame: (frame) => {
        // What comes ahead of its time, in bursts, has no other clock than its own.
        const taken = standIn.see(frame, realTime ? clock.nowMs() : frame.ptsUs / 1000);
        for (const one of taken)
          if (one === frame && frame.kind === 'audio' && sound) sound.push(frame);
          else push(one);
        for (const filling of fill(frame)) push(filling);
        // Its key frames are no further apart for a while without any picture.
        const seen = taken.includes(frame) ? watch?.see(frame) : undefined;
        if (seen) onOther(seen);
        const other = resized(shown, frame);
        if (other) show(other);
      },
      onFed: (measured) => {
        if (measured?.video && shown.video)
          show({ ...shown, video: { ...shown.video, bitrateBps: measured.video.bitrateBps } });
        if (!isNew) return;
        isNew = false;
        fed();
      },
    };
  }

  /** Tells of tracks that are missing, where it is what plays that lacks them. */
  #lack(feed: Feed, kinds: readonly Kind[]): void {
    const isOther = this.#feed !== undefined && this.#feed !== feed;
    if (isOther || kinds.join() === this.#lacks.join()) return;
    this.#lacks = kinds;
    this.#options.tell({ type: 'lacks', kinds });
  }

  #standInFor(plan: Plan, feed: Feed): StandIn {
    const { expected, slate } = this.#options;
    const planned = tracksOf(plan);
    const onMissing = (kinds: readonly Kind[]) => this.#lack(feed, kinds);
    return new StandIn({ expected: expected ?? planned, planned, layers: feed.layers, slate, onMissing });
  }

  #feedOf(run: SourceRun, plan: Plan, realTime: boolean): Feed {
    const { kinds, tell, once, clock } = this.#options;
    const onRoom = () => {
      run.resume();
      tell({ type: 'room' });
    };
    const pace = realTime ? { live: true } : { onRoom, ...(!once && { passes: clock }) };
    return new Feed(kinds, { layers: layersOf(plan), ...pace });
  }

  /** What ffmpeg encodes comes in the steps of what it was made of; whatever paces a source by our clock paces its sound too. */
  #pacerFor(
    { audio }: Plan,
    realTime: boolean,
    onDue: (packets: readonly MediaFrame[]) => void,
  ): SoundPacer | undefined {
    if (!encodesSound(audio, this.#volumePercent) || !realTime) return undefined;
    return new SoundPacer(this.#options.clock, onDue);
  }

  /** What cannot be opened beside itself was measured beforehand. */
  #watchFor({ video }: Plan, { measurable = false }: Input): KeyFrameWatch | undefined {
    if (video?.action !== 'copy') return undefined;
    const { maxKeyframeIntervalMs: maxIntervalMs } = this.#options;
    return new KeyFrameWatch({ layer: video.lower.length, maxIntervalMs, measured: measurable });
  }

  #begun(feed: Feed): void {
    if (this.#feed) return;
    this.#feed = feed;
    this.#played = true;
    this.#backOff.started(this.#options.clock.nowMs());
  }
}
