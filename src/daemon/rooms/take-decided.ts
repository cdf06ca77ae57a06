import type { BroadcastState } from './room-state.ts';
import { candidateIn } from './standing.ts';

/**
 * Whether whoever took a source need not wait any longer: it is on air, covered by the slate, known not to come for now, or over.
 * `superseded`: it is not wanted any more.
 */
export function isDecided({ wishes, seen }: BroadcastState, candidate: string): 'yes' | 'no' | 'superseded' {
  const { chain, slate } = wishes.wanted;
  const known = candidateIn(seen, candidate);
  if (!chain.some(({ id }) => id === candidate)) return known ? 'yes' : 'superseded';
  if (slate || seen?.onAir === candidate) return 'yes';
  return known?.is.state === 'away' || known?.is.state === 'blocked' ? 'yes' : 'no';
}
