import type { CandidateState, Seen } from '../../contract/snapshot.ts';
import type { Part } from './part.ts';

/** A programme, and what was seen of it last. */
export interface SeenProgramme {
  readonly programme: Part;
  readonly seen: Seen | null;
}

/** Why there is nothing on air that has been. */
export const reopening = 'the programme is being opened again';

/** What was seen last was seen by an earlier opening: nothing of it is on air any more. */
export function isReopening({ programme, seen }: SeenProgramme): boolean {
  return seen !== null && !(programme.is === 'open' && programme.ticket === seen.generation);
}

/** The candidate that viewers see; null: the slate, or nothing. */
export function onAirNow(of: SeenProgramme): string | null {
  return isReopening(of) ? null : (of.seen?.onAir ?? null);
}

/** What was seen, as far as it is still so: what an earlier opening played stands where it was, and is begun again. */
export function seenNow(of: SeenProgramme): Seen | null {
  const { seen } = of;
  if (seen === null || !isReopening(of)) return seen;
  return {
    ...seen,
    shown: { entry: 'nothing', words: reopening, since: seen.shown.since },
    candidates: seen.candidates.map((one) => (played(one.is) ? { ...one, is: { state: 'starting' } } : one)),
    outgoing: null,
    content: { ...seen.content, wrong: [] },
  };
}

function played({ state }: CandidateState): boolean {
  return state === 'ready' || state === 'cutting' || state === 'onAir';
}
