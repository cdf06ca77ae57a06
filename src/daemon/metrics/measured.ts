import type { Config } from '../../contract/config.ts';
import type { Publishing } from '../publishers/publishing.ts';
import type { Desk } from '../rooms/desk.ts';
import type { Room } from '../rooms/room.ts';
import type { WorkerPool } from '../sfu/worker-pool.ts';
import { audienceOf } from '../view/audience-of.ts';
import { DiskLook, type KeptPlace } from '../view/disk-look.ts';
import { knownProcesses } from '../view/known-processes.ts';
import { networkBytes } from '../view/network-bytes.ts';
import { ProcessList } from '../view/process-list.ts';
import { type Around, roomHealth } from '../view/room-health.ts';
import { CertificateLook } from './certificate-look.ts';
import type { Figures, MeasuredRoom } from './figures.ts';

/** Parts of the daemon that numbers are read from. */
export interface Measured extends Around {
  readonly config: Pick<Config, 'rooms' | 'http' | 'rtmp' | 'control'>;
  readonly desk: Pick<Desk, 'rooms' | 'ingest' | 'guardPid'>;
  readonly pool: Pick<WorkerPool, 'slots'>;
  readonly publishing: Pick<Publishing, 'publishers' | 'status'>;
  /** What the daemon writes to, and where. */
  readonly places: () => readonly KeptPlace[];
}

/** Gives how things are now: what is known already, and a look at each process. Nothing is asked of a worker, which would cost it time, nor waited for. */
export function measuring(parts: Measured): (nowMs: number) => Figures {
  const { config, desk, pool, health, publishing, places } = parts;
  const [processes, disks, certificates] = [new ProcessList(), new DiskLook(), new CertificateLook()];
  return (nowMs) => {
    const known = knownProcesses({ desk, pool, rtmpPid: publishing.status().rtmp?.pid });
    return {
      rooms: desk.rooms.map((room) => measuredRoom(room, parts)),
      publishers: publishing.publishers.list(),
      degraded: health.degraded,
      processes: processes.look(known),
      disks: disks.look(places(), nowMs),
      network: networkBytes(),
      certificates: certificates.look(certificateFiles(config), nowMs),
    };
  };
}

function measuredRoom(room: Room, parts: Measured): MeasuredRoom {
  const { config } = parts;
  const { name, viewers, broadcast: wanted, onAir: broadcast } = room;
  const audience = audienceOf(viewers);
  const programme = broadcast && room.actor.programmeState(broadcast.id, false);
  const alwaysOn = Object.hasOwn(config.rooms, name) && config.rooms[name]?.alwaysOn === true;
  return {
    ...{ name, viewers, audience },
    wanted: wanted !== null || alwaysOn,
    health: roomHealth(room, parts).word,
    broadcast: broadcast && {
      id: broadcast.id,
      entry: broadcast.onAir.entry,
      stats: broadcast.stats,
      wrong: programme?.content.wrong.map(({ fault }) => fault) ?? [],
    },
  };
}

function certificateFiles({ http, rtmp, control }: Pick<Config, 'http' | 'rtmp' | 'control'>) {
  return [
    { of: 'http', file: http.tls.cert },
    { of: 'rtmp', file: rtmp.tls.cert },
    { of: 'control', file: control.tls.cert },
  ].flatMap(({ of, file }) => (file === null ? [] : [{ of, file }]));
}
