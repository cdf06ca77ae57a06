import type { Logger } from 'pino';
import type { Viewer } from '../../contract/models.ts';
import type { OfflineReason, PageMessage } from '../../contract/signalling.ts';
import type { Broadcast } from '../rooms/broadcast.ts';
import type { Room } from '../rooms/room.ts';
import type { Served } from '../rooms/room-parts.ts';
import { CompatibleOffer } from './compatible-offer.ts';
import { PageOffer, pageCapabilities } from './page-offer.ts';
import { titleOf } from './page-title.ts';
import { closeCode, type PageWire } from './page-wire.ts';
import { ViewerTransport } from './viewer-transport.ts';

/** Who is told how a viewer gets its media. */
export interface PageMediaListener {
  /** The viewer waits, connects or plays now. */
  readonly onState: (state: Viewer['state']) => void;
  /** The page cannot play the picture of what is on air. */
  readonly onPictureRefused: () => void;
  /** It takes another picture in the place of that. */
  readonly onCompatible: (rendition: string) => void;
  /** What is sent to the viewer from now on. */
  readonly onMedia: (media: ViewerTransport, broadcast: Broadcast) => void;
}

export interface PageMediaOptions extends PageMediaListener {
  readonly wire: PageWire;
  readonly room: Room;
  readonly viewerId: string;
  readonly log: Logger;
}

/** What one page is sent of what is on air: offered as soon as there is something, and taken away with it. */
export class PageMedia {
  readonly #options: PageMediaOptions;
  #media: ViewerTransport | undefined;
  /** What `#media` was offered with. */
  #offered: { readonly offer: PageOffer; readonly served: Served } | undefined;
  /** What it is offered instead of the picture, which it has refused. */
  #compatible: CompatibleOffer | undefined;
  #closed = false;

  constructor(options: PageMediaOptions) {
    this.#options = options;
    options.room.on('live', this.live).on('made', this.#made);
  }

  /** The broadcast that the page was offered last; undefined: none yet. */
  get broadcast(): Broadcast | undefined {
    return this.#offered?.served.broadcast;
  }

  /** Offers what is on air. */
  readonly live = (): void => {
    const { room, log, wire, viewerId } = this.#options;
    const producers = room.served?.producers;
    this.#offer().catch((error: unknown) => {
      log.debug({ err: error, viewer: viewerId }, 'a page could get no offer');
      // Where the broadcast is gone again, or its worker, whatever comes next is offered anew; else it has to come again.
      if (room.served?.producers === producers) wire.end(closeCode.tryLater);
    });
  };

  /** Nothing is on air any more. @param tell what follows the news of it, before the page can see for itself that nothing comes */
  offline(reason: OfflineReason, tell: () => void): void {
    this.#options.wire.send({ type: 'offline', reason });
    tell();
    this.#leave();
    this.#become('waiting');
  }

  /** What the page says of it. */
  async handle(message: Extract<PageMessage, { type: 'connect' | 'picture' | 'quality' }>): Promise<void> {
    const media = this.#media;
    if (message.type === 'quality') media?.prefer(message.quality);
    // Else its broadcast has ended meanwhile; it knows by 'offline', or by the next 'live'.
    else if (!media || media.transport.id !== message.transport) return;
    else if (message.type === 'picture') this.#answered(message.taken);
    else await this.#connect(media, message);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#options.room.off('live', this.live).off('made', this.#made);
    this.#leave();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  /** Media is on its way as soon as the page has answered: nothing is left to ask. */
  async #offer(): Promise<void> {
    const { room, wire } = this.#options;
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
    // Until it answers.
    this.#become('waiting');
    wire.send({
      type: 'live',
      broadcast: broadcast.id,
      title: titleOf(room, broadcast),
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
    media.on('layer', (layer) => this.#options.wire.send({ type: 'layer', layer }));
    media.on('lost', () => {
      media.close();
      if (this.#media !== media) return;
      this.#leave();
      this.#become('waiting');
      // The page sees the same loss, and connects anew.
    });
  }

  async #connect(
    media: ViewerTransport,
    { role, fingerprint, picture }: Extract<PageMessage, { type: 'connect' }>,
  ): Promise<void> {
    // What it says twice changes nothing.
    if (media.transport.dtlsState === 'new') this.#become('connecting');
    const fingerprints = [{ algorithm: 'sha-256' as const, value: fingerprint }];
    if (!picture) {
      media.dropPicture();
      this.#options.onPictureRefused();
    }
    await media.transport.connect({ dtlsParameters: { role, fingerprints } });
    if (!picture && this.broadcast?.output.video.compatible) void this.#offerCompatible();
  }

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
    const { room, log, wire, viewerId } = this.#options;
    if (!media || !this.#offered) return;
    this.#compatible ??= new CompatibleOffer({ ...this.#offered, room, media });
    const next = this.#compatible.next();
    const sdp = await next.catch((error: unknown) => {
      log.debug({ err: error, viewer: viewerId }, 'a page could get no other picture');
      return null;
    });
    if (this.#media !== media) return;
    if (sdp === null) media.dropPicture();
    wire.send({ type: 'picture', transport: media.transport.id, sdp });
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
}
