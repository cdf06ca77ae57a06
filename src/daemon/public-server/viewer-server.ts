import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import Fastify, { type FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Config } from '../../contract/config.ts';
import { asMiroliveError, errorTable, MiroliveError } from '../../contract/errors.ts';
import { roomName } from '../../contract/names.ts';
import type { EventHub } from '../event-hub.ts';
import type { Publishers } from '../publishers/publishers.ts';
import { whipRoutes } from '../publishers/whip/whip-routes.ts';
import type { Desk } from '../rooms/desk.ts';
import { Attendance, type Seat } from '../viewers/attendance.ts';
import { closeCode, PageSession } from '../viewers/page-session.ts';
import { whepRoutes } from '../viewers/whep/whep-routes.ts';
import { contentSecurityPolicy } from './content-security-policy.ts';
import { readPageFiles, sendPageFile } from './page-files.ts';
import type { SessionRoutes } from './session-routes.ts';

/** The largest message of the signalling protocol is a set of RTP capabilities, about 10 KB. */
const maxMessageBytes = 64 * 1024;
/** A page that answers no ping within this is gone, in ms. */
const pingIntervalMs = 20_000;
/** Told to pages when the daemon ends: about what a restart takes. */
const comeBackMs = 1500;

export interface ViewerServerOptions {
  readonly config: Config;
  readonly desk: Desk;
  readonly publishers: Publishers;
  readonly hub: EventHub;
  readonly log: Logger;
  readonly version: string;
  /** Folder of the built page. */
  readonly pageFolder: string;
}

/** What faces viewers and publishers by HTTP: the page, its WebSocket, WHEP, WHIP, and a health check. */
export class ViewerServer {
  readonly #options: ViewerServerOptions;
  readonly #app: FastifyInstance;
  readonly #sockets = new WebSocketServer({
    noServer: true,
    maxPayload: maxMessageBytes,
    perMessageDeflate: false,
  });
  readonly #sessions = new Set<PageSession>();
  readonly #attendance: Attendance;
  readonly #whep: SessionRoutes;
  readonly #whip: SessionRoutes;
  readonly #alive = new WeakSet<WebSocket>();
  #pingTimer: NodeJS.Timeout | undefined;
  #closed = false;

  private constructor(options: ViewerServerOptions, app: FastifyInstance) {
    this.#options = options;
    this.#app = app;
    const { config, desk, publishers, hub } = options;
    this.#attendance = new Attendance({ limits: config.limits, desk, hub });
    this.#whep = whepRoutes({ desk, attendance: this.#attendance });
    this.#whip = whipRoutes({ config, desk, publishers });
  }

  static async create(options: ViewerServerOptions): Promise<ViewerServer> {
    const app = Fastify({ bodyLimit: maxMessageBytes, forceCloseConnections: true });
    const server = new ViewerServer(options, app);
    await server.#routes();
    app.server.on('upgrade', (request, socket, head) => server.#upgrade(request, socket, head));
    server.#pingTimer = setInterval(() => server.#ping(), pingIntervalMs);
    return server;
  }

  /** Begins to listen; rejects with PORT_IN_USE. Gives the port. */
  async listen(): Promise<number> {
    const { host, port } = this.#options.config.http;
    try {
      await this.#app.listen({ host, port });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
      throw new MiroliveError(
        'PORT_IN_USE',
        `expected port ${port} to be free for the page, something holds it`,
        {
          cause: error,
          details: { key: 'http.port' },
        },
      );
    }
    const address = this.#app.server.address();
    return address !== null && typeof address === 'object' ? address.port : port;
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    clearInterval(this.#pingTimer);
    for (const session of this.#sessions) session.bye(comeBackMs);
    this.#sockets.close();
    this.#whep.close();
    this.#whip.close();
    await this.#app.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #routes(): Promise<void> {
    const files = await readPageFiles(this.#options.pageFolder);
    const page = files.get('index.html');
    const policy = contentSecurityPolicy(String(page?.body ?? ''));
    const app = this.#app;
    app.addHook('onRequest', async (_request, reply) => {
      reply.headers({
        'content-security-policy': policy,
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'same-origin',
      });
    });
    app.setErrorHandler((error, _request, reply) => {
      const { statusCode } = error as { statusCode?: number };
      const known = asKnownError(error, statusCode);
      const status = statusCode ?? errorTable[known.code].status;
      if (status >= 500) this.#options.log.error({ err: error }, 'a request of a viewer failed');
      return reply.code(status).send({ error: known });
    });
    await app.register(this.#whep.routes);
    await app.register(this.#whip.routes);
    app.get('/healthz', async () => ({ ok: true, version: this.#options.version }));
    app.get<{ Params: { name: string } }>('/assets/:name', async (request, reply) => {
      const file = files.get(request.params.name);
      if (!file) return reply.code(404).type('text/plain').send('not found\n');
      return sendPageFile(file, request, reply);
    });
    app.get<{ Params: { room: string } }>('/:room', async (request, reply) => {
      if (!page || !roomName.safeParse(request.params.room).success) {
        return reply.code(404).type('text/plain').send('There is no such room.\n');
      }
      return sendPageFile(page, request, reply);
    });
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const name = /^\/ws\/([^/?]+)$/.exec(request.url ?? '')?.[1];
    if (this.#closed || !name || !roomName.safeParse(name).success) {
      socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n');
      return;
    }
    this.#sockets.handleUpgrade(request, socket, head, (webSocket) => this.#join(webSocket, request, name));
  }

  #join(socket: WebSocket, request: IncomingMessage, name: string): void {
    const address = request.socket.remoteAddress ?? 'unknown';
    socket.on('error', () => socket.terminate());
    let seat: Seat;
    try {
      seat = this.#attendance.admit(address);
    } catch (error) {
      const { code, message } = asMiroliveError(error);
      socket.send(JSON.stringify({ type: 'error', code, message }));
      socket.close(closeCode.tryLater, code);
      return;
    }
    const { version, log, desk } = this.#options;
    const room = desk.room(name);
    const userAgent = request.headers['user-agent'];
    const viewer = seat.join(room, { kind: 'page', state: 'waiting', userAgent });
    const session = new PageSession({
      socket,
      room,
      viewerId: viewer.id,
      version,
      log,
      onState: (state) => seat.become(state),
      onMedia: (media, { renditions }) => seat.watch(media, renditions),
    });
    this.#sessions.add(session);
    this.#alive.add(socket);
    socket.on('pong', () => this.#alive.add(socket));
    socket.on('close', () => {
      this.#sessions.delete(session);
      session.close();
      seat.leave();
    });
  }

  #ping(): void {
    for (const socket of this.#sockets.clients) {
      if (!this.#alive.delete(socket)) socket.terminate();
      else socket.ping();
    }
  }
}

/** What Fastify itself refuses, such as a body that is too large, is the client's fault. */
function asKnownError(error: unknown, statusCode = 500): MiroliveError {
  if (error instanceof MiroliveError || statusCode >= 500) return asMiroliveError(error);
  return new MiroliveError('INVALID_REQUEST', (error as Error).message, { cause: error });
}
