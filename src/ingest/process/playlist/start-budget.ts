/** So many starts may come at once: items of a moment, or a list of many that are gone. */
const most = 20;
/** So many more in each second: items of half a second follow without a gap for ever. */
const perSecond = 2;
/** What a look that failed counts: it starts no ffmpeg. */
export const failedLook = 0.1;

/** What a playlist may start by itself in a time, so that items which are over at once never keep a machine busy. Pure: it is told the time. */
export class StartBudget {
  #left = most;
  #atMs = Number.NEGATIVE_INFINITY;

  /** Gives how long to wait before the next start, in ms; 0: now. */
  waitMs(nowMs: number): number {
    this.#refill(nowMs);
    return this.#left >= 1 ? 0 : Math.ceil(((1 - this.#left) / perSecond) * 1000);
  }

  spend(cost: number, nowMs: number): void {
    this.#refill(nowMs);
    this.#left -= cost;
  }

  #refill(nowMs: number): void {
    if (nowMs > this.#atMs)
      this.#left = Math.min(most, this.#left + ((nowMs - this.#atMs) / 1000) * perSecond);
    this.#atMs = Math.max(this.#atMs, nowMs);
  }
}
