import type { Clock } from '../../../contract/clock.ts';
import { ffmpegEncoder } from '../../../contract/encoders.ts';
import { MiroliveError } from '../../../contract/errors.ts';
import type { Source } from '../../../contract/models.ts';
import type { Plan, Probe } from '../../../contract/plan.ts';
import { blamesEncoder, complaintIn } from '../../ffmpeg/complaint.ts';
import { x264Encoder } from '../../ffmpeg/h264-encoder.ts';
import type { StartPipeline } from '../../ffmpeg/pipeline.ts';
import type { MediaFrame } from '../../media/media-frame.ts';
import { planSeen } from '../../plan/plan.ts';
import type { PlanOptions } from '../../plan/plan-options.ts';
import type { Input } from '../../sources/input.ts';
import type { PreparedSource, Sources } from '../../sources/sources.ts';
import { opensPort, readAddress } from '../../sources/url/address.ts';
import { Filler } from '../slate/filler.ts';
import { makeStill } from '../slate/make-still.ts';
import type { Slate } from '../slate/slate.ts';
import type { Kind } from '../splicer/track-queue.ts';
import { ClipPlayer } from './clip-player.ts';
import { FilePlayer, type Progress } from './file-player.ts';
import { type LivePlan, LivePlayer } from './live-player.ts';
import type { Fill, Player, PlayerListener } from './player.ts';
import type { Publications } from './publications.ts';
import { PublisherPlayer } from './publisher-player.ts';
import type { Routes } from './routes.ts';
import { WhipPlayer } from './whip-player.ts';

/** How sources are played. */
export interface PlayOptions {
  readonly ffmpeg: string;
  /** Without output for so long ffmpeg counts as stuck, in ms; and of a source that comes at its own pace. */
  readonly stallTimeoutMs: number;
  readonly liveStallTimeoutMs: number;
  /** The same of a source that can be begun anywhere, until its first output; default 15 s. */
  readonly startTimeoutMs?: number;
  readonly rules: PlanOptions;
  /** What a source that is fetched may give, over some seconds. */
  readonly maxSourceBps: number;
}

/** How the sources of a room are opened and looked at. */
export interface RoomSources extends Pick<Sources, 'prepare' | 'durationMs'> {
  /** @param behind it goes on behind what is on air, of which little is read ahead: it does not wait for others; default false */
  open(source: Source, signal?: AbortSignal, behind?: boolean): Promise<Input>;
}

export interface PlayerMakerOptions extends PlayOptions {
  readonly sources: RoomSources;
  readonly publications: Publications;
  readonly routes: Routes;
  /** Runs work on what comes of a source that is not opened, marked; default unmarked. Throws where it was set aside. */
  readonly slice?: ((source: Source) => (work: () => void) => void) | undefined;
  readonly slate: () => Promise<Slate>;
  /** Tracks that go out; what a source lacks of them is filled. */
  readonly kinds: readonly Kind[];
  /** How ffmpeg is started; default `Pipeline.start`. */
  readonly startPipeline?: StartPipeline;
  readonly clock?: Clock;
}

/** A source that was looked at. */
export interface Prepared {
  readonly source: Source;
  /** null: not before it is there. */
  readonly plan: Plan | null;
  /** It comes at its own pace. */
  readonly live: boolean;
  /** It cannot be opened twice at the same time. */
  readonly exclusive: boolean;
  readonly durationMs: number | null;
  /** Its plan by the rules of now, where key frames turn out to be so far apart, in ms; null: as above. */
  readonly replan: ((keyframeIntervalMs?: number) => Plan) | null;
}

/** Where a run begins and ends, and who hears of it. */
export interface PlayerPlace {
  readonly startUs: number;
  readonly stopUs: number | null;
  /** Somebody waits for its first frame. */
  readonly awaited: boolean;
  readonly progress: Progress;
  readonly listener: PlayerListener;
}

/** Makes the run that plays a source, whatever its kind. */
export class PlayerMaker {
  /** Loudness of whatever is begun from now on. */
  volumePercent = 100;
  #rules: PlanOptions;
  /** There once something needs it. */
  #slate: Slate | undefined;
  readonly #options: PlayerMakerOptions;

  constructor(options: PlayerMakerOptions) {
    this.#options = options;
    this.#rules = options.rules;
  }

  /** How sources are planned. A change holds for whatever is started from then on. */
  get rules(): PlanOptions {
    return this.#rules;
  }

  set rules(rules: PlanOptions) {
    this.#rules = rules;
  }

  /** Looks at a source; one that may not be there yet is looked at when it is. Rejects with SOURCE_* errors. */
  async prepare(source: Source, signal: AbortSignal): Promise<Prepared> {
    const unseen = { source, plan: null, live: true, durationMs: null, replan: null };
    if (source.kind === 'publisher') {
      // Whoever comes may come without a picture; nobody waits for that.
      this.#options.slate().then(
        (slate) => {
          this.#slate = slate;
        },
        () => {}, // Without it, sound comes without a picture.
      );
      return { ...unseen, exclusive: false };
    }
    if (source.kind === 'slate') {
      this.#slate = await this.#options.slate();
      return { ...unseen, plan: { video: null, audio: null }, exclusive: false };
    }
    if (source.kind === 'playlist')
      throw new MiroliveError('INVALID_REQUEST', 'a playlist cannot hold another');
    return await this.known(source, await this.#options.sources.prepare(source, this.#rules, signal));
  }

  /** What was found out of a source. */
  async known(source: Source, { plan, live, probe }: PreparedSource): Promise<Prepared> {
    if (!plan.video) this.#slate = await this.#options.slate();
    // A device, a port and what comes on a pipe are there once.
    const exclusive =
      source.kind === 'device' ||
      source.kind === 'stdin' ||
      (source.kind === 'url' && opensPort(readAddress(source.url)));
    return {
      source,
      plan,
      live,
      exclusive,
      durationMs: live ? null : probe.durationMs,
      replan: this.#replanOf(source, probe, live),
    };
  }

  /** How long a source is, in ms, as far as that can be seen without asking other machines; null: not known. */
  async durationMs(source: Source, signal: AbortSignal): Promise<number | null> {
    return source.kind === 'file' ? await this.#options.sources.durationMs(source, signal) : null;
  }

  start(prepared: Prepared, place: PlayerPlace): Player {
    if (prepared.source.kind === 'slate') return new ClipPlayer(this.#slateThere, place.listener);
    if (prepared.source.kind === 'publisher') return this.#publisher(prepared, prepared.source.key, place);
    const plan = this.#planNow(prepared);
    return prepared.live || !plan
      ? this.#live(prepared, place, this.#options.maxSourceBps)
      : this.#vod(prepared, plan, place);
  }

  /** What was planned by other rules is planned anew. */
  #planNow({ plan, replan }: Prepared): Plan | null {
    return this.#rules === this.#options.rules ? plan : (replan?.() ?? plan);
  }

  /** Whether an encoder in hardware is the cause of a failure; from then on this broadcast does without. */
  #encoderFailed(plan: Plan, message: string, again: boolean): boolean {
    const { encoder } = plan.video ?? {};
    if (!encoder || !blamesEncoder(encoder, message, again)) return false;
    const instead = `${ffmpegEncoder(encoder.name)} failed: ${complaintIn(message) ?? message}`;
    if (this.#rules.encoder.name !== 'x264')
      this.#rules = { ...this.#rules, encoder: { ...x264Encoder, instead } };
    return true;
  }

  #publisher(prepared: Prepared, key: string, place: PlayerPlace): Player {
    const { publications, routes, kinds, clock } = this.#options;
    const { listener } = place;
    // Whoever comes back may send something else.
    const seen = [prepared];
    const anew = { ...prepared, plan: null, replan: null };
    return PublisherPlayer.start({
      key,
      publications,
      play: (publication) =>
        publication.protocol === 'rtmp'
          ? this.#live(seen.pop() ?? anew, place, null)
          : WhipPlayer.start({
              publication: publication.id,
              routes,
              slice: this.#options.slice?.(prepared.source),
              fillFor: (plan) => this.#fillFor(plan),
              kinds,
              listener,
              clock,
            }),
      listener,
      clock,
    });
  }

  #vod(
    prepared: Prepared,
    plan: Plan,
    { startUs, stopUs, awaited, progress, listener }: PlayerPlace,
  ): Player {
    const { sources, ffmpeg, stallTimeoutMs, startTimeoutMs, kinds, clock, startPipeline } = this.#options;
    const { source } = prepared;
    return FilePlayer.start({
      plan,
      planAfter: (failed, message, again) =>
        this.#encoderFailed(failed, message, again) ? this.#planNow(prepared) : null,
      open: (signal, behind) => sources.open(source, signal, behind),
      ffmpeg,
      stallTimeoutMs,
      startTimeoutMs,
      startUs,
      stopUs,
      volumePercent: this.volumePercent,
      // A file is read no faster than it is played, whatever it holds.
      maxBitrateBps: source.kind === 'file' ? null : this.#options.maxSourceBps,
      fill: this.#fillFor(plan),
      kinds,
      awaited,
      progress,
      listener,
      startPipeline,
      clock,
    });
  }

  #live(prepared: Prepared, { listener }: PlayerPlace, maxBitrateBps: number | null): Player {
    const { sources, ffmpeg, liveStallTimeoutMs, kinds, clock, startPipeline } = this.#options;
    const { source, replan } = prepared;
    const plan = this.#planNow(prepared);
    const once = source.kind === 'stdin';
    return LivePlayer.start({
      prepare: (signal) => this.#look(source, signal),
      prepared: plan && { plan, replan: replan ?? (() => plan) },
      open: (signal, behind) => sources.open(source, signal, behind),
      ffmpeg,
      stallTimeoutMs: liveStallTimeoutMs,
      maxKeyframeIntervalMs: this.#rules.maxKeyframeIntervalMs,
      volumePercent: this.volumePercent,
      maxBitrateBps,
      fillFor: (current) => this.#fillFor(current),
      kinds,
      once,
      encoderFailed: (failed, message, again) => this.#encoderFailed(failed, message, again),
      listener,
      startPipeline,
      clock,
    });
  }

  async #look(source: Source, signal: AbortSignal): Promise<LivePlan> {
    const { plan, probe, live } = await this.#options.sources.prepare(source, this.#rules, signal);
    if (!plan.video) this.#slate = await this.#options.slate();
    return { plan, replan: this.#replanOf(source, probe, live) };
  }

  #replanOf(source: Source, probe: Probe, live: boolean): (keyframeIntervalMs?: number) => Plan {
    const audioTrack = 'audioTrack' in source ? source.audioTrack : null;
    return (seenMs) => planSeen(probe, live, { ...this.#rules, audioTrack }, seenMs);
  }

  get #slateThere(): Slate {
    if (!this.#slate) throw new Error('expected the slate to be made before it is needed');
    return this.#slate;
  }

  /** What a paused source shows. */
  async still({ source, plan }: Prepared, atUs: number): Promise<Slate> {
    const { sources, ffmpeg } = this.#options;
    if (!plan?.video) return await this.#options.slate();
    await using input = await sources.open(source);
    const { codec, index: track, ...size } = plan.video;
    return await makeStill({ ffmpeg, codec, size, input, track, atMs: atUs / 1000 });
  }

  /** Silence for a source without sound, the slate's picture for one without picture. */
  #fillFor({ video, audio }: Plan): Fill {
    const { kinds } = this.#options;
    const lacks = { video: !video && kinds.includes('video'), audio: !audio && kinds.includes('audio') };
    if (!lacks.video && !lacks.audio) return () => [];
    let [picture, sound]: (Filler | undefined)[] = [];
    return ({ ptsUs }: MediaFrame) => {
      if (lacks.audio) sound ??= Filler.sound(ptsUs);
      if (lacks.video && this.#slate) picture ??= Filler.picture(this.#slate, ptsUs);
      return [...(picture?.upTo(ptsUs + 1) ?? []), ...(sound?.upTo(ptsUs + 1) ?? [])];
    };
  }
}
