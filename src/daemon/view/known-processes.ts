import type { ViewedProcess } from '../../contract/view/view.ts';
import type { Desk } from '../rooms/desk.ts';
import type { WorkerPool } from '../sfu/worker-pool.ts';

/** A process that the daemon knows of. */
export type KnownProcess = Pick<ViewedProcess, 'pid' | 'kind' | 'rooms' | 'port'>;

/** Who knows of processes. */
export interface ProcessKeepers {
  readonly desk: Pick<Desk, 'rooms' | 'ingest' | 'guardPid'>;
  readonly pool: Pick<WorkerPool, 'slots'>;
  /** The process that speaks RTMP; undefined: none does. */
  readonly rtmpPid: number | undefined;
}

/** The daemon itself, and each process that it has started and keeps. */
export function knownProcesses({ desk, pool, rtmpPid }: ProcessKeepers): KnownProcess[] {
  const alone = (kind: KnownProcess['kind'], pid: number | undefined): KnownProcess[] =>
    pid === undefined ? [] : [{ pid, kind, rooms: [], port: null }];
  const workers = pool.slots.map((slot): KnownProcess => {
    const rooms = desk.rooms.filter((room) => room.slot === slot).map(({ name }) => name);
    return { pid: slot.worker.pid, kind: 'worker', rooms, port: slot.port };
  });
  const ingest = desk.ingest.map(
    ({ pid, rooms }): KnownProcess => ({ pid, kind: 'ingest', rooms: [...rooms], port: null }),
  );
  return [
    ...alone('daemon', process.pid),
    ...workers,
    ...ingest,
    ...alone('guard', desk.guardPid),
    ...alone('rtmp', rtmpPid),
  ];
}
