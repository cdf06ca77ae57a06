import type { Clock } from '../../../contract/clock.ts';
import type { BroadcastStats, OnAir } from '../../../contract/models.ts';
import type { ProgrammeState } from '../../../contract/programme-state.ts';
import { type Seen, snapshotVersion, type Wanted } from '../../../contract/snapshot.ts';
import { type PlaylistTimes, playlistState } from '../playlist/playlist-state.ts';
import type { Candidate } from './candidate.ts';
import { entryOf, seenCandidate } from './candidate-view.ts';
import type { EntryName } from './director-options.ts';
import type { Meter } from './meter.ts';
import type { SlateShow } from './slate-show.ts';

/** What may be on air. */
export type Shown = Candidate | 'slate';

/** What viewers see, since when in ms since 1970; null: nothing has left yet. */
export type Aired = { readonly shown: Shown; readonly sinceMs: number } | null;

/** What a director knows of its programme; how that is told is decided here. */
export interface Known {
  readonly clock: Clock;
  readonly generation: number;
  /** In ms since 1970. */
  readonly openedMs: number;
  readonly wanted: Wanted;
  readonly chain: readonly Candidate[];
  /** The chain, and what is only on air until something else is. */
  readonly line: readonly Candidate[];
  readonly aired: Aired;
  /** Something has left, ever. */
  readonly live: boolean;
  readonly paused: boolean;
  readonly slates: Pick<SlateShow, 'count' | 'totalMs' | 'problem'>;
  readonly switches: number;
  readonly restarts: number;
  readonly rates: Meter['rates'];
}

const slateName: EntryName = { entry: 'slate', words: 'slate' };

export function candidateOf(aired: Aired): Candidate | undefined {
  return aired === null || aired.shown === 'slate' ? undefined : aired.shown;
}

/** As operators see it. */
export function programmeState(known: Known): ProgrammeState {
  const { wanted, line, aired, paused, switches, slates } = known;
  const { volumePercent, muted } = wanted;
  const onAir = candidateOf(aired);
  // The one on air, or else that would be.
  const listed = onAir?.hasPlaylist ? onAir : line.find(({ hasPlaylist }) => hasPlaylist);
  const state = aired?.shown === 'slate' ? 'onAir' : 'ready';
  return {
    onAir: onAirOf(known),
    entries: [
      ...line.map(entryOf),
      { ...slateName, kind: 'slate', state, reason: slates.problem, lost: null, plan: null },
    ],
    ...{ paused, volumePercent, muted, switches },
    ...{ slates: slates.count, slateMs: Math.round(slates.totalMs) },
    playlist: listed ? playlistState(listed.playlist, timesOf(listed, onAir, known.clock)) : null,
  };
}

/** As the room, and whoever opens the programme again, needs it. */
export function seenOf(known: Known): Seen {
  const { clock, generation, wanted, aired, live, chain, switches, restarts, slates } = known;
  const wallFromMs = clock.wallMs() - clock.nowMs();
  return {
    version: snapshotVersion,
    ...{ generation, revision: wanted.revision, atMs: clock.wallMs() },
    ...{ onAir: candidateOf(aired)?.id ?? null, live },
    candidates: chain.map((candidate) => seenCandidate(candidate, wallFromMs)),
    ...{ switches, restarts, slates: slates.count, slateMs: slates.totalMs },
  };
}

/** What viewers see. */
export function onAirOf(known: Known): OnAir {
  const { aired, openedMs, chain } = known;
  const since = new Date(aired?.sinceMs ?? openedMs).toISOString();
  if (aired) return { ...nameOf(known), since };
  const [awaited] = chain;
  const words = awaited ? `${awaited.words}: ${awaited.reason ?? 'starting'}` : 'starting';
  return { entry: 'nothing', words, since };
}

/** What viewers see; before anything is on air, what is preferred is awaited. */
export function nameOf({ aired, chain }: Pick<Known, 'aired' | 'chain'>): EntryName {
  const shown = aired?.shown ?? chain[0] ?? 'slate';
  return shown === 'slate' ? slateName : { entry: shown.name, words: shown.words };
}

export function statsOf({ aired, chain, rates, restarts, slates }: Known): BroadcastStats {
  const player = (candidateOf(aired) ?? chain[0])?.player;
  return {
    positionMs: (player?.positionUs ?? 0) / 1000,
    durationMs: player?.durationMs ?? null,
    loops: player?.loops ?? 0,
    ...rates,
    bufferedMs: (player?.bufferedUs ?? 0) / 1000,
    ...{ restarts, slates: slates.count },
  };
}

function timesOf(candidate: Candidate, onAir: Candidate | undefined, clock: Clock): PlaylistTimes {
  const { player, goesOn, reason } = candidate;
  const endMs = candidate === onAir ? player.endMs : null;
  // What goes on behind its last picture is still seen.
  const waits = player.waits && !goesOn;
  return {
    nowMs: clock.wallMs(),
    remainingMs: endMs === null ? null : Math.max(0, endMs - player.positionUs / 1000),
    waitedFor: waits ? (reason ?? 'it gives nothing yet') : null,
    sourceMs: player.facts.durationsMs,
    beganMs: player.facts.beganMs,
  };
}
