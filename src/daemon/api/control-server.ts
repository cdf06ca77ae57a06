import { createServer, type RequestListener } from 'node:http';
import type { Socket } from 'node:net';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { apiVersion, type Call, type CallInput, calls } from '../../contract/api.ts';
import { asMiroliveError, errorTable, MiroliveError } from '../../contract/errors.ts';
import type { Event } from '../../contract/events.ts';
import type { Principal } from '../../contract/principal.ts';
import { BoundedResponse, unlessEnded } from '../bounded-response.ts';
import { isFigure } from '../event-figures.ts';
import type { EventHub } from '../event-hub.ts';
import type { ControlSocket } from './control-socket.ts';
import { admitted, type Dispatch } from './dispatch.ts';
import { peerUser } from './peer-user.ts';

/** The largest request is a playlist of 10,000 items. */
const maxBodyBytes = 8 * 1024 * 1024;
/** A reader of events who is this far behind is cut off, rather than fill the daemon's memory. */
const maxBacklogBytes = 4 * 1024 * 1024;
/** Streams of events and other lines at once. */
const maxStreams = 100;

export interface ControlServerOptions {
  /** Is closed with the server. */
  readonly socket: ControlSocket;
  readonly dispatch: Dispatch;
  readonly hub: EventHub;
  readonly log: Logger;
}

/** The control API on a Unix socket: routes, validation and errors come from the contract's table. */
export class ControlServer {
  readonly #options: ControlServerOptions;
  readonly #app: FastifyInstance;
  /** Each ends one. */
  readonly #streams = new Set<() => void>();
  /** Who opened each connection. */
  readonly #users = new WeakMap<Socket, string | null>();
  #closed = false;

  #listener: RequestListener | undefined;

  private constructor(options: ControlServerOptions) {
    this.#options = options;
    this.#app = Fastify({
      bodyLimit: maxBodyBytes,
      // The socket has servers of its own, one after the other.
      serverFactory: (listener) => {
        this.#listener = listener;
        return createServer();
      },
    });
    this.#routes();
  }

  static async create(options: ControlServerOptions): Promise<ControlServer> {
    const server = new ControlServer(options);
    await server.#app.ready();
    await options.socket.listen(() => createServer({ ServerResponse: BoundedResponse }, server.#listener));
    return server;
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    for (const end of this.#streams) end();
    await this.#options.socket.close();
    await this.#app.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #routes(): void {
    const app = this.#app;
    app.addHook('onRequest', unlessEnded);
    app.addHook('onRequest', async (_request, reply) => {
      reply.header('mirolive-api', apiVersion);
    });
    app.setErrorHandler((error, _request, reply) => this.#fail(error, reply));
    app.setNotFoundHandler((request, reply) =>
      this.#fail(
        new MiroliveError('CALL_NOT_FOUND', `there is no call ${request.method} ${request.url}`),
        reply,
      ),
    );
    for (const [name, call] of Object.entries(calls) as [keyof typeof calls, Call][]) {
      app.route({
        method: call.method,
        url: call.path,
        handler: async (request, reply) => {
          const caller: Principal = { kind: 'socket', user: this.#userOf(request.raw.socket) };
          const params = paramsOf(call, request);
          if (name === 'events') return this.#stream(admitted(name, params, caller), reply);
          const gone = new AbortController();
          reply.raw.once('close', () => gone.abort());
          const answer = this.#options.dispatch(name, params, caller, gone.signal);
          return call.stream ? this.#lines(answer as AsyncIterable<unknown>, gone, reply) : answer;
        },
      });
    }
  }

  /** What goes wrong before the first line is answered as for any call. */
  async #lines(lines: AsyncIterable<unknown>, gone: AbortController, reply: FastifyReply): Promise<void> {
    this.#bound();
    const values = lines[Symbol.asyncIterator]();
    let next = await values.next();
    reply.hijack();
    const { raw } = reply;
    const write = (value: unknown) => raw.write(`${JSON.stringify(value)}\n`);
    const end = () => gone.abort(new MiroliveError('SHUTTING_DOWN', 'the daemon is ending'));
    this.#streams.add(end);
    raw.on('error', () => raw.destroy());
    raw.writeHead(200, { 'content-type': 'application/x-ndjson', 'mirolive-api': apiVersion });
    try {
      for (; !next.done; next = await values.next()) write(next.value);
    } catch (error) {
      write({ type: 'failed', error: asMiroliveError(error) });
    } finally {
      this.#streams.delete(end);
      raw.end();
    }
  }

  #userOf(socket: Socket): string | null {
    const known = this.#users.get(socket);
    if (known !== undefined) return known;
    const user = peerUser(socket);
    this.#users.set(socket, user);
    return user;
  }

  #bound(): void {
    if (this.#streams.size < maxStreams) return;
    throw new MiroliveError('LIMIT_REACHED', `there are ${maxStreams} streams already`, {
      hint: 'Close one of them.',
    });
  }

  #stream({ room, stats, sinceMs, follow }: CallInput<'events'>, reply: FastifyReply): void {
    this.#bound();
    reply.hijack();
    const { raw } = reply;
    raw.writeHead(200, { 'content-type': 'application/x-ndjson', 'mirolive-api': apiVersion });
    const write = (event: Event) => {
      raw.write(`${JSON.stringify(event)}\n`);
      if (raw.writableLength <= maxBacklogBytes || raw.destroyed) return;
      raw.destroy();
      this.#options.log.warn({ room, stats }, 'a reader of events reads too slowly, and is cut off');
    };
    const isAsked = (event: Event) =>
      (stats || !isFigure(event)) && (room === undefined || !('room' in event) || event.room === room);
    const { hub } = this.#options;
    const { events, ...moments } = hub.past(sinceMs);
    write({ type: 'events.open', ...moments });
    const tell = (event: Event) => {
      if (isAsked(event)) write(event);
    };
    events.forEach(tell);
    const stop = follow ? hub.listen(tell) : () => {};
    const end = () => {
      stop();
      raw.end();
    };
    this.#streams.add(end);
    raw.on('close', () => {
      stop();
      this.#streams.delete(end);
    });
    raw.on('error', () => raw.destroy());
    if (!follow) end();
  }

  #fail(error: unknown, reply: FastifyReply): FastifyReply {
    const parsed = isClientError(error)
      ? new MiroliveError('INVALID_REQUEST', error.message)
      : asMiroliveError(error);
    if (parsed.code === 'INTERNAL' && !reply.raw.closed)
      this.#options.log.error({ err: error }, 'a call of the control API failed');
    return reply.code(errorTable[parsed.code].status).send({ error: parsed });
  }
}

/** Fastify's own complaints: a body that is no JSON, too large, of a wrong type. */
function isClientError(error: unknown): error is Error {
  const { statusCode } = error as { statusCode?: number };
  return (
    error instanceof Error &&
    !(error instanceof MiroliveError) &&
    statusCode !== undefined &&
    statusCode < 500
  );
}

function paramsOf(call: Call, request: FastifyRequest): unknown {
  return {
    ...(request.query as object),
    ...(call.method === 'POST' ? ((request.body as object | null) ?? {}) : {}),
    ...(request.params as object),
  };
}
