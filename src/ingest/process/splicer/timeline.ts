import type { MediaFrame } from '../../media/media-frame.ts';
import { opusDurationUs } from '../../media/opus/opus-packet.ts';
import { jumps } from '../../media/time-jump.ts';
import type { Feed } from './feed.ts';
import { LiveOffset } from './live-offset.ts';

/** A frame later than this had no chance to be in time: the source was away, and its time goes on from now. */
const lateUs = 500_000;

/** The first frame leaves no sooner than this: viewers who wait for the broadcast connect meanwhile, and see its first key frame. */
const leadUs = 400_000;

/** Pictures that are older than what was sent already follow it this close, in µs: they are decoded, hardly seen. */
const squeezedUs = 1000;

/** Behind a jump of a source's times its frames go on so much later than the last, in µs: a packet of sound. */
const behindJumpUs = 20_000;

/** What waited before a live feed was placed gets no times further in the past than this, in µs: all would be seen and heard late. */
const waitedUs = 100_000;

/** What one look gives at most, in frames and in bytes; others have a turn before the next: some seconds of any source. */
const mostFrames = 256;
const mostBytes = 1024 * 1024;

/** A frame with its moment on the broadcast's clock. */
export interface Placed {
  readonly frame: MediaFrame;
  readonly timeUs: number;
  /** What it is of. */
  readonly feed: Feed;
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
 * Puts successive feeds on one unbroken clock: a cued one begins where the one before ends, or now if that is past; one that
 * is cut to begins as soon as it can. Pure: it is told the time, and answers what is due. All times in µs from the
 * broadcast's beginning.
 */
export class Timeline {
  readonly #feeds: Feed[] = [];
  #incoming: Feed | undefined;
  /** What is added to a time of the current feed; undefined: not placed yet. */
  #offsetUs: number | undefined;
  /** Time of the frame of the current feed that was taken last; undefined: none was. */
  #takenUs: number | undefined;
  #live: LiveOffset | undefined;
  /** The first time that something of the live feed may have. */
  #liveFromUs = 0;
  #endUs = leadUs;
  #soundFromUs = Number.NEGATIVE_INFINITY;
  /** Sound that begins before this, in µs, would be heard on top of the last packet: its middle. */
  #soundFreeUs = Number.NEGATIVE_INFINITY;
  readonly #lastUs = new Map<string, number>();
  /** Time of the last picture of any rendition of the feeds before: another rendition may go out as the same stream now. */
  #pictureUs = Number.NEGATIVE_INFINITY;
  #waits = false;
  /** What this look has taken. */
  #looked = { frames: 0, bytes: 0 };

  /** Puts a feed behind those that wait. */
  cue(feed: Feed): void {
    this.#feeds.push(feed);
  }

  /** Takes back a feed that was cued and has not begun. */
  uncue(feed: Feed): void {
    const index = this.#feeds.indexOf(feed);
    if (index > 0 || (index === 0 && !this.#placed)) this.#feeds.splice(index, 1);
  }

  /** Lets a feed take over from all others as soon as it is ready; until then they play on. A later call replaces it. */
  cut(feed: Feed): void {
    this.#incoming = feed;
  }

  /** Drops all feeds: nothing plays any more, until something is cut to. */
  clear(): void {
    this.#incoming = undefined;
    if (this.#feeds.length > 0) this.#leave();
    this.#feeds.length = 0;
    this.#waits = false;
  }

  /** Whether a frame waits for its moment. */
  get waits(): boolean {
    return this.#waits;
  }

  /** Whether frames of what plays leave when they come. */
  get isLive(): boolean {
    return this.#live !== undefined;
  }

  take(nowUs: number): Step {
    this.#looked = { frames: 0, bytes: 0 };
    this.#takeOver(nowUs);
    const due: Placed[] = [];
    const finished: Feed[] = [];
    const wakeUs = this.#take(nowUs, due, finished);
    this.#waits = wakeUs !== undefined;
    return { due, finished, wakeUs };
  }

  #take(nowUs: number, due: Placed[], finished: Feed[]): number | undefined {
    let earliestUs = nowUs;
    for (;;) {
      const feed = this.#feeds[0];
      if (!feed) return undefined;
      if (!this.#placed && !this.#place(feed, earliestUs, nowUs)) {
        if (!feed.ended || feed.startUs !== undefined) return feed.ready ? this.#endUs : undefined;
        finished.push(feed);
        this.#feeds.shift();
        continue;
      }
      const wakeUs = feed.live ? this.#drainLive(feed, nowUs, due) : this.#drain(feed, nowUs, due);
      if (!feed.ended || wakeUs !== undefined) return wakeUs;
      this.#endUs = feed.live ? nowUs : feed.endUs + this.#offset;
      // Nothing follows: the last picture stays for as long as it lasts.
      if (this.#feeds.length === 1 && nowUs < this.#endUs) return this.#endUs;
      finished.push(feed);
      this.#leave();
      // What follows was there in time; that this look comes late must not tear them apart.
      earliestUs = nowUs - lateUs;
    }
  }

  get #placed(): boolean {
    return this.#offsetUs !== undefined || this.#live !== undefined;
  }

  get #offset(): number {
    return this.#offsetUs ?? 0;
  }

  #leave(): void {
    for (const [track, lastUs] of this.#lastUs)
      if (track !== soundTrack) this.#pictureUs = Math.max(this.#pictureUs, lastUs);
    this.#feeds.shift();
    this.#offsetUs = undefined;
    this.#takenUs = undefined;
    this.#live = undefined;
  }

  #takeOver(nowUs: number): void {
    const feed = this.#incoming;
    if (!feed?.ready || feed.startUs === undefined) return;
    this.#incoming = undefined;
    const begun = this.#lastUs.size > 0;
    this.#leave();
    this.#feeds.length = 0;
    this.#feeds.push(feed);
    if (begun) this.#endUs = Math.max(nowUs, ...[...this.#lastUs.values()].map((last) => last + squeezedUs));
  }

  #place(feed: Feed, earliestUs: number, nowUs: number): boolean {
    if (!feed.ready || feed.startUs === undefined) return false;
    if (feed.live) {
      if (nowUs < leadUs) return false;
      this.#live = new LiveOffset(feed.newestUs ?? feed.startUs, nowUs);
      this.#liveFromUs = nowUs - waitedUs;
    } else {
      this.#offsetUs = Math.max(this.#endUs, earliestUs) - feed.startUs;
    }
    feed.goOnAir();
    this.#soundFromUs = this.#soundFreeUs;
    if (feed.live) this.#soundFromUs = Math.max(this.#soundFromUs, this.#liveFromUs);
    return true;
  }

  /** Takes what is due; gives the time of the first frame that is not, if one waits. */
  #drain(feed: Feed, nowUs: number, due: Placed[]): number | undefined {
    for (let frame = feed.peek(); frame; frame = feed.peek()) {
      if (this.#isMuch) return nowUs;
      if (feed.ended && frame.ptsUs >= feed.endUs && !jumps(feed.endUs, frame.ptsUs)) {
        this.#shift(feed, frame);
        continue;
      }
      // What lies between was never there: it goes on right behind.
      if (this.#takenUs !== undefined && this.#isBehind(feed, this.#takenUs, frame.ptsUs)) {
        this.#offsetUs = this.#takenUs + this.#offset + behindJumpUs - frame.ptsUs;
        this.#takenUs = frame.ptsUs;
      }
      const timeUs = frame.ptsUs + this.#offset;
      if (timeUs > nowUs) return timeUs;
      if (nowUs - timeUs > lateUs) {
        this.#offsetUs = nowUs - frame.ptsUs;
        continue;
      }
      this.#takenUs = frame.ptsUs;
      this.#shift(feed, frame);
      this.#send(feed, frame, timeUs, due);
    }
    return undefined;
  }

  #isBehind(feed: Feed, fromUs: number, toUs: number): boolean {
    return jumps(fromUs, toUs) || feed.leavesOut(fromUs, toUs);
  }

  #shift(feed: Feed, { data }: MediaFrame): void {
    this.#looked.frames++;
    this.#looked.bytes += data.length;
    feed.shift();
  }

  get #isMuch(): boolean {
    return this.#looked.frames >= mostFrames || this.#looked.bytes >= mostBytes;
  }

  /** All that has come leaves; pictures from before the feed was placed are squeezed in, so that what follows can be decoded. */
  #drainLive(feed: Feed, nowUs: number, due: Placed[]): number | undefined {
    for (let frame = feed.peek(); frame; frame = feed.peek()) {
      if (this.#isMuch) return nowUs;
      this.#shift(feed, frame);
      const timeUs = this.#live?.place(frame.ptsUs, nowUs) ?? nowUs;
      const lastUs = this.#last(trackOf(frame));
      if (frame.kind === 'video')
        this.#send(feed, frame, Math.max(timeUs, lastUs + squeezedUs, this.#liveFromUs), due);
      // Sound that would be heard on top of the last is passed over: so it catches up.
      else if (timeUs >= this.#soundFreeUs) this.#send(feed, frame, timeUs, due);
    }
    return undefined;
  }

  #send(feed: Feed, frame: MediaFrame, timeUs: number, due: Placed[]): void {
    const track = trackOf(frame);
    // Sound before the first picture of a feed may overlap the end of the feed before.
    if (timeUs <= this.#last(track)) return;
    if (frame.kind === 'audio' && timeUs < this.#soundFromUs) return;
    this.#lastUs.set(track, timeUs);
    if (frame.kind === 'audio') this.#soundFreeUs = timeUs + opusDurationUs(frame.data) / 2;
    due.push({ frame, timeUs, feed });
  }

  #last(track: string): number {
    const lastUs = this.#lastUs.get(track) ?? Number.NEGATIVE_INFINITY;
    return track === soundTrack ? lastUs : Math.max(lastUs, this.#pictureUs);
  }
}

const soundTrack = 'audio0';

function trackOf({ kind, layer }: MediaFrame): string {
  return `${kind}${layer}`;
}
