import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import type { VideoCodec } from '../../../contract/models.ts';
import type { MediaFrame } from '../../media/media-frame.ts';
import { keyFrameRequests } from '../../media/rtp/key-frame-requests.ts';
import { lostPackets } from '../../media/rtp/nack.ts';
import { packetizerFor } from '../../media/rtp/packetizer.ts';
import { type RtpIdentity, RtpStream } from '../../media/rtp/rtp-stream.ts';
import { silentPacket } from '../slate/silence.ts';
import type { Feed } from './feed.ts';
import { GopCache } from './gop-cache.ts';
import { PacedSender } from './paced-sender.ts';
import { type Placed, Timeline } from './timeline.ts';

/** A simulcast layer cannot be switched to before mediasoup has seen a sender report for it, so they come often. */
const senderReportIntervalMs = 500;

/** Pictures that are sent again have times this close behind the last one, in µs: a tick of 90 kHz, so that none of them is shown. */
const repeatedApartUs = 12;

/** The longest sleep, in ms: a timer that is told more than 2^31 ms fires at once. */
const maxSleepMs = 60_000;

/** The picture that is sent: one stream for each rendition, the lowest first. */
export interface VideoOutput {
  readonly codec: VideoCodec;
  readonly identities: readonly RtpIdentity[];
}

/** The sound that is sent, in Opus. */
export interface AudioOutput {
  readonly identity: RtpIdentity;
}

export interface SplicerOptions {
  readonly video: VideoOutput | null;
  readonly audio: AudioOutput | null;
  /** A feed has been played to its end. */
  readonly onFinished: (feed: Feed) => void;
  /** A viewer needs a key frame of a rendition; the lowest is 0. */
  readonly onKeyFrameWanted: (layer: number) => void;
  /** The first frame of a feed has left. */
  readonly onBegun: (feed: Feed) => void;
}

/** What has left since the splicer was made. */
export interface SplicerCounters {
  pictures: number;
  bytes: number;
  packets: number;
  resent: number;
  /** Pictures that were sent again for somebody who joined. */
  repeated: number;
  /** Time in the source of the last frame of one that was sent, in µs; a slate is none. */
  sourceTimeUs: number;
}

/**
 * Joins successive feeds into one unbroken RTP stream per track: same SSRC, continuous sequence numbers and time stamps.
 * Sends each frame at its moment, so that the wall clock, the time stamps and the sender reports agree.
 * All tracks leave from one UDP socket, since a PlainTransport takes one remote address.
 */
export class Splicer {
  readonly counters: SplicerCounters = {
    pictures: 0,
    bytes: 0,
    packets: 0,
    resent: 0,
    repeated: 0,
    sourceTimeUs: 0,
  };
  readonly #options: SplicerOptions;
  readonly #socket: Socket;
  readonly #video: readonly RtpStream[];
  readonly #audio: RtpStream | undefined;
  readonly #timeline = new Timeline();
  readonly #originMs = performance.now();
  readonly #pictures: PacedSender;
  /** Of the lowest rendition, which every viewer begins with; of a single one it would cost those who watch too much. */
  readonly #repetition: GopCache | undefined;
  /** The last moment that a picture of the lowest rendition was given, in µs. */
  #lowestUs = Number.NEGATIVE_INFINITY;
  /** Sound leaves as silence. */
  muted = false;
  #sentAtMs = performance.now();
  /** What left last. */
  #begun: Feed | undefined;
  #taking = false;
  #wakeTimer: NodeJS.Timeout | undefined;
  #reportTimer: NodeJS.Timeout | undefined;
  readonly #closing = new AbortController();

  private constructor(socket: Socket, options: SplicerOptions) {
    this.#socket = socket;
    this.#options = options;
    this.#pictures = new PacedSender((packet) => this.#send(packet));
    const { video, audio } = options;
    this.#video = video
      ? video.identities.map((identity) => new RtpStream(identity, packetizerFor(video.codec)))
      : [];
    this.#repetition = this.#video.length > 1 ? new GopCache() : undefined;
    this.#audio = audio ? new RtpStream(audio.identity, packetizerFor('opus')) : undefined;
    socket.on('message', (message) => this.#answer(message));
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

  /** How long nothing has left although nothing waits for its moment either, in ms: the source is away. */
  get starvedMs(): number {
    return this.#timeline.waits ? 0 : performance.now() - this.#sentAtMs;
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

  /** Takes back a feed that was cued and has not begun. */
  uncue(feed: Feed): void {
    this.#timeline.uncue(feed);
  }

  /** Lets a feed take over as soon as it is ready. */
  cut(feed: Feed): void {
    this.#timeline.cut(feed);
    this.wake();
  }

  /** To be called when a feed has changed: frames came, or it ended. */
  wake = (): void => {
    if (this.#closing.signal.aborted || this.#taking) return;
    clearTimeout(this.#wakeTimer);
    // A feed that has room may be filled, and followed, while it is looked at: what is new then is seen by the same look.
    this.#taking = true;
    const step = this.#timeline.take(this.#nowUs());
    this.#taking = false;
    for (const placed of step.due) this.#emit(placed);
    const begun = new Set(step.due.map(({ feed }) => feed));
    if (step.wakeUs !== undefined) {
      const sleepMs = Math.ceil((step.wakeUs - this.#nowUs()) / 1000);
      this.#wakeTimer = setTimeout(this.wake, Math.min(Math.max(0, sleepMs), maxSleepMs));
    }
    // Whoever hears of it may cue and wake.
    for (const feed of begun) this.#begin(feed);
    for (const feed of step.finished) this.#options.onFinished(feed);
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

  #begin(feed: Feed): void {
    if (feed === this.#begun) return;
    this.#begun = feed;
    this.#options.onBegun(feed);
  }

  #emit({ frame, timeUs, feed: { layers, still } }: Placed): void {
    if (!still) this.counters.sourceTimeUs = frame.ptsUs;
    this.#sentAtMs = performance.now();
    if (frame.kind === 'audio') {
      const data = this.muted ? silentPacket : frame.data;
      // In Opus the marker says 'first after silence', which we never send.
      for (const packet of this.#audio?.packets(data, { key: true, timeUs, marker: false }) ?? [])
        this.#send(packet);
      return;
    }
    if (this.#video.length > 0 && frame.layer === layers - 1) this.counters.pictures++;
    for (const [index, stream] of this.#video.entries()) {
      if (feedLayer(index, this.#video.length, layers) !== frame.layer) continue;
      if (index === 0) {
        this.#repetition?.note(frame, performance.now());
        this.#sendLowest(stream, frame, timeUs);
      } else this.#sendPicture(stream, frame, timeUs);
    }
  }

  /** Its time stamps grow, although repetitions have some of their own. */
  #sendLowest(stream: RtpStream, frame: MediaFrame, timeUs: number): void {
    this.#lowestUs = Math.max(timeUs, this.#lowestUs + repeatedApartUs);
    this.#sendPicture(stream, frame, this.#lowestUs);
  }

  #sendPicture(stream: RtpStream, { data, key }: MediaFrame, timeUs: number): void {
    // The last packet of a picture is marked.
    this.#pictures.push(stream.packets(data, { key, timeUs, marker: true }));
  }

  #send(packet: Buffer): void {
    this.counters.packets++;
    this.counters.bytes += packet.length;
    this.#socket.send(packet);
  }

  #report(): void {
    const nowUs = this.#nowUs();
    const wallMs = performance.timeOrigin + performance.now();
    for (const stream of this.#streams()) this.#socket.send(stream.senderReport(nowUs, wallMs));
  }

  #answer(message: Buffer): void {
    this.#resend(message);
    for (const ssrc of keyFrameRequests(message)) {
      const layer = this.#video.findIndex(({ identity }) => identity.ssrc === ssrc);
      if (layer === -1) continue;
      if (layer > 0 || !this.#repeat()) this.#options.onKeyFrameWanted(layer);
    }
  }

  /** Sends the lowest rendition again from its last key frame on; false where a new key frame is wanted instead. */
  #repeat(): boolean {
    const [lowest] = this.#video;
    const again = this.#repetition?.take(performance.now()) ?? [];
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
      this.#socket.send(packet);
    }
  }

  #streams(): RtpStream[] {
    return this.#audio ? [...this.#video, this.#audio] : [...this.#video];
  }
}

/**
 * The rendition of a feed that goes out as another. Where it has fewer than are sent, only the best goes out as the best: a line that
 * does not carry that one gets something smaller. Where it has more, the best of them go out.
 */
export function feedLayer(sent: number, sentLayers: number, feedLayers: number): number {
  if (sent === sentLayers - 1) return feedLayers - 1;
  const more = Math.max(0, feedLayers - sentLayers);
  return Math.min(sent + more, Math.max(0, feedLayers - 2));
}
