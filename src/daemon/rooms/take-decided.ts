import type { BroadcastState } from './room-state.ts';
import { candidateIn, isMissing } from './standing.ts';

/** `superseded`: it is not wanted any more. `failed`: neither, as it cannot be played. */
export type Decision = 'yes' | 'no' | 'superseded' | { readonly failed: string };

/** When a command was carried out: its number, and the revision that it made. */
export interface Mark {
  readonly number: number;
  readonly revision: number;
}

/**
 * Whether whoever took a source need not wait any longer: it is on air, covered by the slate, known not to come for now, or over.
 */
export function isDecided({ wishes, seen }: BroadcastState, candidate: string): Decision {
  const { chain, slate } = wishes.wanted;
  const is = candidateIn(seen, candidate)?.is;
  if (seen?.onAir === candidate) return 'yes';
  if (!chain.some(({ id }) => id === candidate))
    return is?.state === 'blocked' ? over(is.reason) : 'superseded';
  return slate || isMissing(is) ? 'yes' : 'no';
}

/** The same for whoever wanted the programme back: of what it is now something is on air, or is known not to come for now. */
export function isReleased({ wishes, seen }: BroadcastState, { number, revision }: Mark): Decision {
  const { chain, slate } = wishes.wanted;
  if ((wishes.written.take ?? 0) > number) return 'superseded';
  if (slate) return 'yes';
  if (!seen || seen.revision < revision) return 'no';
  const comes = chain.some(({ id }) => seen.onAir === id);
  return comes || chain.every(({ id }) => isMissing(candidateIn(seen, id)?.is)) ? 'yes' : 'no';
}

/** Whether what was wanted by then is what is seen, as far as it comes at all for now. */
export function isSeen({ wishes, seen }: BroadcastState, { revision }: Mark): boolean {
  const { chain, slate } = wishes.wanted;
  if (!seen || seen.revision < revision) return false;
  if (slate || !seen.live) return seen.onAir === null;
  const arrived = chain.every(({ id, place }) => {
    const known = candidateIn(seen, id);
    return known?.is.state === 'idle' || isMissing(known?.is) || (known?.placed ?? 0) >= (place?.serial ?? 0);
  });
  return arrived && (seen.onAir !== null || chain.every(({ id }) => isMissing(candidateIn(seen, id)?.is)));
}

/** It is over before anybody was told that it is on air. */
function over(reason: string | null): Decision {
  return reason === null ? 'yes' : { failed: reason };
}
