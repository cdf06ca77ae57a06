import * as z from 'zod';
import { auditEntry, maxAuditEntries } from '../audit.ts';
import { eventFilterText } from '../event-types.ts';
import { event } from '../events.ts';
import { roomName } from '../names.ts';
import { routes } from '../routes.ts';
import { type Call, flag } from './call.ts';

/** Calls about what has happened. */
export const historyCalls = {
  listAudit: {
    ...routes.listAudit,
    needs: 'administer',
    summary: 'Who did what, to what, and what came of it; the oldest first',
    params: z.strictObject({
      room: roomName.optional(),
      /** What was done in the last so many ms; default: all that is kept. */
      sinceMs: z.coerce.number().int().min(0).optional(),
      /** Entries with a larger id: of a page that is full, the largest leads to the next. */
      after: z.coerce.number().int().min(0).default(0),
      limit: z.coerce.number().int().min(1).max(maxAuditEntries).default(maxAuditEntries),
    }),
    result: z.array(auditEntry),
    errors: ['STATE_UNAVAILABLE'],
  },
  events: {
    ...routes.events,
    needs: 'look',
    summary: 'What happens, as it happens, and what has happened',
    params: z.strictObject({
      room: roomName.optional(),
      /** Send what comes all the time too: `broadcast.stats`, and `pipeline.started` of each round of what is repeated. */
      stats: flag,
      /** Of these types alone, such as `viewer.joined,broadcast.*`. */
      type: eventFilterText.optional(),
      /** What happened in the last so many ms comes first, as far as it is kept; who came and went only where `type` names it, figures never. */
      sinceMs: z.coerce.number().int().min(0).default(0),
      /** Stay for what happens from now on. */
      follow: flag.default(true),
    }),
    result: event,
    errors: ['STATE_UNAVAILABLE'],
  },
} as const satisfies Record<string, Call>;
