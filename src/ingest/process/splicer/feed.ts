import type { Clock, Timer } from '../../../contract/clock.ts';
import type { MediaFrame } from '../../media/media-frame.ts';
import { type Kind, TrackQueue } from './track-queue.ts';

/** Buffered media above this is enough: reading pauses, and ffmpeg with it. */
const enoughUs = 2_000_000;
/** The same of what comes in bursts that are seconds apart, while it is on air. */
const enoughOfBurstsUs = 6_000_000;
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
/** What a live feed keeps while it is not on air, beside what came since the last key frame, in µs. */
const standbySoundUs = 500_000;
/** Renditions of one live picture begin no further apart than this, in µs; one that is later is not waited for. */
const layersApartUs = 1_000_000;
/** Bytes of pictures since the last key frame that are kept for it; beyond that it waits for the next one. */
const standbyBytes = 16 * 1024 * 1024;
/** What is passed over off air goes in pieces at least so long, in µs, each up to a key frame. */
const passedUs = 500_000;
/** Off air, what is passed over late by more than this, in ms, was not there in time: it is not hurried after. */
const passedLateMs = 1000;
/** Pictures come so much later than their sound, in µs, where each goes its own way. */
const behindSoundUs = 200_000;
/** Feeds up to so long and so large are kept whole, so that a short loop need not start ffmpeg several times a second. */
const keptUs = 1_000_000;
const keptBytes = 8 * 1024 * 1024;

export interface FeedOptions {
  /** Place in the source that it begins at, in µs; default 0. */
  readonly fromUs?: number;
  /** Renditions of the picture; default 1. */
  readonly layers?: number;
  /** Frames come when they are due: they are passed on at once. Default false. */
  readonly live?: boolean;
  /** Its times are no place in what is played: a slate. Default false. */
  readonly still?: boolean;
  /** It comes ahead of its time, but goes on whether somebody watches or not: off air it is passed over by this clock. */
  readonly passes?: Clock;
  /**
   * It was full and has room again, on air or not: time to read on. Whenever something has left, where sound is read apart, and once it
   * has ended: time for what follows.
   */
  readonly onRoom?: () => void;
}

/**
 * The frames of one source between ffmpeg and the wire: a queue for each track, on the source's own timeline.
 * It asks for data: whoever fills it stops when it is full, and goes on when it has room.
 * When ffmpeg is started anew in the midst of the source, its frames go into the same feed, and `resume` sees to it that
 * they follow without a seam.
 */
export class Feed {
  /** Place in the source that it begins at, in µs. */
  readonly fromUs: number;
  /** Renditions of the picture. */
  readonly layers: number;
  readonly live: boolean;
  readonly still: boolean;
  readonly #passes: Clock | undefined;
  readonly #onRoom: () => void;
  readonly #kinds: readonly Kind[];
  readonly #video: readonly TrackQueue[];
  readonly #audio: TrackQueue | undefined;
  readonly #tracks: readonly TrackQueue[];
  /** The midst of each piece that cannot be had. */
  readonly #leftOutUs: number[] = [];
  /** Every frame that came; undefined once that is too much. */
  #whole: MediaFrame[] | undefined = [];
  #wholeBytes = 0;
  #ended = false;
  /** Somebody else reads the sound than the pictures. */
  #apart = false;
  #bytes = 0;
  #onAir = false;
  /** It has been full since it asked last. */
  #wasFull = false;
  #passTimer: Timer | undefined;
  /** When the last piece that was passed over would have been over, in ms. */
  #passedAtMs = Number.NEGATIVE_INFINITY;

  /** @param kinds the tracks that will come */
  constructor(
    kinds: readonly Kind[],
    { fromUs = 0, layers = 1, live = false, still = false, passes, onRoom = () => {} }: FeedOptions = {},
  ) {
    this.#kinds = kinds;
    this.fromUs = fromUs;
    this.layers = layers;
    this.live = live;
    this.still = still;
    this.#passes = passes;
    this.#onRoom = onRoom;
    this.#video = kinds.includes('video')
      ? Array.from({ length: layers }, () => new TrackQueue('video', live))
      : [];
    this.#audio = kinds.includes('audio') ? new TrackQueue('audio', live) : undefined;
    this.#tracks = this.#audio ? [...this.#video, this.#audio] : this.#video;
  }

  /** Takes a frame in, unless it is known already, or a picture that nothing can be decoded from. */
  push(frame: MediaFrame): void {
    // Sound that is read apart may be far ahead of the pictures.
    if (frame.kind === 'video' || !this.#apart) this.#repeatPictures(frame);
    const track = this.#queue(frame);
    if (!track?.push(frame, this.leavesOut(track.lastPtsUs, frame.ptsUs))) return;
    this.#bytes += frame.data.length;
    if (!this.live) this.#keep(frame);
    else if (!this.#onAir) this.#standBy(track, frame);
    // Sound from before the first picture that it may begin with would be heard before it is seen.
    if (this.#passes && !this.#onAir && frame.kind === 'video' && track.frames.length === 1)
      this.#dropSound(frame.ptsUs);
    this.#wasFull ||= this.full;
    this.#passOver();
  }

  /** A packet of sound that another's is put in the place of: it tells how far the source is. */
  passBy(frame: MediaFrame): void {
    this.#repeatPictures(frame);
  }

  /** What comes tells how far the source is: where its pictures are further apart, the last one is sent again meanwhile. */
  #repeatPictures({ kind, layer, ptsUs }: MediaFrame): void {
    if (this.still) return;
    const tracks = kind === 'audio' ? this.#video : this.#video.slice(layer, layer + 1);
    const toUs = kind === 'audio' ? ptsUs - behindSoundUs : ptsUs;
    for (const track of tracks) {
      if (this.leavesOut(track.lastPtsUs, toUs)) continue;
      for (const repetition of track.repetitionsTo(toUs, kind === 'audio')) {
        track.repeat(repetition);
        this.#bytes += repetition.data.length;
        if (!this.live) this.#keep(repetition);
        else if (!this.#onAir) this.#standBy(track, repetition);
      }
    }
  }

  /** What lies between two times of it cannot be had; gives whether that is new. */
  leaveOut(fromUs: number, toUs: number): boolean {
    const isNew = !this.leavesOut(fromUs, toUs);
    if (isNew) this.#leftOutUs.push((fromUs + toUs) / 2);
    return isNew;
  }

  /** Whether something between two times of it cannot be had: nobody waits for it. */
  leavesOut(fromUs: number, toUs: number): boolean {
    return this.#leftOutUs.some((us) => fromUs < us && us <= toUs);
  }

  /** From now on everything that comes is wanted. */
  goOnAir(): void {
    this.#onAir = true;
    this.#passTimer?.cancel();
    this.#passTimer = undefined;
  }

  /** Something else is on air: what is kept begins with the next key frame, of what came ahead of its time or is still to come. */
  goOffAir(): void {
    this.#onAir = false;
    this.#dropTo(this.#passes ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY);
    this.#passOver();
  }

  /** Nothing will follow. */
  end(): void {
    this.#ended = true;
    this.#passTimer?.cancel();
  }

  /**
   * Makes ready for the frames of an ffmpeg that is started anew: what one track has more than the other is dropped, and
   * what is kept will not be taken twice. Gives the time of the last frame that was kept, in µs, a picture if there are any:
   * a copy has to begin before it, an encoder behind it. Undefined where nothing has come yet.
   *
   * @param reopen layers that go on with their next key frame only, since they are not what they would have been
   */
  resume(reopen: readonly number[] = []): number | undefined {
    const furthestUs = this.queuedToUs;
    if (furthestUs === undefined) return undefined;
    this.#whole = undefined;
    this.#apart = false;
    const abreast = this.#tracks.filter((track) => furthestUs - track.lastPtsUs <= heldBackUs);
    const togetherUs = Math.min(...abreast.map((track) => track.lastPtsUs));
    for (const track of this.#tracks) this.#bytes -= track.resumeAfter(togetherUs);
    for (const layer of reopen) this.#video[layer]?.awaitKeyFrame();
    this.#askForMore();
    const pictures = this.#video.filter((track) => abreast.includes(track));
    return pictures.length > 0 ? Math.min(...pictures.map((track) => track.lastPtsUs)) : togetherUs;
  }

  /** Time of the sound that leaves next, or would follow, in µs; undefined where none has come. */
  get soundFromUs(): number | undefined {
    const fromUs = this.#audio?.frames[0]?.ptsUs ?? this.#audio?.endUs;
    return Number.isFinite(fromUs) ? fromUs : undefined;
  }

  /** Where the sound that came ends, in µs; undefined where it has none. */
  get soundEndUs(): number | undefined {
    return this.#audio?.endUs;
  }

  /** Puts sound in the place of what waits of it from its first packet on; whoever gives it reads the sound from now on, and no pictures. */
  replaceSound(packets: readonly MediaFrame[]): void {
    const [first] = packets;
    if (!first || !this.#audio) return;
    this.#whole = undefined;
    this.#apart = true;
    this.#bytes -= this.#audio.dropFrom(first.ptsUs);
    for (const packet of packets) this.push(packet);
  }

  /** Its frames are not to be played once more. */
  forget(): void {
    this.#whole = undefined;
  }

  /** A feed of the same frames; undefined where they were too many to keep, or not all. */
  again(): Feed | undefined {
    if (!this.#ended || !this.#whole || this.#whole.length === 0 || this.fromUs > 0) return undefined;
    const feed = new Feed(this.#kinds, { layers: this.layers, onRoom: this.#onRoom });
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

  /** Whether its place in time can be decided: every track has begun, or will not for long; live, the picture alone. */
  get ready(): boolean {
    if (this.live) {
      const awaited = this.#video.length > 0 ? this.#video : this.#tracks;
      const begun = awaited.filter((track) => track.frames.length > 0);
      // A publisher whose line is bad sends its lower renditions only.
      return begun.length === awaited.length || begun.some((track) => track.bufferedUs >= layersApartUs);
    }
    return (
      this.#ended ||
      this.full ||
      this.bufferedUs >= enoughUs / 2 ||
      this.#tracks.every((track) => track.frames.length > 0)
    );
  }

  /** A live picture is to begin, and has nothing to begin with. */
  get needsKeyFrame(): boolean {
    return this.live && this.#video.length > 0 && !this.#onAir && !this.ready;
  }

  /** Media waiting, in µs, of the track that has more. */
  get bufferedUs(): number {
    return Math.max(0, ...this.#tracks.map((track) => track.bufferedUs));
  }

  /** Whether reading should pause. */
  get full(): boolean {
    return this.#isFull(this.#tracks);
  }

  /** Whether whoever reads these should pause: where sound is read apart, neither waits for the other. */
  fullOf(kind: Kind): boolean {
    const own = this.#tracks.filter((track) => track.kind === kind);
    return this.#isFull(this.#apart && own.length > 0 ? own : this.#tracks);
  }

  #isFull(tracks: readonly TrackQueue[]): boolean {
    if (this.#bytes >= maxBytes) return true;
    let most = 0;
    let least = Number.POSITIVE_INFINITY;
    for (const { bufferedUs } of tracks) {
      most = Math.max(most, bufferedUs);
      least = Math.min(least, bufferedUs);
    }
    if (most >= unevenUs) return true;
    const enough = this.#passes && this.#onAir ? enoughOfBurstsUs : enoughUs;
    if (most < enough || least < starvedUs) return false;
    // What is passed over goes up to a key frame: that has to be read.
    return this.#onAir || !this.#passes || this.#passable !== undefined;
  }

  /** Where the source begins: its first picture, else its first sound. */
  get startUs(): number | undefined {
    return this.#picturesFromUs ?? this.#audio?.frames[0]?.ptsUs;
  }

  get #picturesFromUs(): number | undefined {
    const pictures = this.#video.flatMap(({ frames }) => (frames[0] ? [frames[0].ptsUs] : []));
    return pictures.length > 0 ? Math.min(...pictures) : undefined;
  }

  /** Time of the picture that came last, else of the sound, in µs. */
  get newestUs(): number | undefined {
    const newest = Math.max(...this.#video.map((track) => track.lastPtsUs));
    if (Number.isFinite(newest)) return newest;
    return Number.isFinite(this.#audio?.lastPtsUs) ? this.#audio?.lastPtsUs : undefined;
  }

  /** Time of the picture that left last, else of the sound, in µs; undefined: none has. */
  get leftUs(): number | undefined {
    const left = Math.max(...this.#video.map((track) => track.leftPtsUs));
    if (Number.isFinite(left)) return left;
    return Number.isFinite(this.#audio?.leftPtsUs) ? this.#audio?.leftPtsUs : undefined;
  }

  /** Where the source ends: with the picture, unless sound alone goes on for longer. */
  get endUs(): number {
    const video = Math.max(...this.#video.map((track) => track.endUs));
    const audio = this.#audio?.endUs;
    if (!Number.isFinite(video)) return audio ?? 0;
    const repeats = this.#video.some((track) => track.repeats);
    return audio !== undefined && (repeats || audio - video > soundTailUs) ? audio : video;
  }

  /** Whether its times say how much of the source came. */
  get countsOn(): boolean {
    return !this.#tracks.some(({ countedAnew }) => countedAnew);
  }

  /** The last time that came, in µs; undefined where none did. */
  get queuedToUs(): number | undefined {
    const last = Math.max(...this.#tracks.map((track) => track.lastPtsUs));
    return Number.isFinite(last) ? last : undefined;
  }

  /** The earliest frame that waits; it stays. Where a source begins to count from further back, what was before comes first. */
  peek(): MediaFrame | undefined {
    let earliest: MediaFrame | undefined;
    let least = Number.POSITIVE_INFINITY;
    for (const { frames, wentBack } of this.#tracks) {
      const first = frames[0];
      if (!first || wentBack > least) continue;
      if (!earliest || wentBack < least || first.ptsUs < earliest.ptsUs) earliest = first;
      least = wentBack;
    }
    return earliest;
  }

  /** Takes the earliest frame out. */
  shift(): MediaFrame | undefined {
    const frame = this.peek();
    if (!frame) return undefined;
    this.#queue(frame)?.shift();
    this.#bytes -= frame.data.length;
    this.#askForMore();
    return frame;
  }

  #askForMore(): void {
    if (!this.#ended && !this.#apart && (!this.#wasFull || this.full)) return;
    this.#wasFull = false;
    this.#onRoom();
  }

  /** Off air, and full: the oldest pictures go once their time is over, up to a key frame. */
  #passOver(): void {
    const clock = this.#passes;
    if (!clock || this.#onAir || this.#ended || this.#passTimer || !this.full) return;
    const passable = this.#passable;
    if (!passable) {
      this.#dropTo(Number.POSITIVE_INFINITY);
      return;
    }
    const fromMs = Math.max(this.#passedAtMs, clock.nowMs() - passedLateMs);
    this.#passedAtMs = fromMs + passable.lengthUs / 1000;
    this.#passTimer = clock.after(this.#passedAtMs - clock.nowMs(), () => {
      this.#passTimer = undefined;
      this.#dropTo(passable.toUs);
      this.#passOver();
    });
  }

  /** Drops what waits before the next key frames from a time on, and its sound. */
  #dropTo(ptsUs: number): void {
    for (const track of this.#video) this.#bytes -= track.dropToKeyFrame(ptsUs);
    this.#dropSound(this.#video.length === 0 ? ptsUs : (this.#picturesFromUs ?? Number.POSITIVE_INFINITY));
    this.#askForMore();
  }

  #dropSound(beforeUs: number): void {
    if (this.#audio) this.#bytes -= this.#audio.dropBefore(beforeUs);
  }

  /** The piece that may be passed over next: up to where, and how long it is. */
  get #passable(): { readonly toUs: number; readonly lengthUs: number } | undefined {
    const guide = this.#video.at(-1) ?? this.#audio;
    const fromUs = guide?.frames[0]?.ptsUs ?? Number.NaN;
    const toUs = guide?.keyFrameFrom(fromUs + passedUs);
    return toUs === undefined ? undefined : { toUs, lengthUs: toUs - fromUs };
  }

  /** Off air a live feed keeps what a viewer could begin with now: the pictures since the last key frame, and their sound. */
  #standBy(track: TrackQueue, frame: MediaFrame): void {
    if (frame.kind === 'video') {
      if (frame.key) this.#bytes -= track.dropBefore(frame.ptsUs);
      else if (this.#bytes > standbyBytes) {
        this.#bytes -= track.dropAll();
        track.awaitKeyFrame();
      }
    }
    this.#dropSound((this.newestUs ?? frame.ptsUs) - standbySoundUs);
  }

  #keep(frame: MediaFrame): void {
    this.#wholeBytes += frame.data.length;
    const [first] = this.#whole ?? [];
    if (this.#wholeBytes > keptBytes || (first && frame.ptsUs - first.ptsUs > keptUs))
      this.#whole = undefined;
    this.#whole?.push(frame);
  }

  #queue({ kind, layer }: MediaFrame): TrackQueue | undefined {
    return kind === 'video' ? this.#video[layer] : this.#audio;
  }
}
