import { keptPart } from '../../contract/kept-part.ts';
import type { Status } from '../../contract/models.ts';
import { printable } from './format.ts';

type Known = Pick<Status, 'state' | 'degraded'>;

/** Why nothing that was said of broadcasts can be written now; null: it is. */
function unwritten({ state, degraded }: Known): string | null {
  return degraded.find(({ part }) => part === keptPart)?.reason ?? state.problem;
}

/** Whether what was begun to be kept will be, as the state is now. */
export function keptWords(status: Known, room: string): string {
  const problem = unwritten(status);
  return problem === null
    ? `It goes on after a restart of the daemon, until it is over or stopped: mirolive stop --room ${room}`
    : `It goes on after a restart of the daemon only if it can be written by then: ${printable(problem)}`;
}

/** What whoever ends a broadcast, or says whether it is kept, is to hear where that cannot be written; null: it is. */
export function unwrittenWords(status: Known): string | null {
  const problem = unwritten(status);
  return (
    problem &&
    `After a restart of the daemon this holds only if it can be written by then: ${printable(problem)}`
  );
}
