import { join } from 'node:path';
import type { Logger } from 'pino';
import { systemClock } from '../../contract/clock.ts';
import type { Status } from '../../contract/models.ts';
import { rightsOf } from '../../contract/principal.ts';
import type { RoomHealth } from '../../contract/view/health.ts';
import type { ViewedDaemon } from '../../contract/view/view.ts';
import { stdinName } from '../../ingest/sources/stdin/stdin-pipe.ts';
import type { Links } from '../access/links.ts';
import type { Tokens } from '../access/tokens.ts';
import type { Applying } from '../apply/applying.ts';
import type { Webhooks } from '../hooks/webhooks.ts';
import type { MachineDoctor } from '../ops/machine-doctor.ts';
import type { Poster } from '../posters/poster.ts';
import type { Reloading } from '../reloading.ts';
import type { Desk } from '../rooms/desk.ts';
import type { Room } from '../rooms/room.ts';
import type { Surroundings } from '../schedule/inspect.ts';
import type { Schedules } from '../schedule/schedules.ts';
import type { WorkerPool } from '../sfu/worker-pool.ts';
import { readAudit } from '../state/audit-log.ts';
import type { DeedBook } from '../state/deed-book.ts';
import { versions } from '../version.ts';
import { lensOf } from '../view/lens-of.ts';
import type { Observer, Place } from '../view/observer.ts';
import type { Handlers } from './handler-table.ts';
import { linkHandlers } from './link-handlers.ts';
import { type LogHandlerOptions, logHandlers } from './log-handlers.ts';
import { openApiDocument } from './openapi.ts';
import { type PublishingHandlerOptions, publishingHandlers } from './publishing-handlers.ts';
import { type ReportHandlerOptions, reportHandlers } from './report-handlers.ts';
import { type RoomHandlerOptions, roomHandlers } from './room-handlers.ts';
import { scheduleHandlers } from './schedule-handlers.ts';
import { tokenHandlers } from './token-handlers.ts';
import { type ViewerHandlerOptions, viewerHandlers } from './viewer-handlers.ts';
import { webhookHandlers } from './webhook-handlers.ts';
import { writeStdin } from './write-stdin.ts';

export interface HandlerOptions extends PublishingHandlerOptions, ViewerHandlerOptions, ReportHandlerOptions {
  readonly desk: Desk;
  readonly pool: WorkerPool;
  /** The daemon itself, as it is now. */
  readonly facts: () => ViewedDaemon;
  readonly viewerUrl: () => string;
  readonly doctor: MachineDoctor;
  /** Where sockets of its are. */
  readonly socketFolder: string;
  readonly logs: LogHandlerOptions;
  readonly log: Pick<Logger, 'warn'>;
  readonly observer: Pick<Observer, 'observe'>;
  /** A still of what viewers see in a room. */
  readonly still: (room: string) => Promise<Poster>;
  /** How a room fares. */
  readonly health: (room: Room) => RoomHealth;
  /** What was done, and is not written yet. */
  readonly deeds: Pick<DeedBook, 'write'>;
  readonly reloading: Pick<Reloading, 'reload'>;
  readonly settings: RoomHandlerOptions['settings'];
  readonly hub: RoomHandlerOptions['hub'];
  readonly applying: Pick<Applying, 'plan' | 'apply' | 'declared'>;
  readonly tokens: Tokens;
  readonly links: Links;
  readonly schedules: Schedules;
  readonly around: Surroundings;
  readonly webhooks: Webhooks;
}

/** What each call of the control API does. */
export function createHandlers({
  desk,
  pool,
  facts,
  viewerUrl,
  socketFolder,
  doctor,
  logs,
  log,
  observer,
  still,
  health,
  publishing,
  addresses,
  deeds,
  reloading,
  settings,
  hub,
  applying,
  tokens,
  links,
  schedules,
  around,
  webhooks,
  lines,
  steering,
  bans,
  hands,
  reports,
  history,
}: HandlerOptions): Handlers {
  let document: Record<string, unknown> | undefined;
  // Whoever hears that it is done may cut the power next; where it cannot be written the status says so.
  const written = async <T>(done: Promise<T>): Promise<T> => {
    const result = await done;
    await publishing.snapshots.tried();
    return result;
  };
  const listRooms = () => desk.rooms.map((room) => ({ ...room.model(), health: health(room) }));
  const listBroadcasts = ({ room }: { room?: string | undefined }) =>
    desk.broadcasts.filter((broadcast) => room === undefined || broadcast.room === room);
  const status = (): Status => ({
    ...facts(),
    publishers: publishing.publishers.list().length,
    workers: pool.slots.map((slot) => {
      const rooms = desk.rooms.filter((room) => room.slot === slot);
      const viewers = rooms.reduce((sum, room) => sum + room.viewers.length, 0);
      return { pid: slot.worker.pid, port: slot.port, rooms: rooms.length, viewers };
    }),
    ingest: desk.ingest.map(({ pid, rooms }) => ({ pid, rooms: [...rooms] })),
    rooms: listRooms(),
    broadcasts: listBroadcasts({}),
    viewers: desk.rooms.reduce((sum, room) => sum + room.viewers.length, 0),
    viewersWithoutPicture: desk.rooms.reduce(
      (sum, room) => sum + room.viewers.filter(({ picture }) => !picture).length,
      0,
    ),
  });
  /** What an earlier daemon had on air is on its way back: nobody is told that there is nothing. */
  const settled =
    <I extends unknown[], R>(handle: (...input: I) => R) =>
    async (...input: I): Promise<Awaited<R>> => {
      await desk.settled();
      return await handle(...input);
    };
  const rooms = roomHandlers({
    ...{ desk, settings, keys: publishing.keys, links, schedules, deeds, hub, viewerUrl },
  });
  return {
    version: (_, { caller }) => ({ ...versions, caller: rightsOf(caller) }),
    status,
    listRooms,
    getStill: async ({ room }) => {
      const { body } = await still(room);
      return { type: 'image/jpeg', data: Buffer.from(body).toString('base64') };
    },
    ...rooms,
    deleteRoom: settled(rooms.deleteRoom),
    listBroadcasts,
    getBroadcast: ({ id }) => desk.broadcast(id),
    startBroadcast: settled((input, { gone, caller, wanted }) =>
      desk.start(
        { ...input, by: caller.kind === 'schedule' ? 'schedule' : 'person', onWanted: wanted },
        gone,
      ),
    ),
    stopBroadcast: settled(({ id }, { caller }) =>
      written(desk.end(id, caller.kind === 'schedule' ? 'ended' : 'stopped')),
    ),
    stopRoom: settled(({ room }) => written(desk.stop(room))),
    keepBroadcast: settled(({ room, on }) => written(desk.keep(room, on))),
    getProgramme: settled(({ room, all }) => desk.programme(room, all)),
    control: settled(({ room, command, wait }, { gone, caller, wanted }) =>
      desk.control(room, command, wait, gone, caller, wanted),
    ),
    ...viewerHandlers({ desk, lines, steering, bans, hands }),
    ...reportHandlers({ reports, history }),
    reload: () => reloading.reload(),
    planApply: settled(({ declared, prune }) => applying.plan(declared, prune)),
    apply: settled(({ declared, ...manner }, { caller }) => applying.apply(declared, manner, caller)),
    exportDeclared: settled(({ name }) => applying.declared(name ?? null)),
    listAudit: ({ room, sinceMs, after, limit }) => {
      deeds.write();
      const since = sinceMs === undefined ? 0 : systemClock.wallMs() - sinceMs;
      return publishing.store.read((database) => readAudit(database, { sinceMs: since, after, room, limit }));
    },
    observe: ({ epoch, after, ...what }, { gone, caller }) =>
      observer.observe(lensOf(what, caller), placeOf(epoch, after), gone),
    listDevices: () => desk.listDevices(),
    doctor: (_, { gone }) => doctor.look(gone),
    openStdin: ({ room }) => desk.openStdin(room),
    writeStdin: ({ token }, { body }) => writeStdin(join(socketFolder, stdinName(token)), body, log),
    probe: ({ source, renditions }) => desk.probe(source, renditions),
    scan: (input, { gone }) => desk.scan(input, gone),
    ...publishingHandlers({ publishing, addresses, desk }),
    ...tokenHandlers(tokens),
    ...linkHandlers(links, viewerUrl),
    ...logHandlers(logs),
    ...scheduleHandlers(schedules, around, settled),
    ...webhookHandlers(webhooks),
    // It takes as long as a tenth of a start, and hardly anybody asks for it.
    openapi: () => {
      document ??= openApiDocument(versions.version);
      return document;
    },
  };
}

function placeOf(epoch: string | undefined, after: number | undefined): Place | null {
  return epoch === undefined || after === undefined ? null : { epoch, after };
}
