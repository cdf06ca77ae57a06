import { Playlist } from '../../contract/playlist/playlist.ts';
import type {
  CandidateState,
  Seen,
  SeenCandidate,
  WantedCandidate,
  WantedPlace,
  WantedPlaylist,
} from '../../contract/snapshot.ts';

/** Where a candidate is, or is about to be: what steps from there are added to. */
export interface Standing {
  /** The item of its playlist; null: a single source, or an empty list. */
  readonly item: string | null;
  /** Place in the source of that item. */
  readonly positionMs: number;
  /** Where that ends; null: not known. */
  readonly endMs: number | null;
  /** It can be begun at any place; null: not known yet. */
  readonly seekable: boolean | null;
}

/** What is known of a candidate. */
export function candidateIn(seen: Seen | null, id: string): SeenCandidate | undefined {
  return seen?.candidates.find((one) => one.id === id);
}

/** It gives nothing for now, or nothing that is to be seen. */
export function isMissing(is: CandidateState | undefined): boolean {
  return is?.state === 'away' || is?.state === 'withdrawn' || is?.state === 'blocked';
}

/** The place that was asked for and that the director has not gone to yet. */
export function pendingPlace(
  { place }: WantedCandidate,
  known: SeenCandidate | undefined,
): WantedPlace | null {
  return place && place.serial > (known?.placed ?? 0) ? place : null;
}

/** A director tells what it sees each second: it plays on for no longer without being heard of. */
const maxPassedMs = 2000;

/** @param wallMs the moment, in ms since 1970, as in `seen` */
export function standing(candidate: WantedCandidate, seen: Seen | null, wallMs: number): Standing {
  const known = candidateIn(seen, candidate.id);
  const pending = pendingPlace(candidate, known);
  const items = candidate.source.kind === 'playlist' ? candidate.source.items : [];
  const item = items.length === 0 ? null : (pending?.item ?? known?.item ?? items[0]?.id ?? null);
  const isSeen = known !== undefined && (item === null || item === known.item);
  const begins = items.find(({ id }) => id === item)?.fromMs ?? 0;
  return {
    item,
    positionMs: pending
      ? (pending.positionMs ?? begins)
      : isSeen && seen
        ? Math.min(
            known.positionMs + passedMs(candidate, known, wallMs - seen.atMs),
            Math.max(known.positionMs, known.endMs ?? Number.POSITIVE_INFINITY),
          )
        : begins,
    endMs: isSeen ? known.endMs : null,
    seekable: isSeen ? known.seekable : null,
  };
}

/** The playlist of a candidate, where that is, or is about to be. */
export function standingList(
  candidate: WantedCandidate,
  source: WantedPlaylist,
  known: SeenCandidate | undefined,
): Playlist {
  const list = Playlist.at(source, known ?? null);
  const pending = pendingPlace(candidate, known);
  if (pending?.item && list.items.some(({ id }) => id === pending.item)) list.jump(pending.item);
  return list;
}

function passedMs({ paused }: WantedCandidate, { is }: SeenCandidate, sinceMs: number): number {
  return is.state === 'onAir' && !paused ? Math.min(Math.max(0, sinceMs), maxPassedMs) : 0;
}
