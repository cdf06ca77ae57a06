import { isDeepStrictEqual } from 'node:util';
import type { Source } from '../../contract/models.ts';
import type { Seen } from '../../contract/snapshot.ts';
import { placed } from './runs-in-chain.ts';
import { candidateIn } from './standing.ts';
import { ask, commit, type Wishes } from './wishes.ts';

/** Puts a source above the programme because of a fact, not since a person wished it: what persons have wished, and runs of schedules, stay above it. */
export function takeByMachine(
  wishes: Wishes,
  { id, seed, source }: { readonly id: string; readonly seed: number; readonly source: Source },
  seen: Seen | null,
  wallMs: number,
): Wishes {
  const chain = wishes.wanted.chain.filter((one) => one.id !== wishes.machine);
  const asked = ask({ ...wishes, wanted: { ...wishes.wanted, chain } });
  const taken = commit(asked.wishes, { type: 'take', source, id, seed }, asked.number, seen, wallMs);
  const [first, ...others] = taken.wanted.chain;
  const below = first ? placed(others, first, { machine: id }) : others;
  const wanted = { ...taken.wanted, chain: below, slate: wishes.wanted.slate };
  return { ...taken, wanted, written: wishes.written, machine: id };
}

/** What a machine took gives way when it has been away for so long, in ms; what a person took stays. The same wishes where nothing does. */
export function leaveByMachine(wishes: Wishes, seen: Seen, graceMs: number): Wishes {
  const { machine, wanted } = wishes;
  const awayMs = machine === null ? null : missingMs(seen, machine);
  if (awayMs === null || awayMs < graceMs) return wishes;
  const chain = wanted.chain.filter(({ id }) => id !== machine);
  if (chain.length === wanted.chain.length) return wishes;
  return { ...wishes, machine: null, wanted: { ...wanted, chain, revision: wanted.revision + 1 } };
}

/** Who was on air because he published, and publishes again, is still awaited. */
export function isAwaited({ wanted, machine }: Wishes, source: Source): boolean {
  return wanted.chain.some((one) => one.id === machine && isDeepStrictEqual(one.source, source));
}

/** Whether another machine may put something in the place of what is taken: nothing is, or only what a machine took and is away. */
export function mayTakeByMachine({ wanted, machine }: Wishes, seen: Seen | null): boolean {
  const takes = wanted.chain.filter(({ name }) => name === 'take');
  return takes.every(({ id }) => id === machine && seen !== null && missingMs(seen, id) !== null);
}

/** For how long a candidate has been away, in ms; null: it is not. */
function missingMs(seen: Seen, candidate: string): number | null {
  const is = candidateIn(seen, candidate)?.is;
  return is?.state === 'away' ? seen.atMs - is.sinceMs : null;
}
