import { MiroliveError } from '../errors.ts';
import type { ApplyPlan, Change } from './change.ts';

/**
 * Refuses what cannot be done, and what nobody may have meant.
 *
 * @param yes though somebody is taken off air, or something taken over
 * @param file its path, as it was given
 * @throws MiroliveError INVALID_EVENT, APPLY_REFUSED
 */
export function refuseApply({ changes, problems }: ApplyPlan, yes: boolean, file?: string): void {
  const details: Record<string, string> = file === undefined ? {} : { file };
  if (problems.length > 0)
    throw new MiroliveError('INVALID_EVENT', problems.map(problemWords).join('\n'), { details });
  const refused = yes ? [] : changes.flatMap(refusal);
  if (refused.length === 0) return;
  const words = ['expected --yes; nothing was changed, since applying it', ...refused];
  throw new MiroliveError('APPLY_REFUSED', words.join('\n'), { details });
}

function problemWords({ path, message }: ApplyPlan['problems'][number]): string {
  return `${path.join('.')}: ${message}`;
}

function refusal({ what, name, effect, offAir, takenFrom }: Change): string[] {
  return [
    ...(offAir && effect !== null ? [effect] : []),
    ...(takenFrom === null ? [] : [`takes over ${what} ${name}, which ${takenFrom} applied`]),
  ];
}
