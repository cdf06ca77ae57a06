import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Clock, systemClock } from '../../contract/clock.ts';
import { asMiroliveError, MiroliveError } from '../../contract/errors.ts';
import type { HttpHeaders } from '../../contract/header-words.ts';
import type { Variants } from '../../contract/plan.ts';
import { type Slice, unmarked } from '../child/work-mark.ts';
import { masked } from '../masked.ts';
import { FailedVariants } from './failed-variants.ts';
import type { HttpWishes } from './guard.ts';
import { forward } from './http-forward.ts';
import { InsideUrls } from './inside-urls.ts';
import { type Destination, type Network, unreachable } from './network.ts';
import { isOfSameUser } from './same-user.ts';
import { type OpenLists, StillLists } from './still-lists.ts';
import { oneVariant, type WantedVariant } from './variants.ts';

/** ffmpeg holds few connections for each source, of which there may be many. */
const maxConnections = 4096;
/** A request's head takes no longer, in ms; how often that is looked at. */
const headTimeoutMs = 5000;
const checkMs = 1000;
/** What could not be had so long ago, in ms, is not why ffmpeg fails now. */
const refusalLifeMs = 10_000;
/** ffmpeg follows one more: from what the opening is called to the source's address. */
const mostRedirects = 7;
/** Of what a source leads to, as many characters of its name are told. */
const maxName = 80;
/** What every opening is called to ffmpeg (RFC 2606: nobody has this name). */
const sourceHost = 'source.invalid';

/** One opening of an address, as ffmpeg is told of it. */
export interface GuardedHttp {
  /** Says nothing of the real address: others on this machine can read ffmpeg's arguments. */
  readonly location: string;
  readonly env: Readonly<Record<string, string>>;
  /** Why something could not be had just now, if so. */
  readonly refusal: MiroliveError | null;
  /** What there was to choose from, once a list of variants has come. */
  readonly variants: Variants | null;
  close(): void;
}

interface Opening {
  readonly urls: InsideUrls;
  /** The source's address, as it is inside. */
  readonly start: string;
  /** The host and port that get the password. */
  readonly origin: string;
  readonly authorization: string | null;
  /** What servers are sent besides. */
  readonly headers: HttpHeaders;
  readonly secrets: readonly string[];
  /** Work on what comes of it. */
  readonly slice: Slice;
  readonly lists: OpenLists;
  /** What is read from places in its midst, of servers that give no parts: by their addresses, as they are inside. */
  readonly unranged: Set<string>;
  /** Which variant of a list is given; undefined: all. */
  readonly wanted: WantedVariant | undefined;
  /** In a row, without anything between them. */
  redirects: number;
  variants: Variants | null;
  /** Where the list of the variant is that is given, as it is inside. */
  variantAt: string | null;
  refusal: MiroliveError | null;
  /** Infinite where that still holds. */
  refusedAtMs: number;
}

/**
 * The only way of ffmpeg to HTTP and HTTPS: a forward proxy on loopback (RFC 9112, section 3.2.2) that asks for a secret,
 * and looks up, checks and opens each address itself, also those of redirects and of what playlists name.
 */
export class HttpGuard {
  readonly #network: Network;
  readonly #clock: Clock;
  readonly #server: Server;
  readonly #openings = new Map<string, Opening>();
  readonly #stillLists: StillLists;
  readonly #failedVariants: FailedVariants;

  private constructor(network: Network, clock: Clock) {
    this.#network = network;
    this.#clock = clock;
    this.#stillLists = new StillLists(clock);
    this.#failedVariants = new FailedVariants(clock);
    const limits = { headersTimeout: headTimeoutMs, requestTimeout: headTimeoutMs };
    this.#server = createServer({ ...limits, connectionsCheckingInterval: checkMs });
    this.#server.maxConnections = maxConnections;
    // Others on this machine take no place: without the secret they would get nothing anyway.
    this.#server.on('connection', async (socket) => {
      if (!(await isOfSameUser(socket))) socket.destroy();
    });
    this.#server.on('request', (incoming, outgoing) => void this.#answer(incoming, outgoing));
  }

  static async create(network: Network, clock: Clock = systemClock): Promise<HttpGuard> {
    const guard = new HttpGuard(network, clock);
    guard.#server.listen(0, '127.0.0.1');
    await once(guard.#server, 'listening');
    return guard;
  }

  /** @param address of http or https */
  open(address: string, slice = unmarked, wishes: HttpWishes = {}): GuardedHttp {
    const url = new URL(address);
    const { headers = {} } = wishes;
    const urls = new InsideUrls();
    const authorization = basicAuthorization(url);
    const secrets = [url.password, ...url.searchParams.values(), ...Object.values(headers)];
    url.username = '';
    url.password = '';
    const start = urls.inside(url.href) as string;
    const origin = originOf(urls.destination(new URL(start).host));
    const known = { urls, start, origin, authorization, headers, secrets, slice };
    const opening: Opening = {
      ...{ ...known, lists: this.#stillLists.open(start), unranged: new Set() },
      ...{
        wanted: wishes.variant,
        redirects: 0,
        variants: null,
        variantAt: null,
        refusal: null,
        refusedAtMs: 0,
      },
    };
    const secret = randomBytes(24).toString('hex');
    this.#openings.set(secret, opening);
    const { port } = this.#server.address() as AddressInfo;
    const clock = this.#clock;
    return {
      location: `http://${sourceHost}/`,
      env: {
        http_proxy: `http://mirolive:${secret}@127.0.0.1:${port}`,
        // One that the user has set, or an empty one, would lead past the guard: empty matches names with a dot at their end.
        no_proxy: 'nothing.invalid',
      },
      get refusal() {
        return clock.nowMs() - opening.refusedAtMs < refusalLifeMs ? opening.refusal : null;
      },
      get variants() {
        return opening.variants;
      },
      close: () => this.#openings.delete(secret),
    };
  }

  async close(): Promise<void> {
    this.#openings.clear();
    this.#server.closeAllConnections();
    this.#server.close();
  }

  async #answer(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const opening = this.#openings.get(secretOf(incoming));
    if (!opening) {
      outgoing.writeHead(407, wantsPassword(incoming.headers)).end();
      return;
    }
    try {
      await this.#fetch(opening, incoming, outgoing);
    } catch (error) {
      // ffmpeg that goes away has seen enough; where the server did, ffmpeg tries again.
      if (outgoing.destroyed && !(error instanceof MiroliveError)) return;
      const url = withoutFragment(incoming.url);
      opening.refusal = refusalOf(asMiroliveError(error), url, opening);
      const { variantAt } = opening;
      const isVariant = variantAt !== null && variantAt === opening.urls.inside(url);
      if (isVariant && opening.refusal.code === 'SOURCE_UNREACHABLE') this.#failedVariants.note(variantAt);
      opening.refusedAtMs = this.#clock.nowMs();
      if (outgoing.headersSent || outgoing.destroyed) outgoing.destroy();
      else outgoing.writeHead(opening.refusal.code === 'SOURCE_UNREACHABLE' ? 502 : 403).end();
    }
  }

  /** Notes what a list has to choose from; gives why it is not to be had, where there is no such variant. */
  #chooseVariant(opening: Opening, url: string, text: string): MiroliveError | null {
    const one = this.#oneVariant(opening, url, text);
    if (!one) return null;
    const { chosen, found } = one.variants;
    if (!found[chosen]) {
      return new MiroliveError(
        'SOURCE_TRACK_NOT_FOUND',
        `expected one of ${found.length} variants, from 0 to ${found.length - 1}, got ${chosen}`,
        { hint: 'List them: mirolive probe ADDRESS' },
      );
    }
    opening.variants = one.variants;
    opening.variantAt = opening.urls.inside(one.address, url);
    return null;
  }

  /** Null: all are wanted, or there are none. */
  #oneVariant(opening: Opening, url: string, text: string): ReturnType<typeof oneVariant> {
    if (!opening.wanted) return null;
    return oneVariant(text, opening.wanted, (address) =>
      this.#failedVariants.has(opening.urls.inside(address, url) ?? ''),
    );
  }

  async #fetch(opening: Opening, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const { urls, start, origin, secrets, slice, lists } = opening;
    const url = withoutFragment(incoming.url);
    const [, authority = '', path = ''] = /^http:\/\/([^/?]+)(.*)/i.exec(url) ?? [];
    const destination = urls.destination(authority);
    if (destination?.host === sourceHost) {
      outgoing.writeHead(302, { location: start }).end();
      return;
    }
    if (incoming.method !== 'GET' || !destination) {
      throw new MiroliveError('SOURCE_PROTOCOL', 'the source leads to an address that is not of HTTP');
    }
    const leadsFrom = originOf(destination) === origin ? null : origin;
    let leads = false;
    await forward(incoming, outgoing, {
      ...{ network: this.#network, urls, secrets, slice, destination, authority, leadsFrom },
      authorization: leadsFrom === null ? opening.authorization : null,
      headers: leadsFrom === null ? opening.headers : harmless(opening.headers),
      path: path.startsWith('/') ? path : `/${path}`,
      leads: (target) => {
        leads = true;
        if (opening.redirects >= mostRedirects)
          throw unreachable(`the address leads from one place to the next, ${mostRedirects} times in a row`);
        lists.leads(url, target);
      },
      look: (text) => lists.look(url, text) ?? this.#chooseVariant(opening, url, text),
      variantOf: (text) => this.#oneVariant(opening, url, text)?.text ?? text,
      isUnranged: opening.unranged.has(url),
      unranged: () => opening.unranged.add(url),
      waits: (reason) => {
        opening.refusal = reason;
        opening.refusedAtMs = Number.POSITIVE_INFINITY;
      },
    });
    opening.redirects = leads ? opening.redirects + 1 : 0;
  }
}

/** Those that say who asks, and from where: servers that the source leads to want them too. */
const forAll = ['accept', 'accept-language', 'origin', 'referer', 'user-agent'];

/** Headers without those that are for one server alone, such as passwords. */
function harmless(headers: HttpHeaders): HttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => forAll.includes(name.toLowerCase())));
}

/** An address that ffmpeg asks for, as the server is asked for it. */
function withoutFragment(url = ''): string {
  return url.replace(/#.*$/s, '');
}

function originOf(destination: Destination | null): string {
  return destination ? `${destination.host}:${destination.port}` : '';
}

/** Says which of those that the source leads to it is, by its last name: what stands before and behind that may be a secret. */
function refusalOf(error: MiroliveError, url: string, { start, secrets }: Opening): MiroliveError {
  const [, name = ''] = /^http:\/\/[^/?]+\/(?:[^?]*\/)?([^/?]+)(?:\?|$)/i.exec(url) ?? [];
  if (error.code !== 'SOURCE_UNREACHABLE' || url === start || name === '') return error;
  const { message, hint, cause } = error;
  const shown = masked(name.slice(0, maxName), secrets);
  return new MiroliveError('SOURCE_UNREACHABLE', `${message}: ${shown}`, { hint, cause });
}

/**
 * ffmpeg logs in once it is asked to, but gives up what is answered as from another place than it asks for; what names a place has ranges, for it.
 */
function wantsPassword({ range = '' }: IncomingHttpHeaders): OutgoingHttpHeaders {
  const [, from] = /^bytes=([1-9]\d{0,14})-/.exec(range) ?? [];
  return {
    ...{ 'proxy-authenticate': 'Basic realm="mirolive"', connection: 'close' },
    ...(from === undefined ? {} : { 'content-range': `bytes ${from}-${from}/*` }),
  };
}

function secretOf({ headers }: IncomingMessage): string {
  const [, credentials = ''] = /^Basic (\S+)$/i.exec(headers['proxy-authorization'] ?? '') ?? [];
  return Buffer.from(credentials, 'base64')
    .toString()
    .replace(/^mirolive:/, '');
}

function basicAuthorization({ username, password }: URL): string | null {
  if (username === '' && password === '') return null;
  const plain = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return `Basic ${Buffer.from(plain).toString('base64')}`;
}
