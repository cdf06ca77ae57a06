/** Over so long, in µs, the way of the sound is judged, twice. */
const windowUs = 2_000_000;
/**
 * Nothing is held back by more than this, in µs: what an encoder's frames of sound (21 to 43 ms each for AAC) and the pictures that
 * they are sent with (33 or 40 ms apart) put it off by. A receiver would hold back as much by itself.
 */
const mostHeldUs = 60_000;

interface Span {
  readonly sinceUs: number;
  readonly least: number;
  readonly most: number;
}

/**
 * When packets of live sound leave so that they are as even as their times: each as late as the latest of the last seconds was.
 * Packets of 20 ms that are made of frames of another length come one, one, none, or two at once. Pure: it is told the time.
 */
export class SoundPace {
  #before: Span | undefined;
  #span: Span | undefined;

  /** When a packet of this time leaves that comes now, in µs on the same clock as `nowUs`; that may be past. */
  leavesAtUs(ptsUs: number, nowUs: number): number {
    const lateUs = nowUs - ptsUs;
    if (this.#span === undefined || nowUs - this.#span.sinceUs >= windowUs) {
      this.#before = this.#span;
      this.#span = { sinceUs: nowUs, least: lateUs, most: lateUs };
    }
    const { sinceUs } = this.#span;
    this.#span = {
      sinceUs,
      least: Math.min(this.#span.least, lateUs),
      most: Math.max(this.#span.most, lateUs),
    };
    const least = Math.min(this.#span.least, this.#before?.least ?? this.#span.least);
    const most = Math.max(this.#span.most, this.#before?.most ?? this.#span.most);
    // Times that jump are gone along with at once: forwards by the least, backwards by being past.
    return ptsUs + Math.min(most, least + mostHeldUs);
  }
}
