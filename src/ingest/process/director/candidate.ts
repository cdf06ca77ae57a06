import type { Source } from '../../../contract/models.ts';
import type { Playlist } from '../../../contract/playlist/playlist.ts';
import type { ProgrammeEntry } from '../../../contract/programme-state.ts';
import { sourceWords } from '../../../contract/source-words.ts';
import type { PlaylistPlayer } from '../playlist/playlist-player.ts';
import type { CandidateView } from './choice.ts';

/** After it has failed, an entry is tried again so much later, in ms. */
const retryMs = 10_000;

/** One thing that a programme may have on air, and how it is. */
export class Candidate {
  readonly name: string;
  readonly source: Source;
  readonly sequence: PlaylistPlayer;
  readonly playlist: Playlist;
  /** Since when it could be on air, in ms; null: it could not now. */
  readySinceMs: number | null = null;
  /** Since when it gives nothing, in ms; null: it does, or was not asked for. */
  awaySinceMs: number | null = null;
  /** Why it is away, or has failed. */
  reason: string | null = null;
  #lost: ProgrammeEntry['lost'] = null;
  #seen = false;
  /** When it may be tried again, in ms; null: now. */
  #blockedUntilMs: number | null = null;
  /** It became ready without having been away before. */
  steady = false;
  /** The operator wants it on air: no hold time. */
  hurried = false;
  /** It will be over in a moment. */
  ending = false;
  /** It is on air only until something else is. */
  leaving = false;

  constructor(name: string, source: Source, playlist: Playlist, sequence: PlaylistPlayer) {
    this.name = name;
    this.source = source;
    this.playlist = playlist;
    this.sequence = sequence;
  }

  /** Whether there is a playlist to be seen and changed, rather than a single source. */
  get hasPlaylist(): boolean {
    return this.source.kind === 'playlist';
  }

  get words(): string {
    return sourceWords(this.source);
  }

  /** It gives nothing any more, where it was there. */
  noteLoss(reason: string): void {
    if (!this.#seen) return;
    this.#lost = { times: (this.#lost?.times ?? 0) + 1, at: new Date().toISOString(), reason };
  }

  /** It could be on air now. */
  noteReady(): void {
    this.#seen = true;
    this.readySinceMs ??= performance.now();
    // What was only not needed before is not suspected of coming and going.
    this.steady = this.awaySinceMs === null;
    this.awaySinceMs = null;
    this.reason = null;
    this.ending = false;
  }

  candidate(nowMs: number): CandidateView {
    const available = this.#blockedUntilMs === null || nowMs >= this.#blockedUntilMs;
    return {
      available,
      readySinceMs: this.readySinceMs,
      ending: this.ending,
      hurried: this.hurried || this.steady,
    };
  }

  /** It is over or cannot be played; null: it will not be tried again. */
  block(reason: string | null, nowMs: number, again: boolean): void {
    this.readySinceMs = null;
    this.ending = false;
    this.reason = reason;
    this.#blockedUntilMs = again ? nowMs + retryMs : Number.POSITIVE_INFINITY;
  }

  get blocked(): boolean {
    return this.#blockedUntilMs !== null && performance.now() < this.#blockedUntilMs;
  }

  /** It was blocked, and may be tried again now. */
  get retriable(): boolean {
    return this.#blockedUntilMs !== null && !this.blocked;
  }

  start(): void {
    if (this.sequence.running) return;
    this.#blockedUntilMs = null;
    this.sequence.start();
  }

  /** It is not wanted now. */
  suspend(): void {
    if (!this.sequence.running) return;
    this.readySinceMs = null;
    // Between two attempts it is still away.
    if (!this.blocked) this.awaySinceMs = null;
    this.sequence.suspend(undefined);
  }

  /** Something else is on air. */
  leaveAir(positionUs: number): void {
    this.readySinceMs = null;
    this.sequence.leaveAir(positionUs);
  }

  model(onAir: boolean): ProgrammeEntry {
    const { name: entry, words, reason } = this;
    return {
      entry,
      words,
      kind: this.source.kind,
      state: this.#state(onAir),
      reason,
      lost: this.#lost,
      plan: this.sequence.plan ?? null,
    };
  }

  #state(onAir: boolean): ProgrammeEntry['state'] {
    if (onAir) return 'onAir';
    if (this.readySinceMs !== null) return 'ready';
    if (this.awaySinceMs !== null && !this.blocked) return 'away';
    if (this.blocked) return this.reason === null ? 'idle' : 'failed';
    return this.sequence.running ? 'starting' : 'idle';
  }
}
