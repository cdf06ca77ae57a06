import type { MediaFrame } from '../media-frame.ts';
import type { Feed } from './feed.ts';

/** A frame later than this had no chance to be in time: the source was away, and its time goes on from now. */
const lateUs = 500_000;

/** The first frame leaves no sooner than this: viewers who wait for the broadcast connect meanwhile, and see its first key frame. */
const leadUs = 400_000;

/** Sound of a feed that begins sooner than this after the last one, in µs, would be heard on top of it. */
const soundApartUs = 10_000;

/** A frame with its moment on the broadcast's clock. */
export interface Placed {
  readonly frame: MediaFrame;
  readonly timeUs: number;
}

/** What is to be done at a moment. */
export interface Step {
  /** Frames to send now, in order. */
  readonly due: Placed[];
  /** When to look again, in µs on the broadcast's clock; undefined: when a feed has changed. */
  readonly wakeUs: number | undefined;
  /** Feeds that are over, in order. */
  readonly finished: Feed[];
}

/**
 * Puts successive feeds on one unbroken clock: each begins where the one before ends, or now if that is past.
 * Pure: it is told the time, and answers what is due. All times in µs from the broadcast's beginning.
 */
export class Timeline {
  readonly #feeds: Feed[] = [];
  /** What is added to a time of the current feed; undefined: not placed yet. */
  #offsetUs: number | undefined;
  #endUs = leadUs;
  #soundFromUs = Number.NEGATIVE_INFINITY;
  readonly #lastUs = { video: Number.NEGATIVE_INFINITY, audio: Number.NEGATIVE_INFINITY };

  /** Puts a feed behind those that wait. */
  cue(feed: Feed): void {
    this.#feeds.push(feed);
  }

  /** The feed that is on air. */
  get current(): Feed | undefined {
    return this.#offsetUs === undefined ? undefined : this.#feeds[0];
  }

  take(nowUs: number): Step {
    const due: Placed[] = [];
    const finished: Feed[] = [];
    let earliestUs = nowUs;
    for (;;) {
      const feed = this.#feeds[0];
      if (!feed) return { due, finished, wakeUs: undefined };
      if (this.#offsetUs === undefined && !this.#place(feed, earliestUs)) {
        if (!feed.ended) return { due, finished, wakeUs: undefined };
        finished.push(feed);
        this.#feeds.shift();
        continue;
      }
      const wakeUs = this.#drain(feed, nowUs, due);
      if (!feed.ended || wakeUs !== undefined) return { due, finished, wakeUs };
      this.#endUs = feed.endUs + this.#offset;
      // Nothing follows: the last picture stays for as long as it lasts.
      if (this.#feeds.length === 1 && nowUs < this.#endUs) return { due, finished, wakeUs: this.#endUs };
      finished.push(feed);
      this.#feeds.shift();
      this.#offsetUs = undefined;
      // What follows was there in time; that this look comes late must not tear them apart.
      earliestUs = nowUs - lateUs;
    }
  }

  get #offset(): number {
    return this.#offsetUs ?? 0;
  }

  #place(feed: Feed, earliestUs: number): boolean {
    if (!feed.ready || feed.startUs === undefined) return false;
    this.#offsetUs = Math.max(this.#endUs, earliestUs) - feed.startUs;
    this.#soundFromUs = this.#lastUs.audio + soundApartUs;
    return true;
  }

  /** Takes what is due; gives the time of the first frame that is not, if one waits. */
  #drain(feed: Feed, nowUs: number, due: Placed[]): number | undefined {
    for (let frame = feed.peek(); frame; frame = feed.peek()) {
      if (feed.ended && frame.ptsUs >= feed.endUs) {
        feed.shift();
        continue;
      }
      const timeUs = frame.ptsUs + this.#offset;
      if (timeUs > nowUs) return timeUs;
      if (nowUs - timeUs > lateUs) {
        this.#offsetUs = nowUs - frame.ptsUs;
        continue;
      }
      feed.shift();
      // Sound before the first picture of a feed may overlap the end of the feed before.
      if (timeUs <= this.#lastUs[frame.kind]) continue;
      if (frame.kind === 'audio' && timeUs < this.#soundFromUs) continue;
      this.#lastUs[frame.kind] = timeUs;
      due.push({ frame, timeUs });
    }
    return undefined;
  }
}
