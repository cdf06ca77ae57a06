import type { MediaFrame } from '../../media/media-frame.ts';
import { jumps } from '../../media/time-jump.ts';

export type Kind = MediaFrame['kind'];

/** How long a frame lasts, in µs, where there is no second one to tell: a picture of 25 a second, an Opus packet of 20 ms. */
const usualUs = { video: 40_000, audio: 20_000 } as const;
/**
 * How much later than the last one, in µs, a frame of a new ffmpeg must be to be another one. A picture's time may be
 * rounded otherwise, by less than this; sound may be cut into packets at other places.
 */
const anotherUs = { video: 1000, audio: 15_000 } as const;
/** A live track whose time goes back by more than this, in µs, has begun to count anew. */
const countedAnewUs = 500_000;
/** Viewers get a picture so often at least, in µs: the last one again where it is whole. */
const repeatedUs = 900_000;
/** A picture whose sound goes on for so long without it, in µs, has stopped: ffmpeg holds neither back for the other by as much. */
export const stoppedUs = 6_000_000;
/** What a repetition was sent for is so much later than it, in µs. */
const squeezedUs = 1000;

/** The frames of one track that wait, and what is known of those that have left. */
export class TrackQueue {
  readonly kind: Kind;
  readonly #live: boolean;
  readonly frames: MediaFrame[] = [];
  /** Time of the last frame that came, in µs. */
  lastPtsUs = Number.NEGATIVE_INFINITY;
  /** Distance of the last two frames, repetitions apart: how long the last one lasts. */
  #durationUs: number;
  /** The last frame that came; undefined where it is not to be repeated. */
  #last: MediaFrame | undefined;
  /** The last one from which everything can be decoded. */
  #lastKey: MediaFrame | undefined;
  /** The same as it came: its time, in µs, repetitions apart. */
  #ownUs = Number.NEGATIVE_INFINITY;
  /** What came last is a repetition. */
  #repeats = false;
  /** Time of the last frame that was taken out, in µs. */
  leftPtsUs = Number.NEGATIVE_INFINITY;
  #knownToUs = Number.NEGATIVE_INFINITY;
  /** What comes again of what was known before an ffmpeg was started anew is dropped. */
  #resumes = false;
  /** Jumps of time between frames that wait: before which one, and by how much, in µs. */
  #jumps: { readonly before: MediaFrame; readonly us: number }[] = [];
  /** How often what waits first has begun to count from further back; a live track is not judged by that. */
  wentBack = 0;
  /** It has begun to count anew, ever: its times do not say how much of it came. */
  countedAnew = false;
  /** Pictures are taken from a key frame on. */
  #open: boolean;

  constructor(kind: Kind, live = false) {
    this.kind = kind;
    this.#live = live;
    this.#open = kind === 'audio';
    this.#durationUs = usualUs[kind];
  }

  /** What waits, in µs, jumps apart. */
  get bufferedUs(): number {
    const first = this.frames[0];
    const jumpedUs = this.#jumps.reduce((sum, { us }) => sum + us, 0);
    return first ? this.#sentToUs - first.ptsUs - jumpedUs : 0;
  }

  /** What lasts for longer is repeated meanwhile. */
  get #sentToUs(): number {
    return this.lastPtsUs + Math.min(this.#durationUs, repeatedUs);
  }

  get endUs(): number {
    return Math.max(this.#ownUs + this.#durationUs, this.lastPtsUs);
  }

  /** Nothing came for a while but repetitions. */
  get repeats(): boolean {
    return this.#repeats;
  }

  /**
   * The last picture again, for the time up to this, in µs, as far as it is due and everything can be decoded from it.
   *
   * @param stopped what has stopped is repeated too, by its last key frame; pictures are taken again from one on, then
   */
  repetitionsTo(ptsUs: number, stopped: boolean): MediaFrame[] {
    const isStopped = stopped && !this.#live && ptsUs - this.lastPtsUs > stoppedUs;
    const last = isStopped ? this.#lastKey : this.#last;
    if (!last?.key || this.kind !== 'video' || jumps(this.lastPtsUs, ptsUs)) return [];
    const frames: MediaFrame[] = [];
    for (let us = this.lastPtsUs + repeatedUs; us < ptsUs; us += repeatedUs)
      frames.push({ ...last, ptsUs: us });
    return frames;
  }

  /** Takes a repetition in. */
  repeat(frame: MediaFrame): void {
    if (!this.#last?.key) this.#open = false;
    this.#last = frame;
    this.lastPtsUs = frame.ptsUs;
    this.#repeats = true;
    this.frames.push(frame);
  }

  /** Whether it was taken in; times of a track only grow, unless it begins to count anew. @param isBehind something that is left out */
  push(given: MediaFrame, isBehind = false): boolean {
    if (!this.#open && !given.key) return false;
    const frame = this.#behindRepetition(given);
    const known = Math.max(this.lastPtsUs, this.#knownToUs);
    const jumped = isBehind || (Number.isFinite(known) && jumps(known, frame.ptsUs));
    const anew = this.#live ? frame.ptsUs < known - countedAnewUs : jumped && !isBehind && !this.#resumes;
    if (frame.ptsUs <= known && !anew) return false;
    this.#open = true;
    this.#resumes = false;
    this.countedAnew ||= anew;
    const apartUs = frame.ptsUs - this.lastPtsUs;
    if (anew || jumped) this.#jumps.push({ before: frame, us: apartUs - this.#durationUs });
    else if (Number.isFinite(apartUs)) this.#durationUs = given.ptsUs - this.#ownUs;
    this.lastPtsUs = frame.ptsUs;
    this.#last = frame;
    if (frame.key) this.#lastKey = frame;
    this.#ownUs = given.ptsUs;
    this.#repeats = false;
    this.frames.push(frame);
    this.#forgetJumps();
    return true;
  }

  shift(): void {
    this.leftPtsUs = this.frames.shift()?.ptsUs ?? this.leftPtsUs;
    this.#forgetJumps();
  }

  /** What comes is dropped until the next key frame. */
  awaitKeyFrame(): void {
    this.#open = false;
    this.#last = undefined;
    this.#lastKey = undefined;
  }

  /** Drops what waits before a time; gives the bytes dropped. */
  dropBefore(ptsUs: number): number {
    const kept = this.frames.findIndex((frame) => frame.ptsUs >= ptsUs);
    return this.#drop(kept === -1 ? this.frames.length : kept);
  }

  /** Drops what waits before the first key frame that is not before a time; without one, all until it comes. Gives the bytes dropped. */
  dropToKeyFrame(ptsUs: number): number {
    const keyUs = this.keyFrameFrom(ptsUs);
    if (keyUs !== undefined) return this.dropBefore(keyUs);
    if (this.kind === 'video') this.awaitKeyFrame();
    return this.dropAll();
  }

  /** The first key frame that waits and is not before a time, in µs. */
  keyFrameFrom(ptsUs: number): number | undefined {
    return this.frames.find((frame) => frame.key && frame.ptsUs >= ptsUs)?.ptsUs;
  }

  /** Drops what waits from a time on, within half a frame, to be followed by something else; gives the bytes dropped. */
  dropFrom(ptsUs: number): number {
    const kept = this.frames.findIndex((frame) => frame.ptsUs >= ptsUs - this.#durationUs / 2);
    const dropped = kept === -1 ? [] : this.frames.splice(kept);
    this.lastPtsUs = this.frames.at(-1)?.ptsUs ?? this.leftPtsUs;
    this.#ownUs = this.lastPtsUs;
    this.#knownToUs = Number.NEGATIVE_INFINITY;
    this.#forgetJumps();
    return bytesOf(dropped);
  }

  dropAll(): number {
    return this.#drop(this.frames.length);
  }

  /** Drops what waits behind a time, but not its first frame, and what comes again of the rest; gives the bytes dropped. */
  resumeAfter(ptsUs: number): number {
    let bytes = 0;
    for (let last = this.frames.at(-1); last && last.ptsUs > ptsUs; last = this.frames.at(-1)) {
      if (this.frames.length === 1 && !Number.isFinite(this.leftPtsUs)) break;
      bytes += last.data.length;
      this.frames.pop();
    }
    this.lastPtsUs = this.frames.at(-1)?.ptsUs ?? this.leftPtsUs;
    if (bytes > 0) this.#last = this.frames.at(-1);
    this.#ownUs = this.lastPtsUs;
    this.#repeats = false;
    this.#forgetJumps();
    this.#resumes = true;
    this.#knownToUs = this.lastPtsUs + Math.min(anotherUs[this.kind], this.#durationUs * 0.75);
    return bytes;
  }

  /** A picture that came after a repetition for its time follows that. */
  #behindRepetition(frame: MediaFrame): MediaFrame {
    const isLate = frame.ptsUs > this.#ownUs && frame.ptsUs <= this.lastPtsUs;
    return isLate ? { ...frame, ptsUs: this.lastPtsUs + squeezedUs } : frame;
  }

  #drop(count: number): number {
    const dropped = this.frames.splice(0, count);
    this.#forgetJumps();
    return bytesOf(dropped);
  }

  #forgetJumps(): void {
    if (this.#jumps.length === 0) return;
    const past = this.#jumps.filter(({ before }) => this.frames.indexOf(before) <= 0);
    if (!this.#live) this.wentBack += past.filter(({ us }) => us < 0).length;
    this.#jumps = this.#jumps.filter((jump) => !past.includes(jump));
  }
}

function bytesOf(frames: readonly MediaFrame[]): number {
  return frames.reduce((sum, { data }) => sum + data.length, 0);
}
