import type { WorkerSlot } from '../sfu/media-worker.ts';
import { noWorker } from '../sfu/worker-pool.ts';

/** A room, as far as it weighs on a worker. */
export interface PlacedRoom {
  /** The worker that it is on; undefined: none. */
  readonly slot: WorkerSlot | undefined;
  readonly viewers: readonly unknown[];
}

/** The worker that carries the fewest viewers and rooms. @throws MiroliveError NO_WORKER */
export function pickSlot(slots: readonly WorkerSlot[], rooms: readonly PlacedRoom[]): WorkerSlot {
  const load = (slot: WorkerSlot) =>
    rooms.filter((room) => room.slot === slot).reduce((sum, room) => sum + 1 + room.viewers.length, 0);
  const [best] = slots.toSorted((a, b) => load(a) - load(b));
  if (!best) throw noWorker();
  return best;
}
