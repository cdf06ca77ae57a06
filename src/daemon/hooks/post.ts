import { type IncomingMessage, request } from 'node:http';
import type { Socket } from 'node:net';
import { type Clock, systemClock } from '../../contract/clock.ts';
import type { Receiver } from './deliveries.ts';
import { type Outcome, outcomeOf } from './delivery-plan.ts';
import { receiverNetwork } from './receiver-network.ts';
import { type Signed, signedHeaders } from './signature.ts';

/** A try takes no longer than this, in ms (Standard Webhooks 1.0, 'Request timeouts': 15 to 30 s). */
export const tryTimeoutMs = 15_000;
/** Of an answer no more is read, in bytes; its status says all. */
const maxAnswerBytes = 4096;
/** Nor for longer, in ms. */
const answerMs = 1000;
/** Its headers, in bytes. */
const maxHeaderBytes = 16_384;

export interface PostOptions {
  /** `webhooks.allow`. */
  readonly allow: () => readonly string[];
  /** Who sends, as `user-agent` has it. */
  readonly agent: string;
  readonly clock?: Clock;
  /** Default: `tryTimeoutMs`. */
  readonly timeoutMs?: number;
}

/** Sends things to receivers, each by a connection of its own, which is closed. Nothing that a receiver does takes longer, or more memory, than is granted. */
export function poster({ allow, agent, clock = systemClock, timeoutMs = tryTimeoutMs }: PostOptions) {
  return async ({ url, secret }: Receiver, what: Signed): Promise<Outcome> => {
    const late = Promise.withResolvers<never>();
    const open: Open = {};
    const timer = clock.after(timeoutMs, () =>
      late.reject(new Error(`nothing within ${timeoutMs / 1000} s`)),
    );
    const headers = { ...signedHeaders(secret, what), 'user-agent': agent };
    const sent = send(new URL(url), allow(), headers, what, open, clock);
    try {
      const { status, retryAfter } = await Promise.race([sent, late.promise]);
      return outcomeOf(status, retryAfter, clock.wallMs());
    } catch (error) {
      // What comes of it later is nobody's.
      sent.catch(() => {});
      return { is: 'away', status: null, problem: (error as Error).message, retryAfterMs: null };
    } finally {
      timer.cancel();
      // It may be connecting still, and is closed as soon as it is.
      open.isOver = true;
      open.socket?.destroy();
    }
  };
}

/** What a try has open. */
interface Open {
  socket?: Socket;
  /** Nothing more is to be sent. */
  isOver?: true;
}

/** What an answer says. */
interface Answer {
  readonly status: number;
  readonly retryAfter: string | undefined;
}

async function send(
  { protocol, hostname, port, pathname, search, host }: URL,
  allow: readonly string[],
  headers: Readonly<Record<string, string>>,
  { body }: Signed,
  open: Open,
  clock: Clock,
): Promise<Answer> {
  const tls = protocol === 'https:';
  const name = hostname.replace(/^\[|\]$/g, '');
  const socket = await receiverNetwork(name, allow).connect({
    ...{ host: name, port: Number(port) || (tls ? 443 : 80), tls },
  });
  open.socket = socket;
  if (open.isOver) {
    socket.destroy();
    throw new Error('it was connected too late');
  }
  const bytes = Buffer.from(body);
  const sending = request({
    ...{ method: 'POST', path: pathname + search, createConnection: () => socket },
    ...{ maxHeaderSize: maxHeaderBytes, insecureHTTPParser: false },
    headers: {
      ...{ ...headers, host, connection: 'close', 'content-type': 'application/json' },
      'content-length': bytes.length,
    },
  });
  const answered = Promise.withResolvers<IncomingMessage>();
  sending.on('response', answered.resolve);
  sending.on('error', answered.reject);
  // Without an answer, where no error comes of it.
  sending.on('close', () => answered.reject(new Error('the connection was closed without an answer')));
  sending.end(bytes);
  const answer = await answered.promise;
  await swallow(answer, clock);
  return { status: answer.statusCode ?? 0, retryAfter: answer.headers['retry-after'] };
}

/** Reads an answer to its end, or to as much as is read of one. */
async function swallow(answer: IncomingMessage, clock: Clock): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = clock.after(answerMs, resolve);
  let bytes = 0;
  answer.on('data', (piece: Buffer) => {
    bytes += piece.length;
    if (bytes > maxAnswerBytes) resolve();
  });
  answer.on('error', () => resolve());
  answer.on('close', resolve);
  await promise;
  timer.cancel();
}
