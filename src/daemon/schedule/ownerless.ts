import { isDeepStrictEqual } from 'node:util';
import { sourceOf } from './doing.ts';
import type { RoomView } from './room-view.ts';
import type { Put, Run } from './run.ts';

/** What is in a room for a run, and in no row of one. */
export interface Ownerless {
  readonly put: Put;
  /** The run that waits for just that; null: none does. */
  readonly heir: Run | null;
  /** The name of the schedule that has put it there; null: it is not known. */
  readonly schedule: string | null;
}

/**
 * What an earlier daemon has put into a room for runs, and could not write down, or had not taken away when it died. Pure.
 *
 * @param runs those that are to be on air, or are
 */
export function ownerless(room: string, view: RoomView, runs: readonly Run[]): Ownerless[] {
  const { broadcast } = view;
  if (broadcast === null) return [];
  const waiting = runs.filter((run) => run.room === room && run.put === null);
  const above = view.runs.map(({ id, schedule, atMs }): Ownerless => {
    const heir = waiting.find((run) => run.name === schedule && run.atMs === atMs) ?? null;
    return { put: { kind: 'run', broadcast, id }, heir, schedule };
  });
  const own = (source: RoomView['scheduled']): Ownerless => {
    const heir = waiting.find(({ what }) => isDeepStrictEqual(sourceOf(what), source)) ?? null;
    return { put: { kind: 'broadcast', id: broadcast }, heir, schedule: null };
  };
  const all = view.scheduled ? [...above, own(view.scheduled)] : above;
  return all.filter((one) => !runs.some(({ put }) => isDeepStrictEqual(put, one.put)));
}
