import type { Wanted } from '../../../contract/snapshot.ts';

/** Whether an operator wants to be back at the programme, or a take or a pause ends: what is preferred waits for nothing. From the slate all that is there is taken at once. */
export function asksForProgramme(before: Wanted, wanted: Wanted): boolean {
  const after = new Map(wanted.chain.map((one) => [one.id, one]));
  const ends = before.chain.some(({ id, paused }) => !after.has(id) || (paused && !after.get(id)?.paused));
  return ends || wanted.released !== before.released;
}
