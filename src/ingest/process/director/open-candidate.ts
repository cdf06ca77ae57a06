import type { Clock } from '../../../contract/clock.ts';
import { type PlaylistItem, playlistItem, type Source } from '../../../contract/models.ts';
import { Playlist } from '../../../contract/playlist/playlist.ts';
import type { SeenCandidate, WantedCandidate } from '../../../contract/snapshot.ts';
import type { PreparedSource } from '../../sources/sources.ts';
import { PlaylistPlayer } from '../playlist/playlist-player.ts';
import type { Deck, PlaylistNews } from '../playlist/playlist-player-options.ts';
import { Candidate } from './candidate.ts';
import type { CandidateIs } from './candidate-is.ts';
import { overMs } from './candidate-options.ts';
import type { DirectorParts } from './director-parts.ts';

export interface OpenCandidateOptions {
  readonly wanted: WantedCandidate;
  /** How it was when it was seen last; null: it is new. */
  readonly seen: SeenCandidate | null;
  readonly wasWanted: boolean;
  readonly coversBlank: boolean;
  /** What is known of the source that it plays first; null: nothing. */
  readonly prepared: PreparedSource | null;
  readonly maker: DirectorParts['maker'];
  readonly clock: Clock;
  readonly random: (() => number) | undefined;
  readonly post: (message: () => void) => void;
  readonly deck: Deck;
  /** How long a live item of a playlist may be away before the next one plays, in ms. */
  readonly graceMs: number;
  /** Hears what it tells, by `post`. */
  readonly hear: (candidate: Candidate, news: PlaylistNews) => void;
  readonly askPicture: (number: number) => void;
}

/** A candidate of a programme; nothing runs before it is started. */
export function openCandidate(options: OpenCandidateOptions): Candidate {
  const { wanted, seen, prepared, maker, clock, random, post, deck, graceMs, hear, askPicture } = options;
  const playlist = playlistOf(wanted, seen, clock.wallMs());
  const first = firstSourceOf(playlist);
  const player = new PlaylistPlayer({
    ...{ playlist, maker, deck, clock, post, graceMs },
    goesOn: seen,
    prepared: first && prepared ? maker.known(first, prepared) : null,
    tell: (news) => post(() => hear(candidate, news)),
  });
  const is = isFrom(seen, clock);
  const { wasWanted, coversBlank } = options;
  const candidate = new Candidate({
    ...{ wanted, playlist, player, clock, random, is, wasWanted, coversBlank, askPicture },
    ...{ awaySinceMs: awaySince(seen, clock), lost: seen?.lost ?? null, cut: deck.cut },
  });
  return candidate;
}

/** What was given up stays so, and what was withdrawn has to be worth it; all else shows again how it is. */
function isFrom(seen: SeenCandidate | null, clock: Clock): CandidateIs {
  if (seen?.is.state === 'withdrawn')
    return { state: 'withdrawn', reason: seen.is.reason, sinceMs: clock.nowMs(), fineSinceMs: null };
  if (seen?.is.state !== 'blocked') return { state: 'idle' };
  const { reason, againMs } = seen.is;
  // The clock may have been put back since.
  const leftMs = againMs === null ? null : Math.min(overMs, Math.max(0, againMs - clock.wallMs()));
  const nowMs = clock.nowMs();
  return { state: 'blocked', reason, sinceMs: nowMs, againMs: leftMs === null ? null : nowMs + leftMs };
}

/** Since when it was away, on this clock; the other one may have been put back since. */
function awaySince(seen: SeenCandidate | null, clock: Clock): number | null {
  if (seen?.is.state !== 'away') return null;
  return clock.nowMs() - Math.max(0, clock.wallMs() - seen.is.sinceMs);
}

/** What a candidate plays: a single source is a playlist of one. Nothing of it was passed over later than now. */
function playlistOf({ source }: WantedCandidate, seen: SeenCandidate | null, wallMs: number): Playlist {
  const skipped = seen?.skipped.map((one) => ({ ...one, atMs: Math.min(one.atMs, wallMs) })) ?? [];
  if (source.kind === 'playlist') return Playlist.at(source, seen && { ...seen, skipped });
  const item: PlaylistItem = playlistItem.parse({ source });
  return new Playlist({ items: [item], loop: 'loop' in source && source.loop, shuffle: false });
}

/** What somebody may have looked at beforehand: the source that is played first. */
function firstSourceOf(playlist: Playlist): Source | null {
  return (playlist.current ?? playlist.items[0])?.source ?? null;
}
