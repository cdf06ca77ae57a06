import type { Logger } from 'pino';
import type { KeptRow } from '../rooms/kept-row.ts';
import type { StateStore } from './state-store.ts';

/** What is to be on air, as the state has it: the one that changed last first. A state that cannot be used has nothing. */
export function keptBroadcasts(store: Pick<StateStore, 'read'>, log: Pick<Logger, 'error'>): KeptRow[] {
  try {
    const rows = store.read((database) =>
      database
        .prepare(
          `SELECT room, id, begun_by AS begunBy, applied_by AS appliedBy, declared, spec, wanted, seen
           FROM broadcasts ORDER BY changed_at DESC`,
        )
        .all(),
    );
    // The columns are STRICT: each has the type that it was declared with.
    return rows as unknown as KeptRow[];
  } catch (error) {
    log.error({ err: error }, 'what was on air before is not known: the state cannot be read');
    return [];
  }
}
