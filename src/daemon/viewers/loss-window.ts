/** Packets that were sent to a viewer, and those that were lost by its latest report, since it came. */
export interface SentSoFar {
  readonly atMs: number;
  readonly sent: number;
  readonly lost: number;
}

/** What is lost comes in lumps: it is judged over so long, in ms, at least. */
const leastMs = 5000;
/** Fewer packets tell nothing of a share. */
const leastPackets = 20;
const joined: SentSoFar = { atMs: Number.NEGATIVE_INFINITY, sent: 0, lost: 0 };

/** The share of packets that a viewer loses, over the time between looks, which come when somebody asks: since it came at the first. */
export class LossWindow {
  #from = joined;
  #next = joined;

  /** In per cent, to a tenth; null: too little was sent to say. */
  percent(now: SentSoFar): number | null {
    // What counts anew is another stream.
    if (now.sent < this.#next.sent) this.#from = this.#next = joined;
    if (now.atMs - this.#next.atMs >= leastMs) {
      this.#from = this.#next;
      this.#next = now;
    }
    const sent = now.sent - this.#from.sent;
    if (sent < leastPackets) return null;
    const share = Math.min(1, Math.max(0, now.lost - this.#from.lost) / sent);
    return Math.round(share * 1000) / 10;
  }
}
