import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import { Readable } from 'node:stream';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { apiVersion, type Call, calls } from '../../contract/api.ts';
import { asMiroliveError, errorTable, MiroliveError } from '../../contract/errors.ts';
import type { Event } from '../../contract/events.ts';
import { mayCall, type Principal, roomsOf, tokenOf } from '../../contract/principal.ts';
import { seesEvent } from '../access/seen.ts';
import type { Tokens } from '../access/tokens.ts';
import { anyPath } from '../any-path.ts';
import { BoundedResponse, unlessEnded } from '../bounded-response.ts';
import type { EventHub } from '../event-hub.ts';
import type { KeptEvents } from '../history/kept-events.ts';
import { type CallerOf, socketCallers } from './callers.ts';
import type { ControlSocket } from './control-socket.ts';
import { ControlStreams } from './control-streams.ts';
import { admitted, type Dispatch, type Gate } from './dispatch.ts';
import { isLongList, listJson } from './long-list.ts';
import type { ControlPort } from './remote/control-port.ts';

/** The largest request is a playlist of 10,000 items. */
const maxBodyBytes = 8 * 1024 * 1024;
const json = 'application/json; charset=utf-8';

export interface ControlServerOptions {
  /** Is closed with the server. */
  readonly socket: ControlSocket;
  readonly dispatch: Dispatch;
  /** As `dispatch` has it: streams of events are asked for here. */
  readonly gate: Gate;
  /** Tell when what came with one is to end. */
  readonly tokens: Pick<Tokens, 'onVoid'>;
  readonly hub: EventHub;
  /** What has happened. */
  readonly past: Pick<KeptEvents, 'past'>;
  readonly log: Logger;
  /** Who calls by the socket. Default: whoever is at its other end. */
  readonly callerOf?: CallerOf;
  /** Its other way in, by TCP; it is closed with the server. Default: none. */
  readonly port?: ControlPort | undefined;
}

/** The control API on a Unix socket, and where that is wanted on a TCP port: routes, validation and errors come from the contract's table. */
export class ControlServer {
  readonly #options: ControlServerOptions;
  readonly #app: FastifyInstance;
  readonly #streams: ControlStreams;
  readonly #callerOf: CallerOf;
  readonly #callers = new WeakMap<IncomingMessage, Principal>();
  #closed = false;

  #listener: RequestListener | undefined;

  private constructor(options: ControlServerOptions) {
    this.#options = options;
    const { port, callerOf: bySocket = socketCallers() } = options;
    this.#callerOf = (request) => (port?.has(request.socket) ? port.callerOf(request) : bySocket(request));
    this.#streams = new ControlStreams(options);
    this.#app = Fastify({
      ...anyPath,
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
    await options.port?.listen((...exchange) => server.#listener?.(...exchange));
    await options.socket.listen(() =>
      createServer({ ServerResponse: BoundedResponse, requestTimeout: 0 }, server.#listener),
    );
    return server;
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#streams.close();
    await this.#options.port?.close();
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
    // Before its body: of whoever may not call, nothing is read that he sends.
    app.addHook('onRequest', async ({ raw }, reply) => {
      try {
        const caller = this.#callerOf(raw);
        this.#callers.set(raw, caller);
        this.#endWith(caller, reply);
      } catch (error) {
        reply.headers({ connection: 'close', 'www-authenticate': 'Bearer realm="mirolive"' });
        throw error;
      }
    });
    // The same where what is called is nothing.
    app.addHook('onRequest', async (request, reply) => {
      if (!request.is404) return;
      reply.header('connection', 'close');
      throw notFound(request);
    });
    app.setErrorHandler((error, _request, reply) => this.#fail(error, reply));
    app.setNotFoundHandler((request, reply) => this.#fail(notFound(request), reply));
    // Given on as it comes: it is of any length.
    app.addContentTypeParser('application/octet-stream', (_request, payload, done) => done(null, payload));
    for (const [name, call] of Object.entries(calls) as [keyof typeof calls, Call][]) {
      app.route({
        method: call.method,
        url: call.path,
        onRequest: async ({ raw }, reply) => {
          const caller = this.#callers.get(raw) as Principal;
          if (name === 'events' || mayCall(caller, call.needs)) return;
          reply.header('connection', 'close');
          // It refuses, and tells of it.
          await this.#options.dispatch(name, null, caller, AbortSignal.abort());
        },
        handler: async (request, reply) => {
          const caller = this.#callers.get(request.raw) as Principal;
          const params = paramsOf(call, request);
          if (name === 'events') {
            const asked = admitted(name, params, caller, this.#options.gate);
            const sees = roomsOf(caller) === null ? null : (event: Event) => seesEvent(caller, event);
            return this.#streams.events(asked, sees, reply, tokenOf(caller));
          }
          const gone = new AbortController();
          reply.raw.once('close', () => gone.abort());
          const body = call.bytes && request.body instanceof Readable ? request.body : undefined;
          const answer = this.#options.dispatch(name, params, caller, gone.signal, body);
          if (call.stream)
            return this.#streams.lines(answer as AsyncIterable<unknown>, gone, reply, tokenOf(caller));
          const whole: unknown = await answer;
          return isLongList(whole) ? reply.type(json).send(listJson(whole)) : whole;
        },
      });
    }
  }

  /** What somebody sends, waits for, or listens to ends with the token that he came with. */
  #endWith(caller: Principal, { raw }: FastifyReply): void {
    const id = tokenOf(caller);
    if (id === null) return;
    const stop = this.#options.tokens.onVoid(id, () => raw.destroy());
    raw.once('close', stop);
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

function notFound({ method, url }: FastifyRequest): MiroliveError {
  return new MiroliveError('CALL_NOT_FOUND', `there is no call ${method} ${url}`);
}

function paramsOf(call: Call, request: FastifyRequest): unknown {
  return {
    ...(request.query as object),
    ...(call.method === 'POST' && !call.bytes ? ((request.body as object | null) ?? {}) : {}),
    ...(request.params as object),
  };
}
