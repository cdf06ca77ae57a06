import type { BroadcastState } from './room-state.ts';
import { seenNow } from './seen-now.ts';
import { candidateIn } from './standing.ts';

/** Whether a publisher waits to be taken: nothing that is wanted of the broadcast is it, nor the item that a list is at. Pure. */
export function standsBy(state: BroadcastState | null, key: string): boolean {
  if (!state) return true;
  const seen = seenNow(state);
  const sources = state.wishes.wanted.chain.map(({ id, source }) => {
    if (source.kind !== 'playlist') return source;
    const at = candidateIn(seen, id)?.item;
    return source.items.find((item) => item.id === at)?.source;
  });
  return !sources.some((source) => source?.kind === 'publisher' && source.key === key);
}
