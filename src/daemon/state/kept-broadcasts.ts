import type { KeptRow } from '../rooms/kept-row.ts';
import type { StateStore } from './state-store.ts';

/** What is to be on air, as the state has it: the one that changed last first. @throws MiroliveError STATE_UNAVAILABLE */
export function keptBroadcasts(store: Pick<StateStore, 'read'>): KeptRow[] {
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
}
