import type { MediaFrame } from '../../media/media-frame.ts';
import { Filler } from '../slate/filler.ts';
import type { Slate } from '../slate/slate.ts';

/** A picture is late once so much sound came before it, in µs: ffmpeg holds none back by as much. */
const lateUs = 3_000_000;
/** The slate stays so much behind the sound, in µs, so that the picture, when it comes, is later than all of it. */
const behindUs = 1_000_000;

/** Shows a slate where the picture of a file begins later than its sound, until it does. Pure. */
export class LatePicture {
  readonly #slate: () => Slate | undefined;
  /** Renditions of which no picture has come. */
  readonly #awaited: Set<number>;
  /** Where the sound begins, in µs. */
  #fromUs: number | undefined;
  #filler: Filler | undefined;
  /** Time of the last picture of the slate, in µs. */
  #filledUs = Number.NEGATIVE_INFINITY;

  /** @param slate undefined: it is not made yet */
  constructor(layers: number, slate: () => Slate | undefined) {
    this.#slate = slate;
    this.#awaited = new Set(Array.from({ length: layers }, (_, layer) => layer));
  }

  /** What goes on for a frame that came. @param leftUs how far the source has been played, in µs; undefined: it has not begun */
  take(frame: MediaFrame, leftUs: number | undefined): readonly MediaFrame[] {
    if (this.#awaited.size === 0) return [frame];
    if (frame.kind === 'video') return this.#begins(frame) ? [frame] : [];
    return [frame, ...this.#pictures(frame.ptsUs, leftUs)];
  }

  #begins({ layer, key, ptsUs }: MediaFrame): boolean {
    const fits = key && ptsUs > this.#filledUs;
    if (fits) this.#awaited.delete(layer);
    return fits || !this.#awaited.has(layer);
  }

  #pictures(ptsUs: number, leftUs = Number.NEGATIVE_INFINITY): readonly MediaFrame[] {
    this.#fromUs ??= ptsUs;
    if (ptsUs - this.#fromUs <= lateUs) return [];
    const slate = this.#filler ? undefined : this.#slate();
    if (slate) this.#filler = Filler.picture(slate, Math.max(this.#fromUs, leftUs));
    const due = this.#filler?.upTo(ptsUs - behindUs) ?? [];
    this.#filledUs = due.at(-1)?.ptsUs ?? this.#filledUs;
    return [...this.#awaited].flatMap((layer) => due.map((picture) => ({ ...picture, layer })));
  }
}
