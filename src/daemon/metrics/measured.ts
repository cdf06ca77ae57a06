import type { Health } from '../health.ts';
import type { Publishers } from '../publishers/publishers.ts';
import type { Desk } from '../rooms/desk.ts';
import type { WorkerPool } from '../sfu/worker-pool.ts';
import { versions } from '../version.ts';
import type { Figures } from './figures.ts';
import { processUse } from './process-use.ts';

/** Parts of the daemon that numbers are read from. */
export interface Measured {
  readonly desk: Pick<Desk, 'rooms' | 'ingest'>;
  readonly pool: Pick<WorkerPool, 'slots'>;
  readonly health: Pick<Health, 'degraded'>;
  readonly publishers: Pick<Publishers, 'list'>;
}

/** How things are now: what is known already, and a look at each process. Nothing is asked of a worker, which would cost it time. */
export function measured({ desk, pool, health, publishers }: Measured): Omit<Figures, 'events' | 'lag'> {
  const processes = [
    { kind: 'daemon', pid: process.pid },
    ...pool.slots.map(({ worker }) => ({ kind: 'worker', pid: worker.pid })),
    ...desk.ingest.map(({ pid }) => ({ kind: 'ingest', pid })),
  ];
  return {
    version: versions.version,
    rooms: desk.rooms.map(({ name, viewers, onAir }) => ({
      ...{ name, viewers },
      broadcast: onAir ? { entry: onAir.onAir.entry, stats: onAir.stats } : null,
    })),
    publishers: publishers.list().length,
    degraded: health.degraded,
    processes: processes.flatMap(({ kind, pid }) => {
      const use = processUse(pid);
      return use ? [{ kind, ...use }] : [];
    }),
  };
}
