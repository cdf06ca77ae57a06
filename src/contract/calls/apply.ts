import * as z from 'zod';
import { applied, applyPlan } from '../event/change.ts';
import { declared } from '../event/declared.ts';
import { declaredName } from '../names.ts';
import { routes } from '../routes.ts';
import type { Call } from './call.ts';

/** Calls about event files. */
export const applyCalls = {
  planApply: {
    ...routes.planApply,
    needs: 'administer',
    summary: 'What applying an event file would change, field by field; changes nothing',
    params: z.strictObject({
      declared,
      /** Removes too what this file applied before and does not have any more. */
      prune: z.boolean().default(false),
    }),
    result: applyPlan,
    errors: ['STATE_UNAVAILABLE'],
  },
  apply: {
    ...routes.apply,
    needs: 'administer',
    summary:
      'Bring rooms, stream keys, playlists, broadcasts and schedules to what an event file declares, in one transaction; broadcasts follow, and one that fails is told in the answer',
    params: z.strictObject({
      declared,
      prune: z.boolean().default(false),
      /** Though somebody is taken off air by it, or something is taken over that another file applied. */
      yes: z.boolean().default(false),
      /** Answer only when what is begun has been seen, or could not be. */
      wait: z.boolean().default(false),
    }),
    result: applied,
    errors: ['INVALID_EVENT', 'APPLY_REFUSED', 'STATE_UNAVAILABLE'],
  },
  exportDeclared: {
    ...routes.exportDeclared,
    needs: 'administer',
    summary: 'What there is, as an event file would declare it; of secrets the hashes',
    params: z.strictObject({
      /** Only what the event file of this name applied; default: all there is. */
      name: declaredName.optional(),
    }),
    result: declared,
    errors: ['STATE_UNAVAILABLE'],
  },
} as const satisfies Record<string, Call>;
