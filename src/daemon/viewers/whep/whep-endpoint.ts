import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { MiroliveError } from '../../../contract/errors.ts';
import { roomName } from '../../../contract/names.ts';
import type { Desk } from '../../desk.ts';
import { roomIdle } from '../../media/room.ts';
import type { Attendance } from '../attendance.ts';
import { readIceFragment } from './ice-fragment.ts';
import { readOffer } from './offer.ts';
import { refusal } from './refusal.ts';
import { WhepSession } from './whep-session.ts';

/** Told to a client that came too early or in too great a crowd, in s. */
const retryAfterS = 2;
const sdpType = 'application/sdp';
const fragmentType = 'application/trickle-ice-sdpfrag';

/** A player may stand on any page: there is nothing here that a cookie opens. */
const corsHeaders = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers': 'Location, ETag, Link, Retry-After',
};

interface Place {
  readonly room: string;
  readonly id: string;
}

export interface WhepEndpointOptions {
  readonly desk: Desk;
  readonly attendance: Attendance;
}

/** WHEP (draft-ietf-wish-whep): any standard player gets a room's programme by one POST. */
export class WhepEndpoint {
  readonly #options: WhepEndpointOptions;
  readonly #sessions = new Map<string, WhepSession>();
  #closed = false;

  constructor(options: WhepEndpointOptions) {
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
    app.addHook('onError', async (_request, reply, error) => {
      const { code } = error as { code?: string };
      if (code === 'ROOM_IDLE' || code === 'LIMIT_REACHED') reply.header('retry-after', retryAfterS);
    });
    const endpoint = '/whep/:room';
    const resource = '/whep/:room/:id';
    app.options(endpoint, async (_request, reply) => preflight(reply.header('accept-post', sdpType), 'POST'));
    app.options(resource, async (_request, reply) => preflight(reply, 'DELETE, PATCH'));
    app.post<{ Params: Place }>(endpoint, (request, reply) => this.#post(request, reply));
    app.patch<{ Params: Place }>(resource, (request, reply) => this.#patch(request, reply));
    app.delete<{ Params: Place }>(resource, async (request, reply) => {
      this.#find(request.params).close();
      return reply.code(200).send();
    });
    app.route({ method: ['GET', 'PUT', 'PATCH', 'DELETE'], url: endpoint, handler: notAllowed('POST') });
    app.route({ method: ['GET', 'PUT', 'POST'], url: resource, handler: notAllowed('DELETE, PATCH') });
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
    const name = roomOf(request.params);
    const sdp = bodyOf(request, sdpType);
    const seat = this.#options.attendance.admit(request.ip);
    try {
      const room = this.#options.desk.findRoom(name);
      if (!room?.broadcast) throw roomIdle(name);
      const session = await WhepSession.create(room, readOffer(sdp));
      this.#sessions.set(session.id, session);
      seat.join(room, { kind: 'whep', state: 'connecting', userAgent: request.headers['user-agent'] });
      session.once('connected', () => seat.become('playing'));
      session.once('closed', () => {
        this.#sessions.delete(session.id);
        seat.leave();
      });
      if (this.#closed) session.close();
      return reply
        .code(201)
        .headers({ location: `/whep/${name}/${session.id}`, etag: session.etag })
        .type(sdpType)
        .send(session.answer);
    } catch (error) {
      seat.leave();
      throw error;
    }
  }

  async #patch(request: FastifyRequest<{ Params: Place }>, reply: FastifyReply): Promise<FastifyReply> {
    const session = this.#find(request.params);
    const fragment = readIceFragment(bodyOf(request, fragmentType));
    requireMatch(request.headers['if-match'], session.etag);
    const body = await session.patch(fragment);
    if (body === null) return reply.code(204).send();
    return reply.code(200).header('etag', session.etag).type(fragmentType).send(body);
  }

  #find(params: Place): WhepSession {
    const session = this.#sessions.get(params.id);
    if (session?.room.name === params.room) return session;
    throw new MiroliveError(
      'VIEWER_NOT_FOUND',
      'expected a session that is there, it has ended or never was',
    );
  }
}

function roomOf({ room }: Place): string {
  if (roomName.safeParse(room).success) return room;
  throw new MiroliveError('ROOM_NOT_FOUND', 'expected the name of a room: a-z, 0-9 and -, at most 63');
}

function bodyOf(request: FastifyRequest, type: string): string {
  const got = request.headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  if (got === type && typeof request.body === 'string') return request.body;
  throw refusal(415, `expected a body of type ${type}, got ${got ?? 'none'}`, `Send Content-Type: ${type}`);
}

/** RFC 9725, 4.3: a PATCH names the ICE session that it is for, or `*` where it begins a new one. */
function requireMatch(ifMatch: string | undefined, etag: string): void {
  if (ifMatch === undefined) {
    throw refusal(428, 'expected an If-Match header', 'Send the ETag of the answer, or * to restart ICE');
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

function notAllowed(methods: string) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<never> => {
    reply.header('allow', `OPTIONS, ${methods}`);
    throw refusal(405, `expected ${methods}, got ${request.method}`, 'See draft-ietf-wish-whep');
  };
}
