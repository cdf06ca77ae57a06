/** How long is looked back, in ms: for so long a picture that stood still counts. */
export const frozenWindowMs = 60_000;
/** A page reports each 5 s; reports that come sooner than this, in ms, after the one before are heard, and not kept. */
const apartMs = 4000;

/** What a page had counted at a moment. */
interface Report {
  readonly atMs: number;
  readonly frozenMs: number;
}

/** Which share of the last minute a picture stood still, by what its page has counted since it came. */
export class FrozenWindow {
  #reports: readonly Report[] = [];

  /** It has stood still for so long by now, in ms. @returns in per cent, to a tenth */
  percent({ atMs, frozenMs }: Report): number {
    // What counts anew is a page that has come anew.
    if (frozenMs < (this.#reports.at(-1)?.frozenMs ?? 0)) this.#reports = [];
    const begin = this.#reports.findLastIndex((report) => report.atMs <= atMs - frozenWindowMs);
    const kept = this.#reports.slice(Math.max(0, begin));
    const fromMs = begin < 0 ? 0 : (kept[0]?.frozenMs ?? 0);
    const isSoon = atMs - (kept.at(-1)?.atMs ?? Number.NEGATIVE_INFINITY) < apartMs;
    this.#reports = isSoon ? kept : [...kept, { atMs, frozenMs }];
    return Math.min(100, Math.round(((frozenMs - fromMs) / frozenWindowMs) * 1000) / 10);
  }
}
