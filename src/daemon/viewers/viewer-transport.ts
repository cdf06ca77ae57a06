import { EventEmitter } from 'node:events';
import type { types } from 'mediasoup';
import type { WorkerSlot } from '../media/worker-pool.ts';

/** The first estimate of what a viewer's line carries: an average stream, so that it starts at once. */
const initialBitrateBps = 4_000_000;

interface ViewerTransportEvents {
  /** DTLS is up: media can flow. */
  connected: [];
  /** The connection is lost, or the Router is gone. */
  lost: [];
}

/** One viewer's WebRtcTransport and the Consumers on it; the page and WHEP both stand on it. */
export class ViewerTransport extends EventEmitter<ViewerTransportEvents> {
  readonly transport: types.WebRtcTransport;
  readonly #consumers: types.Consumer[] = [];

  private constructor(transport: types.WebRtcTransport) {
    super();
    this.transport = transport;
    transport.on('dtlsstatechange', (state) => {
      if (state === 'connected') this.emit('connected');
      if (state === 'failed' || state === 'closed') this.emit('lost');
    });
    transport.on('icestatechange', (state) => {
      if (state === 'disconnected') this.emit('lost');
    });
    transport.on('routerclose', () => this.emit('lost'));
  }

  static async create(router: types.Router, slot: WorkerSlot): Promise<ViewerTransport> {
    const transport = await router.createWebRtcTransport({
      webRtcServer: slot.server,
      enableUdp: true,
      enableTcp: true,
      preferUdp: true,
      initialAvailableOutgoingBitrate: initialBitrateBps,
    });
    return new ViewerTransport(transport);
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

  close(): void {
    this.removeAllListeners();
    this.transport.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
