import { every, type Timer } from '../../../contract/clock.ts';
import { blankWords } from '../../../contract/content-words.ts';
import type { SwitchReason } from '../../../contract/programme-event.ts';
import {
  type Seen,
  type Snapshot,
  unopened,
  type Wanted,
  type WantedCandidate,
} from '../../../contract/snapshot.ts';
import type { PlaylistNews } from '../playlist/playlist-player-options.ts';
import type { Slate } from '../slate/slate.ts';
import type { Feed } from '../splicer/feed.ts';
import { asksForProgramme } from './asks-for-programme.ts';
import type { Candidate } from './candidate.ts';
import { isPlayable, isUnseen } from './candidate-is.ts';
import { eventOf, type Standing, standingOf, turnOf } from './candidate-view.ts';
import { Candidates } from './candidates.ts';
import { type ChoiceRules, choose } from './choice.ts';
import { ContentReports } from './content-reports.ts';
import type { DirectorOptions, EntryName, Looked } from './director-options.ts';
import type { Air, DirectorListener, DirectorParts } from './director-parts.ts';
import { type Aired, candidateOf, type Known, nameOf, type Shown, seenOf, statsOf } from './director-view.ts';
import { HeldPicture } from './held-picture.ts';
import { LoadWatch } from './load-watch.ts';
import { Mailbox } from './mailbox.ts';
import { Meter } from './meter.ts';
import { openCandidate } from './open-candidate.ts';
import { SlateShow } from './slate-show.ts';
import { judge } from './verdict.ts';

/** So long nothing may leave before the slate comes, in ms: viewers see the slate within a second. */
const starvedMs = 700;
/** The first frame may take so long, in ms: a slate that flashes up before it would be no picture at once. Cameras by RTSP need about two seconds. */
const firstMs = 3000;
const watchIntervalMs = 100;
/** A source that was held gives no frame for so long, in ms: the picture that it was held at gives way. */
const resumeMs = 3000;

/** A key frame that viewers were sent. */
export interface ShownPicture {
  /** The candidate's id. */
  readonly of: string;
  /** How often something else had come on air before it. */
  readonly switches: number;
  readonly data: Buffer;
}

/** What was given to the splicer last, and why. */
interface Cut {
  readonly to: Shown;
  readonly reason: SwitchReason;
  readonly atMs: number;
}

/**
 * The director of one programme: it knows what may be on air, from what the operator took over the main source and its
 * fallbacks to the slate, keeps alive what is wanted, and cuts to the best there is. Whatever it hears, it hears one at a time;
 * what is looked at meanwhile comes back as something that it hears.
 */
export class Director implements AsyncDisposable {
  readonly #options: DirectorOptions;
  readonly #parts: DirectorParts;
  readonly #listener: DirectorListener;
  readonly #generation: number;
  readonly #before: Seen | null;
  readonly #mailbox = new Mailbox(
    () => this.#settle(),
    (error) => this.#listener.onBroken(error),
  );
  readonly #show: SlateShow;
  readonly #load: LoadWatch;
  readonly #content: ContentReports;
  #air!: Air;
  #meter!: Meter;
  /** `open`: nothing is sent before it is connected. */
  #phase: 'open' | 'playing' | 'over' | 'closed' = 'open';
  /** When it began to play, in ms. */
  #begunMs = 0;
  /** How often it was to be connected. */
  #connects = 0;
  #wanted: Wanted;
  readonly #candidates = new Candidates();
  #cut: Cut | null = null;
  #aired: Aired = null;
  /** How all stood when it was told last; null: it was not yet. */
  #told: readonly Standing[] | null = null;
  /** In ms since 1970. */
  readonly #openedMs: number;
  /** Why the slate is on air, or something else is to be. */
  #cause: SwitchReason | null = null;
  /** What was on air before the slate; null: the slate is not, or nothing was. */
  #insteadOf: EntryName | null = null;
  #switches: number;
  #restarts: number;
  /** When something else was to be seen last than the slate that comes by itself. */
  #coveredMs = Number.NEGATIVE_INFINITY;
  #choiceTimer: Timer | undefined;
  #watchTimer: Timer | undefined;

  private constructor(
    options: DirectorOptions,
    { wanted, seen }: Snapshot,
    generation: number,
    parts: DirectorParts,
    listener: DirectorListener,
  ) {
    const { clock, random, makeSlate, maker } = parts;
    this.#options = options;
    this.#parts = parts;
    this.#listener = listener;
    this.#generation = generation;
    this.#before = seen;
    this.#openedMs = clock.wallMs();
    this.#wanted = { ...wanted, chain: [] };
    this.#switches = seen?.switches ?? 0;
    this.#restarts = seen?.restarts ?? 0;
    this.#load = new LoadWatch(maker, options.stepsDown, clock);
    const { watchContent, openUnseen } = parts;
    this.#content = new ContentReports({
      ...{ clock, watchContent, openUnseen, before: seen },
      post: this.#mailbox.post,
      onEvent: (event) => this.#listener.onEvent(event),
    });
    this.#show = new SlateShow({
      ...{ clock, random, make: makeSlate },
      onMade: () => this.#mailbox.post(() => this.#slateMade()),
      before: { count: seen?.slates ?? 0, totalMs: seen?.slateMs ?? 0 },
    });
  }

  /**
   * Opens a programme where its snapshot says; nothing is sent before it is connected.
   *
   * @param looked what is known of its candidates
   */
  static async open(
    options: DirectorOptions,
    snapshot: Snapshot,
    generation: number,
    looked: Looked,
    parts: DirectorParts,
    listener: DirectorListener,
  ): Promise<Director> {
    const director = new Director(options, snapshot, generation, parts, listener);
    const { post } = director.#mailbox;
    const heard = {
      onFinished: (feed: Feed) => post(() => director.#candidates.owner(feed)?.player.finished(feed)),
      onBegun: (feed: Feed) => post(() => director.#begun(feed)),
      onSound: (feed: Feed, data: Buffer) => director.#content.hear(director.#airedCandidate, feed, data),
      onKeyFrameWanted: (layer: number) => director.#airedCandidate?.player.requestKeyFrame(layer),
    };
    const sourceOf = (feed: Feed) => director.#candidates.owner(feed)?.player.queue.sourceOf(feed) ?? null;
    director.#air = await parts.openAir(heard, sourceOf);
    director.#meter = new Meter(director.#air, parts.clock);
    const [fault] = director.#follow(snapshot.wanted, looked);
    if (fault === undefined) return director;
    await director.close();
    throw fault;
  }

  /** The UDP port on loopback that its packets come from. */
  get port(): number {
    return this.#air.port;
  }

  /** Sends to a PlainTransport's port on this machine from now on; the first time, it begins to play. */
  async connect(port: number): Promise<void> {
    const number = ++this.#connects;
    try {
      await this.#air.connect(port);
    } catch (error) {
      const words = error instanceof Error ? error.message : String(error);
      // Where it is to be connected elsewhere by now, that is no loss.
      const isLast = number === this.#connects;
      this.#mailbox.post(() => isLast && this.#end(`cannot play to port ${port}: ${words}`));
      return;
    }
    this.#mailbox.post(() => this.#begin());
  }

  /**
   * What is wanted from now on; one that is older than the last that was followed is passed over. All of it is followed that can
   * be: where something cannot, this rejects, and the same may be told again.
   */
  async want(wanted: Wanted, looked: Looked): Promise<void> {
    let faults: readonly unknown[] = [];
    const ids = () => this.#candidates.chain.map(({ id }) => id).join();
    this.#mailbox.post(() => {
      if (wanted.revision <= this.#wanted.revision || this.#phase === 'over') return;
      const before = [this.#wanted.slate, ids()].join();
      faults = this.#follow(wanted, looked);
      if ([wanted.slate, ids()].join() !== before) this.#cause = 'command';
      this.#choose(this.#cause ?? 'back');
    });
    await Promise.resolve();
    if (faults.length > 0) throw faults[0];
  }

  /**
   * The last key frame that viewers were sent of what they see, and what that is; null: there is none that may be shown. Where the
   * slate is to be over everything, nothing else may, although it is sent for a moment more.
   */
  get shownPicture(): ShownPicture | null {
    const { sentPicture } = this.#air;
    const { shown } = this.#aired ?? {};
    if (!sentPicture || !shown) return null;
    const { data, feed } = sentPicture;
    const switches = this.#switches;
    if (shown === 'slate') return this.#show.owns(feed) ? { of: 'slate', switches, data } : null;
    return !this.#wanted.slate && shown.owns(feed) ? { of: shown.id, switches, data } : null;
  }

  async close(): Promise<void> {
    if (this.#phase !== 'closed') {
      this.#phase = 'closed';
      this.#mailbox.close();
      this.#stop();
      this.#show.close();
    }
    await Promise.all([this.#candidates.close(), this.#air.close(), this.#content.close()]);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #begin(): void {
    if (this.#phase !== 'open') return;
    this.#phase = 'playing';
    this.#begunMs = this.#nowMs;
    this.#watchTimer = every(this.#parts.clock, watchIntervalMs, () =>
      this.#mailbox.post(() => this.#watch()),
    );
    this.#content.begin();
    this.#meter.start(() => this.#mailbox.post(() => this.#report()));
    // What viewers wait for has the processor for itself, unless nothing else may be seen.
    if (this.#wanted.slate || this.#wasShown) this.#show.prepare();
    this.#choose('command');
  }

  /** Gives why what could not be followed could not. */
  #follow(wanted: Wanted, looked: Looked): readonly unknown[] {
    const before = this.#wanted;
    const paused = this.#paused;
    this.#parts.maker.volumePercent = wanted.volumePercent;
    this.#air.muted = wanted.muted;
    this.#air.wantCompatible(wanted.compatible ?? []);
    const faults = this.#candidates.follow(
      wanted.chain,
      (one) => this.#candidate(one, looked),
      // It stays on air until something else is.
      (one) => !wanted.slate && this.#aired?.shown === one && this.#cut?.to === one,
    );
    this.#wanted = faults.length > 0 ? { ...wanted, revision: before.revision } : wanted;
    // Somebody who asks for the programme does not wait until it has proven to stay.
    if (asksForProgramme(before, wanted)) for (const candidate of this.#candidates.chain) candidate.hurry();
    if (wanted.volumePercent !== before.volumePercent)
      for (const { player } of this.#candidates.all) player.setVolume(wanted.volumePercent);
    const tells = (['volumePercent', 'muted'] as const).some((key) => wanted[key] !== before[key]);
    if ((tells || paused !== this.#paused) && this.#phase !== 'open') this.#tellChange();
    return faults;
  }

  #candidate(wanted: WantedCandidate, looked: Looked): Candidate {
    const { clock, random, maker } = this.#parts;
    const candidate: Candidate = openCandidate({
      ...{ wanted, clock, random, maker, post: this.#mailbox.post },
      seen: this.#before?.candidates.find(({ id }) => id === wanted.id) ?? null,
      wasWanted: this.#before !== null && this.#phase === 'open',
      prepared: looked[wanted.id] ?? null,
      graceMs: this.#options.graceMs,
      coversBlank: this.#options.onContent === 'slate',
      deck: {
        cut: (feed) => this.#airFor(candidate, feed)?.cut(feed),
        cue: (feed) => this.#airFor(candidate, feed)?.cue(feed),
        uncue: (feed) => (this.#content.unseenAir(candidate) ?? this.#air).uncue(feed),
        wake: () => (this.#content.unseenAir(candidate) ?? this.#air).wake(),
      },
      hear: (one, news) => this.#hear(one, news),
      askPicture: (number) => this.#askPicture(candidate, number),
    });
    return candidate;
  }

  /** Where it is to play; undefined: what is not to be on air stays off it, whatever has become ready. */
  #airFor(candidate: Candidate, feed: Feed): Pick<Air, 'cut' | 'cue'> | undefined {
    this.#content.note(candidate, feed);
    return this.#content.unseenAir(candidate) ?? (this.#cut?.to === candidate ? this.#air : undefined);
  }

  #hear(candidate: Candidate, news: PlaylistNews): void {
    if (news.type === 'failed') this.#restarts++;
    const event = eventOf(candidate, news, this.#restarts);
    if (event) this.#listener.onEvent(event);
    if (news.type === 'lacks') candidate.lack(news.kinds);
    else if (news.type === 'ready') this.#ready(candidate);
    else if (news.type === 'ending' && candidate.ending()) this.#choose('ended');
    else if (news.type === 'ended') this.#ended(candidate, news.message);
    else if (news.type === 'crashed') this.#away(candidate, () => candidate.crashed(news.message));
    // Why it fails may not have been known when it was lost.
    else if (news.type === 'away' || (news.type === 'failed' && candidate.is.state === 'away'))
      this.#away(candidate, () => candidate.away(news.message));
  }

  #askPicture(candidate: Candidate, number: number): void {
    const held = (clip: Slate | null) =>
      this.#mailbox.post(() => {
        // Where there is none, what is held is covered.
        const picture = clip ?? this.#show.clip;
        const paused = this.#paused;
        candidate.hold(picture && new HeldPicture(picture), number);
        if (paused !== this.#paused) this.#tellChange();
        this.#choose(this.#cause ?? 'back');
      });
    candidate.player.still().then(held, () => held(null));
  }

  #ready(candidate: Candidate): void {
    if (candidate.goesOn) {
      candidate.goOn();
      return;
    }
    this.#turn(candidate, () => candidate.ready());
    const { hurried } = candidate.view(this.#nowMs);
    this.#choose(hurried ? (this.#cause ?? 'command') : 'back');
  }

  #away(candidate: Candidate, act: () => void): void {
    this.#turn(candidate, act);
    if (candidate.is.state === 'away') this.#choose('away');
  }

  #ended(candidate: Candidate, message: string | null): void {
    const { name, comesBack } = candidate;
    const to = this.#cut?.to ?? 'slate';
    const isAlone = this.#candidates.chain.length === 1 && (to === candidate || to === 'slate');
    // Before the first frame somebody waits to hear that it fails.
    const isAwaited = !this.#live || !comesBack;
    this.#turn(candidate, () => candidate.block(message));
    if (candidate === this.#candidates.outgoing) this.#candidates.retire(candidate);
    if (message !== null && name === 'main' && isAlone && isAwaited && !this.#options.alwaysOn)
      this.#end(message);
    else this.#choose(message === null ? 'ended' : 'failed');
  }

  /** Something happens to a candidate; whoever watches hears of it where it is lost, or back. */
  #turn(candidate: Candidate, act: () => void): void {
    const was = candidate.is;
    act();
    const event = turnOf(candidate, was);
    // Nothing was there before the first start: whoever asked for it hears of it otherwise.
    if (event && (event.type === 'source.back' || this.#live)) this.#listener.onEvent(event);
  }

  /** Puts on air what should be; starts and ends what that needs. */
  #choose(reason: SwitchReason): void {
    if (this.#phase !== 'playing') return;
    if (this.#endsIfOver()) return;
    this.#choiceTimer?.cancel();
    const nowMs = this.#nowMs;
    const all = this.#candidates.all;
    const to = this.#cut?.to;
    const at = to === undefined || to === 'slate' ? all.length : all.indexOf(to);
    const views = all.map((candidate) => candidate.view(nowMs));
    const choice = choose(views, at === -1 ? all.length : at, this.#rules, nowMs);
    const best = this.#wanted.slate ? 'slate' : (all[choice.onAir] ?? 'slate');
    // What is leaving does so because an operator wanted that, however long the next one took to be ready.
    if (best !== to) this.#cutTo(best, to === this.#candidates.outgoing ? 'command' : reason);
    let isNew = false;
    for (const [index, candidate] of all.entries()) {
      const was = candidate.is;
      // What is shown goes on, unless it has to wait: until something else is on air it is still shown.
      const shown = candidate === this.#cut?.to || candidate === this.#aired?.shown;
      if (choice.run.has(index) || (shown && views[index]?.available)) candidate.start();
      else candidate.suspend(index < choice.needed);
      isNew ||= isPlayable(candidate.is) && !isPlayable(was);
    }
    if (isNew) this.#mailbox.post(() => this.#choose(reason));
    const waitsMs = all.flatMap(({ againMs }) =>
      againMs !== null && againMs > nowMs ? [againMs - nowMs] : [],
    );
    const againMs = Math.min(choice.againMs ?? Number.POSITIVE_INFINITY, ...waitsMs);
    if (Number.isFinite(againMs))
      this.#choiceTimer = this.#parts.clock.after(againMs, () =>
        this.#mailbox.post(() => this.#choose('back')),
      );
  }

  get #rules(): ChoiceRules {
    const { failback, holdMs } = this.#options;
    return this.#candidates.outgoing ? { failback: 'auto', holdMs: 0 } : { failback, holdMs };
  }

  #cutTo(to: Shown, reason: SwitchReason): void {
    const before = this.#cut?.to;
    // Before the first frame whoever started it hears of what fails; an empty folder does not.
    const { main } = this.#candidates;
    const waits = main?.playlist.grows === true && main.is.state === 'away';
    if (to === 'slate' && !this.#live && !this.#options.alwaysOn && !this.#wanted.slate && !waits) {
      this.#cut = null;
      return;
    }
    if (to === 'slate' && this.#comesSoon) {
      this.#cut = null;
      return;
    }
    this.#cut = { to, reason, atMs: this.#nowMs };
    this.#cause = to === 'slate' ? reason : null;
    if (before && before !== 'slate' && before !== this.#aired?.shown) before.uncut();
    if (to === 'slate') this.#cutToSlate();
    else to.cut();
  }

  /** Where it is not made yet, viewers keep the last picture: what the slate is to cover must not be seen. */
  #cutToSlate(): void {
    if (this.#putSlate()) return;
    this.#air.clear();
    this.#airedCandidate?.leave();
  }

  /** Gives whether there is one by now. */
  #putSlate(): boolean {
    this.#show.prepare();
    const feed = this.#show.fresh();
    if (feed) this.#air.cut(feed);
    return feed !== null;
  }

  #slateMade(): void {
    if (this.#cut?.to === 'slate' && this.#phase === 'playing') this.#cutToSlate();
  }

  /** The first frame of a feed has left. */
  #begun(feed: Feed): void {
    const shown = this.#show.owns(feed) ? 'slate' : this.#candidates.owner(feed);
    const from = this.#aired?.shown;
    if (!shown || this.#phase !== 'playing') return;
    if (shown === 'slate' && !this.#live && this.#cut?.to !== 'slate') return;
    if (shown === from) {
      // What was on air last is so again: nothing else came between.
      if (shown === 'slate' || shown.is.state !== 'cutting') return;
      shown.aired();
      this.#choose('back');
      return;
    }
    const { reason = 'command' } = this.#cut ?? {};
    const left = nameOf(this.#known);
    this.#aired = { shown, sinceMs: this.#parts.clock.wallMs() };
    if (from === 'slate') this.#show.leave();
    else from?.leave();
    if (shown === 'slate') this.#show.aired();
    else shown.aired();
    if (from !== undefined) {
      this.#switches++;
      const insteadOf = this.#insteadOf;
      this.#insteadOf = shown === 'slate' ? left : null;
      const to = nameOf(this.#known);
      this.#listener.onEvent({ type: 'programme.switched', from: left, to, insteadOf, reason });
    }
    this.#show.prepare();
    const { outgoing } = this.#candidates;
    if (outgoing && outgoing !== shown) this.#candidates.retire(outgoing);
    this.#choose('back');
    // Whoever waits for it is told how it is before.
    if (from === undefined) this.#mailbox.post(() => this.#listener.onEvent({ type: 'live' }));
  }

  /** Is what is on air still there, and may it stay away? */
  #watch(): void {
    const nowMs = this.#nowMs;
    const { to, atMs } = this.#cut ?? { to: 'slate', atMs: this.#begunMs };
    const goneMs = Math.min(this.#air.starvedMs, nowMs - atMs);
    if (to === 'slate') {
      // Where the first frame does not come, viewers see the slate; whoever asked for that waits on, and nothing is said to be on air.
      if (!this.#cut && goneMs > (this.#wasShown ? starvedMs : firstMs)) this.#putSlate();
    } else if (isPlayable(to.is) && goneMs > starvedMs)
      this.#away(to, () => to.away(to.player.queue.trouble ?? `nothing came for ${starvedMs} ms`));
    else if ((to.heldForMs(nowMs) ?? 0) > resumeMs)
      this.#away(to, () => to.away(`it gave nothing within ${resumeMs} ms after it was held`));
    // A daemon that stands still is no failure of what waits for it.
    const isHeldUp = this.#parts.waits?.() ?? false;
    for (const candidate of this.#candidates.all) {
      if (isHeldUp) candidate.excuse(watchIntervalMs);
      candidate.holdAgain(nowMs);
    }
    this.#endsIfOver();
  }

  #report(): void {
    this.#listener.onEvent({ type: 'stats', stats: statsOf(this.#known), levels: this.#content.levels });
    const player = this.#airedCandidate?.player;
    const overload = this.#load.look(player, nameOf(this.#known).words, this.#air.counters.sourceTimeUs);
    if (overload) this.#listener.onEvent({ type: 'pipeline.overloaded', ...overload });
    const looked = this.#wanted.slate ? undefined : this.#airedCandidate;
    this.#content.look(looked, this.#air.sentPicture, this.#wanted.volumePercent);
    // What was found is told before.
    if (this.#options.onContent !== 'tell') this.#mailbox.post(() => this.#judgeContent());
    this.#tell();
  }

  /** What there is nothing to be seen or heard in leaves the air, and comes back when it has been worth it for the hold time. */
  #judgeContent(): void {
    const fromMs = this.#nowMs - this.#options.holdMs;
    for (const candidate of this.#candidates.chain) {
      const fineSinceMs = this.#content.fineSinceMs(candidate);
      if (fineSinceMs === null || fineSinceMs > fromMs || !isUnseen(candidate.is)) continue;
      candidate.comeBack(fineSinceMs);
      this.#choose('back');
    }
    const { to } = this.#cut ?? {};
    const isShown = to !== undefined && to !== 'slate' && to === this.#airedCandidate;
    if (isShown && this.#content.isBlank(to)) this.#withdraw(to);
  }

  #withdraw(candidate: Candidate): void {
    this.#turn(candidate, () => candidate.withdraw(blankWords));
    if (!isUnseen(candidate.is)) return;
    this.#content.withdraw(candidate);
    this.#choose('content');
  }

  #end(message: string | null): void {
    if (this.#phase === 'over' || this.#phase === 'closed') return;
    this.#phase = 'over';
    this.#stop();
    // Whoever is to go on elsewhere knows by that what of it has been played to its end.
    this.#tell();
    this.#listener.onEvent({ type: 'ended', message, stats: statsOf(this.#known) });
  }

  #stop(): void {
    this.#choiceTimer?.cancel();
    this.#watchTimer?.cancel();
    this.#meter.stop();
  }

  /** What has changed is told as soon as it has. */
  #settle(): void {
    this.#content.follow(this.#candidates.all);
    const standing = this.#standing();
    const { length } = this.#told ?? [];
    if (length !== standing.length || standing.some((one, at) => one !== this.#told?.[at])) this.#tell();
  }

  /** All that is told, but for what goes on by itself. */
  #standing(): readonly Standing[] {
    const { chain, outgoing } = this.#candidates;
    const { sinceMs, shown } = this.#aired ?? {};
    const slate = [shown === 'slate', sinceMs, this.#show.problem];
    const { wrong, times } = this.#content.state;
    const counts = [wrong.length, times, this.#wanted.revision, this.#switches, this.#restarts];
    const made = this.#air.compatible.flatMap(({ codec, width, problem }) => [codec, width, problem]);
    const told = [...slate, ...counts, ...made];
    return [this.#airedCandidate?.id, outgoing?.id, ...told, ...chain.flatMap(standingOf)];
  }

  #tell(): void {
    this.#told = this.#standing();
    for (const { id, hasPlaylist, player } of this.#candidates.chain) {
      const found = hasPlaylist ? player.facts.news() : null;
      if (found) this.#listener.onEvent({ type: 'items', candidate: id, found });
    }
    this.#listener.onSeen(seenOf(this.#known));
  }

  #tellChange(): void {
    const { volumePercent, muted } = this.#wanted;
    this.#listener.onEvent({ type: 'programme.changed', paused: this.#paused, volumePercent, muted });
  }

  /** What is told of it. */
  get #known(): Known {
    return {
      ...{ clock: this.#parts.clock, generation: this.#generation, openedMs: this.#openedMs },
      ...{ wanted: this.#wanted, candidates: this.#candidates, aired: this.#aired },
      ...{ live: this.#live, slates: this.#show, content: this.#content.state },
      ...{ switches: this.#switches, restarts: this.#restarts, rates: this.#meter.rates },
      compatible: this.#air.compatible,
    };
  }

  /** Ends it where nothing more is to be expected; gives whether that is so. */
  #endsIfOver(): boolean {
    const { alwaysOn, graceMs } = this.#options;
    const nowMs = this.#nowMs;
    if ((this.#cut !== null && this.#cut.to !== 'slate') || this.#wanted.slate) this.#coveredMs = nowMs;
    const end = alwaysOn ? null : judge(this.#candidates, this.#coveredMs, graceMs, nowMs);
    if (end) this.#end(end.message);
    return end !== null;
  }

  /** Viewers have it before them: of what an earlier daemon played, their pages have to come back first. */
  get #wasShown(): boolean {
    return (this.#before?.live ?? false) && this.#before?.generation !== unopened;
  }

  /** What an earlier daemon played is about to be there again: a slate before it would only cost it time, and be seen by nobody. */
  get #comesSoon(): boolean {
    if (this.#before === null || this.#wasShown || this.#aired !== null || this.#wanted.slate) return false;
    const isEarly = this.#nowMs - this.#begunMs < firstMs;
    return isEarly && this.#candidates.chain.some(({ is }) => is.state === 'idle' || is.state === 'starting');
  }

  /** Something has left, ever. */
  get #live(): boolean {
    return this.#aired !== null || (this.#before?.live ?? false);
  }

  get #paused(): boolean {
    const to = this.#cut?.to;
    const { chain } = this.#candidates;
    const comes = chain.find(({ is }) => is.state !== 'away' && is.state !== 'blocked');
    const paused = to && to !== 'slate' ? to : (comes ?? chain[0]);
    return (paused?.wanted.paused ?? false) && !paused?.unheld;
  }

  get #airedCandidate(): Candidate | undefined {
    return candidateOf(this.#aired);
  }

  get #nowMs(): number {
    return this.#parts.clock.nowMs();
  }
}
