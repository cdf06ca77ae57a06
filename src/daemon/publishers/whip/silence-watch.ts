import { EventEmitter } from 'node:events';
import { type Clock, every, type Timer } from '../../../contract/clock.ts';
import type * as types from '../../sfu/media-types.ts';

/** How often it looks, in ms. */
const lookMs = 500;
/** Without media for so long, in ms, a publisher is silent. Browsers send sound every 20 ms, and silence too. */
const silentAfterMs = 1500;

interface SilenceEvents {
  /** Nothing comes any more, for now. */
  silent: [];
  /** Something comes again. */
  heard: [];
  /** Nothing has come for too long. */
  lost: [];
}

/**
 * Notices a publisher that vanishes without a word, which ICE does after 30 s only (RFC 7675, 5.1). mediasoup (3.27) tells by
 * itself only of layers that pause, so its counter is looked at.
 */
export class SilenceWatch extends EventEmitter<SilenceEvents> {
  readonly #transport: types.WebRtcTransport;
  readonly #lostAfterMs: number;
  readonly #clock: Clock;
  #timer: Timer | undefined;
  #bytes = 0;
  #heardAtMs = 0;
  #silent = false;
  #lost = false;

  /** @param lostAfterMs after so long without media it is lost, in ms */
  constructor(transport: types.WebRtcTransport, lostAfterMs: number, clock: Clock) {
    super();
    this.#transport = transport;
    this.#lostAfterMs = lostAfterMs;
    this.#clock = clock;
  }

  /** Begins to wait for the first media. */
  start(): void {
    this.#heardAtMs = this.#clock.nowMs();
    this.#timer = every(this.#clock, lookMs, () => {
      // It rejects once the transport is closed, and this watch with it.
      this.#look().catch(() => {});
    });
  }

  close(): void {
    this.removeAllListeners();
    this.#timer?.cancel();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  async #look(): Promise<void> {
    const [stats] = await this.#transport.getStats();
    const bytes = stats?.rtpBytesReceived ?? 0;
    const nowMs = this.#clock.nowMs();
    if (bytes !== this.#bytes) this.#heardAtMs = nowMs;
    this.#bytes = bytes;
    const quietMs = nowMs - this.#heardAtMs;
    if (this.#silent !== quietMs > silentAfterMs) {
      this.#silent = !this.#silent;
      this.emit(this.#silent ? 'silent' : 'heard');
    }
    if (quietMs <= this.#lostAfterMs || this.#lost) return;
    this.#lost = true;
    this.emit('lost');
  }
}
