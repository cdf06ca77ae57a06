import { isDeepStrictEqual } from 'node:util';
import type { Wanted } from '../../../contract/snapshot.ts';

/** Whether what is wanted may come of nothing but an operator's wish to be back at the programme: a cover, a take or a pause ends, or nothing changes. */
export function asksForProgramme(before: Wanted, wanted: Wanted): boolean {
  const after = new Map(wanted.chain.map((one) => [one.id, one]));
  const ends = before.chain.some(({ id, paused }) => !after.has(id) || (paused && !after.get(id)?.paused));
  const sinceThen = { ...before, revision: wanted.revision };
  return ends || (before.slate && !wanted.slate) || isDeepStrictEqual(sinceThen, wanted);
}
