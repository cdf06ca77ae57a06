import type { MediaFrame } from '../media-frame.ts';
import { type Kind, TrackQueue } from './track-queue.ts';

/** Buffered media above this is enough: reading pauses, and ffmpeg with it. */
const enoughUs = 2_000_000;
/** Below this a track counts as starved, and reading goes on although the other track has enough. */
const starvedUs = 500_000;
/** A track that lags behind the other by more than this has ended early or begins late; it is not waited for. */
const unevenUs = 10_000_000;
/** ffmpeg holds a track back for the other by this at most; one that is further behind has paused or ended. */
const heldBackUs = 1_000_000;
/** Bytes that one feed may hold, whatever its times say. */
const maxBytes = 64 * 1024 * 1024;
/** Sound that runs on after the picture by less than this is cut, so that a loop shows no frozen picture. */
const soundTailUs = 500_000;
/** Feeds up to so long and so large are kept whole, so that a short loop need not start ffmpeg several times a second. */
const keptUs = 1_000_000;
const keptBytes = 8 * 1024 * 1024;

/**
 * The frames of one source between ffmpeg and the wire: a queue for each track, on the source's own timeline.
 * When ffmpeg is started anew in the midst of the source, its frames go into the same feed, and `resume` sees to it that
 * they follow without a seam.
 */
export class Feed {
  /** Place in the source that it begins at, in µs. */
  readonly fromUs: number;
  readonly #kinds: readonly Kind[];
  readonly #tracks: ReadonlyMap<Kind, TrackQueue>;
  /** Every frame that came; undefined once that is too much. */
  #whole: MediaFrame[] | undefined = [];
  #wholeBytes = 0;
  #ended = false;
  #bytes = 0;
  #videoOpen = false;

  /** @param kinds the tracks that will come */
  constructor(kinds: readonly Kind[], fromUs = 0) {
    this.#kinds = kinds;
    this.fromUs = fromUs;
    this.#tracks = new Map(kinds.map((kind) => [kind, new TrackQueue(kind)]));
  }

  /** Takes a frame in, unless it is known already, or a picture that nothing can be decoded from. */
  push(frame: MediaFrame): void {
    const track = this.#tracks.get(frame.kind);
    if (!track) return;
    if (frame.kind === 'video' && !this.#videoOpen) {
      if (!frame.key) return;
      this.#videoOpen = true;
    }
    if (!track.push(frame)) return;
    this.#bytes += frame.data.length;
    this.#keep(frame);
  }

  /** Nothing will follow. */
  end(): void {
    this.#ended = true;
  }

  /**
   * Makes ready for the frames of an ffmpeg that is started anew: what one track has more than the other is dropped, and
   * what is kept will not be taken twice. Gives the time of the last frame that was kept, in µs, a picture if there are any:
   * a copy has to begin before it, an encoder behind it. Undefined where nothing has come yet.
   */
  resume(): number | undefined {
    const furthestUs = this.queuedToUs;
    if (furthestUs === undefined) return undefined;
    this.#whole = undefined;
    const abreast = this.#queues().filter((track) => furthestUs - track.lastPtsUs <= heldBackUs);
    const togetherUs = Math.min(...abreast.map((track) => track.lastPtsUs));
    for (const track of this.#queues()) this.#bytes -= track.resumeAfter(togetherUs);
    const video = this.#tracks.get('video');
    return video && abreast.includes(video) ? video.lastPtsUs : togetherUs;
  }

  /** A feed of the same frames; undefined where they were too many to keep, or not all. */
  again(): Feed | undefined {
    if (!this.#ended || !this.#whole || this.#whole.length === 0 || this.fromUs > 0) return undefined;
    const feed = new Feed(this.#kinds);
    for (const frame of this.#whole) feed.push(frame);
    feed.end();
    return feed;
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** Over without a single frame, although it was to play from the beginning. */
  get barren(): boolean {
    return this.#ended && this.queuedToUs === undefined && this.fromUs === 0;
  }

  /** Whether its place in time can be decided: every track has begun, or will not for long. */
  get ready(): boolean {
    return (
      this.#ended ||
      this.full ||
      this.bufferedUs >= enoughUs / 2 ||
      this.#queues().every((track) => track.frames.length > 0)
    );
  }

  /** Media waiting, in µs, of the track that has more. */
  get bufferedUs(): number {
    return Math.max(0, ...this.#queues().map((track) => track.bufferedUs));
  }

  /** Whether reading should pause. */
  get full(): boolean {
    const buffered = this.#queues().map((track) => track.bufferedUs);
    const most = Math.max(...buffered);
    const least = Math.min(...buffered);
    return this.#bytes >= maxBytes || most >= unevenUs || (most >= enoughUs && least >= starvedUs);
  }

  /** Where the source begins: its first picture, else its first sound. */
  get startUs(): number | undefined {
    return (this.#tracks.get('video')?.frames[0] ?? this.#tracks.get('audio')?.frames[0])?.ptsUs;
  }

  /** Where the source ends: with the picture, unless sound alone goes on for longer. */
  get endUs(): number {
    const [video, audio] = [this.#tracks.get('video')?.endUs, this.#tracks.get('audio')?.endUs];
    if (video === undefined || video === Number.NEGATIVE_INFINITY) return audio ?? 0;
    return audio !== undefined && audio - video > soundTailUs ? audio : video;
  }

  /** The last time that came, in µs; undefined where none did. */
  get queuedToUs(): number | undefined {
    const last = Math.max(...this.#queues().map((track) => track.lastPtsUs));
    return Number.isFinite(last) ? last : undefined;
  }

  /** The earliest frame that waits; it stays. */
  peek(): MediaFrame | undefined {
    let earliest: MediaFrame | undefined;
    for (const { frames } of this.#tracks.values()) {
      const first = frames[0];
      if (first && (!earliest || first.ptsUs < earliest.ptsUs)) earliest = first;
    }
    return earliest;
  }

  /** Takes the earliest frame out. */
  shift(): MediaFrame | undefined {
    const frame = this.peek();
    if (!frame) return undefined;
    this.#tracks.get(frame.kind)?.shift();
    this.#bytes -= frame.data.length;
    return frame;
  }

  #keep(frame: MediaFrame): void {
    this.#wholeBytes += frame.data.length;
    const [first] = this.#whole ?? [];
    if (this.#wholeBytes > keptBytes || (first && frame.ptsUs - first.ptsUs > keptUs))
      this.#whole = undefined;
    this.#whole?.push(frame);
  }

  #queues(): TrackQueue[] {
    return [...this.#tracks.values()];
  }
}
