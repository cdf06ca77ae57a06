import { once } from 'node:events';
import { type IncomingMessage, type OutgoingHttpHeaders, request, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { pipeline } from 'node:stream/promises';
import { MiroliveError } from '../../contract/errors.ts';
import type { HttpHeaders } from '../../contract/header-words.ts';
import type { Slice } from '../child/work-mark.ts';
import { masked } from '../masked.ts';
import { codingOf, decodedHead, decoderOf, isCodingError } from './content-coding.ts';
import { IcyAnswer } from './icy-answer.ts';
import type { InsideUrls } from './inside-urls.ts';
import { type Destination, type Network, unreachable } from './network.ts';
import { type BodyStart, type ReadList, rewritten } from './rewritten-body.ts';
import { addressesIn, isHls, type ListKind } from './station-list.ts';
import { unfitAnswer } from './unfit-answer.ts';
import { behind, hasIndexBehind, indexBehind, rangeStart, readsAll } from './unranged.ts';

/** No byte for so long while some is wanted, in ms: the server is given up. */
const silenceTimeoutMs = 15_000;
const maxHeaderBytes = 16 * 1024;
/** Of the addresses in a list of a radio station so many are tried. */
const maxTargets = 5;

const requestHeaders = ['accept', 'authorization', 'cookie', 'if-range', 'range', 'referer', 'user-agent'];
const responseHeaders = [
  ...['accept-ranges', 'content-encoding', 'content-length', 'content-range', 'content-type'],
  'set-cookie',
];

/** One request of ffmpeg, and what its opening knows. */
export interface Forwarding {
  readonly network: Network;
  readonly urls: InsideUrls;
  readonly slice: Slice;
  /** Hears where it leads, as that is inside. */
  readonly leads: (target: string) => void;
  /** Sees what it gets of a playlist; gives why that is not to be had. */
  readonly look: (playlist: string) => MiroliveError | null;
  /** A list of HLS as it is given: of its variants one alone. */
  readonly variantOf: (playlist: string) => string;
  /** The server gives no part of it, and it is to be read from places in its midst. */
  readonly isUnranged: boolean;
  /** Hears that it is so. */
  readonly unranged: () => void;
  /** Hears why nothing comes of it for a while; null: it does. */
  readonly waits: (reason: MiroliveError | null) => void;
  /** Where it goes. */
  readonly destination: Destination;
  /** Host and port, and path with query, as in the request's address. */
  readonly authority: string;
  readonly path: string;
  /** For servers that want a password. */
  readonly authorization: string | null;
  /** For this server, beside and in place of ffmpeg's. */
  readonly headers: HttpHeaders;
  /** What no answer may repeat. */
  readonly secrets: readonly string[];
  /** The one server that the source's password is for, where this is another one. */
  readonly leadsFrom: string | null;
}

/**
 * Fetches what ffmpeg asks for. Rejects with why it cannot be had; what is an error to ffmpeg too is given to it besides.
 *
 * @throws MiroliveError SOURCE_PRIVATE_ADDRESS, SOURCE_PROTOCOL, SOURCE_UNREACHABLE
 */
export async function forward(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  forwarding: Forwarding,
): Promise<void> {
  const { network, destination, urls, slice } = forwarding;
  let refusal: MiroliveError | null = null;
  const where = `${destination.host}:${destination.port}`;
  const socket = await network.connect(destination);
  outgoing.once('close', () => socket.destroy());
  const isWhole = (rangeStart(incoming.headers.range) ?? 0) === 0;
  let silence: MiroliveError | undefined;
  // ffmpeg may go away as well: then its side is closed before.
  let brokeOff = false;
  socket.once('close', () => {
    brokeOff = !outgoing.destroyed;
  });
  watchSilence(
    socket,
    () => outgoing.writableNeedDrain,
    () => {
      silence = unreachable(`${where} sent nothing for ${silenceTimeoutMs / 1000} s`);
    },
  );
  const answer = await ask(socket, incoming, forwarding).catch((error: Error) => {
    // Who asked has gone, and took the connection along.
    if (outgoing.destroyed) throw error;
    throw silence ?? noAnswer(where, error);
  });
  const status = answer.statusCode ?? 502;
  const decoder = decoderOf(answer.headers);
  const sent = pick(answer.headers, responseHeaders);
  const headers = decoder ? decodedHead(sent) : sent;
  if (answer.headers.location !== undefined) {
    const target = urls.inside(answer.headers.location, outsideUrl(forwarding));
    if (target === null) {
      throw new MiroliveError('SOURCE_PROTOCOL', `${where} leads to an address that is not of HTTP`);
    }
    forwarding.leads(target);
    headers.location = target;
  }
  const skippedBytes = skipped();
  const rewrite = (body: AsyncIterable<Buffer>) =>
    skippedBytes === 0 ? rewritten(body, slice, read, start) : passedOver(body);
  const given = decoder ? pipeline(answer, decoder, rewrite, outgoing) : pipeline(answer, rewrite, outgoing);
  await given.catch((error: unknown) => {
    if (isCodingError(error))
      throw unreachable(`${where} gave what is no ${codingOf(answer.headers)}`, error);
    throw silence ?? (brokeOff ? unreachable(`${where} broke off in the midst of an answer`, error) : error);
  });
  if (refusal) throw refusal;
  if (status === 401) throw unauthorized(where, forwarding);
  // Behind the end of what has no known length there is nothing, which is no failure.
  if (status >= 400 && status !== 416) {
    const reason = masked(answer.statusMessage ?? '', forwarding.secrets);
    throw answered(`${where} answered ${status} ${reason}`.trim(), status);
  }

  /** What is before the place that was asked for, where the server begins at its beginning all the same. */
  function skipped(): number {
    const from = rangeStart(incoming.headers.range) ?? 0;
    return forwarding.isUnranged && status === 200 && from < lengthOf(answer) ? from : 0;
  }

  async function* passedOver(body: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    const length = lengthOf(answer);
    forwarding.waits(readsAll(where));
    for await (const chunk of behind(body, skippedBytes)) {
      if (!outgoing.headersSent) {
        forwarding.waits(null);
        outgoing.writeHead(206, {
          ...{ ...headers, 'accept-ranges': 'bytes', 'content-length': length - skippedBytes },
          'content-range': `bytes ${skippedBytes}-${length - 1}/${length}`,
        });
      }
      yield chunk;
    }
  }

  function read(list: string, kind: ListKind): ReadList | Promise<ReadList> {
    if (status < 300 && (kind !== 'm3u' || !isHls(list))) return leadOn(addressesIn(list, kind));
    refusal = forwarding.look(list);
    return { text: refusal ? '' : urls.playlist(forwarding.variantOf(list)) };
  }

  /** To the first that can be connected to: stations name several servers. */
  async function leadOn(named: readonly string[]): Promise<ReadList> {
    const targets = named.flatMap((address) => urls.inside(address, outsideUrl(forwarding)) ?? []);
    const [first] = targets;
    if (first === undefined) {
      refusal = leadsNowhere(where, named);
      return { text: '' };
    }
    const target = (await firstReachable(targets.slice(0, maxTargets), urls, network)) ?? first;
    forwarding.leads(target);
    return { leadsTo: target };
  }

  function start(body: BodyStart): void {
    if (body.is === 'media') {
      const isIndexBehind = status === 200 && hasIndexBehind(body.head);
      const hasLength = !decoder && lengthOf(answer) > 0;
      const isLooked = isWhole && status < 300 && !outgoing.destroyed;
      if (isLooked) refusal = unfitAnswer(where, body.head);
      if (isLooked && isIndexBehind && !hasLength) refusal ??= indexBehind(where);
      if (refusal) {
        outgoing.writeHead(502, { connection: 'close' });
        return;
      }
      if (isIndexBehind && hasLength) {
        forwarding.unranged();
        headers['accept-ranges'] = 'bytes';
      }
      outgoing.writeHead(status, headers);
    } else if ('leadsTo' in body) {
      outgoing.writeHead(302, { location: body.leadsTo, 'content-length': 0 });
    } else {
      delete headers['content-range'];
      const whole = refusal ? 502 : status === 206 ? 200 : status;
      outgoing.writeHead(whole, {
        ...{ ...headers, 'content-type': 'application/vnd.apple.mpegurl' },
        'content-length': Buffer.byteLength(body.text),
      });
    }
  }
}

/** In bytes; 0: not known. */
function lengthOf({ headers }: IncomingMessage): number {
  return Number(headers['content-length'] ?? 0);
}

/** What it said is no HTTP, or it said nothing. */
function noAnswer(where: string, error: Error): MiroliveError {
  const isNoHttp = 'code' in error && error.code === 'HPE_INVALID_CONSTANT';
  if (!isNoHttp) return unreachable(`${where} gives no answer: ${error.message}`, error);
  return new MiroliveError('SOURCE_UNREACHABLE', `${where} does not speak HTTP`, {
    ...{ hint: 'Check the protocol and the port of the address', cause: error },
  });
}

/** Of several addresses, as they are inside; null: none can be connected to, or there is no choice. */
async function firstReachable(
  targets: readonly string[],
  urls: InsideUrls,
  network: Network,
): Promise<string | null> {
  if (targets.length === 1) return null;
  for (const target of targets) {
    const destination = urls.destination(new URL(target).host);
    const socket = destination && (await network.connect(destination).catch(() => null));
    socket?.destroy();
    if (socket) return target;
  }
  return null;
}

/** A list of which nothing can be opened. @param named what stands in it */
function leadsNowhere(where: string, named: readonly string[]): MiroliveError {
  const [first] = named;
  if (first === undefined) return unreachable(`the list that ${where} gave names no address`);
  const [scheme = 'something else'] = /^[a-z][a-z0-9+.-]*:/i.exec(first) ?? [];
  return new MiroliveError(
    'SOURCE_PROTOCOL',
    `the list that ${where} gave leads to an address of ${scheme}, and only those of http: and https: are followed`,
    { hint: 'Play what it leads to by its own address: mirolive stream --url ADDRESS --room ROOM' },
  );
}

/** Servers that refuse players mostly look at who asks, and from where. */
function answered(message: string, status: number): MiroliveError {
  if (status !== 403) return unreachable(message);
  const hint =
    "It may want a header, 'Referer: https://SITE/' or 'User-Agent: Mozilla/5.0': mirolive probe ADDRESS --header HEADER";
  return new MiroliveError('SOURCE_UNREACHABLE', message, { hint });
}

function unauthorized(where: string, { destination, authority, leadsFrom }: Forwarding): MiroliveError {
  const address = `${destination.tls ? 'https' : 'http'}://USER:PASSWORD@${authority}/PATH`;
  const hint =
    leadsFrom === null
      ? `Put both into the address: ${address}`
      : `${leadsFrom} leads there, and gets the password alone. Play what it leads to by its own address: ${address}`;
  const message = `${where} wants a user and a password, or others than these`;
  return new MiroliveError('SOURCE_UNREACHABLE', message, { hint });
}

function outsideUrl({ destination, authority, path }: Forwarding): string {
  return `${destination.tls ? 'https' : 'http'}://${authority}${path}`;
}

async function ask(
  socket: Socket,
  incoming: IncomingMessage,
  { authority, path, authorization, headers }: Forwarding,
): Promise<IncomingMessage> {
  const outside = request({
    createConnection: () => new IcyAnswer(socket),
    path,
    maxHeaderSize: maxHeaderBytes,
    // One answer is read of a connection, however its head is written: nothing can be hidden behind it.
    insecureHTTPParser: true,
    headers: {
      ...pick(incoming.headers, requestHeaders),
      ...(authorization === null ? {} : { authorization }),
      ...lowerCase(headers),
      host: authority.replace(/:(80|443)$/, ''),
      // What is compressed cannot be looked into.
      'accept-encoding': 'identity',
      connection: 'close',
    },
  }).end();
  const [answer] = await once(outside, 'response');
  // What fails from now on ends the body, which tells.
  outside.on('error', () => {});
  return answer;
}

/** Names in lower case, so that each replaces another of its name. */
function lowerCase(headers: HttpHeaders): HttpHeaders {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

function pick(headers: IncomingMessage['headers'], names: readonly string[]): OutgoingHttpHeaders {
  return Object.fromEntries(names.map((name) => [name, headers[name]]).filter(([, value]) => value));
}

/** Ends a connection that gives nothing while something is wanted. */
function watchSilence(socket: Socket, paused: () => boolean, onSilence: () => void): void {
  socket.setTimeout(silenceTimeoutMs, () => {
    if (paused()) {
      socket.setTimeout(silenceTimeoutMs);
      return;
    }
    onSilence();
    socket.destroy();
  });
}
