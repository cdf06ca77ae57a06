import { isPutAbove } from '../../contract/entry-name.ts';
import type { Seen } from '../../contract/snapshot.ts';
import { candidateIn } from './standing.ts';
import type { Wishes } from './wishes.ts';

/** What was put above a programme is there no more, and why. */
export interface PutOver {
  /** The candidate's id. */
  readonly id: string;
  readonly end: /** It was played to its end. */
    | { readonly is: 'ended' }
    | { readonly is: 'failed'; readonly message: string }
    /** Somebody has taken it away, or put something else in its place. */
    | { readonly is: 'removed' };
}

/** A chain, and what is known of it. */
interface Known {
  readonly wishes: Wishes;
  readonly seen: Seen | null;
}

/** Of what was put above a programme what is not wanted there any more, and why. Pure. */
export function putsOver(before: Known, { wishes, seen }: Known): readonly PutOver[] {
  const { chain } = wishes.wanted;
  if (chain === before.wishes.wanted.chain) return [];
  const kept = new Set(chain.map(({ id }) => id));
  const gone = before.wishes.wanted.chain.filter(({ name, id }) => isPutAbove(name) && !kept.has(id));
  return gone.map(({ id }) => ({ id, end: endOf(id, seen) }));
}

function endOf(id: string, seen: Seen | null): PutOver['end'] {
  const is = candidateIn(seen, id)?.is;
  if (is?.state !== 'blocked' || is.againMs !== null) return { is: 'removed' };
  return is.reason === null ? { is: 'ended' } : { is: 'failed', message: is.reason };
}
