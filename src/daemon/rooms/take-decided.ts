import type { Wanted } from '../../contract/snapshot.ts';
import type { BroadcastState } from './room-state.ts';
import { onAirNow, seenNow } from './seen-now.ts';
import { candidateIn, isMissing } from './standing.ts';

/** `superseded`: it is not wanted any more. `failed`: neither, as it cannot be played. */
export type Decision = 'yes' | 'no' | 'superseded' | { readonly failed: string };

/** When a command was carried out: its number, and the revision that it made. */
export interface Mark {
  readonly number: number;
  readonly revision: number;
  /** What it sent to another place; null: nothing. */
  readonly sent: Sent | null;
}

/**
 * Whether whoever took a source need not wait any longer: it is on air, covered by the slate, known not to come for now, or over.
 */
export function isDecided(state: BroadcastState, candidate: string): Decision {
  const { chain, slate } = state.wishes.wanted;
  const is = candidateIn(seenNow(state), candidate)?.is;
  if (onAirNow(state) === candidate) return 'yes';
  if (!chain.some(({ id }) => id === candidate))
    return is?.state === 'blocked' ? over(is.reason) : 'superseded';
  return slate || isMissing(is) ? 'yes' : 'no';
}

/** The same for whoever wanted the programme back: of what it is now something is on air, or is known not to come for now. */
export function isReleased(state: BroadcastState, { number, revision }: Mark): Decision {
  const { wanted, written } = state.wishes;
  const { chain, slate } = wanted;
  if ((written.take ?? 0) > number) return 'superseded';
  if (slate) return 'yes';
  const seen = seenNow(state);
  if (!seen || seen.revision < revision) return 'no';
  const comes = chain.some(({ id }) => onAirNow(state) === id);
  return comes || chain.every(({ id }) => isMissing(candidateIn(seen, id)?.is)) ? 'yes' : 'no';
}

/** Whether what was wanted by then is what is seen, as far as it comes at all for now. */
export function isSeen(state: BroadcastState, { revision }: Mark): boolean {
  const { chain, slate } = state.wishes.wanted;
  const [seen, onAir] = [seenNow(state), onAirNow(state)];
  if (!seen || seen.revision < revision) return false;
  if (slate || !seen.live) return onAir === null;
  const arrived = chain.every(({ id, place }) => {
    const known = candidateIn(seen, id);
    return known?.is.state === 'idle' || isMissing(known?.is) || (known?.placed ?? 0) >= (place?.serial ?? 0);
  });
  return arrived && (onAir !== null || chain.every(({ id }) => isMissing(candidateIn(seen, id)?.is)));
}

/** A command has wanted a place of a candidate. */
export interface Sent {
  readonly id: string;
  readonly serial: number;
}

/** What was sent somewhere since `before`; null: nothing was. */
export function sentSince(before: Wanted, { chain }: Wanted): Sent | null {
  const serials = new Map(before.chain.map(({ id, place }) => [id, place?.serial]));
  for (const { id, place } of chain)
    if (place && place.serial !== serials.get(id)) return { id, serial: place.serial };
  return null;
}

/** Why it could not be begun there, and plays on where it was; null: it could, as far as is known. */
export function whyUnplaced(state: BroadcastState, { id, serial }: Sent): string | null {
  const unplaced = candidateIn(seenNow(state), id)?.unplaced;
  return unplaced?.serial === serial ? unplaced.reason : null;
}

/** It is over before anybody was told that it is on air. */
function over(reason: string | null): Decision {
  return reason === null ? 'yes' : { failed: reason };
}
