import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import type { VideoCodec } from '../../contract/models.ts';
import type { MediaFrame } from '../media-frame.ts';
import { lostPackets } from '../rtp/nack.ts';
import { packetizerFor } from '../rtp/packetizer.ts';
import { type RtpIdentity, RtpStream } from '../rtp/rtp-stream.ts';
import type { Feed } from './feed.ts';
import { PacedSender } from './paced-sender.ts';
import { type Placed, Timeline } from './timeline.ts';

/** A simulcast layer cannot be switched to before mediasoup has seen a sender report for it, so they come often. */
const senderReportIntervalMs = 500;

/** The longest sleep, in ms: a timer that is told more than 2^31 ms fires at once. */
const maxSleepMs = 60_000;

/** What one track sends. */
export interface SplicerTrack {
  readonly identity: RtpIdentity;
  readonly codec: VideoCodec | 'opus';
}

export interface SplicerOptions {
  readonly video: SplicerTrack | null;
  readonly audio: SplicerTrack | null;
  /** A feed has been played to its end. */
  readonly onFinished: (feed: Feed) => void;
  /** Frames have left: there is room to read on. */
  readonly onDrained: () => void;
}

/** What has left since the splicer was made. */
export interface SplicerCounters {
  pictures: number;
  bytes: number;
  packets: number;
  resent: number;
  /** Time in the source of the last frame that was sent, in µs. */
  sourceTimeUs: number;
}

/**
 * Joins successive feeds into one unbroken RTP stream per track: same SSRC, continuous sequence numbers and time stamps.
 * Sends each frame at its moment, so that the wall clock, the time stamps and the sender reports agree.
 * All tracks leave from one UDP socket, since a PlainTransport takes one remote address.
 */
export class Splicer {
  readonly counters: SplicerCounters = { pictures: 0, bytes: 0, packets: 0, resent: 0, sourceTimeUs: 0 };
  readonly #options: SplicerOptions;
  readonly #socket: Socket;
  readonly #streams: { video?: RtpStream; audio?: RtpStream } = {};
  readonly #timeline = new Timeline();
  readonly #originMs = performance.now();
  readonly #pictures: PacedSender;
  #wakeTimer: NodeJS.Timeout | undefined;
  #reportTimer: NodeJS.Timeout | undefined;
  readonly #closing = new AbortController();

  private constructor(socket: Socket, options: SplicerOptions) {
    this.#socket = socket;
    this.#options = options;
    this.#pictures = new PacedSender((packet) => this.#send(packet));
    if (options.video) {
      this.#streams.video = new RtpStream(options.video.identity, packetizerFor(options.video.codec));
    }
    if (options.audio) this.#streams.audio = new RtpStream(options.audio.identity, packetizerFor('opus'));
    socket.on('message', (message) => this.#resend(message));
    // Loopback refuses packets once the worker is gone; the daemon hears of that by itself.
    socket.on('error', () => {});
  }

  static async create(options: SplicerOptions): Promise<Splicer> {
    const socket = createSocket('udp4');
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    return new Splicer(socket, options);
  }

  /** The local UDP port that packets come from. */
  get port(): number {
    return this.#socket.address().port;
  }

  /** The feed that is on air. */
  get current(): Feed | undefined {
    return this.#timeline.current;
  }

  /** Begins to send to a PlainTransport on this machine; before anything is cued. Rejects once closed. */
  async connect(port: number): Promise<void> {
    const { signal } = this.#closing;
    signal.throwIfAborted();
    this.#socket.connect(port, '127.0.0.1');
    await once(this.#socket, 'connect', { signal });
    signal.throwIfAborted();
    this.#reportTimer = setInterval(() => this.#report(), senderReportIntervalMs);
  }

  /** Puts a feed behind what is on air. */
  cue(feed: Feed): void {
    this.#timeline.cue(feed);
    this.wake();
  }

  /** To be called when a feed has changed: frames came, or it ended. */
  wake = (): void => {
    if (this.#closing.signal.aborted) return;
    clearTimeout(this.#wakeTimer);
    const step = this.#timeline.take(this.#nowUs());
    for (const placed of step.due) this.#emit(placed);
    if (step.wakeUs !== undefined) {
      const sleepMs = Math.ceil((step.wakeUs - this.#nowUs()) / 1000);
      this.#wakeTimer = setTimeout(this.wake, Math.min(Math.max(0, sleepMs), maxSleepMs));
    }
    // Whoever hears of it may cue and wake.
    for (const feed of step.finished) this.#options.onFinished(feed);
    if (step.due.length > 0) this.#options.onDrained();
  };

  async close(): Promise<void> {
    if (this.#closing.signal.aborted) return;
    this.#closing.abort();
    clearTimeout(this.#wakeTimer);
    clearInterval(this.#reportTimer);
    this.#pictures.close();
    const closed = once(this.#socket, 'close');
    this.#socket.close();
    await closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #nowUs(): number {
    return (performance.now() - this.#originMs) * 1000;
  }

  #emit({ frame, timeUs }: Placed): void {
    const stream = this.#streams[frame.kind];
    if (!stream) return;
    this.counters.sourceTimeUs = frame.ptsUs;
    const packets = stream.packets(frame.data, { key: frame.key, timeUs, marker: marks(frame) });
    if (frame.kind === 'audio') {
      for (const packet of packets) this.#send(packet);
    } else {
      this.counters.pictures++;
      this.#pictures.push(packets);
    }
  }

  #send(packet: Buffer): void {
    this.counters.packets++;
    this.counters.bytes += packet.length;
    this.#socket.send(packet);
  }

  #report(): void {
    const nowUs = this.#nowUs();
    const wallMs = performance.timeOrigin + performance.now();
    for (const stream of Object.values(this.#streams)) this.#socket.send(stream.senderReport(nowUs, wallMs));
  }

  #resend(message: Buffer): void {
    for (const { ssrc, sequence } of lostPackets(message)) {
      const stream = Object.values(this.#streams).find((candidate) => candidate.identity.ssrc === ssrc);
      const packet = stream?.sent(sequence);
      if (!packet) continue;
      this.counters.resent++;
      this.#socket.send(packet);
    }
  }
}

/** The marker says 'last packet of a picture'; in Opus it says 'first after silence', which we never send. */
function marks(frame: MediaFrame): boolean {
  return frame.kind === 'video';
}
