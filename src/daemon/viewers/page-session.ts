import type { Logger } from 'pino';
import type { WebSocket } from 'ws';
import type { Clock, Timer } from '../../contract/clock.ts';
import type { Viewer } from '../../contract/models.ts';
import {
  type DaemonMessage,
  type OfflineReason,
  type PageMessage,
  pageMessage,
  type Upcoming,
} from '../../contract/signalling.ts';
import { Rate } from '../public-server/rate.ts';
import type { Broadcast } from '../rooms/broadcast.ts';
import type { Room } from '../rooms/room.ts';
import type { Served } from '../rooms/room-parts.ts';
import { CompatibleOffer } from './compatible-offer.ts';
import { PageOffer, pageCapabilities } from './page-offer.ts';
import { ViewerTransport } from './viewer-transport.ts';

/** What a page may send, of whatever kind: it does so at the start, for each broadcast, when somebody chooses, and every 20 s. */
const messageRate = { perSecond: 5, burst: 20 };
/** Messages that may wait to be handled: a page never has more than a few under way. */
const maxQueued = 16;
/** A page that does not take its messages is dropped. */
const maxBufferedBytes = 256 * 1024;
/** The viewers' count goes out at most so often, in ms. */
const countIntervalMs = 1000;

/** WebSocket close codes (RFC 6455, 7.4.1). */
export const closeCode = { goingAway: 1001, policy: 1008, tryLater: 1013 } as const;

/** What comes in a room by itself, and when. */
export type Coming = Omit<Upcoming, 'nowMs'>;

export interface PageSessionOptions {
  readonly socket: WebSocket;
  readonly room: Room;
  readonly viewerId: string;
  readonly version: string;
  readonly log: Logger;
  readonly clock: Clock;
  /** Names the still of what is seen now; null: there is none. */
  readonly poster: () => string | null;
  /** What comes next in the room by itself, as it is known when the page comes. */
  readonly next: Coming | null;
  /** The viewer waits, connects or plays now. */
  readonly onState: (state: Viewer['state']) => void;
  /** The page cannot play the picture of what is on air. */
  readonly onPictureRefused: () => void;
  /** It takes another picture in the place of that. */
  readonly onCompatible: (rendition: string) => void;
  /** What is sent to the viewer from now on. */
  readonly onMedia: (media: ViewerTransport, broadcast: Broadcast) => void;
}

/** One page on one WebSocket: tells it what is on air and gives it media. */
export class PageSession {
  readonly #options: PageSessionOptions;
  #media: ViewerTransport | undefined;
  /** What `#media` was offered with. */
  #offered: { readonly offer: PageOffer; readonly served: Served } | undefined;
  /** What it is offered instead of the picture, which it has refused. */
  #compatible: CompatibleOffer | undefined;
  #queue: Promise<void> = Promise.resolve();
  #queued = 0;
  readonly #rate: Rate;
  #countTimer: Timer | undefined;
  /** As the page was told. */
  #poster: string | null;
  /** What comes next in the room by itself. */
  #next: Coming | null;
  /** The same as the page was told. */
  #told: Coming | null;
  #closed = false;

  constructor(options: PageSessionOptions) {
    this.#options = options;
    this.#rate = new Rate({ ...messageRate, clock: options.clock });
    const { room, socket, version } = options;
    room
      .on('live', this.#live)
      .on('offline', this.#offline)
      .on('viewers', this.#count)
      .on('scene', this.#scene)
      .on('title', this.#retitle)
      .on('made', this.#made);
    socket.on('message', (data, isBinary) => this.#receive(isBinary ? '' : String(data)));
    socket.on('ping', (data) => this.#pong(data));
    const { served } = room;
    const onAir = served !== null;
    const closed = room.entry !== 'open';
    const { title } = room;
    this.#poster = options.poster();
    this.#next = options.next;
    this.#told = this.#coming();
    const told = {
      viewers: room.viewers.length,
      poster: this.#poster,
      next: this.#upcoming(),
      ...(closed && { closed }),
    };
    this.#send({ type: 'hello', version, room: room.name, live: onAir, title, ...told });
    if (onAir) this.#live();
  }

  /** The room's name. */
  get room(): string {
    return this.#options.room.name;
  }

  /** Tells the page to come back, where the daemon ends. */
  bye(retryMs: number): void {
    this.#send({ type: 'bye', retryMs });
    this.#options.socket.close(closeCode.goingAway);
  }

  /** Tells the page where something else comes next than it knows of. */
  comesNext(next: Coming | null): void {
    this.#next = next;
    this.#tellNext();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#countTimer?.cancel();
    this.#options.room
      .off('live', this.#live)
      .off('offline', this.#offline)
      .off('viewers', this.#count)
      .off('scene', this.#scene)
      .off('title', this.#retitle)
      .off('made', this.#made);
    this.#leave();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #live = (): void => {
    const { room, log, socket, viewerId } = this.#options;
    const producers = room.served?.producers;
    this.#offer().catch((error: unknown) => {
      log.debug({ err: error, viewer: viewerId }, 'a page could get no offer');
      // Where the broadcast is gone again, or its worker, whatever comes next is offered anew; else it has to come again.
      if (room.served?.producers === producers) socket.close(closeCode.tryLater);
    });
  };

  /** Media is on its way as soon as the page has answered: nothing is left to ask. */
  async #offer(): Promise<void> {
    const { room } = this.#options;
    const { served } = room;
    if (!served) return;
    const { broadcast, producers } = served;
    const { router, slot } = await room.media();
    using scope = new DisposableStack();
    const media = scope.use(await ViewerTransport.create(router, slot));
    const capabilities = pageCapabilities(router.rtpCapabilities);
    const consumers = await media.consume(router, producers, capabilities, broadcast);
    if (this.#closed || room.served?.producers !== producers) return;
    scope.move();
    const before = this.#media;
    this.#compatible?.close();
    this.#compatible = undefined;
    this.#media = media;
    const offer = new PageOffer(media.transport, consumers, capabilities, broadcast.id);
    this.#offered = { offer, served };
    this.#follow(media);
    this.#options.onMedia(media, broadcast);
    this.#become('connecting');
    this.#send({
      type: 'live',
      broadcast: broadcast.id,
      title: this.#titleOf(broadcast),
      renditions: broadcast.renditions,
      transport: media.transport.id,
      sdp: offer.sdp,
      ...(broadcast.output.video.compatible && { compatible: true }),
    });
    // What the page has now it gives up by itself, and is not to see it lost.
    before?.close();
  }

  #follow(media: ViewerTransport): void {
    media.on('connected', () => this.#become('playing'));
    media.on('layer', (layer) => this.#send({ type: 'layer', layer }));
    media.on('lost', () => {
      media.close();
      if (this.#media !== media) return;
      this.#leave();
      this.#become('waiting');
      // The page sees the same loss, and connects anew.
    });
  }

  #offline = (reason: OfflineReason): void => {
    // Before the page can see for itself that nothing comes any more.
    this.#send({ type: 'offline', reason });
    this.#tellNext();
    this.#leave();
    this.#become('waiting');
  };

  #leave(): void {
    this.#compatible?.close();
    this.#compatible = undefined;
    this.#media?.close();
    this.#media = undefined;
  }

  /** It may be that what it was offered is not made any more. */
  #made = (): void => {
    const { isBroken = false } = this.#compatible ?? {};
    if (!isBroken) return;
    this.#options.onPictureRefused();
    void this.#offerCompatible();
  };

  /** The next picture for a page that has refused all before; it may take long to find out whether there is one. */
  async #offerCompatible(): Promise<void> {
    const media = this.#media;
    const { room, log, viewerId } = this.#options;
    if (!media || !this.#offered) return;
    this.#compatible ??= new CompatibleOffer({ ...this.#offered, room, media });
    const next = this.#compatible.next();
    const sdp = await next.catch((error: unknown) => {
      log.debug({ err: error, viewer: viewerId }, 'a page could get no other picture');
      return null;
    });
    if (this.#media !== media) return;
    if (sdp === null) media.dropPicture();
    this.#send({ type: 'picture', transport: media.transport.id, sdp });
  }

  /** Whoever sees the picture move has no still any more; that its media is on the way says nothing of that. */
  #scene = (): void => {
    const poster = this.#options.poster();
    if (poster === this.#poster) return;
    this.#poster = poster;
    this.#send({ type: 'poster', poster });
  };

  #tellNext(): void {
    const coming = this.#coming();
    if (coming?.atMs === this.#told?.atMs && coming?.name === this.#told?.name) return;
    this.#told = coming;
    this.#send({ type: 'next', next: this.#upcoming() });
  }

  /** Nothing comes next where something is about to be on air: that is what the page waits for. */
  #coming(): Coming | null {
    const { entry, broadcast, served } = this.#options.room;
    const isAwaited = broadcast !== null && served === null;
    return entry !== 'open' || isAwaited ? null : this.#next;
  }

  #titleOf({ id, name }: Broadcast): string {
    const { served, title } = this.#options.room;
    return served?.broadcast.id === id ? (title ?? name) : name;
  }

  /** Another broadcast's title comes with its media. */
  #retitle = (): void => {
    const { broadcast } = this.#offered?.served ?? {};
    const { served } = this.#options.room;
    if (broadcast && served?.broadcast.id === broadcast.id)
      this.#send({ type: 'title', title: this.#titleOf(broadcast) });
  };

  #upcoming(): Upcoming | null {
    return this.#told && { ...this.#told, nowMs: this.#options.clock.wallMs() };
  }

  #count = (): void => {
    this.#countTimer ??= this.#options.clock.after(countIntervalMs, () => {
      this.#countTimer = undefined;
      this.#send({ type: 'viewers', viewers: this.#options.room.viewers.length });
    });
  };

  /** Browsers send none; whoever does, and takes no answers, must not fill the memory with them. */
  #pong(data: Buffer): void {
    const { socket } = this.#options;
    if (!this.#rate.spend()) this.#refuse('expected fewer messages');
    else if (socket.bufferedAmount <= maxBufferedBytes) socket.pong(data);
  }

  #receive(text: string): void {
    if (!this.#rate.spend()) {
      this.#refuse('expected fewer messages');
      return;
    }
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
    const media = this.#media;
    if (message.type === 'ping') {
      this.#send({ type: 'pong' });
    } else if (message.type === 'quality') {
      media?.prefer(message.quality);
    } else if (message.type === 'picture') {
      if (media?.transport.id === message.transport) this.#answered(message.taken);
    } else if (media?.transport.id === message.transport) {
      // Else its broadcast has ended meanwhile; it knows by 'offline', or by the next 'live'.
      const { role, fingerprint, picture } = message;
      const fingerprints = [{ algorithm: 'sha-256' as const, value: fingerprint }];
      if (!picture) {
        media.dropPicture();
        this.#options.onPictureRefused();
      }
      await media.transport.connect({ dtlsParameters: { role, fingerprints } });
      if (!picture && this.#offered?.served.broadcast.output.video.compatible) void this.#offerCompatible();
    }
  }

  #answered(taken: boolean): void {
    const { rendition = null, isBroken = false } = this.#compatible ?? {};
    if (rendition === null) return;
    if (taken && !isBroken) this.#options.onCompatible(rendition);
    else void this.#offerCompatible();
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
