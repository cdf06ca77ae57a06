import { randomInt } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { type Clock, systemClock, type Timer } from '../../../contract/clock.ts';
import type { MediaFrame } from '../media-frame.ts';
import { pictureLossIndication } from '../rtp/key-frame-requests.ts';
import { senderReports } from '../rtp/sender-reports.ts';
import type { AssembledFrame } from './frame-assembler.ts';
import { IncomingStream, type IncomingTrack, type StreamCounters } from './incoming-stream.ts';
import { largestFirst } from './layer-order.ts';
import { MediaClock } from './media-clock.ts';
import type { PictureSize } from './picture-size.ts';
import { isRtcp, readRtp } from './rtp-packet.ts';

/** Bytes that the socket may hold until it is read: a second of 30 Mbit/s. The kernel may grant less. */
const receiveBufferBytes = 4 * 1024 * 1024;
/** A stream that cannot go on without a key frame asks for one this often, in ms. */
const askAgainMs = 500;

export interface RtpReceiverOptions {
  /** The UDP port on loopback that the packets come from; nobody else is heard. */
  readonly peerPort: number;
  readonly tracks: readonly IncomingTrack[];
  /** Frames that are complete, those of one track in their order. */
  readonly onFrames: (frames: MediaFrame[]) => void;
  /** What came cannot be read: that is its publisher's affair alone, and whoever plays it is to close this. */
  readonly onFailed: (error: unknown) => void;
  /** Runs each piece of work on what comes; default at once. */
  readonly slice?: ((work: () => void) => void) | undefined;
  readonly clock?: Clock;
}

/** What came, since the receiver was made. */
export interface RtpReceiverCounters {
  readonly packets: number;
  readonly bytes: number;
  /** Datagrams that are of none of the streams. */
  readonly strange: number;
  readonly keyFramesAsked: number;
  readonly streams: readonly (StreamCounters & StreamPlace)[];
}

interface StreamPlace {
  readonly kind: 'video' | 'audio';
  readonly layer: number;
  readonly size: PictureSize | undefined;
}

/**
 * Takes what a publisher sends from mediasoup by RTP, and makes timed frames of it, without ffmpeg. Times are in µs since
 * the receiver was made.
 */
export class RtpReceiver {
  readonly #options: RtpReceiverOptions;
  readonly #slice: (work: () => void) => void;
  readonly #socket: Socket;
  readonly #streams: ReadonlyMap<number, IncomingStream>;
  readonly #layers: readonly IncomingStream[];
  readonly #clock: Clock;
  readonly #originMs: number;
  readonly #mediaClock = new MediaClock();
  readonly #ssrc = randomInt(1, 2 ** 32);
  readonly #askedAtMs = new Map<IncomingStream, number>();
  readonly #total = { packets: 0, bytes: 0, strange: 0, keyFramesAsked: 0 };
  /** The layers are listed from the largest to the smallest; undefined while nobody knows. */
  #reversed: boolean | undefined;
  #timer: Timer | undefined;
  #closed = false;

  private constructor(socket: Socket, options: RtpReceiverOptions) {
    this.#socket = socket;
    this.#options = options;
    this.#streams = new Map(options.tracks.map((track) => [track.ssrc, new IncomingStream(track)]));
    this.#layers = [...this.#streams.values()]
      .filter(({ track }) => track.kind === 'video')
      .sort((a, b) => a.track.layer - b.track.layer);
    for (const { ssrc, kind, clockRate } of options.tracks) this.#mediaClock.add(ssrc, kind, clockRate);
    const { slice = (work) => work(), clock = systemClock } = options;
    this.#slice = slice;
    this.#clock = clock;
    this.#originMs = clock.nowMs();
    socket.on('message', (datagram) => slice(() => this.#receive(datagram)));
    // Loopback refuses packets once the worker is gone; the daemon hears of that by itself.
    socket.on('error', () => {});
  }

  static async create(options: RtpReceiverOptions): Promise<RtpReceiver> {
    const socket = createSocket({ type: 'udp4', recvBufferSize: receiveBufferBytes });
    try {
      socket.bind(0, '127.0.0.1');
      await once(socket, 'listening');
      socket.connect(options.peerPort, '127.0.0.1');
      await once(socket, 'connect');
    } catch (error) {
      socket.close();
      throw error;
    }
    return new RtpReceiver(socket, options);
  }

  /** The local UDP port that packets are to be sent to. */
  get port(): number {
    return this.#socket.address().port;
  }

  /** The size of the largest layer that has come. */
  get largest(): PictureSize | undefined {
    return this.#layers
      .flatMap(({ size }) => size ?? [])
      .sort((a, b) => a.width * a.height - b.width * b.height)
      .at(-1);
  }

  /** The publisher's pictures are shown in another order than they come in: B-frames. */
  get reorders(): boolean {
    return this.#layers.some(({ reorders }) => reorders);
  }

  get counters(): RtpReceiverCounters {
    const streams = [...this.#streams.values()].map((stream) => ({
      kind: stream.track.kind,
      layer: this.#layerOf(stream),
      size: stream.size,
      ...stream.counters,
    }));
    return { ...this.#total, streams };
  }

  /** Asks the publisher for a key frame. mediasoup asks for one of every layer, and sees to it that it is not asked too often. */
  requestKeyFrame(layer: number): void {
    const stream = this.#layers.find((candidate) => this.#layerOf(candidate) === layer);
    if (stream) this.#ask(stream);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#timer?.cancel();
    const closed = once(this.#socket, 'close');
    this.#socket.close();
    await closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #receive(datagram: Buffer): void {
    if (isRtcp(datagram)) {
      for (const { ssrc, ntpUs, timestamp } of senderReports(datagram)) {
        this.#mediaClock.report(ssrc, ntpUs, timestamp);
      }
      return;
    }
    const packet = readRtp(datagram);
    const stream = packet && this.#streams.get(packet.ssrc);
    if (!stream || packet.payloadType !== stream.track.payloadType) {
      this.#total.strange++;
      return;
    }
    this.#total.packets++;
    this.#total.bytes += datagram.length;
    const nowMs = this.#clock.nowMs();
    this.#mediaClock.arrived(packet.ssrc, packet.timestamp, (nowMs - this.#originMs) * 1000);
    this.#deliver(stream, () => stream.push(packet, nowMs));
    const askedAtMs = this.#askedAtMs.get(stream) ?? Number.NEGATIVE_INFINITY;
    if (stream.needsKeyFrame && nowMs - askedAtMs >= askAgainMs) this.#ask(stream);
    this.#schedule(nowMs);
  }

  /** Sees to it that missing packets are given up in time. */
  #schedule(nowMs: number): void {
    this.#timer?.cancel();
    const deadlines = [...this.#streams.values()].map(
      ({ deadlineMs }) => deadlineMs ?? Number.POSITIVE_INFINITY,
    );
    const deadlineMs = Math.min(...deadlines);
    if (deadlineMs === Number.POSITIVE_INFINITY) return;
    const leftMs = Math.ceil(deadlineMs - nowMs);
    this.#timer = this.#clock.after(leftMs, () => this.#slice(() => this.#expire()));
  }

  #expire(): void {
    const nowMs = this.#clock.nowMs();
    for (const stream of this.#streams.values()) {
      this.#deliver(stream, () => stream.expire(nowMs));
    }
    this.#schedule(nowMs);
  }

  #deliver(stream: IncomingStream, read: () => readonly AssembledFrame[]): void {
    const frames = this.#framesOf(read);
    if (frames.length === 0) return;
    const { kind, ssrc } = stream.track;
    const timed = frames.map(({ data, key, timestamp }): MediaFrame => {
      if (kind === 'video' && key) this.#orderLayers(stream);
      return {
        kind,
        layer: this.#layerOf(stream),
        ptsUs: this.#mediaClock.timeUs(ssrc, timestamp),
        key,
        data,
      };
    });
    this.#options.onFrames(timed);
  }

  #framesOf(read: () => readonly AssembledFrame[]): readonly AssembledFrame[] {
    try {
      return read();
    } catch (error) {
      // Nobody catches it otherwise, and it would end all that the process plays.
      this.#options.onFailed(error);
      return [];
    }
  }

  /** Turns the layers round, once, if they are listed the other way; each goes on in its new place with a key frame. */
  #orderLayers(current: IncomingStream): void {
    if (this.#reversed !== undefined) return;
    this.#reversed = largestFirst(this.#layers.map(({ size }) => size));
    if (!this.#reversed) return;
    for (const stream of this.#layers) if (stream !== current) stream.restart();
  }

  #layerOf({ track }: IncomingStream): number {
    return this.#reversed && track.kind === 'video' ? this.#layers.length - 1 - track.layer : track.layer;
  }

  #ask(stream: IncomingStream): void {
    if (this.#closed) return;
    this.#total.keyFramesAsked++;
    this.#askedAtMs.set(stream, this.#clock.nowMs());
    this.#socket.send(pictureLossIndication(this.#ssrc, stream.track.ssrc));
  }
}
