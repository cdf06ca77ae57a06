import type { CompatibleCodec } from '../../contract/plan.ts';
import type { Room } from '../rooms/room.ts';
import type { Served } from '../rooms/room-parts.ts';
import { codecNames } from '../sfu/offers/offered-codec.ts';
import type { PageOffer } from './page-offer.ts';
import type { ViewerTransport } from './viewer-transport.ts';

export interface CompatibleOfferOptions {
  readonly room: Pick<Room, 'needCompatible' | 'compatibleProblem' | 'media'>;
  readonly served: Served;
  readonly media: ViewerTransport;
  /** The one whose picture was refused. */
  readonly offer: PageOffer;
}

/** What a page is offered in the place of a picture that it has refused: one codec after the other, until it takes one. */
export class CompatibleOffer {
  readonly #options: CompatibleOfferOptions;
  readonly #left: CompatibleCodec[];
  #codec: CompatibleCodec | null = null;
  #release: (() => void) | null = null;
  #closed = false;

  constructor(options: CompatibleOfferOptions) {
    this.#options = options;
    this.#left = (options.served.broadcast.output.video.compatible ?? []).map(({ codec }) => codec);
  }

  /** What is offered now is not to be had, although it was. */
  get isBroken(): boolean {
    return this.#codec !== null && this.#options.room.compatibleProblem(this.#codec) !== null;
  }

  /** What viewers of it are listed with. */
  get rendition(): string | null {
    return this.#codec && codecNames[this.#codec];
  }

  /** The next offer on the same connection, with another picture; null: there is none. Rejects where what is on air is gone. */
  async next(): Promise<string | null> {
    this.#leave();
    const { room, served, media, offer } = this.#options;
    for (;;) {
      const codec = this.#left.shift();
      if (codec === undefined || this.#closed) return null;
      const release = await room.needCompatible(codec);
      if (!release) continue;
      this.#release = release;
      // It may have been closed meanwhile.
      if (this.#closed) {
        this.#leave();
        return null;
      }
      const producer = await served.compatible(codec);
      const { router } = await room.media();
      const consumer = await media.consumeInstead(router, producer, offer.capabilities);
      this.#codec = codec;
      // It may have turned out meanwhile that it cannot be made.
      if (this.isBroken) {
        this.#leave();
        continue;
      }
      return offer.withPicture(consumer);
    }
  }

  close(): void {
    this.#closed = true;
    this.#leave();
  }

  #leave(): void {
    this.#codec = null;
    this.#release?.();
    this.#release = null;
  }
}
