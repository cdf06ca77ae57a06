import { isDeepStrictEqual } from 'node:util';
import { every, type Timer } from '../../../contract/clock.ts';
import type { SwitchReason } from '../../../contract/programme-event.ts';
import type { Seen, Snapshot, Wanted, WantedCandidate } from '../../../contract/snapshot.ts';
import type { PlaylistNews } from '../playlist/playlist-player-options.ts';
import type { Slate } from '../slate/slate.ts';
import type { Feed } from '../splicer/feed.ts';
import type { Candidate } from './candidate.ts';
import { isOver, isPlayable } from './candidate-is.ts';
import { eventOf, standingOf } from './candidate-view.ts';
import { type ChoiceRules, choose } from './choice.ts';
import type { DirectorOptions, EntryName, Looked } from './director-options.ts';
import type { Air, DirectorListener, DirectorParts } from './director-parts.ts';
import { type Aired, candidateOf, type Known, nameOf, type Shown, seenOf, statsOf } from './director-view.ts';
import { HeldPicture } from './held-picture.ts';
import { LoadWatch } from './load-watch.ts';
import { Mailbox } from './mailbox.ts';
import { Meter } from './meter.ts';
import { openCandidate } from './open-candidate.ts';
import { SlateShow } from './slate-show.ts';

/** So long nothing may leave before the slate comes, in ms: viewers see the slate within a second. */
const starvedMs = 700;
const watchIntervalMs = 100;
/** A source that was held gives no frame for so long, in ms: the picture that it was held at gives way. */
const resumeMs = 3000;

/** What was given to the splicer last, and why. */
interface Cut {
  readonly to: Shown;
  readonly reason: SwitchReason;
}

/** Why something that is wanted could not be followed. */
type Fault = { readonly error: unknown };

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
  #air!: Air;
  #meter!: Meter;
  /** `open`: nothing is sent before it is connected. */
  #phase: 'open' | 'playing' | 'over' | 'closed' = 'open';
  #wanted: Wanted;
  #chain: Candidate[] = [];
  /** Not wanted any more, and on air until something else is. */
  #outgoing: Candidate | null = null;
  readonly #closings = new Set<Promise<void>>();
  #cut: Cut | null = null;
  #aired: Aired = null;
  /** How all stood when it was told last; null: it was not yet. */
  #told: string | null = null;
  /** In ms since 1970. */
  readonly #openedMs: number;
  /** Why the slate is on air, or something else is to be. */
  #cause: SwitchReason | null = null;
  /** What was on air before the slate; null: the slate is not, or nothing was. */
  #insteadOf: EntryName | null = null;
  #switches: number;
  #restarts: number;
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
      onFinished: (feed: Feed) => post(() => director.#owner(feed)?.player.finished(feed)),
      onBegun: (feed: Feed) => post(() => director.#begun(feed)),
      onKeyFrameWanted: (layer: number) => director.#airedCandidate?.player.requestKeyFrame(layer),
    };
    const air = await parts.openAir(
      heard,
      (feed) => director.#owner(feed)?.player.queue.sourceOf(feed) ?? null,
    );
    director.#air = air;
    director.#meter = new Meter(air, parts.clock);
    const fault = director.#follow(snapshot.wanted, looked);
    if (!fault) return director;
    await director.close();
    throw fault.error;
  }

  /** The UDP port on loopback that its packets come from. */
  get port(): number {
    return this.#air.port;
  }

  /** Sends to a PlainTransport's port on this machine from now on; the first time, it begins to play. */
  async connect(port: number): Promise<void> {
    try {
      await this.#air.connect(port);
    } catch (error) {
      const words = error instanceof Error ? error.message : String(error);
      this.#mailbox.post(() => this.#end(`cannot play to port ${port}: ${words}`));
      return;
    }
    this.#mailbox.post(() => this.#begin());
  }

  /**
   * What is wanted from now on; one that is older than the last that was followed is passed over. All of it is followed that can
   * be: where something cannot, this rejects, and the same may be told again.
   */
  async want(wanted: Wanted, looked: Looked): Promise<void> {
    let fault: Fault | null = null;
    this.#mailbox.post(() => {
      if (wanted.revision <= this.#wanted.revision || this.#phase === 'over') return;
      const wasSlate = this.#wanted.slate;
      const ids = this.#chain.map(({ id }) => id).join();
      fault = this.#follow(wanted, looked);
      const chose = wasSlate !== wanted.slate || ids !== this.#chain.map(({ id }) => id).join();
      if (chose) this.#cause = 'command';
      this.#choose(this.#cause ?? 'back');
      this.#tell();
    });
    await Promise.resolve();
    if (fault) throw (fault as Fault).error;
  }

  async close(): Promise<void> {
    if (this.#phase !== 'closed') {
      this.#phase = 'closed';
      this.#mailbox.close();
      this.#stop();
      this.#show.close();
      for (const candidate of this.#line) this.#retire(candidate);
    }
    await Promise.all([...this.#closings, this.#air.close()]);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #begin(): void {
    if (this.#phase !== 'open') return;
    this.#phase = 'playing';
    this.#watchTimer = every(this.#parts.clock, watchIntervalMs, () =>
      this.#mailbox.post(() => this.#watch()),
    );
    this.#meter.start(() => this.#mailbox.post(() => this.#report()));
    // What viewers wait for has the processor for itself, unless nothing else may be seen.
    if (this.#wanted.slate || this.#before?.live) this.#show.prepare();
    this.#choose('command');
    this.#tell();
  }

  /** Gives what could not be followed; null: nothing. */
  #follow(wanted: Wanted, looked: Looked): Fault | null {
    const before = this.#wanted;
    const paused = this.#paused;
    let fault: Fault | null = null;
    this.#parts.maker.volumePercent = wanted.volumePercent;
    this.#air.muted = wanted.muted;
    const old = new Map(this.#line.map((candidate) => [candidate.id, candidate]));
    this.#chain = wanted.chain.flatMap((one) => {
      const known = old.get(one.id);
      try {
        known?.follow(one);
        return known ?? this.#candidate(one, looked);
      } catch (error) {
        fault ??= { error };
        return known ?? [];
      }
    });
    this.#wanted = fault ? { ...wanted, revision: before.revision } : wanted;
    const gone = [...old.values()].filter((candidate) => !this.#chain.includes(candidate));
    this.#outgoing = null;
    for (const candidate of gone) this.#demote(candidate);
    // Somebody who asks for the programme does not wait until it has proven to stay.
    if (asksForProgramme(before, wanted)) for (const candidate of this.#chain) candidate.hurry();
    if (wanted.volumePercent !== before.volumePercent)
      for (const { player } of this.#line) player.setVolume(wanted.volumePercent);
    const tells = (['volumePercent', 'muted'] as const).some((key) => wanted[key] !== before[key]);
    if ((tells || paused !== this.#paused) && this.#phase !== 'open') this.#tellChange();
    return fault;
  }

  #candidate(wanted: WantedCandidate, looked: Looked): Candidate {
    const { clock, random, maker } = this.#parts;
    const candidate: Candidate = openCandidate({
      ...{ wanted, clock, random, maker, post: this.#mailbox.post },
      seen: this.#before?.candidates.find(({ id }) => id === wanted.id) ?? null,
      wasWanted: this.#before !== null && this.#phase === 'open',
      prepared: looked[wanted.id] ?? null,
      graceMs: this.#options.graceMs,
      deck: {
        // What is not to be on air stays off it, whatever has become ready.
        cut: (feed) => this.#cut?.to === candidate && this.#air.cut(feed),
        cue: (feed) => this.#cut?.to === candidate && this.#air.cue(feed),
        uncue: (feed) => this.#air.uncue(feed),
        wake: () => this.#air.wake(),
      },
      hear: (one, news) => this.#hear(one, news),
      askPicture: (number) => this.#askPicture(candidate, number),
    });
    return candidate;
  }

  #hear(candidate: Candidate, news: PlaylistNews): void {
    if (news.type === 'failed') this.#restarts++;
    const event = eventOf(candidate, news, this.#restarts);
    if (event) this.#listener.onEvent(event);
    if (news.type === 'ready') this.#ready(candidate);
    else if (news.type === 'ending') this.#ending(candidate);
    else if (news.type === 'ended') this.#ended(candidate, news.message);
    // Why it fails may not have been known when it was lost.
    else if (news.type === 'away' || (news.type === 'failed' && candidate.is.state === 'away'))
      this.#away(candidate, news.message);
  }

  /** It stays on air until something else is, where there is anything else. */
  #demote(candidate: Candidate): void {
    const stands = this.#chain.some(({ is }) => is.state !== 'blocked');
    if (this.#aired?.shown === candidate && this.#cut?.to === candidate && stands && !this.#wanted.slate)
      this.#outgoing = candidate;
    else this.#retire(candidate);
  }

  /** It is not needed any more. */
  #retire(candidate: Candidate): void {
    if (this.#outgoing === candidate) this.#outgoing = null;
    const closing = candidate.player.close().finally(() => this.#closings.delete(closing));
    this.#closings.add(closing);
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
        this.#tell();
      });
    candidate.player.still().then(held, () => held(null));
  }

  #ready(candidate: Candidate): void {
    if (candidate.goesOn) {
      candidate.goOn();
      this.#tell();
      return;
    }
    const { is } = candidate;
    candidate.ready();
    if (is.state === 'away' && candidate.is.state === 'ready')
      this.#listener.onEvent({ type: 'source.back', entry: candidate.name, words: candidate.words });
    const hurried = candidate.view(this.#nowMs).hurried;
    this.#choose(hurried ? (this.#cause ?? 'command') : 'back');
    this.#tell();
  }

  #away(candidate: Candidate, message: string): void {
    const was = candidate.is.state;
    candidate.away(message);
    if (candidate.is.state !== 'away') return;
    // Nothing was there before the first start: whoever asked for it hears of it otherwise.
    if (was !== 'away' && this.#live)
      this.#listener.onEvent({
        ...{ type: 'source.away', entry: candidate.name, words: candidate.words, reason: message },
      });
    this.#choose('away');
    this.#tell();
  }

  #ending(candidate: Candidate): void {
    if (!isPlayable(candidate.is) || candidate.is.ending) return;
    candidate.ending();
    this.#choose('ended');
  }

  #ended(candidate: Candidate, message: string | null): void {
    const stands = this.#cut !== null && this.#cut.to !== candidate && this.#cut.to !== 'slate';
    const isMain = candidate.name === 'main';
    const comesBack = candidate.source.kind !== 'stdin';
    // Before the first frame somebody waits to hear that it fails.
    const awaited = this.#live && comesBack;
    const fails = isMain && message !== null && !awaited && this.#chain.length === 1 && !stands;
    const was = candidate.is.state;
    // What an operator took is over when it is, and was never there when it gave nothing.
    const wasThere = comesBack && (candidate.hasCome || was !== 'starting');
    const again = candidate.name === 'take' ? message !== null && wasThere : message !== null || !isMain;
    candidate.block(message, again);
    if (message !== null && was !== 'away' && this.#live)
      this.#listener.onEvent({
        ...{ type: 'source.away', entry: candidate.name, words: candidate.words, reason: message },
      });
    if (candidate === this.#outgoing) this.#retire(candidate);
    if (fails && !this.#options.alwaysOn) this.#end(message);
    else this.#choose(message === null ? 'ended' : 'failed');
    this.#tell();
  }

  /** Puts on air what should be; starts and ends what that needs. */
  #choose(reason: SwitchReason): void {
    if (this.#phase !== 'playing') return;
    if (this.#isOver) {
      this.#end(null);
      return;
    }
    this.#choiceTimer?.cancel();
    const nowMs = this.#nowMs;
    const line = this.#line;
    const to = this.#cut?.to;
    const at = to === undefined || to === 'slate' ? line.length : line.indexOf(to);
    const views = line.map((candidate) => candidate.view(nowMs));
    const choice = choose(views, at === -1 ? line.length : at, this.#rules, nowMs);
    const best = this.#wanted.slate ? 'slate' : (line[choice.onAir] ?? 'slate');
    // What is leaving does so because an operator wanted that, however long the next one took to be ready.
    if (best !== to) this.#cutTo(best, this.#outgoing && to === this.#outgoing ? 'command' : reason);
    let isNew = false;
    for (const [index, candidate] of line.entries()) {
      const was = candidate.is;
      // What is shown goes on, unless it has to wait: until something else is on air it is still shown.
      const shown = candidate === this.#cut?.to || candidate === this.#aired?.shown;
      if (choice.run.has(index) || (shown && views[index]?.available)) candidate.start();
      else candidate.suspend();
      isNew ||= isPlayable(candidate.is) && !isPlayable(was);
    }
    if (isNew) this.#mailbox.post(() => this.#choose(reason));
    const waitsMs = line.flatMap(({ againMs }) =>
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
    return this.#outgoing ? { failback: 'auto', holdMs: 0 } : { failback, holdMs };
  }

  #cutTo(to: Shown, reason: SwitchReason): void {
    // Before the first frame viewers wait; whoever started it hears of what fails.
    if (to === 'slate' && !this.#live && !this.#options.alwaysOn && !this.#wanted.slate) return;
    const before = this.#cut?.to;
    this.#cut = { to, reason };
    this.#cause = to === 'slate' ? reason : null;
    if (before && before !== 'slate' && before !== this.#aired?.shown) before.uncut();
    if (to === 'slate') this.#cutToSlate();
    else to.cut();
  }

  /** Where it is not made yet, viewers keep the last picture: what the slate is to cover must not be seen. */
  #cutToSlate(): void {
    const feed = this.#show.fresh();
    if (feed) this.#air.cut(feed);
    else {
      this.#air.clear();
      this.#airedCandidate?.leave();
      this.#show.prepare();
    }
  }

  #slateMade(): void {
    if (this.#cut?.to === 'slate' && this.#phase === 'playing') this.#cutToSlate();
  }

  /** The first frame of a feed has left. */
  #begun(feed: Feed): void {
    const shown = this.#show.owns(feed) ? 'slate' : this.#owner(feed);
    const from = this.#aired?.shown;
    if (!shown || this.#phase !== 'playing') return;
    if (shown === from) {
      if (shown !== 'slate') this.#stays(shown);
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
    if (this.#outgoing && this.#outgoing !== shown) this.#retire(this.#outgoing);
    this.#choose('back');
    this.#tell();
    // Whoever waits for it is told how it is by then.
    if (from === undefined) this.#listener.onEvent({ type: 'live' });
  }

  /** What was on air last is so again: nothing else came between. */
  #stays(shown: Candidate): void {
    if (shown.is.state !== 'cutting') return;
    shown.aired();
    this.#choose('back');
    this.#tell();
  }

  /** Is what is on air still there, and may it stay away? */
  #watch(): void {
    const to = this.#cut?.to;
    const nowMs = this.#nowMs;
    if (to && to !== 'slate') {
      if (this.#live && isPlayable(to.is) && this.#air.starvedMs > starvedMs)
        this.#away(to, to.player.queue.trouble ?? `nothing came for ${starvedMs} ms`);
      else if ((to.heldForMs(nowMs) ?? 0) > resumeMs)
        this.#away(to, `it gave nothing within ${resumeMs} ms after it was held`);
    }
    // A daemon that stands still is no failure of what waits for it.
    if (this.#parts.waits?.()) for (const candidate of this.#line) candidate.excuse(watchIntervalMs);
    for (const candidate of this.#line) candidate.holdAgain(nowMs);
    if (this.#isOver) this.#end(null);
    const main = this.#main;
    const { alwaysOn, graceMs } = this.#options;
    const awayMs = main?.missedForMs(nowMs) ?? 0;
    const covered = this.#cut !== null && this.#cut.to !== 'slate';
    // A playlist goes on to its next item instead.
    if (main?.playlist.items.length === 1 && awayMs > graceMs && !alwaysOn && !covered && !this.#wanted.slate)
      this.#end(`nothing came of ${main.words} for ${Math.round(graceMs / 1000)} s: ${main.reason}`);
  }

  #report(): void {
    this.#listener.onEvent({ type: 'stats', stats: statsOf(this.#known) });
    const player = this.#airedCandidate?.player;
    const overload = this.#load.look(player, nameOf(this.#known).words, this.#air.counters.sourceTimeUs);
    if (overload) this.#listener.onEvent({ type: 'pipeline.overloaded', ...overload });
    this.#tell();
  }

  #end(message: string | null): void {
    if (this.#phase === 'over' || this.#phase === 'closed') return;
    this.#phase = 'over';
    this.#stop();
    this.#listener.onEvent({ type: 'ended', message, stats: statsOf(this.#known) });
  }

  #stop(): void {
    this.#choiceTimer?.cancel();
    this.#watchTimer?.cancel();
    this.#meter.stop();
  }

  /** What the room counts from is told as soon as it has changed. */
  #settle(): void {
    if (this.#standing() !== this.#told) this.#tell();
  }

  #standing(): string {
    return [this.#airedCandidate?.id, ...this.#chain.map(standingOf)].join(' ');
  }

  #tell(): void {
    this.#told = this.#standing();
    for (const { id, hasPlaylist, player } of this.#chain) {
      const found = hasPlaylist ? player.news() : null;
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
      ...{ wanted: this.#wanted, chain: this.#chain, outgoing: this.#outgoing, aired: this.#aired },
      ...{ live: this.#live, slates: this.#show },
      ...{ switches: this.#switches, restarts: this.#restarts, rates: this.#meter.rates },
    };
  }

  get #main(): Candidate | undefined {
    return this.#chain.find(({ name }) => name === 'main');
  }

  /** The main source has been played to its end, and nothing that an operator took is there, or may still come. */
  get #isOver(): boolean {
    const { alwaysOn, graceMs } = this.#options;
    const main = this.#main;
    if (alwaysOn || !main || !isOver(main.is)) return false;
    const comes = (one: Candidate) => !isOver(one.is) && one.missedForMs(this.#nowMs) <= graceMs;
    return !this.#chain.some((one) => one.name === 'take' && comes(one));
  }

  /** Something has left, ever. */
  get #live(): boolean {
    return this.#aired !== null || (this.#before?.live ?? false);
  }

  get #paused(): boolean {
    const [first] = this.#chain;
    const to = this.#cut?.to;
    const paused = to && to !== 'slate' ? to : first;
    return (paused?.wanted.paused ?? false) && !paused?.unheld;
  }

  /** From the one that is preferred to what is only on air until something else is. */
  get #line(): readonly Candidate[] {
    return this.#outgoing ? [...this.#chain, this.#outgoing] : this.#chain;
  }

  get #airedCandidate(): Candidate | undefined {
    return candidateOf(this.#aired);
  }

  get #nowMs(): number {
    return this.#parts.clock.nowMs();
  }

  #owner(feed: Feed): Candidate | undefined {
    return this.#line.find((candidate) => candidate.owns(feed));
  }
}

/** Whether what is wanted may come of nothing but an operator's wish to be back at the programme: a cover, a take or a pause ends, or nothing changes. */
function asksForProgramme(before: Wanted, wanted: Wanted): boolean {
  const after = new Map(wanted.chain.map((one) => [one.id, one]));
  const ends = before.chain.some(({ id, paused }) => !after.has(id) || (paused && !after.get(id)?.paused));
  const sinceThen = { ...before, revision: wanted.revision };
  return ends || (before.slate && !wanted.slate) || isDeepStrictEqual(sinceThen, wanted);
}
