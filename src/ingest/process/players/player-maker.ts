import { type Card, cardWords, isFilled, type UpNext } from '../../../contract/card-words.ts';
import { type Clock, systemClock } from '../../../contract/clock.ts';
import { ffmpegEncoder } from '../../../contract/encoders.ts';
import { MiroliveError } from '../../../contract/errors.ts';
import type { Source } from '../../../contract/models.ts';
import type { Plan, Probe } from '../../../contract/plan.ts';
import { awaitedCaller } from '../../../contract/url-protocols.ts';
import { blamesEncoder, complaintIn } from '../../ffmpeg/complaint.ts';
import { x264Encoder } from '../../ffmpeg/h264-encoder.ts';
import { Pipeline, type StartPipeline } from '../../ffmpeg/pipeline.ts';
import type { MediaFrame } from '../../media/media-frame.ts';
import { chosenSound } from '../../plan/chosen-sound.ts';
import type { Size } from '../../plan/output-size.ts';
import { planSeen } from '../../plan/plan.ts';
import type { PlanOptions } from '../../plan/plan-options.ts';
import { knownLengthMs } from '../../probe/known-length.ts';
import type { Input } from '../../sources/input.ts';
import type { PreparedSource, Sources } from '../../sources/sources.ts';
import type { Callers } from '../../sources/srt/srt-connections.ts';
import { opensPort, readAddress } from '../../sources/url/address.ts';
import { Filler } from '../slate/filler.ts';
import { makeStill } from '../slate/make-still.ts';
import type { Slate } from '../slate/slate.ts';
import { SlateFeed } from '../slate/slate-feed.ts';
import type { Kind } from '../splicer/track-queue.ts';
import { ArrivalPlayer } from './arrival-player.ts';
import { CardPlayer, type CardPlayerOptions } from './card-player.ts';
import { FeedPlayer } from './feed-player.ts';
import { FilePlayer } from './file-player.ts';
import { LivePlayer } from './live-player.ts';
import type { Planned, PlayedSource, Seen } from './played-source.ts';
import type { Fill, Player, PlayerNews } from './player.ts';
import type { Progress } from './progress.ts';
import type { Publications } from './publications.ts';
import type { Routes } from './routes.ts';
import type { ReadSource } from './source-run.ts';
import { WhipPlayer } from './whip-player.ts';

/** How sources are played. */
export interface PlayOptions {
  readonly ffmpeg: string;
  /** Without output for so long ffmpeg counts as stuck, in ms; and of a source that comes at its own pace. */
  readonly stallTimeoutMs: number;
  readonly liveStallTimeoutMs: number;
  readonly rules: PlanOptions;
  /** What a source that is fetched may give, over some seconds. */
  readonly maxSourceBps: number;
}

/** How the sources of a room are opened and looked at. */
export interface RoomSources extends Pick<Sources, 'prepare' | 'durationMs' | 'loudnessOf'> {
  /** @param behind it goes on behind what is on air, of which little is read ahead: it does not wait for others; default false */
  open(source: Source, signal?: AbortSignal, behind?: boolean): Promise<Input>;
  /** Those who call a port that such a source is. */
  callers(source: Source): Callers;
}

export interface PlayerMakerOptions extends PlayOptions {
  readonly room: string;
  readonly sources: RoomSources;
  readonly publications: Publications;
  readonly routes: Routes;
  /** Runs work on what comes of a source that is not opened, marked; default unmarked. Throws where it was set aside. */
  readonly slice?: ((source: Source) => (work: () => void) => void) | undefined;
  readonly slate: () => Promise<Slate>;
  /** A picture in a file, as a slate of that size. */
  readonly picture: (path: string, size: Size) => Promise<Slate>;
  /** The picture of sound in a file, by its stream, as a slate. */
  readonly cover: (path: string, track: number) => Promise<Slate>;
  /** A card that does not change, as a slate. */
  readonly card: (card: Card) => Promise<Slate>;
  /** Cards of a second each. */
  readonly cards: CardPlayerOptions['draw'];
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
  readonly planned: Planned | null;
  /** It comes at its own pace. */
  readonly live: boolean;
  /** It cannot be opened twice at the same time. */
  readonly exclusive: boolean;
  readonly durationMs: number | null;
  /** What was seen of it: of a file the same for as long as that is the same; null: not looked at yet. */
  readonly probe: Probe | null;
  /** It is in memory, and has no end: a picture, a slate, or a card, as it is while nothing is known that it could be filled with. */
  readonly picture?: Slate | undefined;
  /** What is shown where it is sound alone; default the room's slate. */
  readonly cover?: Slate | undefined;
  /** The file that was looked at. */
  readonly identity?: string | undefined;
}

/** Where a run begins and ends, and who hears of it. */
export interface PlayerPlace {
  readonly startUs: number;
  readonly stopUs: number | null;
  /** Somebody waits for its first frame. */
  readonly awaited: boolean;
  /** What follows it, were it on air now. */
  readonly upNext: () => UpNext;
  readonly progress: Progress;
  readonly tell: (news: PlayerNews) => void;
}

/** Makes the run that plays a source, whatever its kind. */
export class PlayerMaker {
  /** Loudness of whatever is begun from now on. */
  volumePercent = 100;
  /** How sources are planned that are started from now on. */
  rules: PlanOptions;
  /** There once something needs it. */
  #slate: Slate | undefined;
  /** What has turned out of sources, for as long as they are what was looked at. */
  readonly #seen = new WeakMap<Probe, Seen>();
  readonly #options: PlayerMakerOptions;

  constructor(options: PlayerMakerOptions) {
    this.#options = options;
    this.rules = options.rules;
  }

  /** Looks at a source; one that may not be there yet is looked at when it is. Rejects with SOURCE_* errors. */
  async prepare(source: Source, signal: AbortSignal): Promise<Prepared> {
    const unseen = { source, planned: null, live: true, exclusive: false, durationMs: null, probe: null };
    if (source.kind === 'publisher') {
      // Whoever comes may come without a picture; nobody waits for that.
      this.#prepareSlate();
      return unseen;
    }
    if (awaitedCaller(source) !== null) {
      this.#prepareSlate();
      return { ...unseen, exclusive: true };
    }
    if (source.kind === 'slate') return { ...unseen, picture: await this.#options.slate() };
    if (source.kind === 'card')
      return { ...unseen, picture: await this.#options.card(cardWords(source, { next: null, inMs: null })) };
    if (source.kind === 'playlist' || source.kind === 'folder')
      throw new MiroliveError('INVALID_REQUEST', `expected one source to play, got a ${source.kind}`);
    return await this.known(source, await this.#options.sources.prepare(source, this.rules, signal));
  }

  /** What was found out of a source. */
  async known(source: Source, prepared: PreparedSource): Promise<Prepared> {
    const { plan, live, probe, identity } = prepared;
    if (!plan.video) this.#slate = await this.#options.slate();
    const { kind } = source;
    const picture =
      prepared.picture && plan.video && kind === 'file'
        ? await this.#options.picture(source.path, plan.video)
        : undefined;
    const cover =
      !plan.video && kind === 'file' && probe.cover !== undefined
        ? // One that cannot be shown is no fault of the sound.
          await this.#options.cover(source.path, probe.cover).catch(() => undefined)
        : undefined;
    // A device, a port and what comes on a pipe are there once.
    const exclusive =
      source.kind === 'device' ||
      source.kind === 'stdin' ||
      (source.kind === 'url' && opensPort(readAddress(source.url)));
    const planned = this.#plannedOf(source, prepared);
    const durationMs = live ? null : probe.durationMs;
    return { source, planned, live, exclusive, durationMs, probe, picture, cover, identity };
  }

  /** How long a source is, in ms, as far as that can be seen without asking other machines; null: not known. */
  async durationMs(source: Source, signal: AbortSignal): Promise<number | null> {
    return source.kind === 'file' ? await this.#options.sources.durationMs(source, signal) : null;
  }

  /** Has the loudness of a file measured, where it is needed and not known. */
  async measureAhead(source: Source, signal: AbortSignal): Promise<void> {
    if (source.kind !== 'file' || this.rules.loudness === 'off') return;
    await this.#options.sources.prepare(source, this.rules, signal);
  }

  start(prepared: Prepared, place: PlayerPlace): Player {
    const { source, picture } = prepared;
    if (source.kind === 'publisher') return this.#publisher(prepared, source.key, place);
    if (awaitedCaller(source) !== null) return this.#caller(prepared, place);
    const planned = this.#planNow(prepared);
    if (picture && source.kind === 'card' && isFilled(source)) {
      const { cards: draw, clock = systemClock } = this.#options;
      return new CardPlayer({ card: source, bare: picture, draw, clock, ...place });
    }
    if (picture) {
      const { feed } = new SlateFeed(picture);
      place.tell({ type: 'fed' });
      return new FeedPlayer(feed, planned?.plan);
    }
    return prepared.live || !planned
      ? this.#live(prepared, place, this.#options.maxSourceBps)
      : this.#vod(prepared, planned, place);
  }

  /** What was planned by other rules, or before its sound was measured, is planned anew. */
  #planNow({ planned, source, identity }: Prepared): Planned | null {
    if (!planned) return null;
    const now = this.rules === this.#options.rules ? planned : { ...planned, plan: planned.replan() };
    const { audio } = now.plan;
    if (!audio?.level || source.kind !== 'file' || identity === undefined) return now;
    const measured = this.#options.sources.loudnessOf({ path: source.path, identity }, audio);
    // It stays so for as long as this plays: one that is measured meanwhile would jump.
    const replan: Planned['replan'] = (seen) => planned.replan(seen, measured);
    return { ...now, replan, plan: replan() };
  }

  /** Whether an encoder in hardware is the cause of a failure; from then on this broadcast does without. */
  #encoderFailed(plan: Plan, message: string, again: boolean): boolean {
    const { encoder } = plan.video ?? {};
    if (!encoder || !blamesEncoder(encoder, message, again)) return false;
    const instead = `${ffmpegEncoder(encoder.name)} failed: ${complaintIn(message) ?? message}`;
    if (this.rules.encoder.name !== 'x264')
      this.rules = { ...this.rules, encoder: { ...x264Encoder, instead } };
    return true;
  }

  #publisher(prepared: Prepared, key: string, place: PlayerPlace): Player {
    const { room, publications, routes, kinds, clock } = this.#options;
    const { tell } = place;
    // Whoever comes back may send something else.
    const seen = [prepared];
    const anew = { ...prepared, planned: null };
    return ArrivalPlayer.start({
      arrivals: publications.arrivals(key),
      onChange: (now, player) => now.protocol === 'rtmp' && player.comes?.(now.tracks),
      play: (publication) =>
        publication.protocol === 'rtmp'
          ? this.#live(seen.pop() ?? anew, place, null, publication.tracks)
          : WhipPlayer.start({
              room,
              publication: publication.id,
              routes,
              slice: this.#options.slice?.(prepared.source),
              fillFor: (plan) => this.#fillFor(plan),
              slate: () => this.#slateSoon(),
              kinds,
              tell,
              clock,
            }),
      tell,
      clock,
    });
  }

  /** Each who calls may send something else. */
  #caller(prepared: Prepared, place: PlayerPlace): Player {
    const { sources, clock, maxSourceBps } = this.#options;
    return ArrivalPlayer.start({
      arrivals: sources.callers(prepared.source),
      play: () => this.#live({ ...prepared, planned: null }, place, maxSourceBps),
      ...{ tell: place.tell, clock },
    });
  }

  #vod(prepared: Prepared, planned: Planned, place: PlayerPlace): Player {
    const { stallTimeoutMs, maxSourceBps } = this.#options;
    // A file is read no faster than it is played, whatever it holds.
    const isLocal = prepared.source.kind === 'file';
    const maxBitrateBps = isLocal ? null : maxSourceBps;
    const { probe, identity } = prepared;
    const lengthMs = probe && knownLengthMs(probe);
    const seen: Seen = (probe && this.#seen.get(probe)) ?? { endedUs: null, tries: new Map() };
    seen.standing ??= { db: 0 };
    if (probe) this.#seen.set(probe, seen);
    return FilePlayer.start({
      ...this.#played(prepared.source, place, { stallTimeoutMs, maxBitrateBps }),
      standing: seen.standing,
      ...{ ...place, planned, isLocal, identity, seen, lengthUs: lengthMs === null ? null : lengthMs * 1000 },
      maxKeyframeIntervalMs: this.rules.maxKeyframeIntervalMs,
      fillFor: (plan) => this.#fillFor(plan, prepared.cover),
      slate: () => this.#slateSoon(),
    });
  }

  /** @param came tracks of which something has come, of somebody who publishes: more may, and both are expected */
  #live(
    prepared: Prepared,
    place: PlayerPlace,
    maxBitrateBps: number | null,
    came: readonly Kind[] | null = null,
  ): Player {
    const { source } = prepared;
    const { liveStallTimeoutMs: stallTimeoutMs } = this.#options;
    return LivePlayer.start({
      ...this.#played(source, place, { stallTimeoutMs, maxBitrateBps }),
      prepare: (signal) => this.#look(source, signal),
      prepared: this.#planNow(prepared),
      maxKeyframeIntervalMs: this.rules.maxKeyframeIntervalMs,
      slate: () => this.#slateSoon(),
      ...{ came, expected: came && this.#options.kinds },
      once: source.kind === 'stdin',
    });
  }

  #played(
    source: Source,
    { tell }: PlayerPlace,
    bounds: Pick<ReadSource, 'stallTimeoutMs' | 'maxBitrateBps'>,
  ): PlayedSource {
    const { sources, ffmpeg, kinds, clock = systemClock, startPipeline = Pipeline.start } = this.#options;
    return {
      open: (signal, behind) => sources.open(source, signal, behind),
      ...{ ffmpeg, startPipeline, clock, ...bounds, kinds, tell, volumePercent: this.volumePercent },
      standing: { db: 0 },
      fillFor: (plan) => this.#fillFor(plan),
      encoderFailed: (plan, message, again) => this.#encoderFailed(plan, message, again),
    };
  }

  async #look(source: Source, signal: AbortSignal): Promise<Planned> {
    const prepared = await this.#options.sources.prepare(source, this.rules, signal);
    if (!prepared.plan.video) this.#slate = await this.#options.slate();
    return this.#plannedOf(source, prepared);
  }

  #plannedOf(source: Source, { plan, probe, live, lookMs }: PreparedSource): Planned {
    return {
      ...{ plan, lookMs, inPieces: probe.format === 'hls' },
      replan: (seen, measured) =>
        planSeen(probe, live, { ...this.rules, ...chosenSound(source), measured }, seen),
    };
  }

  /** Undefined until it is made, which begins now. */
  #slateSoon(): Slate | undefined {
    if (!this.#slate) this.#prepareSlate();
    return this.#slate;
  }

  #prepareSlate(): void {
    this.#options.slate().then(
      (slate) => {
        this.#slate = slate;
      },
      () => {}, // Without it, sound comes without a picture.
    );
  }

  /** What a paused source shows. */
  async still({ source, planned, picture, cover }: Prepared, atUs: number): Promise<Slate> {
    if (picture) return picture;
    const { sources, ffmpeg } = this.#options;
    const { video } = planned?.plan ?? {};
    if (!video) return cover ?? (await this.#options.slate());
    await using input = await sources.open(source);
    const { codec, index: track, ...size } = video;
    return await makeStill({ ffmpeg, codec, size, input, track, atMs: atUs / 1000 });
  }

  /** Silence for a source without sound, its cover or the slate's picture for one without picture. */
  #fillFor({ video, audio }: Plan, cover?: Slate): Fill {
    const { kinds } = this.#options;
    const lacks = { video: !video && kinds.includes('video'), audio: !audio && kinds.includes('audio') };
    if (!lacks.video && !lacks.audio) return () => [];
    let [picture, sound]: (Filler | undefined)[] = [];
    return ({ ptsUs }: MediaFrame) => {
      if (lacks.audio) sound ??= Filler.sound(ptsUs);
      const shown = cover ?? this.#slate;
      if (lacks.video && shown) picture ??= Filler.picture(shown, ptsUs);
      return [...(picture?.upTo(ptsUs + 1) ?? []), ...(sound?.upTo(ptsUs + 1) ?? [])];
    };
  }
}
