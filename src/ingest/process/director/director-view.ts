import type { Clock } from '../../../contract/clock.ts';
import type { ContentState } from '../../../contract/content.ts';
import type { BroadcastStats, OnAir } from '../../../contract/models.ts';
import type { MadePicture } from '../../../contract/plan.ts';
import { type Seen, snapshotVersion, type Wanted } from '../../../contract/snapshot.ts';
import type { Candidate } from './candidate.ts';
import { entryOf, seenCandidate } from './candidate-view.ts';
import type { Candidates } from './candidates.ts';
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
  readonly candidates: Pick<Candidates, 'chain' | 'outgoing'>;
  readonly aired: Aired;
  /** Something has left, ever. */
  readonly live: boolean;
  readonly slates: Pick<SlateShow, 'count' | 'totalMs' | 'problem'>;
  readonly content: ContentState;
  readonly switches: number;
  readonly restarts: number;
  readonly rates: Meter['rates'];
  readonly compatible: readonly MadePicture[];
}

const slateName: EntryName = { entry: 'slate', words: 'slate' };

export function candidateOf(aired: Aired): Candidate | undefined {
  return aired === null || aired.shown === 'slate' ? undefined : aired.shown;
}

/** As the room, and whoever opens the programme again, needs it. */
export function seenOf(known: Known): Seen {
  const { clock, generation, wanted, aired, live, candidates, switches, restarts, slates, content } = known;
  const wallFromMs = clock.wallMs() - clock.nowMs();
  return {
    version: snapshotVersion,
    ...{ generation, revision: wanted.revision, atMs: clock.wallMs() },
    ...{ onAir: candidateOf(aired)?.id ?? null, live, shown: onAirOf(known) },
    candidates: candidates.chain.map((candidate) => seenCandidate(candidate, wallFromMs)),
    outgoing: candidates.outgoing && entryOf(candidates.outgoing),
    slateProblem: slates.problem,
    ...{ switches, restarts, slates: slates.count, slateMs: slates.totalMs },
    content: { ...content, wrong: [...content.wrong] },
    ...(known.compatible.length > 0 && { compatible: [...known.compatible] }),
  };
}

/** What viewers see. */
export function onAirOf(known: Known): OnAir {
  const { aired, openedMs, candidates } = known;
  const since = new Date(aired?.sinceMs ?? openedMs).toISOString();
  if (aired) return { ...nameOf(known), since };
  const [awaited] = candidates.chain;
  const words = awaited ? `${awaited.words}: ${awaited.reason ?? 'starting'}` : 'starting';
  return { entry: 'nothing', words, since };
}

/** What viewers see; before anything is on air, what is preferred is awaited. */
export function nameOf({ aired, candidates }: Pick<Known, 'aired' | 'candidates'>): EntryName {
  const shown = aired?.shown ?? candidates.chain[0] ?? 'slate';
  return shown === 'slate' ? slateName : { entry: shown.name, words: shown.words };
}

export function statsOf({ aired, candidates, rates, restarts, slates }: Known): BroadcastStats {
  const player = (candidateOf(aired) ?? candidates.chain[0])?.player;
  return {
    positionMs: (player?.positionUs ?? 0) / 1000,
    durationMs: player?.durationMs ?? null,
    loops: player?.at.loops ?? 0,
    ...rates,
    bufferedMs: (player?.queue.bufferedUs ?? 0) / 1000,
    ...{ restarts, slates: slates.count },
  };
}
