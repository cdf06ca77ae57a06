/** So many distances in a row tell how often something comes. */
const toldBy = 3;
/** Until that is known it may be so late, in ms: a camera without sound may send a picture in some seconds. */
const unknownMs = 10_000;
/** What comes within this, in ms, comes at one moment: what was looked at first, or a large picture in pieces. */
const atOnceMs = 100;
/** What comes oftener than this, in ms, comes all the time. */
const oftenMs = 300;
/** What comes seldom is not away before it is so many times as late as it was lately: one picture may be lost. */
const seldomFactor = 2;

/** How often something live comes, or leaves: a camera without sound may send a picture a second, and is not away meanwhile. Pure. */
export class Pace {
  #lastMs: number | undefined;
  readonly #apartMs: number[] = [];

  /** Something comes; at one moment it may be much. */
  note(nowMs: number): void {
    if (this.#lastMs !== undefined && nowMs - this.#lastMs < atOnceMs) return;
    if (this.#lastMs !== undefined) this.#apartMs.push(nowMs - this.#lastMs);
    if (this.#apartMs.length > toldBy) this.#apartMs.shift();
    this.#lastMs = nowMs;
  }

  /** For so long after the last, in ms, nothing is missed. */
  get usualMs(): number {
    const known = this.#apartMs.length;
    // What dies as soon as it has begun is away as soon as anything else.
    if (known === toldBy - 1 && this.#apartMs.every((apartMs) => apartMs < oftenMs)) return 0;
    if (known < toldBy) return unknownMs;
    const least = Math.min(...this.#apartMs);
    return least < oftenMs ? 0 : seldomFactor * Math.max(...this.#apartMs);
  }
}
