/** Once may be a publisher's clock that was set back. */
const enough = 3;
/** Further back than this, in ticks of 90 kHz, is no order of pictures: a few are held back at most. */
const mostBackTicks = 2 * 90_000;

/** Watches whether pictures, which come in the order in which they are decoded, are shown in another one: B-frames. */
export class OrderWatch {
  #latest: number | undefined;
  #back = 0;

  /** They are. */
  get reorders(): boolean {
    return this.#back >= enough;
  }

  /** @param timestamp of RTP, of 32 bits */
  see(timestamp: number): void {
    const aheadTicks = this.#latest === undefined ? 1 : (timestamp - this.#latest) | 0;
    if (aheadTicks < 0 && aheadTicks >= -mostBackTicks) this.#back++;
    else this.#latest = timestamp;
  }
}
