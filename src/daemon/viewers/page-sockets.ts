import type { IncomingMessage } from 'node:http';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import type { WebSocket } from 'ws';
import { type Clock, every, type Timer } from '../../contract/clock.ts';
import type { Config } from '../../contract/config.ts';
import { asMiroliveError } from '../../contract/errors.ts';
import { browserId, roomName } from '../../contract/names.ts';
import { networkOf } from '../../contract/network-of.ts';
import type { Asked, DaemonMessage, Notice, SignallingVersion } from '../../contract/signalling.ts';
import type { Links } from '../access/links.ts';
import { mayConnect } from '../public-server/allowed-origin.ts';
import type { AddressOf } from '../public-server/client-address.ts';
import { Rates } from '../public-server/rate.ts';
import { requireRoomName } from '../public-server/require-room-name.ts';
import { refusal } from '../sfu/offers/refusal.ts';
import type { Attendance, Reach, Rooms, Seat } from './attendance.ts';
import { BannedError } from './bans.ts';
import type { Hands, Raising } from './hands.ts';
import { PageSession, tooOften } from './page-session.ts';
import type { Coming } from './page-tidings.ts';
import { closeCode } from './page-wire.ts';
import type { Tickets } from './tickets.ts';

/** A page that says less is of an earlier build. */
const signallingVersion: SignallingVersion = 2;

/** What all pages of one network may ask for: a full house behind one address raises its hands. */
const asksOfNetwork = { perSecond: 5, burst: 100 };

/** Told to pages when the daemon ends, about what a restart takes, and to those that are to come again. */
const comeBackMs = 1500;

interface Place {
  Params: { readonly room: string };
  Querystring: { readonly browser?: unknown; readonly v?: unknown };
}

export interface PageSocketsOptions {
  readonly http: Config['http'];
  readonly attendance: Attendance;
  readonly desk: Rooms;
  readonly links: Pick<Links, 'guest'>;
  readonly hands: Hands;
  readonly tickets: Pick<Tickets, 'of' | 'holder'>;
  readonly log: Logger;
  readonly version: string;
  readonly addressOf: AddressOf;
  readonly clock: Clock;
  /** Names the still of what is seen in a room; null: there is none. */
  readonly poster: (room: string) => string | null;
  /** What comes next in a room by itself; null: nothing soon. */
  readonly next: (room: string) => Coming | null;
  /** What is announced in a room now. */
  readonly announced: (room: string) => readonly Notice[];
  /** A page that answers no ping within this is gone, in ms. */
  readonly pingMs: number;
}

/** `/ws/ROOM`: the pages that are connected. */
export class PageSockets {
  readonly #options: PageSocketsOptions;
  readonly #sessions = new Map<WebSocket, PageSession>();
  readonly #alive = new WeakSet<WebSocket>();
  /** Those that have answered no ping. */
  readonly #silent = new WeakSet<WebSocket>();
  /** What all pages of a network ask for: each has a rate of its own, until it comes anew. */
  readonly #asks: Rates;
  readonly #pings: Timer;
  /** What comes next in rooms, as it was looked up last. */
  #next = new Map<string, Coming | null>();
  #isAsked = false;

  constructor(options: PageSocketsOptions) {
    this.#options = options;
    this.#asks = new Rates({ ...asksOfNetwork, clock: options.clock });
    this.#pings = every(options.clock, options.pingMs, () => this.#ping());
  }

  readonly routes = async (app: FastifyInstance): Promise<void> => {
    app.route<Place>({
      method: 'GET',
      url: '/ws/:room',
      wsHandler: (socket, request) => this.#join(socket, request),
      handler: async ({ params, headers }, reply) => {
        requireRoomName(params.room);
        if (mayConnect(headers, this.#options.http)) {
          reply.header('upgrade', 'websocket');
          throw refusal(426, 'expected a WebSocket, got a plain request', 'Open it as ws:// or wss://');
        }
        const { origin = '' } = headers;
        throw refusal(
          403,
          `expected a page of this server, got ${origin.slice(0, 100)}`,
          'See http.allowedOrigins',
        );
      },
    });
  };

  /**
   * Whether a request for another protocol gets it: a WebSocket for a page that may have one. All others are answered as the
   * plain requests that they are as well (RFC 9110, 7.8).
   */
  accepts({ method, url = '', headers }: IncomingMessage): boolean {
    const room = /^\/ws\/([^/?]+)(?:\?|$)/.exec(url)?.[1];
    const isWebSocket = method === 'GET' && headers.upgrade?.toLowerCase() === 'websocket';
    return isWebSocket && roomName.safeParse(room).success && mayConnect(headers, this.#options.http);
  }

  /** It may be that something else comes next in rooms. Looked up once for all that is changed at one moment. */
  lookAtNext(): void {
    if (this.#isAsked) return;
    this.#isAsked = true;
    queueMicrotask(() => {
      this.#isAsked = false;
      this.#lookAtNext();
    });
  }

  /** Tells pages to come back; resolves when all of them have gone. */
  async farewell(): Promise<void> {
    this.#pings.cancel();
    const gone = [...this.#sessions.keys()].map(
      (socket) => new Promise((resolve) => socket.once('close', resolve)),
    );
    for (const session of this.#sessions.values()) session.bye(comeBackMs);
    await Promise.all(gone);
  }

  #join(socket: WebSocket, request: FastifyRequest<Place>): void {
    const { attendance, desk, links, log, version, addressOf, clock, poster, announced } = this.#options;
    const { hands, tickets } = this.#options;
    const name = request.params.room;
    const browser = browserId.safeParse(request.query.browser).data ?? null;
    const passes = passesIn(request.headers['sec-websocket-protocol']);
    const holder = passes.map((pass) => tickets.holder(name, pass)).find((one) => one !== null) ?? null;
    const guestOf = () => passes.map((pass) => links.guest(name, pass)).find((one) => one !== null) ?? null;
    let seat: Seat;
    try {
      seat = attendance.admit({ address: addressOf(request.raw), browser, room: name }, guestOf, holder);
    } catch (error) {
      refuse(socket, error);
      return;
    }
    const room = desk.room(name);
    const userAgent = request.headers['user-agent'];
    const reach: Reach = {
      out: (why) => {
        hands.lower(viewer.id, 'left');
        session.out(why);
      },
      again: () => session.again(comeBackMs),
      replaced: () => session.replaced(comeBackMs),
      // One of before an upgrade has no place for it, and no id.
      tell: browser === null ? null : (notice) => session.tell(notice),
      changed: () => session.tellSelf(),
    };
    const viewer = seat.join(room, { kind: 'page', state: 'waiting', userAgent }, reach);
    const ticket = tickets.of(name, viewer.id);
    const network = networkOf(viewer.address);
    const session = new PageSession({
      ...{ socket, room, version, log, clock },
      viewerId: viewer.id,
      self:
        Number(request.query.v) >= signallingVersion
          ? () => ({ id: viewer.id, ticket, hands: hands.isOn(name), hand: hands.of(viewer.id) !== null })
          : null,
      onAsk: (asked) => this.#answer(asked, { id: viewer.id, room: name, network }),
      poster: () => poster(name),
      next: this.#nextIn(name),
      onState: (state) => seat.become(state),
      onPictureRefused: () => seat.lacksPicture(),
      onCompatible: (rendition) => seat.takesCompatible(rendition),
      onReport: (reported) => seat.reported(reported),
      onMedia: (media, { renditions }) => seat.watch(media, renditions),
    });
    this.#sessions.set(socket, session);
    for (const notice of announced(name)) reach.tell?.(notice);
    this.#alive.add(socket);
    socket.on('pong', () => this.#alive.add(socket));
    socket.on('close', () => {
      this.#sessions.delete(socket);
      session.close();
      // It answered the ping before that, at best.
      seat.leave(this.#silent.has(socket) ? 2 * this.#options.pingMs : 0);
    });
  }

  /** Does what somebody in a room asks for. @throws MiroliveError what is wrong with it */
  #answer(asked: Asked, who: Omit<Raising, 'name'>): void {
    const { hands } = this.#options;
    if (!this.#asks.spend(who.network)) throw tooOften();
    if (asked.ask === 'raiseHand') hands.raise({ ...who, name: asked.name.trim() });
    else hands.lower(who.id, 'self');
  }

  /** Once for each room, however many pages it has. */
  #lookAtNext(): void {
    const byRoom = Map.groupBy(this.#sessions.values(), ({ room }) => room);
    this.#next = new Map([...byRoom.keys()].map((room) => [room, this.#options.next(room)]));
    for (const [room, sessions] of byRoom)
      for (const session of sessions) session.comesNext(this.#next.get(room) ?? null);
  }

  #nextIn(room: string): Coming | null {
    const next = this.#next.get(room) ?? (this.#next.has(room) ? null : this.#options.next(room));
    this.#next.set(room, next);
    return next;
  }

  #ping(): void {
    for (const socket of this.#sessions.keys()) {
      if (this.#alive.delete(socket)) socket.ping();
      else {
        this.#silent.add(socket);
        socket.terminate();
      }
    }
  }
}

/** Of the protocols that a page names, those that may be passes and tickets: few, and the first. */
function passesIn(protocols = ''): string[] {
  return protocols.split(',', 4).map((one) => one.trim());
}

/** Whoever is not let in hears why, and whether to try it again. */
function refuse(socket: WebSocket, error: unknown): void {
  const { code, message } = asMiroliveError(error);
  const why: DaemonMessage =
    error instanceof BannedError
      ? { type: 'out', ...error.out }
      : code === 'LINK_NEEDED'
        ? { type: 'out', why: 'uninvited', reason: null, untilMs: null }
        : { type: 'error', code, message };
  socket.send(JSON.stringify(why));
  socket.close(why.type === 'out' ? closeCode.policy : closeCode.tryLater, code);
}
