import type { types } from 'mediasoup';
import type { Quality } from '../../contract/signalling.ts';
import { ClientTransport, openTransport } from '../media/client-transport.ts';
import type { WorkerSlot } from '../media/worker-pool.ts';

/** One viewer's WebRtcTransport and the Consumers on it; the page and WHEP both stand on it. */
export class ViewerTransport extends ClientTransport {
  #picture: types.Consumer | undefined;
  #quality: Quality = 'auto';

  static override async create(router: types.Router, slot: WorkerSlot): Promise<ViewerTransport> {
    return new ViewerTransport(await openTransport(router, slot));
  }

  /** The layer that the viewer gets; null: none, or there is only one. */
  get layer(): number | null {
    return this.#picture?.currentLayers?.spatialLayer ?? null;
  }

  /**
   * Adds a Consumer for each Producer that the viewer can decode; it sends as soon as the transport is connected. Of several
   * layers it begins with the lowest, which has the most key frames, and then goes where the line allows.
   */
  async consume(
    router: types.Router,
    producers: readonly types.Producer[],
    rtpCapabilities: types.RtpCapabilities,
  ): Promise<types.Consumer[]> {
    const usable = producers.filter(({ id }) => router.canConsume({ producerId: id, rtpCapabilities }));
    const consumers = await Promise.all(
      usable.map(({ id }) =>
        this.transport.consume({ producerId: id, rtpCapabilities, preferredLayers: { spatialLayer: 0 } }),
      ),
    );
    const picture = consumers.find(({ type }) => type === 'simulcast');
    if (!picture) return consumers;
    this.#picture = picture;
    picture.once('layerschange', () => this.#apply());
    picture.on('layerschange', (layers) => this.emit('layer', layers?.spatialLayer ?? null));
    return consumers;
  }

  /** Sends this layer at most, from its next key frame on. */
  prefer(quality: Quality): void {
    this.#quality = quality;
    if (this.layer !== null) this.#apply();
  }

  /** What leaves for the viewer now, in bit/s; null once it has left. */
  async bitrateBps(): Promise<number | null> {
    if (this.transport.closed) return null;
    const [statistics] = await this.transport.getStats().catch(() => []);
    return statistics ? Math.round(statistics.sendBitrate) : null;
  }

  #apply(): void {
    const spatialLayer = this.#quality === 'auto' ? maxLayer : this.#quality;
    // Rejects where the viewer has left meanwhile.
    this.#picture?.setPreferredLayers({ spatialLayer }).catch(() => {});
  }
}

/** Above all that there are: mediasoup takes the highest that it has. */
const maxLayer = 7;
