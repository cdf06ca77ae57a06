import type { Logger } from 'pino';
import type { WebSocket } from 'ws';
import type { Clock } from '../../contract/clock.ts';
import { type DaemonMessage, type PageMessage, pageMessage } from '../../contract/signalling.ts';
import { Rate } from '../public-server/rate.ts';

/** What a page may send, of whatever kind: it does so at the start, for each broadcast, when somebody chooses, every 20 s, and each time it reports. */
const messageRate = { perSecond: 5, burst: 20 };
/** Messages that may wait to be handled: a page never has more than a few under way. */
const maxQueued = 16;
/** A page that does not take its messages is dropped. */
const maxBufferedBytes = 256 * 1024;

/** WebSocket close codes (RFC 6455, 7.4.1). */
export const closeCode = { goingAway: 1001, policy: 1008, tryLater: 1013 } as const;

export interface PageWireOptions {
  readonly socket: WebSocket;
  readonly viewerId: string;
  readonly log: Logger;
  readonly clock: Clock;
  /** Handles what the page says, one message after the other. */
  readonly handle: (message: PageMessage) => Promise<void>;
}

/** The WebSocket of one page: what it says is bounded, validated and put in order; what it is told is not kept for it without end. */
export class PageWire {
  readonly #options: PageWireOptions;
  readonly #rate: Rate;
  #queue: Promise<void> = Promise.resolve();
  #queued = 0;
  /** It has been hung up: what it still says is not heard. */
  #ended = false;
  #closed = false;

  constructor(options: PageWireOptions) {
    this.#options = options;
    const { socket, clock } = options;
    this.#rate = new Rate({ ...messageRate, clock });
    socket.on('message', (data, isBinary) => this.#receive(isBinary ? '' : String(data)));
    socket.on('ping', (data) => this.#pong(data));
  }

  send(message: DaemonMessage): void {
    const { socket } = this.#options;
    if (this.#closed || socket.readyState !== socket.OPEN) return;
    if (socket.bufferedAmount > maxBufferedBytes) socket.terminate();
    else socket.send(JSON.stringify(message));
  }

  /** Hangs up, once all that was said has been sent. */
  end(code: number, why?: string): void {
    this.#ended = true;
    this.#options.socket.close(code, why);
  }

  /** The socket is gone: nothing is heard or said any more. */
  close(): void {
    this.#closed = true;
  }

  [Symbol.dispose](): void {
    this.close();
  }

  /** Browsers send none; whoever does, and takes no answers, must not fill the memory with them. */
  #pong(data: Buffer): void {
    const { socket } = this.#options;
    if (!this.#rate.spend()) this.#refuse('expected fewer messages');
    else if (socket.bufferedAmount <= maxBufferedBytes) socket.pong(data);
  }

  #receive(text: string): void {
    if (this.#ended) return;
    if (!this.#rate.spend()) {
      this.#refuse('expected fewer messages');
      return;
    }
    const message = this.#queued < maxQueued ? parse(text) : undefined;
    if (!message) {
      this.#refuse('expected one JSON message of the signalling protocol at a time');
      return;
    }
    const { handle, log, viewerId } = this.#options;
    this.#queued++;
    this.#queue = this.#queue
      .then(() => (this.#closed || this.#ended ? undefined : handle(message)))
      .catch((error: unknown) => {
        // The page's own fault, or a broadcast that ended meanwhile; either way it starts anew.
        log.debug({ err: error, viewer: viewerId }, 'a page message could not be handled');
        this.send({ type: 'error', code: 'INVALID_REQUEST', message: `${message.type} was not possible` });
      })
      .finally(() => {
        this.#queued--;
      });
  }

  #refuse(message: string): void {
    this.send({ type: 'error', code: 'INVALID_REQUEST', message });
    this.end(closeCode.policy, message);
  }
}

function parse(text: string): PageMessage | undefined {
  try {
    return pageMessage.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
