import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Logger } from 'pino';
import { systemClock } from '../contract/clock.ts';
import type { Config } from '../contract/config.ts';
import { ControlServer } from './api/control-server.ts';
import { createHandlers } from './api/handlers.ts';
import { EventHub } from './event-hub.ts';
import { Health } from './health.ts';
import { roomProblems } from './ops/room-problems.ts';
import { ViewerServer } from './public-server/viewer-server.ts';
import { publishAddresses } from './publishers/publish-addresses.ts';
import type { Publication, Publishers } from './publishers/publishers.ts';
import { Publishing } from './publishers/publishing.ts';
import { Desk } from './rooms/desk.ts';
import { primaryAddress } from './sfu/addresses.ts';
import { WorkerPool } from './sfu/worker-pool.ts';
import { versions } from './version.ts';

/** Where the build puts the page; the same place seen from src and from dist. */
const builtPage = fileURLToPath(new URL('../../dist/web-viewer', import.meta.url));

export interface DaemonOptions {
  readonly config: Config;
  /** Path of the control socket. */
  readonly socket: string;
  readonly log: Logger;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Folder of the built page. Default: the build's. */
  readonly pageFolder?: string;
}

/** The whole daemon: made ready by `create`, ended by `close`, in reverse order. */
export class Daemon {
  readonly #parts: AsyncDisposableStack;
  readonly desk: Desk;
  readonly hub: EventHub;
  readonly pool: WorkerPool;
  readonly health: Health;
  /** Who publishes, by RTMP and by WHIP. */
  readonly publishers: Publishers;
  /** The address that viewers use, without a slash at the end. */
  readonly viewerUrl: string;

  private constructor(
    parts: AsyncDisposableStack,
    desk: Desk,
    hub: EventHub,
    pool: WorkerPool,
    health: Health,
    publishers: Publishers,
    viewerUrl: string,
  ) {
    this.#parts = parts;
    this.desk = desk;
    this.hub = hub;
    this.pool = pool;
    this.health = health;
    this.publishers = publishers;
    this.viewerUrl = viewerUrl;
  }

  static async create(options: DaemonOptions): Promise<Daemon> {
    const { config, socket, log, env } = options;
    await using parts = new AsyncDisposableStack();
    const hub = new EventHub();
    const health = new Health({ hub, log, clock: systemClock });
    const pool = parts.use(await WorkerPool.create({ config, env, log, health }));
    const publishing = parts.use(Publishing.create({ config, env, hub, log }));
    const { publishers } = publishing;
    const desk = parts.use(await Desk.create({ config, pool, hub, log, socketFolder: dirname(socket) }));
    publishers.on('published', (publication, media) => {
      desk.publish(publication, media).catch(refused(log, publication));
    });
    publishers.on('silent', (publication, silent) => desk.setSilent(publication, silent));
    publishers.on('gone', (publication) => desk.unpublish(publication));
    const viewers = parts.use(
      await ViewerServer.create({
        ...{ config, desk, publishers, hub, log },
        knows: (room) =>
          Object.hasOwn(config.rooms, room) ||
          desk.findRoom(room)?.broadcast != null ||
          publishing.keys.areOf(room),
        health,
        version: versions.version,
        pageFolder: options.pageFolder ?? builtPage,
      }),
    );
    const looked = warnOfRooms(config, log);
    parts.defer(() => looked);
    const port = await viewers.listen();
    const viewerUrl = viewerAddress(config, port);
    desk.viewerUrl = viewerUrl;
    // Whoever publishes is heard of by now.
    await publishing.listen();
    const addresses = (room: string) => publishAddresses(config, viewerUrl, publishing.ports, room);
    const handlers = createHandlers({ desk, pool, health, socket, viewerUrl, publishing, addresses });
    parts.use(await ControlServer.create({ socket, handlers, hub, log }));
    for (const room of Object.keys(config.rooms)) void desk.keepOnAir(room);
    health.open();
    // First of all, while whoever listens on the control socket can still hear of it.
    parts.defer(async () => {
      health.close();
      hub.announce({ type: 'daemon.stopping' });
      await desk.close();
    });
    return new Daemon(parts.move(), desk, hub, pool, health, publishers, viewerUrl);
  }

  /** Tells viewers, ends broadcasts, closes sockets, removes files. */
  async close(): Promise<void> {
    await this.#parts.disposeAsync();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

/** Nobody waits for it: a room goes on air without what is wrong. */
async function warnOfRooms(config: Config, log: Logger): Promise<void> {
  for (const { room, error } of await roomProblems(config)) {
    log.warn({ room, ...error.toJSON() }, `room ${room}: ${error.message}`);
  }
}

/** A publisher whose media cannot be put on air stays connected: an operator may mend what is wrong, and take it. */
function refused(log: Logger, { room, key }: Publication): (error: unknown) => void {
  return (error) => log.warn({ err: error, room, key }, 'what is published could not be put on air');
}

function viewerAddress(config: Config, port: number): string {
  const { publicUrl, host } = config.http;
  if (publicUrl) return publicUrl.replace(/\/+$/, '');
  const anyAddress = ['0.0.0.0', '::'].includes(host);
  const name = anyAddress ? primaryAddress() : host;
  return `http://${name.includes(':') ? `[${name}]` : name}:${port}`;
}
