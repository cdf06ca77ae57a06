import { once } from 'node:events';
import { type IncomingMessage, type OutgoingHttpHeaders, request, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { pipeline } from 'node:stream/promises';
import { MiroliveError } from '../../contract/errors.ts';
import type { Slice } from '../child/work-mark.ts';
import { masked } from '../masked.ts';
import type { InsideUrls } from './inside-urls.ts';
import { type Destination, type Network, unreachable } from './network.ts';
import { rewritten } from './rewritten-body.ts';

/** No byte for so long while some is wanted, in ms: the server is given up. */
const silenceTimeoutMs = 15_000;
const maxHeaderBytes = 16 * 1024;

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
  /** Where it goes. */
  readonly destination: Destination;
  /** Host and port, and path with query, as in the request's address. */
  readonly authority: string;
  readonly path: string;
  /** For servers that want a password. */
  readonly authorization: string | null;
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
  const may = (playlist: string) => {
    refusal = forwarding.look(playlist);
    return refusal === null;
  };
  const where = `${destination.host}:${destination.port}`;
  const socket = await network.connect(destination);
  outgoing.once('close', () => socket.destroy());
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
    throw silence ?? unreachable(`${where} gives no answer: ${error.message}`, error);
  });
  const status = answer.statusCode ?? 502;
  const headers = pick(answer.headers, responseHeaders);
  if (answer.headers.location !== undefined) {
    const target = urls.inside(answer.headers.location, outsideUrl(forwarding));
    if (target === null) {
      throw new MiroliveError('SOURCE_PROTOCOL', `${where} leads to an address that is not of HTTP`);
    }
    forwarding.leads(target);
    headers.location = target;
  }
  const rewrite = (body: AsyncIterable<Buffer>) => rewritten(body, urls, slice, may, start);
  await pipeline(answer, rewrite, outgoing).catch((error: unknown) => {
    throw silence ?? (brokeOff ? unreachable(`${where} broke off in the midst of an answer`, error) : error);
  });
  if (refusal) throw refusal;
  if (status === 401) throw unauthorized(where, forwarding);
  // Behind the end of what has no known length there is nothing, which is no failure.
  if (status >= 400 && status !== 416) {
    const reason = masked(answer.statusMessage ?? '', forwarding.secrets);
    throw unreachable(`${where} answered ${status} ${reason}`.trim());
  }

  function start(playlistBytes: number | null): void {
    if (playlistBytes === null) {
      outgoing.writeHead(status, headers);
      return;
    }
    delete headers['content-range'];
    const whole = refusal ? 502 : status === 206 ? 200 : status;
    outgoing.writeHead(whole, {
      ...{ ...headers, 'content-type': 'application/vnd.apple.mpegurl', 'content-length': playlistBytes },
    });
  }
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
  { authority, path, authorization }: Forwarding,
): Promise<IncomingMessage> {
  const outside = request({
    createConnection: () => socket,
    path,
    maxHeaderSize: maxHeaderBytes,
    headers: {
      ...pick(incoming.headers, requestHeaders),
      ...(authorization === null ? {} : { authorization }),
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
