import type { types } from 'mediasoup';

/** So long, in ms, mediasoup finds its own way: who has just come, or a line that was slow for a moment only. */
const patienceMs = 15_000;
/** How often then a viewer below the best layer is tried with more, in ms. */
const intervalMs = 2000;
/** So many times what its line is known to carry: two steps lead from the worst lines to a good one. */
const stepFactor = 3;
/** Never less than this, in bit/s: lines that were found to carry nearly nothing get better too. */
const leastBps = 1_000_000;

/**
 * Finds out soon that a line carries more than it did. mediasoup looks for itself every 5 s at most, and for twice as much;
 * a change of the greatest rate makes it look at once, by some packets of padding that a line of any use carries.
 */
export class BandwidthProbe {
  readonly #transport: types.WebRtcTransport;
  #timer: NodeJS.Timeout | undefined;
  #limited = false;

  constructor(transport: types.WebRtcTransport) {
    this.#transport = transport;
  }

  /** Looks for more, or no longer. */
  set wanted(wanted: boolean) {
    if (wanted === (this.#timer !== undefined)) return;
    if (wanted) {
      this.#wait(patienceMs);
      return;
    }
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#limited) this.#transport.setMaxOutgoingBitrate(0).catch(() => {});
    this.#limited = false;
  }

  #wait(ms: number): void {
    // What rejects is a transport that is closed.
    this.#timer = setTimeout(() => void this.#look().catch(() => {}), ms);
  }

  async #look(): Promise<void> {
    const [statistics] = await this.#transport.getStats();
    const carriedBps = statistics?.availableOutgoingBitrate ?? 0;
    if (this.#timer === undefined) return;
    this.#wait(intervalMs);
    this.#limited = true;
    await this.#transport.setMaxOutgoingBitrate(Math.round(Math.max(leastBps, carriedBps * stepFactor)));
  }
}
