import { MiroliveError } from '../../contract/errors.ts';
import { byPrecedence } from '../../contract/schedule/precedence.ts';
import type { RunEntry, Wanted, WantedCandidate } from '../../contract/snapshot.ts';

/** What is wanted, and which of it a machine took; null: none. */
interface Wished {
  readonly wanted: Wanted;
  readonly machine: string | null;
}

/** Whether a person took it, and no machine. */
export function isPersons({ name, id }: WantedCandidate, { machine }: Pick<Wished, 'machine'>): boolean {
  return name === 'take' && id !== machine;
}

/**
 * A chain with one more in its place: what persons took, the last first; runs, the one that is to be seen first; what a machine took; the
 * programme. Pure.
 */
export function placed(
  chain: readonly WantedCandidate[],
  added: WantedCandidate,
  by: Pick<Wished, 'machine'>,
): WantedCandidate[] {
  const rank = (one: WantedCandidate) => {
    if (one.name === 'run') return 1;
    if (one.name !== 'take') return 3;
    return isPersons(one, by) ? 0 : 2;
  };
  const isBehind = (one: WantedCandidate) =>
    rank(one) === rank(added) && one.run && added.run
      ? byPrecedence(added.run, one.run) < 0
      : rank(one) >= rank(added);
  const place = chain.findIndex(isBehind);
  return chain.toSpliced(place === -1 ? chain.length : place, 0, added);
}

/** More in one room is a mistake of whoever scheduled it, and would be more than a director can tell of. */
const maxRuns = 50;

/**
 * A schedule puts something above the programme. No command of a person: it outdates none. Pure.
 *
 * @throws MiroliveError LIMIT_REACHED
 */
export function withRun<W extends Wished>(wishes: W, run: WantedCandidate): W {
  if (wishes.wanted.chain.filter(({ name }) => name === 'run').length >= maxRuns)
    throw new MiroliveError('LIMIT_REACHED', `${maxRuns} runs of schedules are in the room already`, {
      hint: 'Give runs an end, such as --for 1h; see which go on: mirolive schedule list',
    });
  return rechained(wishes, placed(wishes.wanted.chain, run, wishes));
}

/** A run is over: that one alone goes, whatever is there besides. What an older daemon put there for it is a `take`. Pure. */
export function withoutRun<W extends Wished>(wishes: W, id: string): W {
  const { chain } = wishes.wanted;
  const kept = chain.filter((one) => one.id !== id || (one.name !== 'run' && one.name !== 'take'));
  return kept.length === chain.length ? wishes : rechained(wishes, kept);
}

/** What an older daemon put there for a run as a `take` is that run's. Pure. */
export function adopted<W extends Wished>(wishes: W, { id, ...run }: RunEntry): W {
  const { chain } = wishes.wanted;
  const taken = chain.find((one) => one.id === id && one.name === 'take');
  if (!taken) return wishes;
  const others = chain.filter((one) => one !== taken);
  return rechained(wishes, placed(others, { ...taken, name: 'run', run }, wishes));
}

function rechained<W extends Wished>(wishes: W, chain: WantedCandidate[]): W {
  const { wanted } = wishes;
  return { ...wishes, wanted: { ...wanted, chain, revision: wanted.revision + 1 } };
}
