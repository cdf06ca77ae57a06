import type { types } from 'mediasoup';
import { ClientTransport, openTransport } from '../media/client-transport.ts';
import type { WorkerSlot } from '../media/worker-pool.ts';

/** One viewer's WebRtcTransport and the Consumers on it; the page and WHEP both stand on it. */
export class ViewerTransport extends ClientTransport {
  readonly #consumers: types.Consumer[] = [];

  static override async create(router: types.Router, slot: WorkerSlot): Promise<ViewerTransport> {
    return new ViewerTransport(await openTransport(router, slot));
  }

  /** Adds a Consumer, paused until `resume`, for each Producer that the viewer can decode. */
  async consume(
    router: types.Router,
    producers: readonly types.Producer[],
    rtpCapabilities: types.RtpCapabilities,
  ): Promise<types.Consumer[]> {
    const usable = producers.filter(({ id }) => router.canConsume({ producerId: id, rtpCapabilities }));
    const consumers: types.Consumer[] = [];
    for (const { id } of usable) {
      consumers.push(await this.transport.consume({ producerId: id, rtpCapabilities, paused: true }));
    }
    this.#consumers.push(...consumers);
    return consumers;
  }

  async resume(): Promise<void> {
    await Promise.all(
      this.#consumers.filter((consumer) => !consumer.closed).map((consumer) => consumer.resume()),
    );
  }
}
