import type { DaemonMessage, PageMessage } from '../contract/signalling.ts';
import { pictureNotice, readAnswer, withStereo } from './answer.ts';

type Live = Extract<DaemonMessage, { type: 'live' }>;

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
    spare ??= new RTCPeerConnection();
  }

  /** Takes the offer of `live`. */
  static join(live: Live, listener: ReceiverListener): Receiver {
    const receiver = new Receiver(listener);
    receiver.#answer(live).catch(() => receiver.#lost());
    return receiver;
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

  async #answer({ transport, sdp }: Live): Promise<void> {
    await this.#connection.setRemoteDescription({ type: 'offer', sdp });
    // Those that are refused are gone from the list after the answer.
    const offered = this.#connection.getTransceivers();
    const answer = withStereo((await this.#connection.createAnswer()).sdp ?? '');
    if (this.#closed) return;
    // The daemon is ready for DTLS by the time that ICE is.
    this.#listener.send({ type: 'connect', transport, ...readAnswer(answer) });
    await this.#connection.setLocalDescription({ type: 'answer', sdp: answer });
    if (!this.#closed) this.#play(offered, sdp);
  }

  /** What the browser lacks a codec for it has refused in its answer. */
  #play(offered: readonly RTCRtpTransceiver[], sdp: string): void {
    const playable = offered.filter(({ currentDirection }) => currentDirection === 'recvonly');
    const track = (kind: string) =>
      playable.find(({ receiver }) => receiver.track.kind === kind)?.receiver.track ?? null;
    const missing = offered.filter((transceiver) => !playable.includes(transceiver));
    if (missing.length > 0) {
      const lacksPicture = missing.some(({ receiver }) => receiver.track.kind === 'video');
      const notice = lacksPicture
        ? pictureNotice(sdp, navigator.userAgent)
        : 'This browser cannot play the sound. Another browser may.';
      this.#listener.onUnplayable(notice, playable.length === 0);
    }
    if (playable.length > 0) this.#listener.onTracks({ video: track('video'), audio: track('audio') });
  }

  #lost(): void {
    if (!this.#closed) this.#listener.onLost();
  }
}
