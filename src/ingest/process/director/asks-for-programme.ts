import { isDeepStrictEqual } from 'node:util';
import type { Wanted } from '../../../contract/snapshot.ts';

/** Whether what is wanted may come of nothing but an operator's wish to be back at the programme: a take or a pause ends, or nothing changes. From the slate all that is there is taken at once. */
export function asksForProgramme(before: Wanted, wanted: Wanted): boolean {
  const after = new Map(wanted.chain.map((one) => [one.id, one]));
  const ends = before.chain.some(({ id, paused }) => !after.has(id) || (paused && !after.get(id)?.paused));
  const sinceThen = { ...before, revision: wanted.revision };
  return ends || isDeepStrictEqual(sinceThen, wanted);
}
