import { keptPart } from '../../contract/kept-part.ts';
import type { Status } from '../../contract/models.ts';
import { printable } from './format.ts';

/** Whether what was begun to be kept will be, as the state is now. */
export function keptWords({ state, degraded }: Pick<Status, 'state' | 'degraded'>, room: string): string {
  const problem = degraded.find(({ part }) => part === keptPart)?.reason ?? state.problem;
  return problem === null
    ? `It goes on after a restart of the daemon, until it is over or stopped: mirolive stop --room ${room}`
    : `It goes on after a restart of the daemon only if it can be written by then: ${printable(problem)}`;
}
