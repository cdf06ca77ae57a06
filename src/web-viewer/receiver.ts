import { type types as client, Device } from 'mediasoup-client';
import type { DaemonMessage, PageMessage } from '../contract/signalling.ts';

type Message<T extends DaemonMessage['type']> = Extract<DaemonMessage, { type: T }>;

/** The tracks of one broadcast; null where it has none, or this browser can't play it. */
export interface Tracks {
  readonly video: MediaStreamTrack | null;
  readonly audio: MediaStreamTrack | null;
}

/** Who is told what the receiver does. */
export interface ReceiverListener {
  send(message: PageMessage): void;
  onTracks(tracks: Tracks): void;
  /** ICE or DTLS is gone. */
  onLost(): void;
  /** This browser can't receive what is on air. */
  onUnplayable(notice: string): void;
}

/** Loading a Device costs a peer connection: kept for as long as the capabilities of the router stay the same. */
let loaded: { readonly key: string; readonly device: Promise<Device> } | undefined;

/** Receives one broadcast: from `join` to its tracks. No message waits for the answer to an earlier one where it need not. */
export class Receiver {
  readonly #listener: ReceiverListener;
  readonly #offers: Message<'consumer'>[] = [];
  #expected: number;
  #device: Device | undefined;
  #transportOffer: Message<'transport'> | undefined;
  #transport: client.Transport | undefined;
  #consumers: client.Consumer[] = [];
  #consuming = false;
  #closed = false;

  private constructor(live: Message<'live'>, listener: ReceiverListener) {
    this.#listener = listener;
    this.#expected = Number(live.video) + Number(live.audio);
  }

  /** Joins the broadcast that `live` announced; its answers go to `hear`. */
  static join(live: Message<'live'>, listener: ReceiverListener): Receiver {
    const receiver = new Receiver(live, listener);
    listener.send({ type: 'join' });
    loadDevice(live.rtpCapabilities).then(
      (device) => receiver.#useDevice(device),
      () => receiver.#unplayable(),
    );
    return receiver;
  }

  /** Takes what the daemon says about this broadcast's transport and consumers. */
  hear(message: DaemonMessage): void {
    if (message.type === 'transport') this.#transportOffer = message;
    else if (message.type === 'consumer') this.#offers.push(message);
    else if (message.type === 'error' && message.code === 'TRACK_NOT_PLAYABLE') this.#expected -= 1;
    else return;
    this.#advance();
  }

  /** Statistics of the whole connection; null before there is one. */
  async statistics(): Promise<RTCStatsReport | null> {
    if (this.#consumers.length === 0 || this.#transport === undefined || this.#transport.closed) return null;
    return await this.#transport.getStats();
  }

  /** Loudness of the sound that plays now, 0 to 1. */
  async level(): Promise<number> {
    const consumer = this.#consumers.find(({ kind }) => kind === 'audio');
    const report = await consumer?.getStats();
    let level = 0;
    report?.forEach((entry: { readonly type: string; readonly audioLevel?: number }) => {
      if (entry.type === 'inbound-rtp') level = entry.audioLevel ?? 0;
    });
    return level;
  }

  /** Ends the transport and its tracks. */
  close(): void {
    this.#closed = true;
    this.#transport?.close();
  }

  #useDevice(device: Device): void {
    if (this.#closed) return;
    this.#device = device;
    this.#listener.send({ type: 'consume', rtpCapabilities: { ...device.recvRtpCapabilities } });
    this.#advance();
  }

  #advance(): void {
    if (this.#closed || this.#consuming) return;
    if (this.#expected <= 0) {
      this.#unplayable();
      return;
    }
    if (this.#device === undefined || this.#transportOffer === undefined) return;
    this.#transport ??= this.#createTransport(this.#device, this.#transportOffer);
    if (this.#offers.length < this.#expected) return;
    this.#consuming = true;
    this.#consume(this.#transport).catch(() => {
      if (!this.#closed) this.#listener.onLost();
    });
  }

  #createTransport(device: Device, offer: Message<'transport'>): client.Transport {
    const transport = device.createRecvTransport(offer);
    transport.on('connect', ({ dtlsParameters }, done) => {
      this.#listener.send({ type: 'connect', dtlsParameters: { ...dtlsParameters } });
      done();
    });
    transport.on('connectionstatechange', (state) => {
      if (!this.#closed && (state === 'failed' || state === 'disconnected')) this.#listener.onLost();
    });
    return transport;
  }

  /** All at once: one negotiation inside the browser instead of one for each track. */
  async #consume(transport: client.Transport): Promise<void> {
    this.#consumers = await Promise.all(this.#offers.map((offer) => transport.consume(offer)));
    this.#listener.send({ type: 'ready' });
    this.#listener.onTracks({ video: this.#track('video'), audio: this.#track('audio') });
  }

  #track(kind: client.MediaKind): MediaStreamTrack | null {
    return this.#consumers.find((consumer) => consumer.kind === kind)?.track ?? null;
  }

  #unplayable(): void {
    if (!this.#closed) this.#listener.onUnplayable('This browser cannot play the broadcast');
  }
}

function loadDevice(rtpCapabilities: client.RtpCapabilities): Promise<Device> {
  const key = JSON.stringify(rtpCapabilities);
  if (loaded?.key !== key) loaded = { key, device: createDevice(rtpCapabilities) };
  return loaded.device;
}

async function createDevice(routerRtpCapabilities: client.RtpCapabilities): Promise<Device> {
  // A browser is known by its name, which some do not tell over plain HTTP; any of today speaks as Chrome does.
  const device = await Device.factory().catch(() => Device.factory({ handlerName: 'Chrome111' }));
  await device.load({ routerRtpCapabilities });
  return device;
}
