import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { type Clock, every, type Timer } from '../../../contract/clock.ts';
import type { CompatibleCodec, VideoCodec } from '../../../contract/plan.ts';
import type { MediaFrame } from '../../media/media-frame.ts';
import { keyFrameRequests } from '../../media/rtp/key-frame-requests.ts';
import { lostPackets } from '../../media/rtp/nack.ts';
import { packetizerFor } from '../../media/rtp/packetizer.ts';
import { type RtpIdentity, RtpStream, randomTimestamp } from '../../media/rtp/rtp-stream.ts';
import { feedLayer } from './feed-layer.ts';
import { GopCache } from './gop-cache.ts';
import { PacedSender } from './paced-sender.ts';
import type { Sink } from './sink.ts';
import type { Placed } from './timeline.ts';

/** So often another port is asked for where somebody else got it first. */
const maxBindTries = 5;
/** A simulcast layer cannot be switched to before mediasoup has seen a sender report for it, so they come often. */
const senderReportIntervalMs = 500;

/** Pictures that are sent again have times this close behind the last one, in µs: a tick of 90 kHz, so that none of them is shown. */
const repeatedApartUs = 12;

/** Packets of sound that are kept to be sent again: two seconds; what is older would be heard by nobody. */
export const keptSounds = 128;

/** The picture that is sent: one stream for each rendition, the lowest first. */
export interface VideoOutput {
  readonly codec: VideoCodec;
  readonly identities: readonly RtpIdentity[];
  /** The same for players that cannot decode it, in other codecs, as long as somebody needs one; missing: none. */
  readonly compatible?: readonly CompatibleOutput[];
}

/** A stream of its own that a compatible picture is sent as. */
export interface CompatibleOutput {
  readonly codec: CompatibleCodec;
  readonly identity: RtpIdentity;
}

/** The sound that is sent, in Opus. */
export interface AudioOutput {
  readonly identity: RtpIdentity;
}

export interface RtpSinkOptions {
  readonly video: VideoOutput | null;
  readonly audio: AudioOutput | null;
  readonly clock: Clock;
  /** Where times of frames count from, on that clock. */
  readonly originMs: number;
  /** A viewer needs a key frame of a rendition; the lowest is 0. */
  readonly onKeyFrameWanted: (layer: number) => void;
}

/**
 * Sends frames as one unbroken RTP stream per track: same SSRC, continuous sequence numbers and time stamps, wherever it is
 * connected to. All tracks leave from one UDP socket, since a PlainTransport takes one remote address.
 */
export class RtpSink implements Sink {
  readonly counters = { pictures: 0, bytes: 0, packets: 0, resent: 0, repeated: 0 };
  readonly #options: RtpSinkOptions;
  readonly #socket: Socket;
  readonly #video: readonly RtpStream[];
  readonly #audio: RtpStream | undefined;
  /** Those that have begun. */
  readonly #compatible = new Map<CompatibleCodec, RtpStream>();
  readonly #pictures: PacedSender;
  /** Of the lowest rendition, which every viewer begins with; of a single one it would cost those who watch too much. */
  readonly #repetition: GopCache | undefined;
  /** The last moment that a picture of the lowest rendition was given, in µs. */
  #lowestUs = Number.NEGATIVE_INFINITY;
  /** The wall clock when the other one stood at 0, in ms: reports go by a clock that nobody sets. */
  readonly #wallFromMs: number;
  #connected = false;
  /** One at a time: whether the last one is over. Never rejects. */
  #connecting: Promise<void> = Promise.resolve();
  #reportTimer: Timer | undefined;
  readonly #closing = new AbortController();

  private constructor(socket: Socket, options: RtpSinkOptions) {
    this.#socket = socket;
    this.#options = options;
    const { video, audio, clock } = options;
    this.#wallFromMs = clock.wallMs() - clock.nowMs();
    this.#pictures = new PacedSender((packet) => this.#send(packet), clock);
    // All layers have one timeline: a viewer can change between them before any sender report has told so.
    const timestampBase = randomTimestamp();
    this.#video = video
      ? video.identities.map(
          (identity) => new RtpStream(identity, packetizerFor(video.codec), { timestampBase }),
        )
      : [];
    this.#repetition = this.#video.length > 1 ? new GopCache() : undefined;
    this.#audio = audio
      ? new RtpStream(audio.identity, packetizerFor('opus'), { kept: keptSounds })
      : undefined;
    socket.on('message', (message) => this.#answer(message));
    // Loopback refuses packets once the worker is gone; the daemon hears of that by itself.
    socket.on('error', () => {});
  }

  static async create(options: RtpSinkOptions): Promise<RtpSink> {
    return new RtpSink(await socketOfItsOwn(), options);
  }

  get port(): number {
    return this.#socket.address().port;
  }

  /** Where it is asked again meanwhile, the last port is the one that stays. */
  connect(port: number): Promise<void> {
    const connecting = this.#connecting.then(() => this.#connect(port));
    this.#connecting = connecting.catch(() => {});
    return connecting;
  }

  async #connect(port: number): Promise<void> {
    const { signal } = this.#closing;
    signal.throwIfAborted();
    if (this.#connected) this.#socket.disconnect();
    this.#connected = false;
    const connected = Promise.withResolvers<void>();
    // Not `once`: that what went to the last port was refused may be heard of only now.
    this.#socket.connect(port, '127.0.0.1', (error?: Error) =>
      error ? connected.reject(error) : connected.resolve(),
    );
    const closed = () => connected.reject(signal.reason);
    signal.addEventListener('abort', closed, { once: true });
    await connected.promise.finally(() => signal.removeEventListener('abort', closed));
    signal.throwIfAborted();
    this.#connected = true;
    this.#reportTimer ??= every(this.#options.clock, senderReportIntervalMs, () => this.#report());
  }

  send({ frame, timeUs, feed: { layers } }: Placed): void {
    if (this.#closing.signal.aborted) return;
    if (frame.kind === 'audio') {
      // In Opus the marker says 'first after silence', which we never send.
      const unsent = this.#socket.getSendQueueCount();
      const how = { key: true, timeUs, marker: false, unsent };
      for (const packet of this.#audio?.packets(frame.data, how) ?? []) this.#send(packet);
      return;
    }
    if (this.#video.length > 0 && frame.layer === layers - 1) this.counters.pictures++;
    for (const [index, stream] of this.#video.entries()) {
      if (feedLayer(index, this.#video.length, layers) !== frame.layer) continue;
      if (index === 0) {
        this.#repetition?.note(frame, this.#options.clock.nowMs());
        this.#sendLowest(stream, frame, timeUs);
      } else this.#sendPicture(stream, frame, timeUs);
    }
  }

  /** A picture that was encoded for players which cannot decode what is on air; it is behind its time already. */
  sendCompatible(codec: CompatibleCodec, { data, key }: MediaFrame, timeUs: number): void {
    if (this.#closing.signal.aborted) return;
    const how = { key, timeUs, marker: true, unsent: this.#socket.getSendQueueCount() };
    for (const packet of this.#compatibleStream(codec)?.packets(data, how) ?? []) this.#write(packet);
  }

  #compatibleStream(codec: CompatibleCodec): RtpStream | undefined {
    const known = this.#compatible.get(codec);
    const identity = this.#options.video?.compatible?.find((one) => one.codec === codec)?.identity;
    if (known || !identity) return known;
    const stream = new RtpStream(identity, packetizerFor(codec));
    this.#compatible.set(codec, stream);
    return stream;
  }

  async close(): Promise<void> {
    if (this.#closing.signal.aborted) return;
    this.#closing.abort();
    this.#connected = false;
    this.#reportTimer?.cancel();
    this.#pictures.close();
    const closed = once(this.#socket, 'close');
    this.#socket.close();
    await closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Its time stamps grow, although repetitions have some of their own. */
  #sendLowest(stream: RtpStream, frame: MediaFrame, timeUs: number): void {
    this.#lowestUs = Math.max(timeUs, this.#lowestUs + repeatedApartUs);
    this.#sendPicture(stream, frame, this.#lowestUs);
  }

  #sendPicture(stream: RtpStream, { data, key }: MediaFrame, timeUs: number): void {
    // The last packet of a picture is marked.
    const unsent = this.#pictures.waiting + this.#socket.getSendQueueCount();
    this.#pictures.push(stream.packets(data, { key, timeUs, marker: true, unsent }));
  }

  #send(packet: Buffer): void {
    this.counters.packets++;
    this.counters.bytes += packet.length;
    this.#write(packet);
  }

  /** Between two connections what leaves is lost, as on any line. */
  #write(packet: Buffer): void {
    if (this.#connected) this.#socket.send(packet);
  }

  #report(): void {
    const { clock, originMs } = this.#options;
    const nowMs = clock.nowMs();
    for (const stream of this.#streams())
      this.#write(stream.senderReport((nowMs - originMs) * 1000, this.#wallFromMs + nowMs));
  }

  #answer(message: Buffer): void {
    this.#resend(message);
    for (const ssrc of keyFrameRequests(message)) {
      // Whoever is told may close it.
      if (this.#closing.signal.aborted) return;
      const layer = this.#video.findIndex(({ identity }) => identity.ssrc === ssrc);
      if (layer === -1) continue;
      if (layer > 0 || !this.#repeat()) this.#options.onKeyFrameWanted(layer);
    }
  }

  /** Sends the lowest rendition again from its last key frame on; false where a new key frame is wanted instead. */
  #repeat(): boolean {
    const [lowest] = this.#video;
    const again = this.#repetition?.take(this.#options.clock.nowMs()) ?? [];
    if (!lowest) return false;
    for (const picture of again) this.#sendLowest(lowest, picture, this.#lowestUs);
    this.counters.repeated += again.length;
    return again.length > 0;
  }

  #resend(message: Buffer): void {
    for (const { ssrc, sequence } of lostPackets(message)) {
      const stream = this.#streams().find((candidate) => candidate.identity.ssrc === ssrc);
      const packet = stream?.sent(sequence);
      if (!packet) continue;
      this.counters.resent++;
      // It counts as sent already: its memory may be used again before the kernel takes this.
      this.#write(Buffer.from(packet));
    }
  }

  #streams(): RtpStream[] {
    const pictures = [...this.#video, ...this.#compatible.values()];
    return this.#audio ? [...pictures, this.#audio] : pictures;
  }
}

/**
 * A socket with a port that it keeps: one that the kernel chose is given back when a socket is connected to another port, and
 * what is sent from the next one is refused.
 */
async function socketOfItsOwn(): Promise<Socket> {
  for (let tries = 1; ; tries++) {
    const chosen = await boundTo(0);
    const { port } = chosen.address();
    const closed = once(chosen, 'close');
    chosen.close();
    await closed;
    try {
      return await boundTo(port);
    } catch (error) {
      // Somebody else was given it in between.
      if (tries === maxBindTries) throw error;
    }
  }
}

async function boundTo(port: number): Promise<Socket> {
  const socket = createSocket('udp4');
  socket.bind(port, '127.0.0.1');
  await once(socket, 'listening');
  return socket;
}
