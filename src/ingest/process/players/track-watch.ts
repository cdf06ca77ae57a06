import type { Kind } from '../splicer/track-queue.ts';

/** A track is missing once nothing has come of it for so long while the other one did, in ms: encoders send ten times a second at least. */
const missingMs = 3000;
/** What came seldom before may be so many times as late as it ever was. */
const seldomFactor = 4;
/** So many pictures tell how often they come; fewer are a still, which nobody misses. */
const leastPictures = 3;
/** The other track goes on without a break where its own are shorter than this, in ms, or than twice its longest. */
const breakMs = 1000;

interface Seen {
  count: number;
  lastMs: number;
  /** The longest time between two, in ms. */
  longestMs: number;
  /** Since when it comes without a break, in ms. */
  sinceMs: number;
}

/**
 * Notices that one track of a source gives nothing while the other one goes on: where both stand still it is the source that is away, and
 * that is noticed elsewhere. Pure: it is told the time.
 */
export class TrackWatch {
  readonly #expected: readonly Kind[];
  readonly #seen = new Map<Kind, Seen>();

  /** @param expected tracks that are to come */
  constructor(expected: readonly Kind[]) {
    this.#expected = expected;
  }

  /** Something of a track came. */
  see(kind: Kind, nowMs: number): void {
    const seen = this.#seen.get(kind);
    if (!seen) {
      this.#seen.set(kind, { count: 1, lastMs: nowMs, longestMs: 0, sinceMs: nowMs });
      return;
    }
    const apartMs = nowMs - seen.lastMs;
    if (apartMs > Math.max(breakMs, 2 * seen.longestMs)) seen.sinceMs = nowMs;
    // What was missing, or stood still with all of it, says nothing of how often it comes.
    if (!this.#isMissing(kind, nowMs)) seen.longestMs = Math.max(seen.longestMs, apartMs);
    seen.count++;
    seen.lastMs = nowMs;
  }

  /** Tracks that are missing now. */
  missing(nowMs: number): readonly Kind[] {
    return this.#expected.filter((kind) => this.#isMissing(kind, nowMs));
  }

  #isMissing(kind: Kind, nowMs: number): boolean {
    const other = this.#seen.get(kind === 'video' ? 'audio' : 'video');
    if (!other || nowMs - other.lastMs > Math.max(breakMs, 2 * other.longestMs)) return false;
    const seen = this.#seen.get(kind);
    const quietMs = nowMs - Math.max(seen?.lastMs ?? Number.NEGATIVE_INFINITY, other.sinceMs);
    return quietMs > patienceMs(kind, seen);
  }
}

function patienceMs(kind: Kind, seen: Seen | undefined): number {
  if (!seen) return missingMs;
  if (kind === 'video' && seen.count < leastPictures) return Number.POSITIVE_INFINITY;
  return Math.max(missingMs, seldomFactor * seen.longestMs);
}
