/** What is begun anew begins so far ahead of what plays, in µs: a machine that is too slow takes seconds to start ffmpeg. */
export const aheadUs = 3_000_000;
/** How often it is looked whether it is time, in ms: more often than pictures come. */
export const cutInLookMs = 10;

/** When what was begun ahead takes over from what plays: behind the last picture before its own first one. Pure. */
export class CutIn {
  #leftUs = Number.NEGATIVE_INFINITY;
  /** Distance of the last two pictures, in µs. */
  #stepUs = 0;

  /**
   * @param startUs place in the source of its first picture
   * @param leftUs place in the source of what left last; undefined: nothing has
   */
  isTime(startUs: number, leftUs: number | undefined): boolean {
    if (leftUs === undefined) return true;
    if (leftUs > this.#leftUs) {
      this.#stepUs = Number.isFinite(this.#leftUs) ? leftUs - this.#leftUs : 0;
      this.#leftUs = leftUs;
    }
    return startUs - leftUs <= this.#stepUs;
  }
}
