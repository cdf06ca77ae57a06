import type { IncomingMessage } from 'node:http';
import websocket from '@fastify/websocket';
import Fastify, { type FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { type Clock, systemClock } from '../../contract/clock.ts';
import { type Config, roomConfig } from '../../contract/config.ts';
import type { HealthListener } from '../../ingest/child/restarts.ts';
import type { Links } from '../access/links.ts';
import { anyPath } from '../any-path.ts';
import { BoundedResponse, unlessEnded } from '../bounded-response.ts';
import type { EventHub } from '../event-hub.ts';
import { Posters } from '../posters/posters.ts';
import { type WhipOptions, whipRoutes } from '../publishers/whip/whip-routes.ts';
import { onAirOf } from '../rooms/broadcast.ts';
import type { Room } from '../rooms/room.ts';
import type { KnownProcess } from '../view/known-processes.ts';
import { Attendance, type AttendanceOptions, type Rooms } from '../viewers/attendance.ts';
import type { Bans } from '../viewers/bans.ts';
import { DistressWatch } from '../viewers/distress-watch.ts';
import { egressOf } from '../viewers/egress-of.ts';
import type { Hands } from '../viewers/hands.ts';
import { LineSampler, looksPerSecond } from '../viewers/line-sampler.ts';
import { PageSockets } from '../viewers/page-sockets.ts';
import type { Coming } from '../viewers/page-tidings.ts';
import { ServerStrain } from '../viewers/server-strain.ts';
import { Steering } from '../viewers/steering.ts';
import type { Tickets } from '../viewers/tickets.ts';
import { whepRoutes } from '../viewers/whep/whep-routes.ts';
import { Admission } from './admission.ts';
import { clientAddress, proxyCheck } from './client-address.ts';
import { ConnectionBudget } from './connection-budget.ts';
import { contentSecurityPolicy } from './content-security-policy.ts';
import { enterRoutes } from './enter-routes.ts';
import { type Health, healthRoutes } from './health-routes.ts';
import type { LiveRoom } from './home-page.ts';
import { httpsOnly } from './https-only.ts';
import { listenError } from './listen-error.ts';
import { readPageFiles } from './page-files.ts';
import { type PageRoutesOptions, pageRoutes } from './page-routes.ts';
import { posterRoutes } from './poster-routes.ts';
import type { RoomHead } from './room-head.ts';
import { SecurePort } from './secure-port.ts';
import { defaultTimes, type ServerTimes } from './server-times.ts';
import type { SessionRoutes } from './session-routes.ts';
import { toldOf } from './viewer-errors.ts';

/** The largest that a client may send at once: an offer with every codec of a browser has about 10 KB. */
const maxBodyBytes = 64 * 1024;
/** A page says nothing that is longer than a fingerprint and two names. */
const maxMessageBytes = 4 * 1024;

/** What pages speak. */
const socketProtocol = 'mirolive';

/** So many lines of viewers are looked at in a second while what leaves has a limit: within 20 s. */
const boundedLooksPerSecond = 100;

export interface ViewerServerOptions {
  readonly config: Pick<Config, 'http' | 'limits' | 'plan' | 'rooms'>;
  readonly desk: Rooms;
  readonly publishers: WhipOptions['publishers'];
  /** Whether there is a room of this name: something is on air in it, or an operator has spoken of it. */
  readonly knows: (room: string) => boolean;
  /** Who may not come in. */
  readonly bans: Bans;
  /** Who may come into rooms that are for guests. */
  readonly links: Links;
  /** By what viewers are known who come back. */
  readonly tickets: Tickets;
  /** Whose hands are up. */
  readonly hands: Hands;
  /** Who counts viewers. */
  readonly audience: AttendanceOptions['audience'];
  /** What comes next in a room by itself; null: nothing soon. */
  readonly next: (room: string) => Coming | null;
  /** Hears what pages report. Default: nobody does. */
  readonly onReport?: NonNullable<AttendanceOptions['onReport']>;
  /** All processes of the daemon. Default: nobody knows them. */
  readonly processes?: () => readonly KnownProcess[];
  readonly health: Health & HealthListener;
  readonly hub: EventHub;
  readonly log: Logger;
  readonly version: string;
  /** Folder of the built page. */
  readonly pageFolder: string;
  readonly times?: Partial<ServerTimes>;
  readonly clock?: Clock;
}

/** What faces viewers and publishers by HTTP: the page, its WebSocket, WHEP, WHIP and health, under one admission and one budget. */
export class ViewerServer {
  /** What operators do to viewers. */
  readonly steering: Steering;
  /** Looks at how the lines of viewers are. */
  readonly lines: LineSampler;
  /** Whether many viewers of a room have it bad. */
  readonly distress: DistressWatch;
  readonly #options: ViewerServerOptions;
  readonly #times: ServerTimes;
  readonly #app: FastifyInstance;
  readonly #connections: ConnectionBudget;
  readonly #secure: SecurePort | undefined;
  readonly #pages: PageSockets;
  readonly #sessions: readonly SessionRoutes[];
  readonly #face: PageRoutesOptions['face'];
  readonly #attendance: Attendance;
  readonly #enterRoutes: ReturnType<typeof enterRoutes>;
  readonly #posterRoutes: ReturnType<typeof posterRoutes>;
  #closing: Promise<void> | undefined;

  private constructor(options: ViewerServerOptions) {
    this.#options = options;
    const times = { ...defaultTimes, ...options.times };
    this.#times = times;
    const {
      config,
      desk,
      publishers,
      hub,
      knows,
      next,
      bans,
      links,
      log,
      version,
      clock = systemClock,
    } = options;
    const { audience, hands, tickets } = options;
    const { limits, http } = config;
    const addressOf = clientAddress(http.trustedProxies);
    const admission = new Admission({
      ...{ limits, knows, clock },
      mostIn: (room) => (Object.hasOwn(config.rooms, room) ? roomConfig(config, room).limits.viewers : null),
      isSated: () =>
        limits.egress !== null &&
        (egressOf(desk.rooms.flatMap(({ viewers }) => viewers)) ?? 0) >= limits.egress,
    });
    const { onReport = () => {} } = options;
    const attendance = new Attendance({
      ...{ admission, bans, desk, links, hands, hub, clock, onReport, audience },
    });
    const perSecond = () => (limits.egress === null ? looksPerSecond : boundedLooksPerSecond);
    this.lines = new LineSampler({ present: () => attendance.present, perSecond, clock });
    const strain = new ServerStrain(clock, options.processes);
    this.distress = new DistressWatch({
      rooms: () =>
        desk.rooms.map(({ name, viewers, broadcast, slot, actor }) => ({
          ...{ name, viewers, renditions: broadcast?.renditions ?? [] },
          ...{ workerPid: slot?.worker.pid, mediaPort: slot?.port },
          onAir: broadcast && onAirOf(broadcast),
          programme: () => broadcast && actor.programmeState(broadcast.id),
        })),
      between: () => attendance.between(),
      strain: (pids) => strain.look(pids),
      ...{ hub, clock },
    });
    this.#attendance = attendance;
    links.onRevoked(() => attendance.putOutUninvited());
    hands.tell((id) => attendance.handChanged(id));
    this.steering = new Steering({ attendance, bans, links, clock });
    const { announced } = this.steering;
    /** Somebody who asks for a picture alone, whose browser is not known. */
    const isBanned = (address: string, room: string) =>
      bans.find({ address, browser: null, guest: null, room });
    const shared = { desk, attendance, links, addressOf, clock };
    const posters = new Posters({
      room: (name) => desk.findRoom(name),
      // As it is now: it may be told anew while the daemon runs.
      wanted: (name) => (desk.entry(name) === 'open' ? roomConfig(config, name).poster : 'off'),
      clock,
    });
    const poster = (room: string) => posters.key(room);
    const ofPages = { http, log, version, pingMs: times.pingMs, poster, next, announced, hands, tickets };
    this.#pages = new PageSockets({ ...shared, ...ofPages });
    this.#sessions = [whepRoutes(shared), whipRoutes({ ...shared, config, publishers, admission })];
    this.#enterRoutes = enterRoutes({ links, bans, admission, addressOf, clock });
    this.#posterRoutes = posterRoutes({ posters, admission, addressOf, isBanned });
    this.#face = (room, { raw }) => {
      const address = addressOf(raw);
      if (isBanned(address, room)) return { still: null, head: null };
      const still = admission.opens(address) ? posters.prepare(room) : null;
      return { still, head: this.#head(room, posters.key(room) !== null) };
    };
    this.#app = Fastify({
      bodyLimit: maxBodyBytes,
      ...anyPath,
      forceCloseConnections: true,
      requestTimeout: times.requestMs,
      connectionTimeout: times.idleMs,
      keepAliveTimeout: times.keepAliveMs,
      http: {
        ServerResponse: BoundedResponse,
        headersTimeout: times.headersMs,
        connectionsCheckingInterval: times.checkMs,
        shouldUpgradeCallback: (request) => this.#mayUpgrade(request),
      },
    });
    const isProxy = proxyCheck(http.trustedProxies);
    this.#connections = new ConnectionBudget({
      max: limits.connections,
      maxPerNetwork: limits.connectionsPerNetwork,
      isProxy,
    });
    this.#connections.watch(this.#app.server);
    // Who says nothing makes place for who does.
    this.#app.addHook('onRequest', async ({ raw }) => this.#connections.know(raw.socket));
    this.#secure = this.#openSecure();
    if (this.#secure) {
      this.#secure.boundBy(this.#connections);
      this.#app.addHook('onRequest', httpsOnly({ http, isProxy, port: () => this.#secure?.port ?? null }));
    }
  }

  static async create(options: ViewerServerOptions): Promise<ViewerServer> {
    const server = new ViewerServer(options);
    await server.#routes();
    return server;
  }

  /** Connections now, whatever they are for. */
  get connections(): number {
    return this.#connections.size;
  }

  /** Where HTTPS is to be had, and the name that its certificate is for; null: nowhere. */
  get secure(): { readonly port: number; readonly name: string | null } | null {
    return this.#secure ? { port: this.#secure.port, name: this.#secure.name } : null;
  }

  /** Goes by the certificate that the configuration names by now. */
  certify(): void {
    const { cert, key } = this.#options.config.http.tls;
    if (cert !== null && key !== null) this.#secure?.certify({ cert, key });
  }

  /** What is set for rooms may be something else: one that was for all is for guests, or hands are raised in it. */
  lookAtRooms(): void {
    this.#attendance.putOutUninvited();
    this.#options.hands.look();
    this.#attendance.roomsChanged();
  }

  /** It may be that something else comes next in rooms: their pages are told. */
  lookAtNext(): void {
    this.#pages.lookAtNext();
  }

  /** Begins to listen; rejects with PORT_IN_USE. Gives the port. */
  async listen(): Promise<number> {
    const { host, port } = this.#options.config.http;
    try {
      await this.#app.listen({ host, port });
      await this.#secure?.listen();
    } catch (error) {
      const hint =
        'See which it has: ip address; or leave http.host out, for all that there are and that come';
      throw listenError(error, {
        what: 'the page',
        portKey: 'http.port',
        port,
        hostKey: 'http.host',
        host,
        hint,
      });
    }
    const address = this.#app.server.address();
    return address !== null && typeof address === 'object' ? address.port : port;
  }

  /** Says goodbye, and ends whatever is left after a while, whether it has heard that or not. */
  close(): Promise<void> {
    this.lines.close();
    this.distress.close();
    this.#secure?.close();
    this.#closing ??= this.#app.close();
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #openSecure(): SecurePort | undefined {
    const { config, health, clock = systemClock } = this.#options;
    const { host, tls } = config.http;
    const { port, cert, key } = tls;
    if (port === null || cert === null || key === null) return undefined;
    return SecurePort.create({
      ...{ host, port, files: { cert, key }, clock, health, times: this.#times },
      isProxy: proxyCheck(config.http.trustedProxies),
      handshakesAtOnce: config.limits.connectionsPerNetwork,
      onRequest: (request, response) => this.#app.routing(request, response),
      mayUpgrade: (request) => this.#mayUpgrade(request),
      onUpgrade: (...upgrade) => this.#app.server.emit('upgrade', ...upgrade),
    });
  }

  /** What everybody may know of a room that lets in everybody; null: nobody has said anything of it. */
  #head(room: string, hasStill: boolean): RoomHead | null {
    const { config, desk } = this.#options;
    const { title, description, language } = roomConfig(config, room);
    const onAir = desk.findRoom(room)?.title ?? null;
    if (desk.entry(room) !== 'open' || (title ?? description ?? language ?? onAir) === null) return null;
    const { publicUrl } = config.http;
    const address = publicUrl?.replace(/\/+$/, '') ?? null;
    return {
      ...{ title: title ?? onAir ?? room, description, language },
      url: address && `${address}/${room}`,
      image: address && hasStill ? `${address}/poster/${room}` : null,
    };
  }

  #mayUpgrade(request: IncomingMessage): boolean {
    return this.#closing === undefined && this.#pages.accepts(request);
  }

  async #routes(): Promise<void> {
    const { pageFolder, health, config, desk } = this.#options;
    const files = await readPageFiles(pageFolder);
    const policy = contentSecurityPolicy(String(files.get('index.html')?.body ?? ''));
    const app = this.#app;
    app.addHook('onRequest', unlessEnded);
    app.addHook('onRequest', async (_request, reply) => {
      reply.headers({
        'content-security-policy': policy,
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'same-origin',
      });
    });
    app.setErrorHandler((error, _request, reply) => {
      const { status, error: told, isFault } = toldOf(error);
      if (isFault) this.#options.log.error({ err: error }, 'a request of a viewer failed');
      return reply.code(status).send({ error: told });
    });
    await app.register(websocket, {
      // A pong is counted like every other message, and a client that never closes is not waited for.
      options: {
        maxPayload: maxMessageBytes,
        perMessageDeflate: false,
        autoPong: false,
        // What a guest says behind it is his pass, and is not to be said back.
        handleProtocols: (protocols) => protocols.has(socketProtocol) && socketProtocol,
        // Not among the types of ws.
        ...{ closeTimeout: this.#times.farewellMs },
      },
      errorHandler: (_error, socket) => socket.terminate(),
      preClose: async () => this.#farewell(),
    });
    await app.register(this.#pages.routes);
    for (const { routes } of this.#sessions) await app.register(routes);
    await app.register(healthRoutes(health));
    await app.register(this.#enterRoutes);
    await app.register(this.#posterRoutes);
    await app.register(
      pageRoutes({
        ...{ files, face: this.#face },
        live: () => (config.http.listRooms ? liveRooms(desk.rooms) : null),
      }),
    );
  }

  async #farewell(): Promise<void> {
    const { clock = systemClock } = this.#options;
    for (const sessions of this.#sessions) sessions.close();
    const late = Promise.withResolvers<void>();
    const timer = clock.after(this.#times.farewellMs, late.resolve);
    await Promise.race([this.#pages.farewell(), late.promise]);
    timer.cancel();
    this.#connections.close();
  }
}

/** Where something is on air; a slate alone, of a room that always is, is nothing to come for. */
function liveRooms(rooms: readonly Room[]): LiveRoom[] {
  return rooms
    .filter(
      ({ served, entry, broadcast }) =>
        entry === 'open' && served !== null && broadcast?.begunBy !== 'alwaysOn',
    )
    .map(({ name, title }) => ({ name, title }));
}
