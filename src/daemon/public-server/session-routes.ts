import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type ErrorCode, MiroliveError } from '../../contract/errors.ts';
import { readIceFragment } from '../sfu/offers/ice-fragment.ts';
import { refusal } from '../sfu/offers/refusal.ts';
import type { AddressOf } from './client-address.ts';
import type { HttpSession } from './http-session.ts';
import { requireRoomName } from './require-room-name.ts';

/** Told to a client that came too early or in too great a crowd, in s. */
const retryAfterS = 2;
/** What is refused now, and may not be then. */
const toComeAgain = ['ROOM_IDLE', 'LIMIT_REACHED', 'ROOM_FULL', 'STATE_UNAVAILABLE'];
const sdpType = 'application/sdp';
const fragmentType = 'application/trickle-ice-sdpfrag';

/** A client may stand on any page: there is nothing here that a cookie opens. */
const corsHeaders = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers': 'Location, ETag, Link, Retry-After, WWW-Authenticate',
};

/** A request for a session. */
export interface SessionRequest {
  readonly room: string;
  readonly sdp: string;
  readonly address: string;
  readonly userAgent: string | undefined;
  readonly authorization: string | undefined;
}

export interface SessionRoutesOptions {
  /** Which protocol it is: the first part of the path, and where it is written down. */
  readonly protocol: 'whep' | 'whip';
  readonly specification: string;
  readonly addressOf: AddressOf;
  /** Answers an offer; rejects with a refusal or an error of the table. */
  readonly open: (request: SessionRequest) => Promise<HttpSession>;
  /** The error where there is no session of this name. */
  readonly missing: ErrorCode;
}

interface Place {
  readonly room: string;
  readonly id: string;
}

/** The HTTP that WHIP (RFC 9725) and WHEP have in common: a POST opens a session, a PATCH tells of ICE, a DELETE ends it. */
export class SessionRoutes {
  readonly #options: SessionRoutesOptions;
  /** By what follows the protocol in their path. */
  readonly #sessions = new Map<string, HttpSession>();
  #closed = false;

  constructor(options: SessionRoutesOptions) {
    this.#options = options;
  }

  /** Adds the routes; to be given to Fastify's `register`, which keeps hooks and parsers apart from the page's. */
  readonly routes = async (app: FastifyInstance): Promise<void> => {
    app.removeAllContentTypeParsers();
    app.addContentTypeParser([sdpType, fragmentType], { parseAs: 'string' }, (_request, body, done) =>
      done(null, body),
    );
    app.addHook('onRequest', async (_request, reply) => {
      reply.headers(corsHeaders);
    });
    app.addHook('onError', async (request, reply, error) => {
      const { code } = error as { code?: string };
      if (code !== undefined && toComeAgain.includes(code)) reply.header('retry-after', retryAfterS);
      if (code === 'KEY_UNKNOWN' || code === 'LINK_NEEDED')
        reply.header('www-authenticate', challengeFor(request));
    });
    const endpoint = `/${this.#options.protocol}/:room`;
    const resource = `${endpoint}/:id`;
    app.options(endpoint, async (_request, reply) => preflight(reply.header('accept-post', sdpType), 'POST'));
    app.options(resource, async (_request, reply) => preflight(reply, 'DELETE, PATCH'));
    app.post<{ Params: Place }>(endpoint, (request, reply) => this.#post(request, reply));
    app.patch<{ Params: Place }>(resource, (request, reply) => this.#patch(request, reply));
    app.delete<{ Params: Place }>(resource, async (request, reply) => {
      this.#find(request.params).close();
      return reply.code(200).send();
    });
    const others = { method: ['GET', 'PUT', 'PATCH', 'DELETE'], url: endpoint };
    // Before its body is looked at, which may be of any type.
    const refused = (methods: string) => {
      const onRequest = this.#notAllowed(methods);
      return { onRequest, handler: onRequest };
    };
    app.route({ ...others, ...refused('POST') });
    app.route({ method: ['GET', 'PUT', 'POST'], url: resource, ...refused('DELETE, PATCH') });
  };

  /** Ends every session. */
  close(): void {
    this.#closed = true;
    for (const session of this.#sessions.values()) session.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  async #post(request: FastifyRequest<{ Params: Place }>, reply: FastifyReply): Promise<FastifyReply> {
    const { protocol, open, addressOf } = this.#options;
    const room = requireRoomName(request.params.room);
    const sdp = bodyOf(request, sdpType);
    const { 'user-agent': userAgent, authorization } = request.headers;
    const session = await open({ room, sdp, address: addressOf(request.raw), userAgent, authorization });
    if (this.#closed) session.close();
    if (session.isClosed) throw this.#isMissing();
    const path = `${room}/${session.id}`;
    this.#sessions.set(path, session);
    session.once('closed', () => this.#sessions.delete(path));
    return reply
      .code(201)
      .headers({ location: `/${protocol}/${path}`, etag: session.etag })
      .type(sdpType)
      .send(session.answer);
  }

  async #patch(request: FastifyRequest<{ Params: Place }>, reply: FastifyReply): Promise<FastifyReply> {
    const session = this.#find(request.params);
    const fragment = readIceFragment(bodyOf(request, fragmentType));
    requireMatch(request.headers['if-match'], session, session.isRestart(fragment));
    const body = await session.patch(fragment);
    if (body === null) return reply.code(204).send();
    return reply.code(200).header('etag', session.etag).type(fragmentType).send(body);
  }

  #find({ room, id }: Place): HttpSession {
    const session = this.#sessions.get(`${room}/${id}`);
    if (session) return session;
    throw this.#isMissing();
  }

  #isMissing(): MiroliveError {
    const message = 'expected a session that is there, it has ended or never was';
    return new MiroliveError(this.#options.missing, message);
  }

  #notAllowed(methods: string) {
    return async (request: FastifyRequest, reply: FastifyReply): Promise<never> => {
      reply.header('allow', `OPTIONS, ${methods}`);
      throw refusal(405, `expected ${methods}, got ${request.method}`, `See ${this.#options.specification}`);
    };
  }
}

/** RFC 6750, 3: what was wrong is told where there was a token at all. */
function challengeFor({ headers }: FastifyRequest): string {
  return `Bearer realm="mirolive"${headers.authorization ? ', error="invalid_token"' : ''}`;
}

function bodyOf(request: FastifyRequest, type: string): string {
  const got = request.headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  if (got === type && typeof request.body === 'string') return request.body;
  throw refusal(415, `expected a body of type ${type}, got ${got ?? 'none'}`, `Send Content-Type: ${type}`);
}

/**
 * RFC 9725, 4.3: a PATCH names the ICE session that it is for, or `*` where it begins a new one. Candidates of a client that names none are
 * for the session that there is.
 */
function requireMatch(ifMatch: string | undefined, { etag }: HttpSession, isRestart: boolean): void {
  if (ifMatch === undefined) {
    if (!isRestart) return;
    throw refusal(
      428,
      'expected If-Match: * with new ICE credentials',
      'Send it, or the ufrag and pwd of the offer',
    );
  }
  if (ifMatch === '*' || ifMatch.split(',').some((tag) => tag.trim() === etag)) return;
  throw refusal(412, `expected If-Match to be ${etag}, got ${ifMatch.slice(0, 100)}`, 'Send the latest ETag');
}

function preflight(reply: FastifyReply, methods: string): FastifyReply {
  const headers = {
    'access-control-allow-methods': `OPTIONS, ${methods}`,
    'access-control-allow-headers': 'Content-Type, If-Match, Authorization',
    'access-control-max-age': '86400',
    allow: `OPTIONS, ${methods}`,
  };
  return reply.code(204).headers(headers).send();
}
