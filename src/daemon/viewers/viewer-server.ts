import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import Fastify, { type FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Config } from '../../contract/config.ts';
import { asMiroliveError, errorTable, MiroliveError } from '../../contract/errors.ts';
import type { Viewer as ViewerModel } from '../../contract/models.ts';
import { roomName } from '../../contract/names.ts';
import type { Desk } from '../desk.ts';
import type { EventHub } from '../event-hub.ts';
import { newId } from '../ids.ts';
import type { Room } from '../media/room.ts';
import { Admission } from './admission.ts';
import { readPageFiles } from './page-files.ts';
import { closeCode, PageSession } from './page-session.ts';

/** The largest message of the signalling protocol is a set of RTP capabilities, about 10 KB. */
const maxMessageBytes = 64 * 1024;
/** A page that answers no ping within this is gone, in ms. */
const pingIntervalMs = 20_000;
/** Told to pages when the daemon ends: about what a restart takes. */
const comeBackMs = 1500;

/** Nothing but our own script may run in the page, and nobody else may frame it unless it is meant to be embedded. */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "media-src 'self' blob: mediastream:",
  "connect-src 'self' ws: wss:",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

export interface ViewerServerOptions {
  readonly config: Config;
  readonly desk: Desk;
  readonly hub: EventHub;
  readonly log: Logger;
  readonly version: string;
  /** Folder of the built page. */
  readonly pageFolder: string;
}

/** What faces viewers: the page, its WebSocket, WHEP, and a health check. */
export class ViewerServer {
  readonly #options: ViewerServerOptions;
  readonly #app: FastifyInstance;
  readonly #sockets = new WebSocketServer({
    noServer: true,
    maxPayload: maxMessageBytes,
    perMessageDeflate: false,
  });
  readonly #sessions = new Set<PageSession>();
  readonly #admission: Admission;
  readonly #alive = new WeakSet<WebSocket>();
  #pingTimer: NodeJS.Timeout | undefined;
  #closed = false;

  private constructor(options: ViewerServerOptions, app: FastifyInstance) {
    this.#options = options;
    this.#app = app;
    this.#admission = new Admission(options.config.limits);
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
    await this.#app.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #routes(): Promise<void> {
    const files = await readPageFiles(this.#options.pageFolder);
    const app = this.#app;
    app.addHook('onRequest', async (_request, reply) => {
      reply.headers({
        'content-security-policy': contentSecurityPolicy,
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'same-origin',
      });
    });
    app.setErrorHandler((error, _request, reply) => {
      const known = asMiroliveError(error);
      const status = (error as { statusCode?: number }).statusCode ?? errorTable[known.code].status;
      if (status >= 500) this.#options.log.error({ err: error }, 'a request of a viewer failed');
      return reply.code(status).send({ error: known });
    });
    app.get('/healthz', async () => ({ ok: true, version: this.#options.version }));
    app.get<{ Params: { name: string } }>('/assets/:name', async (request, reply) => {
      const file = files.get(request.params.name);
      if (!file) return reply.code(404).type('text/plain').send('not found\n');
      return reply.type(file.type).header('cache-control', 'no-cache').send(file.body);
    });
    app.get<{ Params: { room: string } }>('/:room', async (request, reply) => {
      const page = files.get('index.html');
      if (!page || !roomName.safeParse(request.params.room).success) {
        return reply.code(404).type('text/plain').send('There is no such room.\n');
      }
      return reply.type(page.type).header('cache-control', 'no-cache').send(page.body);
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
    let leave: () => void;
    try {
      leave = this.#admission.admit(address);
    } catch (error) {
      const { code, message } = asMiroliveError(error);
      socket.send(JSON.stringify({ type: 'error', code, message }));
      socket.close(closeCode.tryLater, code);
      return;
    }
    const room = this.#options.desk.room(name);
    const viewer: ViewerModel = {
      id: newId('v'),
      room: name,
      kind: 'page',
      state: 'waiting',
      address,
      userAgent: request.headers['user-agent']?.slice(0, 300) ?? null,
      joinedAt: new Date().toISOString(),
    };
    const { version, log, hub } = this.#options;
    const session = new PageSession({
      socket,
      room,
      viewer,
      version,
      log,
      onChange: (v) => room.setViewer(v),
    });
    this.#sessions.add(session);
    hub.announce({ type: 'viewer.joined', room: name, viewer });
    this.#alive.add(socket);
    socket.on('pong', () => this.#alive.add(socket));
    socket.on('close', () => {
      this.#sessions.delete(session);
      session.close();
      leave();
      this.#left(room, viewer.id);
    });
  }

  #left(room: Room, id: string): void {
    room.removeViewer(id);
    this.#options.hub.announce({ type: 'viewer.left', room: room.name, id });
    this.#options.desk.tidy(room);
  }

  #ping(): void {
    for (const socket of this.#sockets.clients) {
      if (!this.#alive.delete(socket)) socket.terminate();
      else socket.ping();
    }
  }
}
