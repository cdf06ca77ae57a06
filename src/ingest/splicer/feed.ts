import type { MediaFrame } from '../media-frame.ts';

type Kind = MediaFrame['kind'];

/** Buffered media above this is enough: reading pauses, and ffmpeg with it. */
const enoughUs = 2_000_000;
/** Below this a track counts as starved, and reading goes on although the other track has enough. */
const starvedUs = 500_000;
/** A track that lags behind the other by more than this has ended early or begins late; it is not waited for. */
const unevenUs = 10_000_000;
/** Bytes that one feed may hold, whatever its times say. */
const maxBytes = 64 * 1024 * 1024;
/** Sound that runs on after the picture by less than this is cut, so that a loop shows no frozen picture. */
const soundTailUs = 500_000;

class TrackQueue {
  readonly frames: MediaFrame[] = [];
  lastPtsUs = Number.NEGATIVE_INFINITY;
  /** Distance of the last two frames: how long the last one lasts. */
  durationUs = 0;

  get bufferedUs(): number {
    const first = this.frames[0];
    return first ? this.lastPtsUs + this.durationUs - first.ptsUs : 0;
  }

  get endUs(): number {
    return this.lastPtsUs + this.durationUs;
  }
}

/**
 * The frames of one source between ffmpeg and the wire: a queue for each track, on the source's own timeline.
 * When ffmpeg is started anew in the midst of the source, its frames go into the same feed: what was queued already is
 * dropped, and the rest follows without a seam.
 */
export class Feed {
  readonly #tracks = new Map<Kind, TrackQueue>();
  #ended = false;
  #bytes = 0;
  #videoOpen = false;

  /** @param kinds the tracks that will come */
  constructor(kinds: readonly Kind[]) {
    for (const kind of kinds) this.#tracks.set(kind, new TrackQueue());
  }

  push(frame: MediaFrame): void {
    const track = this.#tracks.get(frame.kind);
    if (!track) return;
    if (frame.kind === 'video' && !this.#videoOpen) {
      if (!frame.key) return;
      this.#videoOpen = true;
    }
    // A quarter of a frame of tolerance: a new ffmpeg may cut sound into packets at other places.
    if (frame.ptsUs < track.lastPtsUs + track.durationUs * 0.75 || frame.ptsUs === track.lastPtsUs) return;
    if (track.lastPtsUs > Number.NEGATIVE_INFINITY) track.durationUs = frame.ptsUs - track.lastPtsUs;
    track.lastPtsUs = frame.ptsUs;
    track.frames.push(frame);
    this.#bytes += frame.data.length;
  }

  /** Nothing will follow. */
  end(): void {
    this.#ended = true;
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** Over without a single frame. */
  get barren(): boolean {
    return this.#ended && this.queuedToUs === undefined;
  }

  /** Whether its place in time can be decided: every track has begun, or will not for long. */
  get ready(): boolean {
    return (
      this.#ended ||
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

  /** The point up to which every track was queued, in µs; where ffmpeg has to go on if it is started anew. */
  get queuedToUs(): number | undefined {
    const begun = this.#queues().map((track) => track.lastPtsUs);
    const least = Math.min(...begun.filter((pts) => pts > Number.NEGATIVE_INFINITY));
    return Number.isFinite(least) ? least : undefined;
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
    this.#tracks.get(frame.kind)?.frames.shift();
    this.#bytes -= frame.data.length;
    return frame;
  }

  #queues(): TrackQueue[] {
    return [...this.#tracks.values()];
  }
}
