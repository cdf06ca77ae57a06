import type { DaemonMessage, PageMessage } from '../contract/signalling.ts';
import { pictureNotice, readAnswer, withStereo } from './answer.ts';

type Live = Extract<DaemonMessage, { type: 'live' }>;
type PictureOffer = Extract<DaemonMessage, { type: 'picture' }>;

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
  /** This browser can't receive what is on air, or a part of it. */
  onUnplayable(notice: string, everything: boolean): void;
}

let spare: RTCPeerConnection | undefined;

/** Receives one broadcast: takes the daemon's offer, and has its tracks. */
export class Receiver {
  readonly #listener: ReceiverListener;
  readonly #connection: RTCPeerConnection;
  /** Names its offers. */
  #transport = '';
  /** Its sound, as long as it has no picture. */
  #sound: MediaStreamTrack | null = null;
  /** Why there is no picture, and what helps. */
  #notice = '';
  /** One offer after the other. Never rejects. */
  #answered: Promise<void> = Promise.resolve();
  #closed = false;

  private constructor(listener: ReceiverListener) {
    this.#listener = listener;
    this.#connection = spare ?? new RTCPeerConnection();
    spare = undefined;
    this.#connection.onconnectionstatechange = () => {
      const { connectionState } = this.#connection;
      if (connectionState === 'failed' || connectionState === 'disconnected') this.#lost();
    };
  }

  /** To be called before there is an offer: the first connection of a page takes as long to make as the daemon's first words. */
  static prepare(): void {
    try {
      spare ??= new RTCPeerConnection();
    } catch {
      // A browser that cannot now may be able to when there is an offer.
    }
  }

  /** Takes the offer of `live`. */
  static join(live: Live, listener: ReceiverListener): Receiver {
    const receiver = new Receiver(listener);
    receiver.#transport = live.transport;
    receiver.#answered = receiver.#answer(live).catch(() => receiver.#lost());
    return receiver;
  }

  /** Takes what is offered in the place of a picture that it has refused, on the same connection: the sound goes on. */
  take({ transport, sdp }: PictureOffer): void {
    if (transport !== this.#transport) return;
    const answer = () => (sdp === null ? this.#playSound() : this.#answerPicture(sdp));
    this.#answered = this.#answered.then(answer).catch(() => this.#lost());
  }

  /** Statistics of the whole connection; null once it is closed. */
  async statistics(): Promise<RTCStatsReport | null> {
    return this.#closed ? null : await this.#connection.getStats();
  }

  /** Loudness of the sound that plays now, 0 to 1. */
  async level(): Promise<number> {
    const report = await this.statistics();
    let level = 0;
    report?.forEach((entry: RTCInboundRtpStreamStats) => {
      if (entry.type === 'inbound-rtp' && entry.kind === 'audio') level = entry.audioLevel ?? 0;
    });
    return level;
  }

  /** Ends the connection and its tracks. */
  close(): void {
    this.#closed = true;
    this.#connection.close();
  }

  async #answer({ transport, sdp, compatible = false }: Live): Promise<void> {
    await this.#connection.setRemoteDescription({ type: 'offer', sdp });
    // Those that are refused are gone from the list after the answer.
    const offered = this.#connection.getTransceivers();
    const answer = withStereo((await this.#connection.createAnswer()).sdp ?? '');
    if (this.#closed) return;
    // The daemon is ready for DTLS by the time that ICE is.
    this.#listener.send({ type: 'connect', transport, ...readAnswer(answer) });
    await this.#connection.setLocalDescription({ type: 'answer', sdp: answer });
    if (!this.#closed) this.#play(offered, sdp, compatible);
  }

  async #answerPicture(sdp: string): Promise<void> {
    if (this.#closed) return;
    await this.#connection.setRemoteDescription({ type: 'offer', sdp });
    const pictures = this.#connection
      .getTransceivers()
      .filter(({ receiver, direction }) => receiver.track.kind === 'video' && direction !== 'stopped');
    const answer = withStereo((await this.#connection.createAnswer()).sdp ?? '');
    await this.#connection.setLocalDescription({ type: 'answer', sdp: answer });
    if (this.#closed) return;
    const taken = pictures.find(({ currentDirection }) => currentDirection === 'recvonly');
    this.#listener.send({ type: 'picture', transport: this.#transport, taken: taken !== undefined });
    if (!taken) return;
    const { track: video } = taken.receiver;
    const play = () => {
      if (!this.#closed) this.#listener.onTracks({ video, audio: this.#sound });
    };
    // It is not waited for before something of it has come: it is only made now.
    if (video.muted) video.addEventListener('unmute', play, { once: true });
    else play();
  }

  #playSound(): void {
    if (this.#closed) return;
    this.#listener.onUnplayable(this.#notice, this.#sound === null);
    if (this.#sound) this.#listener.onTracks({ video: null, audio: this.#sound });
  }

  /** What the browser lacks a codec for it has refused in its answer. */
  #play(offered: readonly RTCRtpTransceiver[], sdp: string, compatible: boolean): void {
    const playable = offered.filter(({ currentDirection }) => currentDirection === 'recvonly');
    const track = (kind: string) =>
      playable.find(({ receiver }) => receiver.track.kind === kind)?.receiver.track ?? null;
    const missing = offered.filter((transceiver) => !playable.includes(transceiver));
    const lacksPicture = missing.some(({ receiver }) => receiver.track.kind === 'video');
    this.#sound = track('audio');
    this.#notice = lacksPicture
      ? pictureNotice(sdp, navigator.userAgent)
      : 'This browser cannot play the sound. Another browser may.';
    // Another picture may come.
    const isOpen = lacksPicture && compatible;
    if (missing.length > 0 && !isOpen) this.#listener.onUnplayable(this.#notice, playable.length === 0);
    if (playable.length > 0) this.#listener.onTracks({ video: track('video'), audio: track('audio') });
  }

  #lost(): void {
    if (!this.#closed) this.#listener.onLost();
  }
}
