/** Over so long, in µs, the way of a live source is judged. */
const windowUs = 5_000_000;
/** A source that is always later or earlier than this, in µs, has another clock than we. */
const driftUs = 60_000;
/** A clock that runs away is caught at `driftUs`; further off than this, in µs, the way has become longer or shorter at once. */
const shiftUs = 100_000;
/** The clock is put right by the length of whole Opus packets, in µs, so that sound has a hole or an overlap, never a tear. */
const stepUs = 20_000;
/** Nothing comes before it was made: a frame that is earlier than this, in µs, shows that those before it had waited somewhere. */
const earlyUs = 100_000;
/** Further off than this, in µs, is no drift: the source counts anew. */
const jumpUs = 5_000_000;

/**
 * What is added to the times of a live source to have them on the broadcast's clock. Frames leave when they come; the
 * offset only keeps their time stamps near the wall clock, whatever the clock of the source does.
 */
export class LiveOffset {
  #us: number;
  #sinceUs: number;
  #least = Number.POSITIVE_INFINITY;
  #most = Number.NEGATIVE_INFINITY;

  /** A frame of this time came now. */
  constructor(ptsUs: number, nowUs: number) {
    this.#us = nowUs - ptsUs;
    this.#sinceUs = nowUs;
  }

  /** The moment of a frame that comes now, in µs. */
  place(ptsUs: number, nowUs: number): number {
    const lateUs = nowUs - ptsUs - this.#us;
    if (Math.abs(lateUs) > jumpUs) {
      this.#us = nowUs - ptsUs;
      this.#judgeFrom(nowUs);
      return nowUs;
    }
    if (lateUs < -earlyUs) {
      this.#us += Math.ceil(lateUs / stepUs) * stepUs;
      this.#judgeFrom(nowUs);
      return ptsUs + this.#us;
    }
    this.#least = Math.min(this.#least, lateUs);
    this.#most = Math.max(this.#most, lateUs);
    if (nowUs - this.#sinceUs >= windowUs) {
      // The quickest frame tells of the clock; slower ones only of the way.
      if (this.#least > shiftUs) this.#us += Math.floor(this.#least / stepUs) * stepUs;
      else if (this.#least > driftUs) this.#us += stepUs;
      else if (this.#most < -driftUs) this.#us -= stepUs;
      this.#judgeFrom(nowUs);
    }
    return ptsUs + this.#us;
  }

  #judgeFrom(nowUs: number): void {
    this.#sinceUs = nowUs;
    this.#least = Number.POSITIVE_INFINITY;
    this.#most = Number.NEGATIVE_INFINITY;
  }
}
