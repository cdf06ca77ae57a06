import { BackOff } from '../../../contract/back-off.ts';
import { blankWords } from '../../../contract/content-words.ts';
import { candidateWords, isPutAbove } from '../../../contract/entry-name.ts';
import type { Playlist } from '../../../contract/playlist/playlist.ts';
import type { ProgrammeEntry } from '../../../contract/programme-state.ts';
import type { WantedCandidate } from '../../../contract/snapshot.ts';
import type { PlaylistPlayer } from '../playlist/playlist-player.ts';
import type { Feed } from '../splicer/feed.ts';
import type { Kind } from '../splicer/track-queue.ts';
import {
  type CandidateIs,
  isPlayable,
  isUnseen,
  missedForMs,
  missedSince,
  reasonOf,
} from './candidate-is.ts';
import {
  againPolicy,
  awaitedMs,
  type CandidateOptions,
  overMs,
  pictureAgainMs,
  unplayableMs,
} from './candidate-options.ts';
import type { CandidateView } from './choice.ts';
import type { Front, HeldPicture } from './held-picture.ts';

/** One thing that a programme may have on air, and how it is. */
export class Candidate {
  readonly playlist: Playlist;
  readonly player: PlaylistPlayer;
  readonly #options: CandidateOptions;
  readonly #again: BackOff;
  #wanted: WantedCandidate;
  #is: CandidateIs;
  #front: Front = { shows: 'source' };
  /** `now`: an operator, or whoever opened the programme again, waits for it; `held`: it may have to prove that it stays. */
  #urgency: 'now' | 'held' = 'now';
  /** Nothing less preferred takes its place before this moment; null: at once. */
  #awaitedUntilMs: number | null = null;
  /** So long it was missed through no fault of its own, in ms. */
  #excusedMs = 0;
  #lost: ProgrammeEntry['lost'];
  #lacks: readonly Kind[] = [];
  #pictures = 0;
  /** When its picture could not be had; null: it could, or was not asked for. */
  #unheldSinceMs: number | null = null;
  /** It could be on air before: when it fails now it may be back at any time. */
  #hasCome: boolean;
  #wasAway: boolean;
  /** Since when it is missed that was away when it was seen last, monotonic, in ms; null: it has been there since. */
  #stillAwayMs: number | null;

  constructor(options: CandidateOptions) {
    this.#options = options;
    this.#wanted = options.wanted;
    this.playlist = options.playlist;
    this.player = options.player;
    this.#is = options.is;
    this.#hasCome = options.wasWanted;
    this.#wasAway = options.awaySinceMs !== null;
    this.#stillAwayMs = options.awaySinceMs;
    this.#lost = options.lost;
    this.#again = new BackOff(againPolicy, options.random);
    if (options.wanted.paused) this.#hold();
    if (options.wanted.place) this.player.go(options.wanted.place);
  }

  get wanted(): WantedCandidate {
    return this.#wanted;
  }

  get id(): string {
    return this.#wanted.id;
  }

  get name(): string {
    return this.#wanted.name;
  }

  get source(): WantedCandidate['source'] {
    return this.#wanted.source;
  }

  get words(): string {
    return candidateWords(this.#wanted);
  }

  get is(): CandidateIs {
    return this.#is;
  }

  get reason(): string | null {
    return reasonOf(this.#is);
  }

  /** How often it was lost, when last, and why; null: never. */
  get lost(): ProgrammeEntry['lost'] {
    return this.#lost;
  }

  /** Tracks of which nothing comes while the other goes on. */
  get lacks(): readonly Kind[] {
    return this.#lacks;
  }

  /** Whether it can be there again once it is over: a pipe cannot. */
  get comesBack(): boolean {
    return this.source.kind !== 'stdin';
  }

  /** Whether it is held at one picture. */
  get held(): boolean {
    return this.#front.shows === 'picture';
  }

  /** Whether there is a playlist to be seen and changed, rather than a single source. */
  get hasPlaylist(): boolean {
    return this.source.kind === 'playlist';
  }

  /** It is to be held, and cannot be: it plays on, and its picture is asked for again. */
  get unheld(): boolean {
    return this.#unheldSinceMs !== null && this.held;
  }

  /** Whether a feed is one of its own. */
  owns(feed: Feed): boolean {
    return this.player.queue.owns(feed) || (this.#picture?.owns(feed) ?? false);
  }

  /** Whether it waits for its time to be tried again; null: it does not. */
  get againMs(): number | null {
    if (this.#is.state === 'blocked') return this.#is.againMs;
    return this.#is.state === 'away' && !this.player.running ? this.#is.againMs : null;
  }

  /** For how long it gives nothing, and could, in ms; 0: it is not missed. */
  missedForMs(nowMs: number): number {
    return Math.max(0, missedForMs(this.#is, nowMs) - this.#excusedMs);
  }

  /** What it needs was not to be had for so long, in ms. */
  excuse(ms: number): void {
    if (missedForMs(this.#is, this.#options.clock.nowMs()) > 0) this.#excusedMs += ms;
    this.player.excuse(ms);
  }

  view(nowMs: number): CandidateView {
    const is = this.#is;
    const waits = is.state === 'blocked' || (is.state === 'away' && !this.player.running);
    return {
      available: !waits || (is.againMs !== null && nowMs >= is.againMs),
      readySinceMs: isPlayable(is) ? is.sinceMs : null,
      ending: isPlayable(is) && is.ending,
      awaitedUntilMs: isPlayable(is) || is.state === 'blocked' ? null : this.#awaitedUntilMs,
      covered: this.#is.state === 'withdrawn' && this.#options.coversBlank,
      hurried: this.#urgency === 'now' || (is.state === 'ready' && is.missedMs === null),
    };
  }

  /** An operator waits for it. */
  hurry(): void {
    this.#urgency = 'now';
    // It is seen as it is, and looked at anew.
    this.comeBack(this.#options.clock.nowMs());
  }

  /** It is wanted otherwise than before. Where that throws, it is wanted as before, and may be told again. */
  follow(wanted: WantedCandidate): void {
    const before = this.#wanted;
    const { source, place, paused } = wanted;
    if (source !== before.source && source.kind === 'playlist') this.player.adopt(source);
    const moves = place !== null && place.serial > (before.place?.serial ?? 0);
    if (moves) this.#go(place);
    if (paused && !before.paused) this.#hold();
    else if (!paused && before.paused) this.#letGo();
    else if (moves && this.held) this.#askPicture();
    this.#wanted = wanted;
  }

  /** It is to make ready, or to go on. */
  start(): void {
    if (this.#front.shows !== 'picture') this.player.start();
    else if (this.#front.picture === null && this.#front.asked === null) this.#askPicture();
    if (this.#is.state === 'blocked' && this.#is.reason !== null) {
      const { reason, sinceMs } = this.#is;
      this.#is = { state: 'away', reason, sinceMs, againMs: this.#options.clock.nowMs(), proves: false };
    } else if (this.#is.state === 'idle' || this.#is.state === 'blocked') this.#begin();
    const there = this.held ? this.#picture !== null : this.#front.shows === 'source' && this.player.ready;
    if (there && !isPlayable(this.#is)) this.#arrive();
  }

  /** What can play has its time, before something less preferred does; what was away when it was seen last may still be. */
  #begin(): void {
    if (!this.#wasAway) this.#awaitedUntilMs = this.#options.clock.nowMs() + awaitedMs;
    this.#wasAway = false;
    this.#is = { state: 'starting' };
  }

  /** It is not to run now. @param isNeeded it is between two attempts, and still away; else nobody looks for it any more */
  suspend(isNeeded = true): void {
    this.player.suspend();
    this.#lacks = [];
    const { state } = this.#is;
    const isLeft = state === 'withdrawn' || (state === 'away' && !isNeeded);
    if (isPlayable(this.#is) || state === 'starting' || isLeft) this.#is = { state: 'idle' };
  }

  /** Its source could be on air now. */
  ready(): void {
    if (this.#front.shows === 'source' && !isPlayable(this.#is)) this.#arrive();
  }

  /** There is nothing to be seen or heard in what it gives: it leaves the air, and plays on where nobody sees it. */
  withdraw(reason: string): void {
    if (this.#is.state !== 'onAir' || this.#front.shows !== 'source') return;
    this.#noteLoss(reason);
    this.player.leaveAir();
    this.#is = { state: 'withdrawn', reason, sinceMs: this.#options.clock.nowMs(), fineSinceMs: null };
  }

  /** It is worth it again: it makes ready. Does nothing where it was not withdrawn. */
  comeBack(fineSinceMs: number): void {
    if (this.#is.state !== 'withdrawn' || this.#is.fineSinceMs !== null) return;
    this.player.leaveAir();
    this.#is = { ...this.#is, fineSinceMs };
  }

  /** Goes on air as soon as it can. */
  cut(): void {
    if (!isPlayable(this.#is)) return;
    this.#is = { ...this.#is, state: 'cutting' };
    this.#show();
  }

  /** Something else was cut to before anything of it left. */
  uncut(): void {
    if (this.#is.state === 'cutting') this.#is = { ...this.#is, state: 'ready' };
  }

  /** Its first frame has left. */
  aired(): void {
    if (!isPlayable(this.#is)) return;
    this.#is = { ...this.#is, state: 'onAir' };
    this.#urgency = 'held';
    this.#again.started(this.#options.clock.nowMs());
  }

  /** Nothing comes of these tracks. */
  lack(kinds: readonly Kind[]): void {
    this.#lacks = kinds;
  }

  /** Something else is on air. */
  leave(): void {
    if (isUnseen(this.#is)) return;
    this.player.leaveAir();
    if (this.#front.shows === 'lastPicture') this.#front = { shows: 'source' };
    if (isPlayable(this.#is)) this.#is = { state: this.player.running ? 'starting' : 'idle' };
  }

  /** It will be over in a moment. Gives whether that is new. */
  ending(): boolean {
    if (!isPlayable(this.#is) || this.#is.ending) return false;
    this.#is = { ...this.#is, ending: true };
    return true;
  }

  /** It gives nothing, for now. */
  away(reason: string): void {
    const { clock } = this.#options;
    this.#awaitedUntilMs = null;
    this.#lacks = [];
    const { shows } = this.#front;
    // Nobody sees what is behind a picture.
    if (shows === 'picture' && this.#picture) return;
    if (shows === 'lastPicture') this.#front = { shows: 'source' };
    const wasBack = this.player.lost();
    this.player.leaveAir();
    if (this.#is.state === 'away') {
      this.#is = { ...this.#is, reason };
      return;
    }
    const nowMs = clock.nowMs();
    const sinceMs = this.#missedSince(wasBack);
    if (isPlayable(this.#is)) this.#noteLoss(reason);
    const againMs = this.player.running ? nowMs : nowMs + this.#again.failed(nowMs);
    const proves = this.#is.state === 'withdrawn';
    this.#is = { state: 'away', reason, sinceMs, againMs, proves };
  }

  /** The same, as its ffmpeg was killed; one that is killed again and again is not waited for. */
  crashed(reason: string): void {
    const nowMs = this.#options.clock.nowMs();
    const is = this.#is;
    const stays = isPlayable(is) && (is.missedMs === null || nowMs - is.sinceMs >= againPolicy.heldMs);
    const untilMs = stays ? nowMs + awaitedMs : null;
    this.away(reason);
    this.#awaitedUntilMs = untilMs;
  }

  /** It is over, or cannot be played; null: it was played to its end. */
  block(reason: string | null): void {
    const again = this.#isTriedAgain(reason !== null);
    this.#lacks = [];
    const nowMs = this.#options.clock.nowMs();
    if (reason !== null && isPlayable(this.#is)) this.#noteLoss(reason);
    if (this.#front.shows === 'lastPicture') this.#front = { shows: 'source' };
    const sinceMs = this.#missedSince(this.player.lost());
    this.player.suspend();
    const delayMs = reason === null ? overMs : Math.max(unplayableMs, this.#again.failed(nowMs));
    this.#is = { state: 'blocked', reason, sinceMs, againMs: again ? nowMs + delayMs : null };
  }

  /** What was put above the programme is over when it is, and was never there when it gave nothing. */
  #isTriedAgain(fails: boolean): boolean {
    if (!isPutAbove(this.name)) return fails || this.name !== 'main';
    return fails && this.comesBack && (this.#hasCome || this.#is.state !== 'starting');
  }

  /** The picture that was asked for; null: there is none. */
  hold(picture: HeldPicture | null, asked: number): void {
    if (this.#front.shows !== 'picture' || this.#front.asked !== asked) return;
    this.#unheldSinceMs = picture ? null : this.#options.clock.nowMs();
    if (!picture) return;
    this.#front = { shows: 'picture', picture, asked: null };
    const shown = this.#is.state === 'onAir' || this.#is.state === 'cutting';
    this.player.leaveAir();
    if (this.player.seekable) this.player.suspend();
    if (shown) this.#show();
    else this.#getReady();
  }

  /** Asks for a picture that could not be had, when it is time. */
  holdAgain(nowMs: number): void {
    if (this.unheld && nowMs - (this.#unheldSinceMs ?? nowMs) >= pictureAgainMs) this.#askPicture();
  }

  /** Its picture stays on air, and its source does not come, in ms; null: it is no such case. */
  heldForMs(nowMs: number): number | null {
    return this.#front.shows === 'lastPicture' ? nowMs - this.#front.sinceMs : null;
  }

  /** Its source is there again behind its last picture. */
  get goesOn(): boolean {
    return this.#front.shows === 'lastPicture';
  }

  /** The picture gives way to the source. */
  goOn(): void {
    this.#front = { shows: 'source' };
    if (this.#is.state === 'onAir' || this.#is.state === 'cutting') this.player.goOnAir();
  }

  get #picture(): HeldPicture | null {
    return this.#front.shows === 'source' ? null : this.#front.picture;
  }

  #go(place: NonNullable<WantedCandidate['place']>): void {
    this.hurry();
    // Nobody sees where it was: it is not shown when it comes.
    if (this.#is.state === 'ready' || this.#is.state === 'starting') {
      // What gives nothing yet gives way by itself, and is gone back to where the place comes to nothing.
      if (!this.player.waits) this.suspend();
      if (this.held) this.#front = { shows: 'picture', picture: null, asked: null };
    }
    this.player.go(place);
    if (this.#is.state === 'blocked') this.#tryNow();
  }

  /** A person's wish has its one try outside of back-off. */
  #tryNow(): void {
    this.#again.reset();
    this.#is = { state: 'idle' };
  }

  #hold(): void {
    this.#unheldSinceMs = null;
    const picture = this.#front.shows === 'lastPicture' ? this.#front.picture : null;
    this.#front = { shows: 'picture', picture, asked: null };
    if (picture) this.player.suspend();
    // One that is not on air has its picture once it is needed.
    if (this.#is.state === 'onAir' || this.#is.state === 'cutting') {
      if (!picture) this.#askPicture();
    } else if (this.#is.state !== 'blocked') {
      this.player.suspend();
      this.#is = { state: 'idle' };
    }
  }

  #letGo(): void {
    const { picture = null } = this.#front.shows === 'picture' ? this.#front : {};
    const onAir = this.#is.state === 'onAir' || this.#is.state === 'cutting';
    if (picture && onAir) {
      this.#front = { shows: 'lastPicture', picture, sinceMs: this.#options.clock.nowMs() };
      this.player.start();
      // One that is live went on behind it.
      if (this.player.ready) this.goOn();
      return;
    }
    this.#front = { shows: 'source' };
    if (!onAir && this.#is.state !== 'blocked') this.#is = { state: 'idle' };
  }

  #askPicture(): void {
    if (this.#front.shows !== 'picture') return;
    const asked = ++this.#pictures;
    this.#unheldSinceMs &&= this.#options.clock.nowMs();
    this.#front = { ...this.#front, asked };
    this.#options.askPicture(asked);
  }

  /** Its source is there. */
  #arrive(): void {
    const is = this.#is;
    if (is.state === 'away' && is.proves)
      this.#is = { state: 'withdrawn', reason: blankWords, sinceMs: is.sinceMs, fineSinceMs: null };
    if (isUnseen(this.#is)) this.player.goOnAir();
    else this.#getReady();
  }

  #getReady(): void {
    const is = this.#is;
    const nowMs = this.#options.clock.nowMs();
    this.#hasCome = true;
    this.#stillAwayMs = null;
    const missedMs = 'reason' in is ? is.sinceMs : null;
    const sinceMs = is.state === 'withdrawn' ? (is.fineSinceMs ?? nowMs) : nowMs;
    this.#is = { state: 'ready', sinceMs, missedMs, ending: false };
  }

  #show(): void {
    const picture = this.#picture;
    if (picture) this.#options.cut(picture.fresh());
    else this.player.goOnAir();
  }

  #missedSince(wasBack: boolean): number {
    const nowMs = this.#options.clock.nowMs();
    const sinceMs = this.#stillAwayMs ?? missedSince(this.#is, wasBack, nowMs);
    if (sinceMs === nowMs) this.#excusedMs = 0;
    return sinceMs;
  }

  #noteLoss(reason: string): void {
    const at = new Date(this.#options.clock.wallMs()).toISOString();
    this.#lost = { times: (this.#lost?.times ?? 0) + 1, at, reason };
  }
}
