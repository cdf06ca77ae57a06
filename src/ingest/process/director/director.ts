import { EventEmitter, once } from 'node:events';
import type { Control } from '../../../contract/control.ts';
import { MiroliveError } from '../../../contract/errors.ts';
import type { SwitchReason } from '../../../contract/events.ts';
import type { BroadcastStats, OnAir, Source } from '../../../contract/models.ts';
import { editPlaylist, type PlaylistCommand } from '../../../contract/playlist/edit-playlist.ts';
import type { ProgrammeState } from '../../../contract/programme-state.ts';
import type { IngestContext } from '../ingest-context.ts';
import { PlayerMaker } from '../players/player-maker.ts';
import { type PlaylistTimes, playlistState } from '../playlist/playlist-state.ts';
import type { Feed } from '../splicer/feed.ts';
import { Splicer } from '../splicer/splicer.ts';
import type { Candidate } from './candidate.ts';
import { CandidateChain } from './candidate-chain.ts';
import { type ChoiceRules, choose } from './choice.ts';
import type { DirectorOptions, EntryName, ProgrammeEvent } from './director-options.ts';
import { LoadWatch } from './load-watch.ts';
import { Meter } from './meter.ts';
import { type CandidateOptions, openCandidate } from './open-candidate.ts';
import { SlateShow } from './slate-show.ts';

/** So long nothing may leave before the slate comes, in ms: viewers see the slate within a second. */
const starvedMs = 700;
const watchIntervalMs = 100;
/** What is left of an item behind a step beyond its end, in ms. */
const lastMomentMs = 500;

const slateName: EntryName = { entry: 'slate', words: 'slate' };

/**
 * The director of one broadcast: it knows what may be on air, from what the operator took over the main source and its
 * fallbacks to the slate, keeps alive what is wanted, and cuts to the best there is.
 */
export class Director implements AsyncDisposable {
  readonly #options: DirectorOptions;
  readonly #emit: (event: ProgrammeEvent) => void;
  #splicer!: Splicer;
  #maker!: PlayerMaker;
  #show!: SlateShow;
  #meter!: Meter;
  #load!: LoadWatch;
  readonly #chain = new CandidateChain();
  #onAirSince = new Date().toISOString();
  #switches = 0;
  #restarts = 0;
  #slateWanted = false;
  /** The source on air is held at one picture, at this place. */
  #still: { readonly entry: Candidate; readonly resuming: boolean; readonly atUs: number } | null = null;
  /** Why the slate is on air, or something else is to be. */
  #cause: SwitchReason | null = null;
  /** Where the main source was begun. */
  #startUs = 0;
  readonly #news = new EventEmitter<{ chosen: [] }>();
  #live = false;
  #over = false;
  #closed = false;
  #watchTimer: NodeJS.Timeout | undefined;
  #choiceTimer: NodeJS.Timeout | undefined;

  private constructor(options: DirectorOptions, emit: (event: ProgrammeEvent) => void) {
    this.#options = options;
    this.#emit = emit;
  }

  static async create(
    options: DirectorOptions,
    context: IngestContext,
    emit: (event: ProgrammeEvent) => void,
  ): Promise<Director> {
    const programme = new Director(options, emit);
    const { video, audio } = options;
    const slate = () => context.slate(options);
    programme.#maker = new PlayerMaker({
      ...options,
      sources: context.sourcesOf(options.room),
      publications: context.publications(options.room),
      routes: context.routes,
      slate,
      kinds: [...(video ? (['video'] as const) : []), ...(audio ? (['audio'] as const) : [])],
    });
    programme.#splicer = await Splicer.create({
      video,
      audio,
      onFinished: (feed) => programme.#finished(feed),
      onBegun: () => programme.#begun(),
      onKeyFrameWanted: (layer) => programme.#onAir?.sequence.requestKeyFrame(layer),
    });
    programme.#show = new SlateShow((feed) => programme.#splicer.cut(feed), slate);
    programme.#load = new LoadWatch(programme.#maker, options.stepsDown);
    programme.#meter = new Meter(programme.#splicer);
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
      if (!this.#closed) this.#begin(startMs);
    } catch (error) {
      this.#end(`cannot play to port ${port}: ${error instanceof Error ? error.message : error}`);
    }
  }

  #begin(startMs: number): void {
    const { main, fallbacks, prepared } = this.#options;
    this.#startUs = Math.round(startMs) * 1000;
    // From its beginning an item begins where it says.
    const place = this.#startUs > 0 ? { prepared, startUs: this.#startUs } : { prepared };
    if (main) this.#chain.append(this.#entry('main', main, place));
    for (const [index, source] of fallbacks.entries())
      this.#chain.append(this.#entry(`fallback-${index + 1}`, source));
    this.#watchTimer = setInterval(() => this.#watch(), watchIntervalMs);
    this.#meter.start(() => {
      this.#emit({ type: 'stats', stats: this.#stats(), onAir: this.onAir() });
      const overload = this.#load.look(this.#onAir?.sequence, this.#name().words, this.#positionUs());
      if (overload) this.#emit({ type: 'pipeline.overloaded', ...overload });
    });
    this.#choose('command');
  }

  /** What viewers see. */
  onAir(): OnAir {
    return { ...this.#name(), since: this.#onAirSince };
  }

  state(): ProgrammeState {
    const listed = this.#chain.listed;
    return {
      onAir: this.onAir(),
      entries: [
        ...this.#chain.entries.map((entry) => entry.model(entry === this.#onAir)),
        {
          ...slateName,
          kind: 'slate',
          state: this.#show.on ? 'onAir' : 'ready',
          reason: null,
          lost: null,
          plan: null,
        },
      ],
      paused: this.#still !== null && !this.#still.resuming,
      volumePercent: this.#maker.volumePercent,
      muted: this.#splicer.muted,
      switches: this.#switches,
      slates: this.#show.count,
      slateMs: Math.round(this.#show.totalMs),
      playlist: listed ? playlistState(listed.playlist, this.#times(listed)) : null,
    };
  }

  /** Does what an operator wants of it; rejects with what stands in the way. */
  async control(command: Control): Promise<void> {
    switch (command.type) {
      case 'take':
        return await this.#take(command.source);
      case 'release':
        return this.#release();
      case 'slate':
        this.#slateWanted = command.on;
        return this.#command();
      case 'pause':
        return await this.#pause();
      case 'resume':
        return this.#resume();
      case 'seek':
        return this.#seek(command.positionMs);
      case 'seekBy':
        return this.#seekBy(command.offsetMs);
      case 'volume':
        this.#maker.volumePercent = command.percent;
        this.#onAir?.sequence.again(this.#positionUs());
        return this.#changed();
      case 'mute':
        this.#splicer.muted = command.on;
        return this.#changed();
      default:
        return this.#edit(command);
    }
  }

  async close(): Promise<void> {
    if (!this.#closed) {
      this.#closed = true;
      this.#news.emit('chosen');
      clearInterval(this.#watchTimer);
      clearTimeout(this.#choiceTimer);
      this.#meter.stop();
    }
    await Promise.all([this.#chain.close(), this.#splicer.close()]);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #entry(
    name: string,
    source: Source,
    place: Pick<CandidateOptions, 'startUs' | 'prepared'> = {},
  ): Candidate {
    return openCandidate({
      ...{ name, source, maker: this.#maker, splicer: this.#splicer, ...place },
      graceMs: this.#options.graceMs,
      listener: {
        onReady: (entry) => this.#ready(entry),
        onAway: (entry, message) => this.#away(entry, message),
        onEnding: (entry) => this.#ending(entry),
        onEnded: (entry, message) => this.#ended(entry, message),
        onFailure: (message) => {
          this.#restarts++;
          this.#emit({ type: 'pipeline.failed', message, restarts: this.#restarts });
        },
        emit: (event) => this.#emit(event),
      },
    });
  }

  #ready(entry: Candidate): void {
    entry.noteReady();
    if (!entry.steady) this.#emit({ type: 'source.back', entry: entry.name, words: entry.words });
    if (this.#still?.resuming && this.#still.entry === entry) {
      this.#still = null;
      this.#show.hide();
      entry.sequence.goOnAir();
    }
    this.#choose(entry.hurried ? 'command' : entry.steady ? (this.#cause ?? 'away') : 'back');
  }

  #away(entry: Candidate, message: string): void {
    entry.readySinceMs = null;
    entry.reason = message;
    this.#lose(entry, message);
    if (this.#still?.entry === entry) this.#still = null;
    this.#choose('away');
  }

  #lose(entry: Candidate, reason: string): void {
    if (entry.awaySinceMs !== null) return;
    entry.awaySinceMs = performance.now();
    // Nothing was there before the first start: whoever asked for it hears of it otherwise.
    if (!this.#live) return;
    entry.noteLoss(reason);
    this.#emit({ type: 'source.away', entry: entry.name, words: entry.words, reason });
  }

  #ending(entry: Candidate): void {
    if (entry.ending) return;
    entry.ending = true;
    this.#choose('ended');
  }

  #ended(entry: Candidate, message: string | null): void {
    const { fallbacks, alwaysOn } = this.#options;
    const stands = this.#onAir !== null && this.#onAir !== entry;
    const isTake = entry.name === 'take';
    // It may come back, except what came on a pipe; before the first frame somebody waits to hear that it fails.
    const awaited = this.#live && entry.source.kind !== 'stdin';
    const goesOn = alwaysOn || stands || (message !== null && (awaited || fallbacks.length > 0));
    if (entry.name === 'main' && !goesOn) this.#end(message);
    else {
      if (message !== null) this.#lose(entry, message);
      entry.block(message, performance.now(), !isTake && (message !== null || entry.name !== 'main'));
    }
    this.#choose(message === null ? 'ended' : 'failed');
    if (isTake) this.#chain.retire(entry);
  }

  /** Puts on air what should be; starts and ends what that needs. */
  #choose(reason: SwitchReason): void {
    if (this.#closed || this.#over) return;
    clearTimeout(this.#choiceTimer);
    this.#news.emit('chosen');
    if (this.#still) return;
    const nowMs = performance.now();
    const { entries, place } = this.#chain;
    const choice = choose(this.#chain.candidates(nowMs), place, this.#rules(), nowMs);
    const best = this.#slateWanted ? null : (entries[choice.onAir] ?? null);
    const before = this.#onAir;
    // What is leaving does so because an operator wanted that, however long the next one took to be ready.
    const why = before?.leaving ? 'command' : reason;
    if (best !== before || (best === null && !this.#show.on)) this.#switch(best, why);
    for (const [index, entry] of entries.entries()) {
      if (choice.run.has(index) || entry === this.#onAir) entry.start();
      else entry.suspend();
    }
    const isPast = before?.leaving || (before?.name === 'take' && this.#onAir?.name === 'take');
    if (before && isPast && before !== this.#onAir) this.#chain.retire(before);
    if (choice.againMs !== null) this.#choiceTimer = setTimeout(() => this.#choose('back'), choice.againMs);
  }

  #rules(): ChoiceRules {
    const { failback, holdMs } = this.#options;
    return this.#onAir?.leaving ? { failback: 'auto', holdMs: 0 } : { failback, holdMs };
  }

  #switch(to: Candidate | null, reason: SwitchReason): void {
    // Before the first frame viewers wait; whoever started it hears of what fails.
    if (to === null && !this.#live && !this.#options.alwaysOn && !this.#slateWanted) return;
    const from = this.#name();
    const wasLive = this.#live;
    this.#onAir?.leaveAir(this.#positionUs());
    this.#cause = to ? null : reason;
    this.#chain.onAir = to;
    this.#onAirSince = new Date().toISOString();
    if (to) {
      to.hurried = false;
      this.#show.hide();
      to.sequence.goOnAir();
    } else this.#show.show();
    if (!wasLive) return;
    this.#switches++;
    this.#emit({ type: 'programme.switched', from, to: this.#name(), reason });
  }

  /** Is what is on air still there, and may it stay away? */
  #watch(): void {
    const onAir = this.#onAir;
    if (this.#live && onAir && !this.#still && this.#splicer.starvedMs > starvedMs)
      this.#away(onAir, `nothing came for ${starvedMs} ms`);
    const { main } = this.#chain;
    const { alwaysOn, graceMs } = this.#options;
    const awayMs = main?.awaySinceMs ? performance.now() - main.awaySinceMs : 0;
    // A playlist goes on to its next item instead.
    if (
      main?.playlist.items.length === 1 &&
      awayMs > graceMs &&
      !alwaysOn &&
      !this.#onAir &&
      !this.#slateWanted
    )
      this.#end(`nothing came of ${main.words} for ${Math.round(graceMs / 1000)} s: ${main.reason}`);
    if (this.#chain.entries.some((entry) => entry.retriable)) this.#choose('back');
  }

  #finished(feed: Feed): void {
    this.#chain.owner(feed)?.sequence.finished(feed);
  }

  #begun(): void {
    if (this.#live) return;
    this.#live = true;
    this.#emit({ type: 'live' });
    // Not before: what viewers wait for has the processor for itself.
    this.#show.prepare();
  }

  async #take(source: Source): Promise<void> {
    const entry = this.#entry('take', source);
    await entry.sequence.check();
    if (this.#closed) throw new MiroliveError('SHUTTING_DOWN', 'the programme is over');
    this.#slateWanted = false;
    entry.hurried = true;
    // What was taken before stays on air until this is ready.
    for (const old of this.#chain.takes) if (old !== this.#onAir) this.#chain.retire(old);
    this.#chain.prefer(entry);
    this.#command();
    await this.#decided(entry);
  }

  /** Resolves when it is on air, or is known not to be for now. */
  async #decided(entry: Candidate): Promise<void> {
    const decided = () =>
      entry === this.#onAir ||
      entry.awaySinceMs !== null ||
      this.#slateWanted ||
      !this.#chain.entries.includes(entry);
    while (!this.#closed && !this.#over && !decided()) await once(this.#news, 'chosen');
  }

  /** An operator wants something else: what was held is let go. */
  #command(): void {
    if (this.#still) {
      this.#still = null;
      this.#changed();
    }
    this.#cause = 'command';
    this.#choose('command');
  }

  #release(): void {
    this.#slateWanted = false;
    for (const taken of this.#chain.takes) this.#chain.demote(taken);
    this.#command();
  }

  async #pause(): Promise<void> {
    const entry = this.#seekable('pause');
    if (this.#still) return;
    const atUs = this.#positionUs();
    const clip = await entry.sequence.still(atUs);
    if (this.#onAir !== entry || this.#still) return;
    this.#still = { entry, resuming: false, atUs };
    entry.leaveAir(atUs);
    this.#show.hold(clip);
    this.#changed();
  }

  /** The still stays until the source is ready again. */
  #resume(): void {
    if (!this.#still || this.#still.resuming) return;
    this.#still = { ...this.#still, resuming: true };
    this.#still.entry.start();
    this.#changed();
  }

  /** A step beyond the end goes to the last moment. */
  #seekBy(offsetMs: number): void {
    const wantedMs = Math.round(this.#positionUs() / 1000) + offsetMs;
    const lastMs = (this.#onAir?.sequence.endMs ?? Number.POSITIVE_INFINITY) - lastMomentMs;
    this.#seek(Math.max(0, Math.min(wantedMs, lastMs)));
  }

  #seek(positionMs: number): void {
    const { sequence } = this.#seekable('seek');
    const { endMs } = sequence;
    if (endMs !== null && positionMs >= endMs)
      throw new MiroliveError(
        'NOT_SEEKABLE',
        `expected a place before ${endMs / 1000} s, where ${this.#name().words} ends, got ${positionMs / 1000} s`,
      );
    sequence.seek(positionMs * 1000);
    if (this.#still) this.#still = { ...this.#still, atUs: positionMs * 1000 };
  }

  #seekable(what: string): Candidate {
    const entry = this.#onAir;
    if (entry && (entry === this.#still?.entry || entry.sequence.seekable)) return entry;
    throw new MiroliveError('NOT_SEEKABLE', `expected a file to ${what}, on air is ${this.#name().words}`);
  }

  #changed(): void {
    this.#emit({
      type: 'programme.changed',
      paused: this.#still !== null && !this.#still.resuming,
      volumePercent: this.#maker.volumePercent,
      muted: this.#splicer.muted,
    });
  }

  #name(): EntryName {
    // Before anything is on air, what is preferred is awaited.
    const entry = this.#onAir ?? (this.#show.on ? null : this.#chain.entries[0]);
    return entry ? { entry: entry.name, words: entry.words } : slateName;
  }

  get #onAir(): Candidate | null {
    return this.#chain.onAir;
  }

  #positionUs(): number {
    if (this.#still) return this.#still.atUs;
    return this.#live ? this.#splicer.counters.sourceTimeUs : this.#startUs;
  }

  #times(entry: Candidate): PlaylistTimes {
    const { sequence } = entry;
    const endMs = entry === this.#onAir ? sequence.endMs : null;
    const remainingMs = endMs === null ? null : Math.max(0, endMs - this.#positionUs() / 1000);
    return {
      nowMs: Date.now(),
      remainingMs,
      sourceMs: sequence.book.durationsMs,
      beganMs: sequence.book.beganMs,
    };
  }

  #edit(command: PlaylistCommand): void {
    const entry = this.#chain.listed;
    if (!entry)
      throw new MiroliveError('NO_PLAYLIST', `expected a playlist, on air is ${this.#name().words}`);
    if (editPlaylist(entry.playlist, command, Date.now()) === 'moved') entry.sequence.jump();
    else entry.sequence.reconsider();
  }

  #end(message: string | null): void {
    if (this.#closed || this.#over) return;
    this.#over = true;
    this.#news.emit('chosen');
    this.#meter.stop();
    clearInterval(this.#watchTimer);
    this.#emit({ type: 'ended', message, stats: this.#stats() });
  }

  #stats(): BroadcastStats {
    const sequence = (this.#onAir ?? this.#chain.entries[0])?.sequence;
    return {
      positionMs: Math.max(0, this.#positionUs() / 1000),
      durationMs: sequence?.durationMs ?? null,
      loops: sequence?.loops ?? 0,
      ...this.#meter.rates,
      bufferedMs: (sequence?.bufferedUs ?? 0) / 1000,
      restarts: this.#restarts,
      slates: this.#show.count,
    };
  }
}
