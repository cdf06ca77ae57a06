import type { MediaFrame } from '../../media/media-frame.ts';
import { Filler } from '../slate/filler.ts';
import type { Slate } from '../slate/slate.ts';
import type { Kind } from '../splicer/track-queue.ts';
import { TrackWatch } from './track-watch.ts';

/** What stands in stays so much behind the track that goes on, in µs, so that what comes back is later than all of it. */
const behindUs = 100_000;

export interface StandInOptions {
  /** Tracks that are to come of the source. */
  readonly expected: readonly Kind[];
  /** Those of its plan: nobody else fills them. */
  readonly planned: readonly Kind[];
  /** Renditions of its picture. */
  readonly layers: number;
  /** What is shown in the place of its picture; undefined: it is not made yet, and the last picture stays. */
  readonly slate: () => Slate | undefined;
  /** Other tracks are missing than before. */
  readonly onMissing: (missing: readonly Kind[]) => void;
}

/** One track of a feed that something stands in for, or did: it goes on with a key frame that is later than that. */
interface Stood {
  readonly kind: Kind;
  readonly layer: number;
  readonly filler: Filler;
  lastUs: number;
}

/**
 * Keeps both tracks of a live source going where one of them stops or begins late: silence, or the slate's pictures, until it is there. What comes
 * back takes its place with a key frame.
 */
export class StandIn {
  readonly #options: StandInOptions;
  readonly #watch: TrackWatch;
  #missing: readonly Kind[] = [];
  /** Tracks in whose place something else goes out: nothing of them could be taken since. */
  readonly #replaced = new Set<Kind>();
  readonly #stood = new Map<string, Stood>();
  #wantsKeyFrame = false;

  constructor(options: StandInOptions) {
    this.#options = options;
    this.#watch = new TrackWatch(options.expected);
  }

  /** Tracks that are missing. */
  get missing(): readonly Kind[] {
    return this.#missing;
  }

  /** A picture comes again that nothing can be decoded from: a key frame is needed, where the source takes such requests. */
  get wantsKeyFrame(): boolean {
    return this.#wantsKeyFrame;
  }

  /** What is to be passed on now that this frame came. */
  see(frame: MediaFrame, nowMs: number): MediaFrame[] {
    this.#watch.see(frame.kind, nowMs);
    const taken = this.#takes(frame) ? [frame] : [];
    const missing = this.#watch.missing(nowMs);
    for (const kind of missing) if (kind !== frame.kind) this.#replace(kind, frame.ptsUs);
    this.#tell(this.#options.expected.filter((kind) => missing.includes(kind) || this.#replaced.has(kind)));
    return [...taken, ...this.#filling(frame.ptsUs)];
  }

  /** Whether it may follow what stood in for its track. Where one rendition is back, the others are so, or have stopped. */
  #takes(frame: MediaFrame): boolean {
    const name = nameOf(frame);
    const stood = this.#stood.get(name);
    if (!stood) return true;
    const fits = frame.key && frame.ptsUs > stood.lastUs;
    if (fits) {
      this.#stood.delete(name);
      this.#replaced.delete(frame.kind);
    }
    this.#wantsKeyFrame = !fits && frame.kind === 'video';
    return fits;
  }

  #tell(missing: readonly Kind[]): void {
    if (missing.join() === this.#missing.join()) return;
    this.#missing = missing;
    this.#options.onMissing(missing);
  }

  #filling(ptsUs: number): MediaFrame[] {
    const frames: MediaFrame[] = [];
    for (const stood of this.#stood.values()) {
      if (!this.#replaced.has(stood.kind)) continue;
      const due = stood.filler.upTo(ptsUs - behindUs);
      stood.lastUs = due.at(-1)?.ptsUs ?? stood.lastUs;
      frames.push(...due.map((frame) => ({ ...frame, layer: stood.layer })));
    }
    return frames;
  }

  /** From now on something else goes out for it; where others fill it, or there is nothing yet, not. */
  #replace(kind: Kind, ptsUs: number): void {
    const { planned, layers } = this.#options;
    if (this.#replaced.has(kind) || !planned.includes(kind)) return;
    for (let layer = 0; layer < (kind === 'video' ? layers : 1); layer++) {
      const filler = this.#fillerOf(kind, ptsUs - behindUs);
      if (!filler) return;
      this.#stood.set(nameOf({ kind, layer }), { kind, layer, filler, lastUs: Number.NEGATIVE_INFINITY });
    }
    this.#replaced.add(kind);
  }

  #fillerOf(kind: Kind, fromUs: number): Filler | undefined {
    if (kind === 'audio') return Filler.sound(fromUs);
    const slate = this.#options.slate();
    return slate && Filler.picture(slate, fromUs);
  }
}

function nameOf({ kind, layer }: Pick<MediaFrame, 'kind' | 'layer'>): string {
  return `${kind}${layer}`;
}
