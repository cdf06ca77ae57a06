import type { types } from 'mediasoup';
import type { types as client } from 'mediasoup-client';
import type { Logger } from 'pino';
import type { WebSocket } from 'ws';
import type { Viewer } from '../../contract/models.ts';
import { type DaemonMessage, type PageMessage, pageMessage } from '../../contract/signalling.ts';
import type { Broadcast } from '../media/broadcast.ts';
import type { Room } from '../media/room.ts';
import { ViewerTransport } from './viewer-transport.ts';

/** Messages that may wait to be handled: a page never has more than four under way. */
const maxQueued = 16;
/** A page that does not take its messages is dropped. */
const maxBufferedBytes = 256 * 1024;
/** The viewers' count goes out at most so often, in ms. */
const countIntervalMs = 1000;

/** WebSocket close codes (RFC 6455, 7.4.1). */
export const closeCode = { goingAway: 1001, policy: 1008, tryLater: 1013 } as const;

export interface PageSessionOptions {
  readonly socket: WebSocket;
  readonly room: Room;
  readonly viewerId: string;
  readonly version: string;
  readonly log: Logger;
  /** The viewer waits, connects or plays now. */
  readonly onState: (state: Viewer['state']) => void;
}

/** One page on one WebSocket: tells it what is on air and gives it media. */
export class PageSession {
  readonly #options: PageSessionOptions;
  #media: ViewerTransport | undefined;
  #router: types.Router | undefined;
  #queue: Promise<void> = Promise.resolve();
  #queued = 0;
  #countTimer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(options: PageSessionOptions) {
    this.#options = options;
    const { room, socket, version } = options;
    room.on('live', this.#live).on('offline', this.#offline).on('viewers', this.#count);
    socket.on('message', (data, isBinary) => this.#receive(isBinary ? '' : String(data)));
    const broadcast = room.broadcast;
    const onAir = broadcast !== null && broadcast.producers.length > 0;
    const title = broadcast?.name ?? null;
    this.#send({ type: 'hello', version, room: room.name, live: onAir, title, viewers: room.viewers.length });
    if (onAir) this.#live(broadcast);
  }

  /** Tells the page to come back, where the daemon ends. */
  bye(retryMs: number): void {
    this.#send({ type: 'bye', retryMs });
    this.#options.socket.close(closeCode.goingAway);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#countTimer);
    this.#options.room.off('live', this.#live).off('offline', this.#offline).off('viewers', this.#count);
    this.#media?.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #live = (broadcast: Broadcast): void => {
    const [first] = broadcast.producers;
    if (!first) return;
    void this.#options.room.media().then(({ router }) => {
      this.#send({
        type: 'live',
        broadcast: broadcast.id,
        title: broadcast.name,
        video: true,
        audio: true,
        rtpCapabilities: asClientType<client.RtpCapabilities>(router.rtpCapabilities),
      });
    });
  };

  #offline = (reason: 'ended' | 'interrupted'): void => {
    this.#media?.close();
    this.#media = undefined;
    this.#become('waiting');
    this.#send({ type: 'offline', reason });
  };

  #count = (): void => {
    this.#countTimer ??= setTimeout(() => {
      this.#countTimer = undefined;
      this.#send({ type: 'viewers', viewers: this.#options.room.viewers.length });
    }, countIntervalMs);
  };

  #receive(text: string): void {
    const message = this.#queued < maxQueued ? parse(text) : undefined;
    if (!message) {
      this.#refuse('expected one JSON message of the signalling protocol at a time');
      return;
    }
    this.#queued++;
    this.#queue = this.#queue
      .then(() => this.#handle(message))
      .catch((error: unknown) => {
        // The page's own fault, or a broadcast that ended meanwhile; either way it starts anew.
        this.#options.log.debug(
          { err: error, viewer: this.#options.viewerId },
          'a page message could not be handled',
        );
        this.#send({ type: 'error', code: 'INVALID_REQUEST', message: `${message.type} was not possible` });
      })
      .finally(() => {
        this.#queued--;
      });
  }

  async #handle(message: PageMessage): Promise<void> {
    if (this.#closed) return;
    if (message.type === 'ping') return this.#send({ type: 'pong' });
    if (message.type === 'join') return this.#join();
    const media = this.#media;
    if (!media) return; // Its broadcast has ended meanwhile; it knows by 'offline'.
    if (message.type === 'connect') {
      await media.transport.connect({
        dtlsParameters: message.dtlsParameters as unknown as types.DtlsParameters,
      });
    } else if (message.type === 'consume') {
      await this.#consume(media, message.rtpCapabilities as types.RtpCapabilities);
    } else {
      await media.resume();
    }
  }

  async #join(): Promise<void> {
    const { room } = this.#options;
    const { router, slot } = await room.media();
    this.#media?.close();
    const media = await ViewerTransport.create(router, slot);
    if (this.#closed) return media.close();
    this.#media = media;
    this.#router = router;
    media.on('connected', () => this.#become('playing'));
    media.on('lost', () => {
      media.close();
      if (this.#media !== media) return;
      this.#media = undefined;
      this.#become('waiting');
      // The page sees the same loss, and joins again.
    });
    this.#become('connecting');
    const { id, iceParameters, iceCandidates, dtlsParameters } = media.transport;
    this.#send({ type: 'transport', id, iceParameters, iceCandidates, dtlsParameters });
  }

  async #consume(media: ViewerTransport, rtpCapabilities: types.RtpCapabilities): Promise<void> {
    const producers = this.#options.room.broadcast?.producers ?? [];
    const router = this.#router;
    if (!router) return;
    const consumers = await media.consume(router, producers, rtpCapabilities);
    for (const { id, producerId, kind, rtpParameters } of consumers) {
      this.#send({ type: 'consumer', id, producerId, kind, rtpParameters: asClientType(rtpParameters) });
    }
    for (const producer of producers) {
      if (consumers.some(({ producerId }) => producerId === producer.id)) continue;
      const codec = producer.rtpParameters.codecs[0]?.mimeType ?? producer.kind;
      this.#send({
        type: 'error',
        code: 'TRACK_NOT_PLAYABLE',
        message: `This browser does not play ${codec}.`,
      });
    }
  }

  #become(state: Viewer['state']): void {
    if (!this.#closed) this.#options.onState(state);
  }

  #refuse(message: string): void {
    this.#send({ type: 'error', code: 'INVALID_REQUEST', message });
    this.#options.socket.close(closeCode.policy, message);
  }

  #send(message: DaemonMessage): void {
    const { socket } = this.#options;
    if (this.#closed || socket.readyState !== socket.OPEN) return;
    if (socket.bufferedAmount > maxBufferedBytes) socket.terminate();
    else socket.send(JSON.stringify(message));
  }
}

function parse(text: string): PageMessage | undefined {
  try {
    return pageMessage.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** The two libraries describe the same wire format; only their lists of known header extensions differ. */
function asClientType<T extends client.RtpCapabilities | client.RtpParameters>(value: object): T {
  return value as T;
}
