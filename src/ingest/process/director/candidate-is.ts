import type { ProgrammeEntry } from '../../../contract/programme-state.ts';
import type { CandidateState } from '../../../contract/snapshot.ts';

/** What is known of one that gives something. */
interface There {
  /** Without a break. */
  readonly sinceMs: number;
  /** Since when it was missed before; null: it was only not needed, and is not suspected of coming and going. */
  readonly missedMs: number | null;
  /** It will be over in a moment. */
  readonly ending: boolean;
}

/** How a candidate is. Moments are monotonic, in ms. */
export type CandidateIs =
  /** Not asked for. */
  | { readonly state: 'idle' }
  /** Asked for, no frame yet. */
  | { readonly state: 'starting' }
  /** Could be on air now. */
  | ({ readonly state: 'ready' } & There)
  /** Was given to the splicer; nothing of it has left. */
  | ({ readonly state: 'cutting' } & There)
  | ({ readonly state: 'onAir' } & There)
  /** Gives nothing, and is looked for; one that does not look by itself is started again at `againMs`. */
  | {
      readonly state: 'away';
      readonly reason: string;
      readonly sinceMs: number;
      readonly againMs: number;
      /** It was withdrawn before: it has to be worth it, once it is there. */
      readonly proves: boolean;
    }
  /** Black and silent: it plays, seen by nobody, until it has been worth it for long enough, which it has since `fineSinceMs`: then it makes ready. */
  | {
      readonly state: 'withdrawn';
      readonly reason: string;
      readonly sinceMs: number;
      readonly fineSinceMs: number | null;
    }
  /** Over or given up, and gives nothing since then; tried again at `againMs`, null: never by itself. */
  | {
      readonly state: 'blocked';
      readonly reason: string | null;
      readonly sinceMs: number;
      readonly againMs: number | null;
    };

/** One that could be on air now, or is. */
export type Playable = Extract<CandidateIs, { state: 'ready' | 'cutting' | 'onAir' }>;

export function isPlayable(is: CandidateIs): is is Playable {
  return is.state === 'ready' || is.state === 'cutting' || is.state === 'onAir';
}

/** Nothing more comes of it by itself. */
export function isOver(is: CandidateIs): boolean {
  return is.state === 'blocked' && is.againMs === null;
}

/** It plays where nobody sees it. */
export function isUnseen(is: CandidateIs): boolean {
  return is.state === 'withdrawn' && is.fineSinceMs === null;
}

/** Why it is away, or has failed. */
export function reasonOf(is: CandidateIs): string | null {
  return 'reason' in is ? is.reason : null;
}

/** Since when a source is missed that is lost now. @param wasBack it gave more than it had before it was lost last */
export function missedSince(is: CandidateIs, wasBack: boolean, nowMs: number): number {
  if (is.state === 'away' || is.state === 'blocked') return is.sinceMs;
  return isPlayable(is) && !wasBack ? (is.missedMs ?? nowMs) : nowMs;
}

/** For how long it gives nothing although it failed, or is looked for, in ms; 0: it is no such case. */
export function missedForMs(is: CandidateIs, nowMs: number): number {
  const isMissed = is.state === 'away' || (is.state === 'blocked' && is.reason !== null);
  return isMissed ? nowMs - is.sinceMs : 0;
}

/** As a snapshot tells it. @param wallFromMs what is added to a monotonic moment, in ms */
export function seenState(is: CandidateIs, wallFromMs: number): CandidateState {
  if (is.state === 'away' || is.state === 'withdrawn')
    return { state: is.state, reason: is.reason, sinceMs: is.sinceMs + wallFromMs };
  if (is.state === 'blocked') {
    const againMs = is.againMs === null ? null : is.againMs + wallFromMs;
    return { state: 'blocked', reason: is.reason, againMs };
  }
  return { state: is.state };
}

/** As operators read it. */
export function entryState(is: CandidateIs): ProgrammeEntry['state'] {
  if (is.state === 'cutting') return 'ready';
  if (is.state === 'withdrawn') return 'away';
  if (is.state === 'blocked') return is.reason === null ? 'idle' : 'failed';
  return is.state;
}
