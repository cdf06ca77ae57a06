import { EventEmitter } from 'node:events';
import { type Clock, every, type Timer } from '../../../contract/clock.ts';
import { BitrateBudget } from '../../../ingest/media/bitrate-budget.ts';
import type * as types from '../../sfu/media-types.ts';

/** How often it looks, in ms. */
const lookMs = 500;
/** Without media for so long, in ms, a publisher is silent. Browsers send sound every 20 ms, and silence too. */
const silentAfterMs = 1500;

interface ReceptionEvents {
  /** Nothing comes any more, for now. */
  silent: [];
  /** Something comes again. */
  heard: [];
  /** Nothing has come for too long. */
  lost: [];
  /** More comes than may. */
  tooMuch: [];
}

/**
 * Notices a publisher that vanishes without a word, which ICE does after 30 s only (RFC 7675, 5.1), and one that sends more than
 * it may, whatever it was asked for. mediasoup (3.27) tells by
 * itself only of layers that pause, so its counter is looked at.
 */
export class ReceptionWatch extends EventEmitter<ReceptionEvents> {
  readonly #transport: types.WebRtcTransport;
  readonly #lostAfterMs: number;
  readonly #budget: BitrateBudget;
  readonly #clock: Clock;
  #timer: Timer | undefined;
  #bytes = 0;
  #heardAtMs = 0;
  #silent = false;
  #lost = false;

  /** @param lostAfterMs after so long without media it is lost, in ms @param maxBitrateBps what it may send */
  constructor(transport: types.WebRtcTransport, lostAfterMs: number, maxBitrateBps: number, clock: Clock) {
    super();
    this.#transport = transport;
    this.#lostAfterMs = lostAfterMs;
    this.#budget = new BitrateBudget(maxBitrateBps);
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
    this.#budget.spend(nowMs, bytes - this.#bytes, 0);
    this.#bytes = bytes;
    if (this.#budget.isOver) this.emit('tooMuch');
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
