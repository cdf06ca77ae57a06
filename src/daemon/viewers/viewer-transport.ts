import { systemClock } from '../../contract/clock.ts';
import type { Quality } from '../../contract/signalling.ts';
import { type Broadcast, lowerBpsOf, lowestBpsOf } from '../rooms/broadcast.ts';
import { type LineFigures, noFigures } from '../rooms/line-figures.ts';
import { ClientTransport, openTransport } from '../sfu/client-transport.ts';
import type * as types from '../sfu/media-types.ts';
import type { WorkerSlot } from '../sfu/media-worker.ts';
import { BandwidthProbe } from './bandwidth-probe.ts';
import { LineWatch, type SentStream } from './line-watch.ts';
import { LossWindow } from './loss-window.ts';

/** RTP, SRTP and a peak now and then come on top of a layer's rate. */
const overheadFactor = 1.2;

/** One viewer's WebRtcTransport and the Consumers on it; the page and WHEP both stand on it. */
export class ViewerTransport extends ClientTransport {
  #consumers: readonly types.Consumer[] = [];
  #picture: types.Consumer | undefined;
  #quality: Quality = 'auto';
  #lowerBps: readonly number[] = [];
  readonly #probe = new BandwidthProbe(this.transport);
  #watch: LineWatch | undefined;
  readonly #loss = new LossWindow();

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
   *
   * @param broadcast names its layers, the lowest first, and the rate of the lowest, which is sent however bad the line is
   */
  async consume(
    router: types.Router,
    producers: readonly types.Producer[],
    rtpCapabilities: types.RtpCapabilities,
    broadcast: Pick<Broadcast, 'renditions' | 'plan'>,
  ): Promise<types.Consumer[]> {
    const usable = producers.filter(({ id }) => router.canConsume({ producerId: id, rtpCapabilities }));
    const consumers = await Promise.all(
      usable.map(({ id }) =>
        this.transport.consume({ producerId: id, rtpCapabilities, preferredLayers: { spatialLayer: 0 } }),
      ),
    );
    this.#consumers = consumers;
    const picture = consumers.find(({ type }) => type === 'simulcast');
    if (!picture) return consumers;
    this.#picture = picture;
    this.#lowerBps = lowerBpsOf(broadcast);
    picture.once('layerschange', () => this.#apply());
    picture.on('layerschange', (layers) => {
      this.#probeIfBelowBest();
      this.emit('layer', layers?.spatialLayer ?? null);
    });
    // Nobody waits for it, and it rejects where the viewer has left meanwhile.
    const leastBps = Math.round(lowestBpsOf(broadcast) * overheadFactor);
    this.transport.setMinOutgoingBitrate(leastBps).catch(() => {});
    return consumers;
  }

  /** Adds a Consumer for a picture in the place of the one that was dropped. */
  async consumeInstead(
    router: types.Router,
    { id: producerId }: types.Producer,
    rtpCapabilities: types.RtpCapabilities,
  ): Promise<types.Consumer> {
    this.dropPicture();
    if (!router.canConsume({ producerId, rtpCapabilities })) throw new Error('the Router is another one');
    const consumer = await this.transport.consume({ producerId, rtpCapabilities });
    this.#consumers = [...this.#consumers, consumer];
    return consumer;
  }

  /** Sends this layer at most, from its next key frame on. */
  prefer(quality: Quality): void {
    this.#quality = quality;
    if (this.layer !== null) this.#apply();
  }

  /** Sends the sound alone from now on. */
  dropPicture(): void {
    this.#watch?.close();
    this.#probe.wanted = false;
    this.#picture = undefined;
    for (const consumer of this.#consumers) if (consumer.kind === 'video') consumer.close();
  }

  override close(): void {
    this.#probe.wanted = false;
    this.#watch?.close();
    super.close();
  }

  /** How its line is now, by what is sent and what it reports (RFC 3550, 6.4.1): two questions to the worker; null: nobody answers. */
  async figures(): Promise<LineFigures | null> {
    if (this.transport.closed) return null;
    const main = this.#picture ?? this.#consumers.find(({ closed }) => !closed);
    if (!main) return noFigures;
    // They reject where the viewer has left meanwhile, or the worker died.
    const stats = await Promise.all([this.transport.getStats(), main.getStats()]).catch(() => null);
    if (!stats) return null;
    const [[whole], streams] = stats;
    const sent = streams.find(({ type }) => type === 'outbound-rtp') as SentStream | undefined;
    const atMs = systemClock.nowMs();
    return {
      bitrateBps: whole ? Math.round(whole.sendBitrate) : null,
      lossPercent: sent ? this.#loss.percent({ atMs, sent: sent.packetCount, lost: sent.packetsLost }) : null,
      roundTripMs: sent?.roundTripTime ? Math.round(sent.roundTripTime) : null,
    };
  }

  get #best(): number {
    return this.#lowerBps.length;
  }

  /** mediasoup estimates the line of a player that numbers what arrives; of the others only receiver reports tell. */
  get #isEstimated(): boolean {
    const { codecs = [] } = this.#picture?.rtpParameters ?? {};
    return codecs.some(({ rtcpFeedback = [] }) => rtcpFeedback.some(({ type }) => type === 'transport-cc'));
  }

  #apply(): void {
    const picture = this.#picture;
    if (!picture) return;
    const isAuto = this.#quality === 'auto';
    const spatialLayer = this.#quality === 'auto' ? this.#best : this.#quality;
    this.#probeIfBelowBest();
    this.#watch?.close();
    this.#watch = isAuto && !this.#isEstimated ? new LineWatch(picture, this.#lowerBps) : undefined;
    // Rejects where the viewer has left meanwhile.
    picture.setPreferredLayers({ spatialLayer }).catch(() => {});
  }

  #probeIfBelowBest(): void {
    this.#probe.wanted = this.#isEstimated && this.#quality === 'auto' && this.layer !== this.#best;
  }
}
