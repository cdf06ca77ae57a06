/** So many distances in a row tell how often something comes. */
const toldBy = 3;
/** Until that is known it may be so late, in ms: pictures alone come once in a second or two. */
const unknownMs = 2000;
/** What leaves within this, in ms, leaves at one moment. */
const atOnceMs = 10;
/** What comes oftener than this, in ms, comes all the time. */
const oftenMs = 300;

/** How often something of a live feed leaves: a camera without sound may send a picture a second, and is not away meanwhile. Pure. */
export class SendPace {
  #lastMs: number | undefined;
  readonly #apartMs: number[] = [];

  /** Something leaves; at one moment it may be much. */
  note(nowMs: number): void {
    if (this.#lastMs !== undefined && nowMs - this.#lastMs < atOnceMs) return;
    if (this.#lastMs !== undefined) this.#apartMs.push(nowMs - this.#lastMs);
    if (this.#apartMs.length > toldBy) this.#apartMs.shift();
    this.#lastMs = nowMs;
  }

  /** For so long after the last, in ms, nothing is missed. */
  get usualMs(): number {
    if (this.#apartMs.length < toldBy) return unknownMs;
    const least = Math.min(...this.#apartMs);
    return least < oftenMs ? 0 : least;
  }
}
