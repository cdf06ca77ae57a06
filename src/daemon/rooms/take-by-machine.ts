import { isDeepStrictEqual } from 'node:util';
import type { Source } from '../../contract/models.ts';
import type { Seen, WantedCandidate } from '../../contract/snapshot.ts';
import { isPersons, placed } from './runs-in-chain.ts';
import { candidateIn } from './standing.ts';
import { ask, newCandidate, type Wishes } from './wishes.ts';

/** Puts a source above the programme because of a fact, not since a person wished it: what persons have wished, and runs of schedules, stay above it. */
export function takeByMachine(
  wishes: Wishes,
  { id, seed, source }: { readonly id: string; readonly seed: number; readonly source: Source },
): Wishes {
  const { wanted, machine } = wishes;
  const others = wanted.chain.filter((one) => one.id !== machine);
  const chain = placed(others, newCandidate('take', source, id, seed), { machine: id });
  return {
    ...ask(wishes).wishes,
    wanted: { ...wanted, chain, revision: wanted.revision + 1 },
    machine: id,
  };
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

/** Whether nobody publishes what was taken any more. */
export type IsGone = (source: WantedCandidate['source']) => boolean;

/**
 * Whether another machine may put something below what persons took: nothing that a machine took is there, or it is away.
 *
 * @param isGone is asked, since below what is seen nothing is looked at
 */
export function mayTakeByMachine(wishes: Wishes, seen: Seen | null, isGone: IsGone): boolean {
  return wishes.wanted.chain
    .filter((one) => one.name === 'take' && !isPersons(one, wishes))
    .every(({ id, source }) => isGone(source) || (seen !== null && missingMs(seen, id) !== null));
}

/** For how long a candidate has been away, in ms; null: it is not. */
function missingMs(seen: Seen, candidate: string): number | null {
  const is = candidateIn(seen, candidate)?.is;
  return is?.state === 'away' ? seen.atMs - is.sinceMs : null;
}
