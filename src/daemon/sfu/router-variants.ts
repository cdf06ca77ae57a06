import type { types } from 'mediasoup';
import { MiroliveError } from '../../contract/errors.ts';
import type { VideoCodec } from '../../contract/plan.ts';
import { commonPayloadTypes, type PayloadTypes, variantCodecs } from './codecs.ts';
import type { WorkerSlot } from './media-worker.ts';
import { type AcceptedPayloadTypes, choosePayloadTypes, findServing } from './payload-type-choice.ts';

/** Each costs the worker one more copy of the stream. Real clients differ in fewer ways. */
const maxVariants = 8;
/** Bytes that the pipe's socket may hold until it is read, as on the way in. The kernel may grant less. */
const receiveBufferBytes = 4 * 1024 * 1024;

/** The Router that a viewer's transport is made on, with the Producers that it can consume there. */
export interface MediaRoute {
  readonly router: types.Router;
  readonly slot: WorkerSlot;
  readonly producers: readonly types.Producer[];
  /** To be called once, when the viewer is gone. */
  readonly release: () => void;
}

export interface RouterVariantsOptions {
  readonly router: types.Router;
  readonly slot: WorkerSlot;
  readonly producers: readonly types.Producer[];
  /** The picture's codec; any will do where there is only sound. */
  readonly codec: VideoCodec;
}

interface Variant extends PayloadTypes {
  readonly opening: Promise<{ router: types.Router; producers: readonly types.Producer[] }>;
  users: number;
}

/**
 * Routers that carry one broadcast with other payload types than the room's Router. mediasoup sends a Producer's packets
 * with the payload types of its Router to every Consumer, while a WHEP client takes only those of its offer; so the
 * Producers are piped into a Router that has the client's. It lives while it has viewers.
 */
export class RouterVariants {
  readonly #options: RouterVariantsOptions;
  readonly #main: PayloadTypes;
  readonly #variants = new Set<Variant>();
  #closed = false;

  constructor(options: RouterVariantsOptions) {
    this.#options = options;
    this.#main = { video: commonPayloadTypes[options.codec], audio: commonPayloadTypes.opus };
  }

  /** The way to a client that takes these payload types: the room's Router, or a variant of it. */
  async route(accepted: AcceptedPayloadTypes): Promise<MediaRoute> {
    const { router, slot, producers } = this.#options;
    if (findServing([this.#main], accepted)) return { router, slot, producers, release: () => {} };
    const variant = findServing([...this.#variants], accepted) ?? this.#add(accepted);
    variant.users++;
    let used = true;
    const release = () => {
      if (used) this.#release(variant);
      used = false;
    };
    try {
      const opened = await variant.opening;
      return { ...opened, slot, release };
    } catch (error) {
      release();
      throw error;
    }
  }

  /** The broadcast is off air; its viewers see their transports close. */
  close(): void {
    this.#closed = true;
    for (const variant of this.#variants) this.#remove(variant);
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #add(accepted: AcceptedPayloadTypes): Variant {
    const payloadTypes = choosePayloadTypes(accepted);
    if (!payloadTypes) {
      throw new MiroliveError('OFFER_NOT_PLAYABLE', 'expected different payload types for video and audio');
    }
    if (this.#variants.size >= maxVariants) {
      throw new MiroliveError(
        'LIMIT_REACHED',
        `expected at most ${maxVariants} sets of uncommon payload types among the viewers of a room`,
        { hint: 'Use another player, or wait' },
      );
    }
    const variant = { ...payloadTypes, opening: this.#open(payloadTypes), users: 0 };
    this.#variants.add(variant);
    return variant;
  }

  async #open(payloadTypes: PayloadTypes): Promise<{ router: types.Router; producers: types.Producer[] }> {
    const { router: main, slot, producers, codec } = this.#options;
    const router = await slot.worker.createRouter({ mediaCodecs: variantCodecs(codec, payloadTypes) });
    try {
      const piped: types.Producer[] = [];
      for (const { id } of producers) {
        const { pipeProducer } = await main.pipeToRouter({
          producerId: id,
          router,
          keepId: false,
          enableSctp: false,
          listenInfo: { protocol: 'udp', ip: '127.0.0.1', recvBufferSize: receiveBufferBytes },
        });
        if (pipeProducer) piped.push(pipeProducer);
      }
      return { router, producers: piped };
    } catch (error) {
      router.close();
      throw error;
    }
  }

  #release(variant: Variant): void {
    if (--variant.users === 0 && !this.#closed) this.#remove(variant);
  }

  #remove(variant: Variant): void {
    this.#variants.delete(variant);
    variant.opening.then(
      ({ router }) => router.close(),
      () => {}, // Those who wait for it were told.
    );
  }
}
