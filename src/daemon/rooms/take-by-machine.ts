import type { Source } from '../../contract/models.ts';
import type { Seen } from '../../contract/snapshot.ts';
import { ask, commit, type Wishes } from './wishes.ts';

/** Puts a source above what is wanted because of a fact, not since a person wished it: what persons have wished stays. */
export function takeByMachine(
  wishes: Wishes,
  { id, seed, source }: { readonly id: string; readonly seed: number; readonly source: Source },
  seen: Seen | null,
  wallMs: number,
): Wishes {
  const asked = ask(wishes);
  const taken = commit(asked.wishes, { type: 'take', source, id, seed }, asked.number, seen, wallMs);
  const wanted = { ...taken.wanted, slate: wishes.wanted.slate };
  return { ...taken, wanted, written: wishes.written };
}
